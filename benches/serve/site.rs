//! The books that are served and edited: for each program a copy of its own, the same page in both, the same edits.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{corpus, page_template, with_word, working_copy};

/// The example on the page that is edited in the book of bilayer.
const EXAMPLE: &str = r#"kind: calc
title: {en: What a transaction costs, zh: 一笔交易的费用}
inputs:
  price: {value: 1000, min: 1, max: 100000, scale: log, label: {en: Price of gas, zh: 燃料价格}}
  used: {value: 21000, min: 21000, max: 1000000, scale: log, label: {en: Gas used, zh: 所用燃料}}
steps:
  - {let: fee, be: used * price, label: {en: Fee, zh: 费用}}
always:
  - fee >= used
plot: {x: price, y: [fee], title: {en: Fee by price, zh: 费用随价格变化}}
"#;
/// What a page says to show it.
const SHOWN: &str = "\n```example fee\n```\n";

/// A book and what can be done with it.
pub struct Site {
    /// The path of its address at which the edited page is served.
    pub path: String,
    /// The edits, in the order in which they are measured.
    pub edits: Vec<Edit>,
    folder: PathBuf,
}

/// A way to change the page.
pub struct Edit {
    /// What is edited, in a word.
    pub what: &'static str,
    file: PathBuf,
    original: String,
    /// From the original text and a number the new text, and what the page shows then and never before.
    change: fn(&str, usize) -> (String, String),
}

impl Edit {
    /// The change with this number, as an act, and what the page shows after it.
    pub fn change(&self, number: usize) -> (impl FnOnce(), String) {
        let (text, shown) = (self.change)(&self.original, number);
        (move || write(&self.file, &text), shown)
    }

    /// Writes the original text.
    pub fn undo(&self) {
        write(&self.file, &self.original);
    }
}

impl Site {
    /// The book for bilayer, as it is before all edits.
    pub fn bilayer(work: &Path, pages: usize) -> Self {
        let folder = working_copy(work, pages, "bilayer", "serve");
        let page = page(work, pages);
        let read = |lang: &str| read(&corpus(work, pages, "bilayer").join("content").join(lang).join(&page));
        let text = read("en") + SHOWN;
        let original = |what, path: &str, original: &str, change| Edit {
            what,
            file: folder.join(path),
            original: original.to_owned(),
            change,
        };
        let source = format!("content/en/{page}");
        let edits = vec![
            original("body", &source, &text, body),
            original("title", &source, &text, title),
            original("template", "templates/page.html", &page_template(), template),
            original("example", "content/examples/fee.yaml", EXAMPLE, example),
        ];
        write(&folder.join("content/zh").join(&page), &(read("zh") + SHOWN));
        let site = Self { path: format!("/en/{}/", page.trim_end_matches(".md")), edits, folder }.reset();
        // A book with a mistake would be served all the same.
        let checked =
            Command::new(env!("CARGO_BIN_EXE_bilayer")).args(["-q", "check"]).arg(&site.folder).status();
        assert!(checked.is_ok_and(|status| status.success()), "the book has no mistakes");
        site
    }

    /// The book for Hugo, as it is before all edits.
    pub fn hugo(work: &Path, pages: usize) -> Self {
        let folder = working_copy(work, pages, "hugo", "serve");
        let page = page(work, pages);
        let edit = |what, path: &str, change| Edit {
            what,
            file: folder.join(path),
            original: read(&corpus(work, pages, "hugo").join(path)),
            change,
        };
        let source = format!("content/en/{page}");
        let edits = vec![
            edit("body", &source, body),
            edit("title", &source, title),
            edit("template", "layouts/page.html", template),
        ];
        Self { path: format!("/{}/", page.trim_end_matches(".md")), edits, folder }.reset()
    }

    fn reset(self) -> Self {
        self.edits.iter().for_each(Edit::undo);
        self
    }

    /// The command that serves the book with bilayer at a port, with these flags too.
    pub fn bilayer_command(&self, flags: &'static [&'static str]) -> impl Fn(u16) -> Command {
        move |port| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_bilayer"));
            command.args(["serve", "-q", "-p", &port.to_string()]).args(flags).arg(&self.folder);
            command
        }
    }

    /// The command that serves the book with Hugo at a port.
    pub fn hugo_command(&self, hugo: OsString) -> impl Fn(u16) -> Command {
        move |port| {
            let mut command = Command::new(&hugo);
            command.args(["server", "--bind", "127.0.0.1", "--port", &port.to_string()]);
            command.args(["--disableLiveReload=false", "--renderToMemory", "-s"]).arg(&self.folder);
            command
        }
    }
}

/// The third page of the first section, relative to the folder of a language; it is the same in every corpus.
fn page(work: &Path, pages: usize) -> String {
    let content = corpus(work, pages, "bilayer").join("content/en");
    let section = names(&content).into_iter().find(|name| content.join(name).is_dir());
    let section = section.expect("the corpus has sections");
    let page = names(&content.join(&section)).into_iter().filter(|name| name != "index.md").nth(2);
    format!("{section}/{}", page.expect("a section of the corpus has many pages"))
}

/// What is in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the corpus can be read");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn body(original: &str, number: usize) -> (String, String) {
    let word = word(number);
    (format!("{original}\n{word}\n"), word)
}

fn title(original: &str, number: usize) -> (String, String) {
    let word = word(number);
    (original.replacen("title: \"", &format!("title: \"{word} "), 1), word)
}

fn template(original: &str, number: usize) -> (String, String) {
    let word = word(number);
    (with_word(original, &word), word)
}

/// An input gets another value; the page shows what is computed from it.
fn example(original: &str, number: usize) -> (String, String) {
    let text = original.replacen("value: 1000,", &format!("value: {},", 1000 + number), 1);
    let fee = 21_000 * (1000 + number);
    (text, format!("{},{:03},{:03}", fee / 1_000_000, fee / 1000 % 1000, fee % 1000))
}

/// A word that was never written before.
fn word(number: usize) -> String {
    format!("word{}x{number}", std::process::id())
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the corpus can be read")
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("it is in a folder of the book");
    fs::create_dir_all(folder).expect("the copy of the book can be changed");
    fs::write(path, text).expect("the copy of the book can be changed");
}
