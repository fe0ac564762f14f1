//! The examples of a book: every file of `content/examples/`, read and worked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::desk::Recall;
use super::example::Example;
use super::read::read;
use super::unit::Units;
use super::worked::{self, Examples, Worked};
use crate::config::{self, Config};
use crate::data;
use crate::diagnostic::{Code, Diagnostic};
use crate::digest::Digest;
use crate::memo::{Nothing, Store};
use crate::source::{Content, File, FileId, Sources, Span};

/// Where the files of examples are.
pub const FOLDER: &str = "content/examples/";

/// The path of an example's file in the book.
#[must_use]
pub fn file_of(id: &str) -> String {
    format!("{FOLDER}{id}.yaml")
}

/// The units of a book. A definition that cannot be meant is reported.
#[must_use]
pub fn units(config: &Config, sources: &Sources) -> (Units, Vec<Diagnostic>) {
    let tags: Vec<_> = config.languages.values().map(|language| language.tag.as_str()).collect();
    let (units, problems) = Units::new(&tags, &config.units);
    let Some(file) = sources.find(config::FILE) else { return (units, Vec::new()) };
    let report = |(at, message): (usize, String)| {
        let path = ["units", config.units[at].name.as_str()];
        let range = data::toml_place(sources.text(file), &path).unwrap_or(0..0);
        Diagnostic::new(Code::ConfigInvalid, Span::new(file, range.start, range.end), message)
            .help("a unit is `OP = {}` for a thing of its own, or `kgas = { is = \"1000 gas\" }`")
    };
    (units, problems.into_iter().map(report).collect())
}

/// The examples of the last build, with what they were made from.
#[derive(Default)]
pub struct Known {
    files: HashMap<FileId, Attempt>,
    /// The digest of everything: no example can have changed while it is the same.
    whole: Digest,
    examples: Examples,
    diagnostics: Vec<Diagnostic>,
}

/// What became of one file; shared, so that it is made once and kept.
#[derive(Clone)]
struct Attempt {
    key: Digest,
    made: Made,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Clone)]
enum Made {
    /// It could not be read.
    Nothing,
    /// A calculation or a protocol.
    Worked(Arc<Worked>),
    /// A question, which waits for the others.
    Question(Arc<Example>),
}

impl Known {
    /// The examples.
    #[must_use]
    pub const fn examples(&self) -> &Examples {
        &self.examples
    }

    /// What is wrong with them.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Reads and works the examples that are not known yet; questions last, since they are about others. Which files
    /// these were; nothing if all examples are what they were and none is gone.
    pub fn update(
        &mut self,
        sources: &Sources,
        config: &Config,
        units: &Units,
        store: &dyn Store,
    ) -> Option<Vec<FileId>> {
        let environment = environment(config);
        let key = |file: &File| Digest::of_value(&(environment, file.digest));
        let files: Vec<_> = sources.below(FOLDER).filter_map(|(id, file)| Some((id, id_of(file)?))).collect();
        let keys: Vec<_> = files.iter().map(|&(file, _)| key(sources.file(file))).collect();
        let whole = Digest::of_value(&(environment, &keys));
        if whole == self.whole {
            return None;
        }
        let is_new = |&((file, _), key): &((FileId, &str), Digest)| {
            self.files.get(&file).is_none_or(|attempt| attempt.key != key)
        };
        let new: Vec<_> = files.iter().copied().zip(keys).filter(is_new).collect();
        let attempt = |&((file, id), key): &((FileId, &str), Digest)| {
            (file, attempt(id, file, sources, config, units, Recall { store, key }))
        };
        let attempts: Vec<_> = new.par_iter().map(attempt).collect();
        self.files.extend(attempts);
        let current: HashSet<_> = files.iter().map(|(file, _)| *file).collect();
        self.files.retain(|file, _| current.contains(file));
        self.gather(&files, sources, units);
        self.whole = whole;
        Some(new.into_iter().map(|((file, _), _)| file).collect())
    }

    /// Puts the attempts together, and works the questions.
    fn gather(&mut self, files: &[(FileId, &str)], sources: &Sources, units: &Units) {
        self.examples.clear();
        self.diagnostics.clear();
        let mut questions = Vec::new();
        for attempt in files.iter().filter_map(|(file, _)| self.files.get(file)) {
            self.diagnostics.extend(attempt.diagnostics.iter().cloned());
            match &attempt.made {
                Made::Nothing => {}
                Made::Worked(worked) => keep(&mut self.examples, Arc::clone(worked)),
                Made::Question(example) => questions.push((Arc::clone(example), attempt.key)),
            }
        }
        let ask = |(example, key): (Arc<Example>, Digest)| {
            let text = sources.text(example.file);
            worked::question(Arc::unwrap_or_clone(example), text, units, &self.examples, key)
        };
        let answered: Vec<_> = questions.into_par_iter().map(ask).collect();
        for (worked, problems) in answered {
            self.diagnostics.extend(problems);
            worked.into_iter().for_each(|worked| keep(&mut self.examples, Arc::new(worked)));
        }
    }
}

/// Reads and works every example.
#[must_use]
pub fn examples(sources: &Sources, config: &Config, units: &Units) -> (Examples, Vec<Diagnostic>) {
    let mut known = Known::default();
    known.update(sources, config, units, &Nothing);
    (known.examples, known.diagnostics)
}

/// The digest of what all examples stand in: the book's languages and units.
fn environment(config: &Config) -> Digest {
    let languages: Vec<_> =
        config.languages.values().map(|language| (&language.key, &language.tag)).collect();
    Digest::of_value(&(languages, config.source, &config.units))
}

fn attempt(
    id: &str,
    file: FileId,
    sources: &Sources,
    config: &Config,
    units: &Units,
    recall: Recall<'_>,
) -> Attempt {
    let text = sources.text(file);
    let key = recall.key;
    let (example, mut diagnostics) = read(id, file, text, config, units);
    // What could not be read would only be missed again.
    let Some(example) = example.filter(|_| diagnostics.is_empty()) else {
        return Attempt { key, made: Made::Nothing, diagnostics };
    };
    let (made, problems) = worked::work(example, text, units, recall);
    diagnostics.extend(problems);
    let made = match made {
        Ok(worked) => Made::Worked(Arc::new(worked)),
        Err(question) => Made::Question(Arc::new(question)),
    };
    Attempt { key, made, diagnostics }
}

fn keep(examples: &mut Examples, worked: Arc<Worked>) {
    examples.insert(worked.example.id.clone(), worked);
}

/// The id of an example's file, if it is one.
fn id_of(file: &File) -> Option<&str> {
    let name = file.path.strip_prefix(FOLDER)?.strip_suffix(".yaml")?;
    (matches!(file.content, Content::Text(_)) && is_id(name)).then_some(name)
}

/// Whether a name can be that of an example: lower-case letters, digits and hyphens.
#[must_use]
pub fn is_id(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
