//! What is remembered from one edition of a book to the next.
//!
//! Everything here is kept under the digest of all that it was made from, or can be told to be the same in another
//! way that cannot err. Nothing of it decides what an edition is, only how soon it is there: a memory that is
//! dropped costs time and nothing else. One thing apart: a memory for a preview keeps the last configuration and the
//! last theme that were without mistakes, and goes on with them while there are mistakes in the new ones.

use std::collections::HashMap;
use std::sync::Arc;

use super::documents::Known;
use super::linked::Linked;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::evaluate::gather;
use crate::evaluate::unit::Units;
use crate::memo::{Nothing, Store};
use crate::render::Tools;
use crate::render::theme::{self, Theme};
use crate::source::{FileId, Sources};

/// What is remembered from one edition to the next.
pub struct Memory {
    pub(super) tools: Arc<Tools>,
    /// Results of earlier runs of the program.
    pub(super) store: Arc<dyn Store>,
    keeps_last_good: bool,
    config: Option<Arc<Config>>,
    pub(super) documents: HashMap<FileId, Known>,
    pub(super) units: Units,
    pub(super) examples: gather::Known,
    pub(super) theme: Option<KnownTheme>,
    pub(super) linked: Option<Linked>,
}

/// A theme with what it was made from.
pub(super) struct KnownTheme {
    key: Digest,
    /// The digest of the languages whose words it has.
    languages: Digest,
    theme: Option<Theme>,
    /// Whether the theme is an older one than that which the diagnostics are of.
    is_old: bool,
    diagnostics: Vec<Diagnostic>,
}

impl KnownTheme {
    /// The theme to go on with.
    pub(super) const fn theme(&self) -> Option<&Theme> {
        self.theme.as_ref()
    }

    /// Whether it is an old one.
    pub(super) const fn is_old(&self) -> bool {
        self.is_old
    }
}

/// What had to be done for an edition, because nothing was known of it.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The pages that were parsed.
    pub parsed: Vec<FileId>,
    /// The pages whose facts were found in the store.
    pub recalled: Vec<FileId>,
    /// The examples that were worked.
    pub worked: Vec<FileId>,
    /// Whether the theme was loaded.
    pub theme: bool,
    /// Whether anything is another than before on which more depends than the texts of single pages: the theme, an
    /// example, what pages say of each other.
    pub is_shared: bool,
    /// Whether the book was linked, since what pages may know of each other has changed.
    pub linked: bool,
    /// How many pages had their links resolved.
    pub resolved: usize,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Arc::new(Nothing))
    }
}

impl Memory {
    /// A memory of nothing but what is in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            tools: Arc::default(),
            store,
            keeps_last_good: false,
            config: None,
            documents: HashMap::new(),
            units: Units::new(&[], &[]).0,
            examples: gather::Known::default(),
            theme: None,
            linked: None,
        }
    }

    /// The same, with the tools of another memory: they are the same for every book, and not quickly made.
    #[must_use]
    pub fn sharing_tools(self, other: &Self) -> Self {
        Self { tools: Arc::clone(&other.tools), ..self }
    }

    /// The same, but while configuration or theme have mistakes, the last ones without go on.
    #[must_use]
    pub fn for_preview(self) -> Self {
        Self { keeps_last_good: true, ..self }
    }

    /// The configuration to go on with, and whether it is an old one.
    pub(super) fn config(&mut self, read: Config, has_errors: bool) -> (Arc<Config>, bool) {
        match &self.config {
            Some(good) if self.keeps_last_good && has_errors => (Arc::clone(good), true),
            _ => {
                let config = Arc::new(read);
                self.config = (!has_errors).then(|| Arc::clone(&config));
                (config, false)
            }
        }
    }

    /// Works the examples anew that have changed.
    pub(super) fn examples(
        &mut self,
        sources: &Sources,
        config: &Config,
        work: &mut Work,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let (units, problems) = gather::units(config, sources);
        diagnostics.extend(problems);
        self.units = units;
        if let Some(worked) = self.examples.update(sources, config, &self.units, &*self.store) {
            work.worked = worked;
            work.is_shared = true;
        }
        diagnostics.extend_from_slice(self.examples.diagnostics());
    }

    /// Loads the theme if anything of it has changed.
    pub(super) fn load_theme(
        &mut self,
        sources: &Sources,
        config: &Config,
        work: &mut Work,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let files = sources.iter().filter(|(_, file)| !file.path.starts_with("content/"));
        let files: Vec<_> = files.map(|(_, file)| file.digest).collect();
        let key = Digest::of_value(&(config, files));
        if self.theme.as_ref().is_none_or(|known| known.key != key) {
            work.theme = true;
            work.is_shared = true;
            let (theme, problems) = theme::load(sources, config);
            let languages = config.languages.values().map(|language| (&language.key, &language.tag));
            let languages = Digest::of_value(&languages.collect::<Vec<_>>());
            let serves = |known: &KnownTheme| self.keeps_last_good && known.languages == languages;
            let good = self.theme.take().filter(serves).and_then(|known| known.theme);
            let is_old = theme.is_none() && good.is_some();
            let theme = theme.or(good);
            self.theme = Some(KnownTheme { key, languages, theme, is_old, diagnostics: problems });
        }
        diagnostics.extend(self.theme.iter().flat_map(|known| &known.diagnostics).cloned());
    }
}
