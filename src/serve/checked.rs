//! What is wrong with each page, found by rendering it: of texts, formulas and templates it only shows then.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lang::Lang;
use crate::link::TopicId;
use crate::output::Discard;
use crate::pipeline::Edition;
use crate::render::Renderer;
use crate::render::item::Item;

/// What was found, of all pages that were looked at.
#[derive(Default)]
pub(super) struct Checks(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// For each page the digest of all that it was made from when it was looked at.
    made_from: HashMap<String, Digest>,
    /// The pages with problems, by path.
    problems: BTreeMap<String, Vec<Diagnostic>>,
    /// Changes with `problems`.
    version: usize,
    /// Whether all pages were looked at in the last edition.
    is_complete: bool,
}

impl Checks {
    /// Changes when the problems do.
    pub(super) fn version(&self) -> usize {
        self.known().version
    }

    /// All problems, page by page.
    pub(super) fn problems(&self) -> Vec<Diagnostic> {
        self.known().problems.values().flatten().cloned().collect()
    }

    /// Forgets what was wrong with these pages.
    pub(super) fn forget<'a>(&self, pages: impl Iterator<Item = &'a str>) {
        let mut known = self.known();
        for page in pages {
            known.made_from.remove(page);
            known.set(page, Vec::new());
        }
    }

    /// Notes what was found while an item was rendered for somebody.
    pub(super) fn note(&self, renderer: &Renderer<'_>, item: Item<'_>, problems: Vec<Diagnostic>) {
        if let Some(path) = renderer.page_path(item) {
            self.known().set(&path, problems);
        }
    }

    /// Renders every page that is made from something else than when it was looked at last; how many these were.
    /// Nothing when it was stopped before the end. `edited` are the pages whose texts have changed.
    pub(super) fn run(
        &self,
        renderer: &Renderer<'_>,
        edition: &Edition<'_>,
        edited: &[(TopicId, Lang)],
        stop: &AtomicBool,
    ) -> Option<usize> {
        let work = &edition.work;
        let only_texts = !work.linked && !work.theme && work.worked.is_empty();
        let is_complete = std::mem::take(&mut self.known().is_complete);
        let items = if is_complete && only_texts {
            edited.iter().map(|&(id, lang)| Item::Topic(id, lang)).collect()
        } else {
            renderer.items()
        };
        let mut rendered = 0;
        let mut paths = Vec::with_capacity(items.len());
        for item in items {
            let Some(path) = renderer.page_path(item) else { continue };
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            rendered += usize::from(self.check(renderer, item, &path));
            paths.push(path);
        }
        let mut known = self.known();
        if !(is_complete && only_texts) {
            known.keep(paths);
        }
        known.is_complete = true;
        Some(rendered)
    }

    /// Looks at a page, if that is needed.
    fn check(&self, renderer: &Renderer<'_>, item: Item<'_>, path: &str) -> bool {
        let digest = match item {
            Item::Topic(id, lang) => Some(renderer.page_digest(id, lang)),
            _ => None,
        };
        if digest.is_some() && self.known().made_from.get(path).copied() == digest {
            return false;
        }
        let (problems, _) = renderer.render(item, &Discard);
        let mut known = self.known();
        known.set(path, problems);
        if let Some(digest) = digest {
            known.made_from.insert(path.to_owned(), digest);
        }
        true
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Each change of it is one insertion or removal: it is sound between any two.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn set(&mut self, path: &str, problems: Vec<Diagnostic>) {
        let old = self.problems.get(path).map_or(&[][..], Vec::as_slice);
        if old == problems {
            return;
        }
        self.version += 1;
        if problems.is_empty() {
            self.problems.remove(path);
        } else {
            self.problems.insert(path.to_owned(), problems);
        }
    }

    /// Forgets all pages but these.
    fn keep(&mut self, paths: Vec<String>) {
        let paths: std::collections::HashSet<String> = paths.into_iter().collect();
        self.made_from.retain(|path, _| paths.contains(path));
        let before = self.problems.len();
        self.problems.retain(|path, _| paths.contains(path));
        self.version += usize::from(self.problems.len() != before);
    }
}
