//! Every diagnostic has a page that explains it, and the page's example is its test.
//!
//! A page is `src/explain/CODE.md`: the block `book` is a book in the form of `fixture`, the block `report` is
//! what a person sees when it is built. `UPDATE_EXPECT=1 cargo test` rewrites the reports; read them then.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bilayer::diagnostic::{Code, Diagnostic};
use bilayer::report::json;
use bilayer::report::terminal::{self, Style};
use bilayer::source::Sources;

use crate::fixture;

/// Codes whose cause a text cannot hold, for it lies in the file system: each has a test of its own below.
const ON_DISK: [Code; 3] = [Code::FileNotUtf8, Code::FileUnreadable, Code::PathOutside];

/// The longest first paragraph of a page, in characters: it stands in a list of all codes.
const LONGEST_SUMMARY: usize = 110;

/// A page of `bilayer explain`.
struct Page {
    text: String,
}

/// A fenced block of a page.
struct Block<'a> {
    text: &'a str,
    /// Where its text begins in the page.
    start: usize,
}

impl Page {
    fn of(code: Code) -> Self {
        let text = fs::read_to_string(path(code)).expect("every code has a page");
        Self { text }
    }

    fn summary(&self) -> &str {
        self.text.split("\n\n").nth(1).unwrap_or_default()
    }

    /// The fenced blocks that are marked `info`.
    fn blocks(&self, info: &str) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut open: Option<(&str, usize)> = None;
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let marks = line.len() - line.trim_start_matches('`').len();
            let (fence, rest) = line.split_at(marks);
            match open {
                Some((opened, start)) if fence == opened && rest.trim().is_empty() => {
                    let text = &self.text[start..at];
                    blocks.extend(text_is_of(&self.text[..start], info).then_some(Block { text, start }));
                    open = None;
                }
                None if marks >= 3 => open = Some((fence, at + line.len())),
                _ => {}
            }
            at += line.len();
        }
        assert!(open.is_none(), "a block is never closed:\n{}", self.text);
        blocks
    }

    fn only_block(&self, info: &str) -> Block<'_> {
        let mut blocks = self.blocks(info);
        assert_eq!(blocks.len(), 1, "a page has one block `{info}`:\n{}", self.text);
        blocks.remove(0)
    }
}

/// Whether a text ends with the line that opens a block marked `info`.
fn text_is_of(before: &str, info: &str) -> bool {
    before.trim_end().rsplit('\n').next().is_some_and(|line| line.trim_start_matches('`') == info)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain")
}

fn path(code: Code) -> PathBuf {
    folder().join(format!("{}.md", code.name()))
}

/// Compares what a person sees with the block `report` of a code's page, or rewrites the block. Gives what
/// is wrong.
fn compare_report(code: Code, report: &str) -> Option<String> {
    let page = Page::of(code);
    let shown = page.only_block("report");
    let report = format!("{report}\n");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let mut text = page.text.clone();
        text.replace_range(shown.start..shown.start + shown.text.len(), &report);
        fs::write(path(code), text).expect("the page can be written");
        return None;
    }
    (shown.text != report)
        .then(|| format!("the page {} shows\n{}\nand the report is\n{report}", code.name(), shown.text))
}

fn rendered(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let all: Vec<_> =
        diagnostics.iter().map(|diagnostic| terminal::render(sources, diagnostic, Style::Plain)).collect();
    all.join("\n\n")
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.name().to_owned()).collect();
    assert!(codes.is_sorted(), "the codes are in alphabetical order");
    let pages: BTreeSet<_> = fs::read_dir(folder())
        .expect("the folder of the pages can be read")
        .map(|entry| entry.expect("its entries too").file_name().to_string_lossy().into_owned())
        .collect();
    let wanted: BTreeSet<_> = codes.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(pages, wanted);
}

#[test]
fn pages_have_a_name_a_summary_an_example_and_a_remedy() {
    for &code in Code::ALL {
        let page = Page::of(code);
        let name = code.name();
        assert_eq!(page.text.lines().next(), Some(&*format!("# {name}")));
        let summary = page.summary();
        let is_sentence = summary.ends_with('.') && !summary.contains('\n') && !summary.contains(". ");
        assert!(is_sentence, "the first paragraph of {name} is one sentence: {summary}");
        assert!(summary.chars().count() <= LONGEST_SUMMARY, "the first paragraph of {name} is too long");
        let headings: Vec<_> = page.text.lines().filter(|line| line.starts_with("## ")).collect();
        assert!(headings.contains(&"## Example") && headings.last() == Some(&"## What to do"), "{name}");
        assert_eq!(page.blocks("book").len(), usize::from(!ON_DISK.contains(&code)), "{name}");
        page.only_block("report");
    }
}

#[test]
fn every_example_raises_its_code_and_no_other() {
    let mut wrong = Vec::new();
    for &code in Code::ALL.iter().filter(|code| !ON_DISK.contains(code)) {
        let page = Page::of(code);
        let built = fixture::build(page.only_block("book").text);
        let raised: BTreeSet<_> = built.diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect();
        if raised != BTreeSet::from([code.name()]) {
            wrong.push(format!("the example of {} raises {raised:?}:\n{}", code.name(), built.report));
        }
        wrong.extend(compare_report(code, &built.report));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
