//! What an open page is told: which build there is, whether it has new bytes, and what is wrong with the book.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::report::overlay::{Problem, problem};
use crate::source::{FileId, Sources};

/// How many problems a page is told of.
const SHOWN: usize = 50;

/// What a page should know.
#[derive(Serialize)]
struct Event<'a> {
    /// Tells this run of the preview from others.
    start: u64,
    /// The number of the edition.
    build: u64,
    /// Tells the page's bytes from all others; none when there are none.
    key: Option<&'a str>,
    /// Whether the book has no such page.
    gone: bool,
    /// What is wrong, errors first.
    problems: Vec<Problem<'a>>,
    /// How many more problems there are.
    more: usize,
    /// Files that are copied as they are and have changed, by their paths in the site.
    assets: &'a [String],
    /// Where to go, if not to stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    go: Option<&'a str>,
}

/// What there is of a page.
#[derive(Clone, Copy)]
pub(super) enum Presence<'a> {
    /// Its bytes, which this key tells from all others.
    There(&'a str),
    /// The book has no such page.
    Gone,
    /// It cannot be made now.
    Broken,
}

/// What is the same for all pages.
pub(super) struct Common<'a> {
    pub(super) start: u64,
    pub(super) build: u64,
    pub(super) sources: &'a Sources,
    /// All problems, tidied.
    pub(super) problems: &'a [Diagnostic],
    pub(super) assets: &'a [String],
    pub(super) go: Option<&'a str>,
}

/// The event for a page of which there is this, whose text is in `files`.
pub(super) fn event(common: &Common<'_>, presence: Presence<'_>, files: &BTreeSet<FileId>) -> Arc<str> {
    let is_here = |problem: &Diagnostic| {
        problem.span.is_some_and(|span| {
            files.contains(&span.file) || !common.sources.path(span.file).starts_with("content/")
        })
    };
    let mut sorted: Vec<_> = common.problems.iter().map(|problem| (problem, is_here(problem))).collect();
    sorted.sort_by_key(|(problem, here)| (problem.severity, !here));
    let shown = sorted.iter().take(SHOWN);
    let event = Event {
        start: common.start,
        build: common.build,
        key: if let Presence::There(key) = presence { Some(key) } else { None },
        gone: matches!(presence, Presence::Gone),
        problems: shown.map(|(diagnostic, here)| problem(common.sources, diagnostic, *here)).collect(),
        more: sorted.len().saturating_sub(SHOWN),
        assets: common.assets,
        go: common.go,
    };
    serde_json::to_string(&event).expect("all keys are strings and nothing fails to serialize").into()
}
