//! The names under which code blocks may ask for a grammar.
//!
//! Every grammar brings its name and its file extensions; this adds the names people write on
//! fences. It knows nothing of how code is highlighted.

use std::collections::BTreeMap;

use syntect::parsing::{SyntaxReference, SyntaxSet};

/// A language whose code can be highlighted; made by [`super::Highlighter::language`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    /// Its place in the syntax set, none for plain text.
    pub(super) syntax: Option<u16>,
}

/// Names for text that is not to be highlighted.
const PLAIN: &[&str] = &["", "text", "txt", "plain", "plaintext"];

/// Names the grammars do not know, or give to a language our readers do not expect, each with a
/// name they do know.
const ALIASES: &[(&str, &str)] = &[
    ("console", "bash"),
    ("csharp", "c#"),
    ("docker", "dockerfile"),
    ("fs", "f#"),
    ("fsharp", "f#"),
    ("golang", "go"),
    ("h", "c"),
    ("javascript", "js"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("node", "js"),
    ("objc", "objective-c"),
    ("python3", "python"),
    ("sh-session", "bash"),
    ("shell", "bash"),
    ("shell-session", "bash"),
    ("shellsession", "bash"),
    ("terminal", "bash"),
    ("vim", "viml"),
];

/// Names to be preferred among equally near ones: what this kind of book is about.
const COMMON: &[&str] = &[
    "bash",
    "c",
    "css",
    "diff",
    "dockerfile",
    "go",
    "html",
    "javascript",
    "json",
    "latex",
    "markdown",
    "python",
    "rust",
    "shell",
    "solidity",
    "sql",
    "text",
    "toml",
    "typescript",
    "vyper",
    "yaml",
];

/// All names, in lower case.
pub(super) struct Languages {
    by_name: BTreeMap<String, Language>,
}

impl Languages {
    /// Collects the names of a syntax set. Where two grammars claim a name, the later one has it,
    /// as in the set's own look-up; a file extension goes before a language's name.
    pub(super) fn new(syntaxes: &SyntaxSet) -> Languages {
        let mut by_name = BTreeMap::new();
        let named = (0..).zip(syntaxes.syntaxes());
        for (index, syntax) in named.clone() {
            by_name.insert(syntax.name.to_lowercase(), Language { syntax: Some(index) });
        }
        for (index, extension) in named.flat_map(extensions) {
            by_name.insert(extension.to_lowercase(), Language { syntax: Some(index) });
        }
        for &(alias, name) in ALIASES {
            if let Some(&language) = by_name.get(name) {
                by_name.insert(alias.to_owned(), language);
            }
        }
        for &name in PLAIN {
            by_name.insert(name.to_owned(), Language { syntax: None });
        }
        Languages { by_name }
    }

    /// The language of that name, in any case.
    pub(super) fn find(&self, name: &str) -> Option<Language> {
        self.by_name.get(name.to_lowercase().as_str()).copied()
    }

    /// The name nearest to an unknown one, if one is near enough to be a slip of the pen.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let tolerance = match name.chars().count() {
            // Any short name is near to a dozen others.
            0..=2 => return None,
            3..=4 => 1,
            5..=8 => 2,
            // Nothing we know is this long, and distance takes time in its length.
            40.. => return None,
            _ => 3,
        };
        let candidates = self.by_name.keys().filter(|known| is_ordinary(known));
        candidates
            .map(|known| (strsim::osa_distance(&name, known), known.as_str()))
            .filter(|&(distance, _)| distance <= tolerance)
            .min_by_key(|&(distance, known)| (distance, !COMMON.contains(&known), known))
            .map(|(_, known)| known)
    }
}

fn extensions((index, syntax): (u16, &SyntaxReference)) -> impl Iterator<Item = (u16, &String)> {
    syntax.file_extensions.iter().map(move |extension| (index, extension))
}

/// Whether a name is one to suggest: many file "extensions" are whole file names.
fn is_ordinary(name: &str) -> bool {
    name.len() > 1 && !name.contains(['.', ' ', '_', '('])
}
