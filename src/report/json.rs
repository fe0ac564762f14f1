//! Diagnostics for programs: editors, and checks that run by themselves.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// A diagnostic as it stands in JSON.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

/// Lines and columns count from 1, columns in characters; the end is the place after the last character.
#[derive(Debug, Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
struct Fix<'a> {
    place: Place<'a>,
    replacement: &'a str,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    place: Place<'a>,
    label: &'a str,
}

/// Describes one diagnostic.
#[must_use]
pub fn report<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Report<'a> {
    let place = |span: Span| place(sources, span);
    Report {
        code: diagnostic.code.name(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        place: diagnostic.span.map(place),
        label: &diagnostic.label,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|fix| Fix { place: place(fix.span), replacement: &fix.text }),
        related: diagnostic
            .related
            .iter()
            .map(|(span, label)| Related { place: place(*span), label })
            .collect(),
    }
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let (line, column) = sources.position(span.file, span.start);
    let (end_line, end_column) = sources.position(span.file, span.end);
    Place { path: sources.path(span.file), line, column, end_line, end_column }
}
