//! A whole book in one string, in memory or in a folder.
//!
//! A line `-- content/en/gas.md --` starts a file. A book that has no `book.toml` gets one with English
//! (the source) and Chinese.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bilayer::diagnostic::Diagnostic;
use bilayer::load::built_in;
use bilayer::output::Memory;
use bilayer::pipeline::{self, Options, Quiet};
use bilayer::report::terminal::{self, Style};
use bilayer::source::{File, Sources};

/// The configuration of a fixture that has none.
pub const BOOK: &str = "[book]\ntitle = \"Test\"\nsource-language = \"en\"\n\n[languages.en]\nname = \"English\"\n\n[languages.zh]\ntag = \"zh-Hans\"\nname = \"简体中文\"\n";

/// The files of a fixture, with a `book.toml`.
pub fn files(text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([("book.toml".to_owned(), BOOK.to_owned())]);
    let mut current = None;
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, &current) {
            (Some(name), _) => {
                files.insert(name.to_owned(), String::new());
                current = Some(name.to_owned());
            }
            (None, Some(name)) => files.get_mut(name).expect("it was just added").push_str(line),
            (None, None) => assert!(line.trim().is_empty(), "text before the first file: {line}"),
        }
    }
    files
}

/// A fixture as the pipeline sees it, with the default theme. What lies in `content/` and is no page is a file
/// to copy, as it is when a book is loaded.
pub fn sources(text: &str) -> Sources {
    let own = files(text).into_iter().map(|(path, text)| {
        let is_example = path.starts_with("content/examples/") && path.ends_with(".yaml");
        let is_copied = path.starts_with("content/") && !path.ends_with(".md") && !is_example;
        if is_copied { File::asset(path.clone(), Path::new(&path), None) } else { File::text(path, text) }
    });
    Sources::new(built_in().into_iter().chain(own).collect())
}

/// Writes a fixture to a folder.
pub fn write(text: &str, folder: &Path) {
    for (path, text) in files(text) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
}

/// What a build of a fixture gives.
pub struct Built {
    /// The files of the site.
    pub files: BTreeMap<String, String>,
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The same as a person sees it, without colours.
    pub report: String,
}

/// Builds a fixture in memory.
pub fn build(text: &str) -> Built {
    build_with(text, &Options::default())
}

/// Builds a fixture in memory with options.
pub fn build_with(text: &str, options: &Options) -> Built {
    let sources = sources(text);
    let sink = Memory::new();
    let outcome = pipeline::build(&sources, options, &mut pipeline::Memory::default(), &sink, &Quiet);
    let rendered: Vec<_> = outcome
        .diagnostics
        .iter()
        .map(|diagnostic| terminal::render(&sources, diagnostic, Style::Plain))
        .collect();
    let files = sink
        .into_files()
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).expect("pages are UTF-8")))
        .collect();
    Built { files, diagnostics: outcome.diagnostics, report: rendered.join("\n\n") }
}
