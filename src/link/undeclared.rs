//! Content that lies in no language's folder, and so would be left out without a word.

use std::collections::BTreeMap;

use crate::config::{Config, FILE, is_folder_name};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::{FileId, Sources, Span};

/// Reports each folder below `content/` that is no language of the book, once, and each page beside them.
#[must_use]
pub fn check(sources: &Sources, config: &Config) -> Vec<Diagnostic> {
    let is_known = |folder: &str| {
        matches!(folder, "static" | "examples")
            || config.languages.values().any(|language| language.key == folder)
    };
    let mut folders: BTreeMap<&str, FileId> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (id, file) in sources.below("content/") {
        match file.path["content/".len()..].split_once('/') {
            Some((folder, _)) if is_known(folder) => {}
            Some((folder, _)) => drop(folders.entry(folder).or_insert(id)),
            None => diagnostics.push(loose(config, id, &file.path)),
        }
    }
    diagnostics.extend(folders.into_iter().map(|(folder, first)| undeclared(config, folder, first)));
    diagnostics
}

fn loose(config: &Config, file: FileId, path: &str) -> Diagnostic {
    let key = &config.languages[config.source].key;
    Diagnostic::new(Code::LanguageUndeclared, Span::whole(file), "this file is in no language's folder")
        .help(format!("move it to content/{key}{}", &path["content".len()..]))
}

fn undeclared(config: &Config, folder: &str, first: FileId) -> Diagnostic {
    let message = format!("content/{folder} is no language of this book");
    let diagnostic = Diagnostic::new(Code::LanguageUndeclared, Span::whole(first), message);
    let keys = config.languages.values().map(|language| language.key.as_str());
    match nearest(folder, keys) {
        Some(near) if folder.len() > 2 => {
            diagnostic.help(format!("rename the folder to content/{near}, or take it out of content/"))
        }
        _ if is_folder_name(folder) => diagnostic.help(format!(
            "declare it with `[languages.{folder}]` in {FILE}, or take the folder out of content/"
        )),
        _ => diagnostic.help("move it below a language's folder, or out of content/"),
    }
}
