//! The linked book, kept as long as nothing has changed that pages may know of each other.
//!
//! Three cases, told apart by digests. A page has changed, but not its skeleton (headings, weight, tags and whatever
//! else decides how the book hangs together): the book stays and takes the new document, with its title. The skeleton
//! has changed, but not where links can lead: the book is linked anew, resolved links stay. Else everything is done again.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::memory::Work;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::link::resolve::{self, Links};
use crate::link::{self, Book};
use crate::parse::Document;
use crate::source::{Content, FileId, Sources};

/// A linked book with what it was made from.
pub(super) struct Linked {
    key: Digest,
    /// All that were linked, drafts too.
    documents: Vec<Arc<Document>>,
    pub(super) book: Book,
    /// What linking found wrong.
    diagnostics: Vec<Diagnostic>,
    /// The digest of all that decides where a link leads.
    targets: Digest,
    /// The links of each document of the book, in the same order.
    pub(super) links: Vec<Links>,
}

/// Links the book, as far as what is known of it does not serve.
pub(super) fn link<'k>(
    known: &'k mut Option<Linked>,
    sources: &Sources,
    config: &Arc<Config>,
    documents: Vec<Arc<Document>>,
    choices: link::Options,
    work: &mut Work,
) -> &'k Linked {
    let key = key(sources, config, &documents, choices);
    let mut old = known.take();
    let stays = old.as_mut().is_some_and(|old| old.key == key && old.renew(&documents, work));
    work.linked = !stays;
    work.is_shared |= !stays;
    let mut linked = match old {
        Some(old) if stays => old,
        old => Linked::new(key, sources, config, documents, choices, old),
    };
    work.resolved = linked.resolve(sources);
    known.insert(linked)
}

/// The digest of all that linking looks at, but for what only describes pages, and for places.
fn key(sources: &Sources, config: &Config, documents: &[Arc<Document>], choices: link::Options) -> Digest {
    let skeletons: Vec<_> = documents.iter().map(|document| (document.file, document.skeleton)).collect();
    let copied = sources.below("content/").filter(|(_, file)| matches!(file.content, Content::Asset { .. }));
    let copied: Vec<_> = copied.map(|(id, file)| (id, file.digest)).collect();
    Digest::of_value(&(config, skeletons, copied, choices.drafts))
}

/// The links of an old book, if they are those of the new one. To give back the memory of all the rest takes as long
/// as to link a book, so it is done behind.
fn forget(mut old: Linked, targets: Digest) -> Vec<Links> {
    let links = std::mem::take(&mut old.links);
    let is_same = old.targets == targets;
    rayon::spawn(move || drop(old));
    if is_same { links } else { Vec::new() }
}

impl Linked {
    fn new(
        key: Digest,
        sources: &Sources,
        config: &Arc<Config>,
        documents: Vec<Arc<Document>>,
        choices: link::Options,
        old: Option<Self>,
    ) -> Self {
        let (book, diagnostics) = link::link(sources, config, documents.clone(), choices);
        let targets = book.targets(sources);
        let known = old.map(|old| forget(old, targets)).unwrap_or_default();
        let mut known: HashMap<FileId, Links> =
            known.into_iter().filter_map(|links| Some((links.document.as_ref()?.file, links))).collect();
        let links = |document: &Arc<Document>| known.remove(&document.file).unwrap_or_default();
        let links = book.documents.iter().map(links).collect();
        Self { key, documents, book, diagnostics, targets, links }
    }

    /// Takes the documents of now, whose skeletons are the same, into the book. Not if that is not all there is to do:
    /// when a problem is in a file that has changed, or a draft has, or a title is missing.
    fn renew(&mut self, documents: &[Arc<Document>], work: &mut Work) -> bool {
        let pairs = self.documents.iter().zip(documents);
        let changed = pairs.filter(|(old, new)| !Arc::ptr_eq(old, new)).map(|(_, new)| (new.file, new));
        let changed: HashMap<FileId, &Arc<Document>> = changed.collect();
        let is_changed = |diagnostic: &Diagnostic| {
            let mut places = diagnostic.span.iter().chain(diagnostic.related.iter().map(|(span, _)| span));
            places.any(|span| changed.contains_key(&span.file))
        };
        if changed.is_empty() {
            return true;
        }
        let shown = self.book.documents.iter().enumerate();
        let shown: Vec<usize> =
            shown.filter(|(_, old)| changed.contains_key(&old.file)).map(|(at, _)| at).collect();
        if shown.len() < changed.len() || self.diagnostics.iter().any(is_changed) {
            return false;
        }
        let mut described = Vec::new();
        for at in shown {
            let old = &mut self.book.documents[at];
            let new = changed[&old.file];
            if old.front != new.front || old.heading_title != new.heading_title {
                described.push(at);
            }
            *old = Arc::clone(new);
        }
        self.documents.clone_from_slice(documents);
        work.is_shared |= !described.is_empty();
        described.is_empty() || link::describe(&mut self.book, &described)
    }

    /// Resolves the links of those documents that are not resolved as they are now. How many.
    fn resolve(&mut self, sources: &Sources) -> usize {
        let book = &self.book;
        let is_stale = |(at, links): &(usize, &mut Links)| {
            links.document.as_ref().is_none_or(|document| !Arc::ptr_eq(document, &book.documents[*at]))
        };
        let stale: Vec<_> = self.links.iter_mut().enumerate().filter(is_stale).collect();
        let count = stale.len();
        stale.into_par_iter().for_each(|(at, links)| *links = resolve::document(book, sources, at));
        count
    }

    /// What linking found wrong.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().chain(self.links.iter().flat_map(|links| &links.problems))
    }
}
