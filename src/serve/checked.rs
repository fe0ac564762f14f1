//! What is wrong with each page, found by rendering it: of texts, formulas and templates it only shows then.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::link::TopicId;
use crate::output::Discard;
use crate::pipeline::Edition;
use crate::render::Renderer;
use crate::render::item::Item;
use crate::render::made_from::MadeFrom;

/// A page that was rendered, by its path, and why.
pub type Rendered = (String, &'static str);

/// What was found, of all pages that were looked at.
#[derive(Default)]
pub(super) struct Checks(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// What each page was made from when it was looked at, by path.
    made_from: HashMap<String, MadeFrom>,
    /// The pages that are to be looked at in any case.
    forgotten: HashSet<String>,
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
            known.forgotten.insert(page.to_owned());
            known.set(page, Vec::new());
        }
    }

    /// Notes what was found while an item was rendered for somebody.
    pub(super) fn note(&self, renderer: &Renderer<'_>, item: Item<'_>, problems: Vec<Diagnostic>) {
        if let Some(path) = renderer.page_path(item) {
            self.known().set(&path, problems);
        }
    }

    /// Renders every page that is made from something else than when it was looked at last; which these were and why.
    /// Nothing when it was stopped before the end. `edited` are the pages whose texts have changed.
    pub(super) fn run(
        &self,
        renderer: &Renderer<'_>,
        edition: &Edition<'_>,
        edited: &[(TopicId, Lang)],
        stop: &AtomicBool,
    ) -> Option<Vec<Rendered>> {
        let was_complete = std::mem::take(&mut self.known().is_complete);
        let only_texts = was_complete && !edition.work.is_shared;
        let items = if only_texts {
            edited.iter().map(|&(id, lang)| Item::Topic(id, lang)).collect()
        } else {
            renderer.items()
        };
        let mut rendered = Vec::new();
        let mut paths = Vec::with_capacity(items.len());
        for item in items {
            let Some(path) = renderer.page_path(item) else { continue };
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            rendered.extend(self.check(renderer, item, &path).map(|why| (path.clone(), why)));
            paths.push(path);
        }
        let mut known = self.known();
        if !only_texts {
            known.keep(paths);
        }
        known.is_complete = true;
        Some(rendered)
    }

    /// Looks at a page, if that is needed; why it was.
    fn check(&self, renderer: &Renderer<'_>, item: Item<'_>, path: &str) -> Option<&'static str> {
        let made_from = match item {
            Item::Topic(id, lang) => Some(renderer.made_from(id, lang)),
            _ => None,
        };
        let (old, is_forgotten) = self.known().last_look(path);
        if made_from.is_some() && old == made_from && !is_forgotten {
            return None;
        }
        let (problems, _) = renderer.render(item, &Discard);
        let mut known = self.known();
        known.forgotten.remove(path);
        known.set(path, problems);
        known.made_from.extend(made_from.map(|made_from| (path.to_owned(), made_from)));
        Some(made_from.map_or("a list", |made_from| made_from.why(old.as_ref())))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Each change of it is one insertion or removal: it is sound between any two.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// What a page was made from when it was looked at last, and whether what was found then is forgotten.
    fn last_look(&self, path: &str) -> (Option<MadeFrom>, bool) {
        (self.made_from.get(path).copied(), self.forgotten.contains(path))
    }

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
        let paths: HashSet<String> = paths.into_iter().collect();
        self.made_from.retain(|path, _| paths.contains(path));
        self.forgotten.retain(|path| paths.contains(path));
        let before = self.problems.len();
        self.problems.retain(|path, _| paths.contains(path));
        self.version += usize::from(self.problems.len() != before);
    }
}
