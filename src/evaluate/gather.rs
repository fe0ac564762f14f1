//! The examples of a book: every file of `content/examples/`, read and worked.

use rayon::prelude::*;

use super::read::read;
use super::unit::Units;
use super::worked::{self, Examples, Worked};
use crate::config::{self, Config};
use crate::data;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Content, File, FileId, Sources, Span};

/// Where the files of examples are.
pub const FOLDER: &str = "content/examples/";

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

/// Reads and works every example; questions last, since they are about others.
#[must_use]
pub fn examples(sources: &Sources, config: &Config, units: &Units) -> (Examples, Vec<Diagnostic>) {
    let files: Vec<_> = sources.below(FOLDER).filter_map(|(id, file)| Some((id, id_of(file)?))).collect();
    let work = |&(file, id): &(FileId, &str)| {
        let text = sources.text(file);
        let (example, mut diagnostics) = read(id, file, text, config, units);
        // What could not be read would only be missed again.
        if !diagnostics.is_empty() {
            return (None, diagnostics);
        }
        let worked = example.map(|example| worked::work(example, text, units));
        let (worked, problems) =
            worked.map_or((None, Vec::new()), |(worked, problems)| (Some(worked), problems));
        diagnostics.extend(problems);
        (worked, diagnostics)
    };
    let worked: Vec<_> = files.par_iter().map(work).collect();
    let mut examples = Examples::new();
    let mut questions = Vec::new();
    let mut diagnostics = Vec::new();
    for (worked, problems) in worked {
        diagnostics.extend(problems);
        match worked {
            Some(Ok(worked)) => keep(&mut examples, worked),
            Some(Err(question)) => questions.push(question),
            None => {}
        }
    }
    let ask = |example| {
        let example: super::example::Example = example;
        let text = sources.text(example.file);
        worked::question(example, text, units, &examples)
    };
    let answered: Vec<_> = questions.into_par_iter().map(ask).collect();
    for (worked, problems) in answered {
        diagnostics.extend(problems);
        worked.into_iter().for_each(|worked| keep(&mut examples, worked));
    }
    (examples, diagnostics)
}

fn keep(examples: &mut Examples, worked: Worked) {
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
