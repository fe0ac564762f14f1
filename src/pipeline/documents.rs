//! The documents of a book: parsed, remembered, or recalled from an earlier run.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::memory::{Memory, Work};
use super::{Progress, Stage};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::lang::Quotes;
use crate::link;
use crate::memo::Store;
use crate::parse::{self, Document, stored};
use crate::source::{Content, File, FileId, Sources};

/// A document with what it was made from.
pub(super) struct Known {
    file: Digest,
    quotes: Quotes,
    pub(super) document: Arc<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl Memory {
    /// The documents of the book in order of path. Parses those that are not known.
    pub(super) fn documents(
        &mut self,
        sources: &Sources,
        config: &Config,
        progress: &dyn Progress,
        work: &mut Work,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Arc<Document>> {
        let page = |(id, file): (FileId, &File)| {
            let lang = match file.content {
                Content::Text(_) => link::split_path(&file.path, config)?.0,
                Content::Asset { .. } => return None,
            };
            Some((id, config.quotes(lang)))
        };
        let files: Vec<_> = sources.below("content/").filter_map(page).collect();
        let is_new = |&&(file, quotes): &&(FileId, Quotes)| {
            let is_known = |known: &Known| known.file == sources.file(file).digest && known.quotes == quotes;
            !self.documents.get(&file).is_some_and(is_known)
        };
        let new: Vec<_> = files.iter().filter(is_new).copied().collect();
        progress.begin(Stage::Parse, new.len());
        let store = &*self.store;
        let read = |&(file, quotes): &(FileId, Quotes)| {
            progress.step();
            let (known, is_parsed) = read(file, sources, quotes, store);
            (file, known, is_parsed)
        };
        let read: Vec<_> = new.par_iter().map(read).collect();
        for (file, known, is_parsed) in read {
            self.documents.insert(file, known);
            if is_parsed { &mut work.parsed } else { &mut work.recalled }.push(file);
        }
        self.forget_documents(&files);
        let known = files.iter().filter_map(|(file, _)| self.documents.get(file));
        known
            .map(|known| {
                diagnostics.extend_from_slice(&known.diagnostics);
                Arc::clone(&known.document)
            })
            .collect()
    }

    /// Forgets what is no longer there.
    fn forget_documents(&mut self, files: &[(FileId, Quotes)]) {
        if self.documents.len() > files.len() {
            let there: HashSet<_> = files.iter().map(|(file, _)| *file).collect();
            self.documents.retain(|file, _| there.contains(file));
        }
    }
}

/// A document out of the store, or parsed; and which of both. One with problems is parsed anew in every run, for its
/// problems are not kept.
fn read(id: FileId, sources: &Sources, quotes: Quotes, store: &dyn Store) -> (Known, bool) {
    let (file, text) = (sources.file(id).digest, sources.text(id));
    let key = Digest::of_value(&("document", file, quotes));
    let known = |document, diagnostics| Known { file, quotes, document: Arc::new(document), diagnostics };
    if let Some(document) = store.get(key).and_then(|bytes| stored::decode(&bytes, id)) {
        return (known(document, Vec::new()), false);
    }
    let (document, diagnostics) = parse::parse(id, text, quotes);
    if diagnostics.is_empty() {
        store.put(key, &stored::encode(&document));
    }
    (known(document, diagnostics), true)
}
