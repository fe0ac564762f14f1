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

#[test]
fn every_suggested_change_mends_what_it_is_suggested_for() {
    let mut wrong = Vec::new();
    for &code in Code::ALL.iter().filter(|code| !ON_DISK.contains(code)) {
        let page = Page::of(code);
        let book = page.only_block("book").text;
        let sources = fixture::sources(book);
        for diagnostic in fixture::build(book).diagnostics {
            let Some(fix) = &diagnostic.fix else { continue };
            let path = sources.path(fix.span.file);
            let mut files = fixture::files(book);
            let text = files.get_mut(path).expect("the place is in the book");
            text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
            let mended: String = files.iter().map(|(path, text)| format!("-- {path} --\n{text}")).collect();
            let left = fixture::build(&mended);
            if left
                .diagnostics
                .iter()
                .any(|other| other.message == diagnostic.message && other.span == diagnostic.span)
            {
                wrong.push(format!("{} is still there:\n{}", diagnostic.message, left.report));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
#[cfg(unix)]
fn mistakes_on_disk_are_reported_as_shown() {
    let compare = |code, make: fn(&Path)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fixture::write("-- content/en/index.md --\n---\ntitle: Home\n---\n", folder.path());
        make(folder.path());
        let (sources, diagnostics) = bilayer::load::load(folder.path()).expect("the folder can be listed");
        assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == code), "{diagnostics:?}");
        compare_report(code, &rendered(&sources, &diagnostics))
    };
    let not_utf8 = compare(Code::FileNotUtf8, |book| {
        let gb18030 = b"---\ntitle: Gas\n---\n\xC7\xF8\xBF\xE9\n";
        fs::write(book.join("content/en/gas.md"), gb18030).expect("the file can be written");
    });
    let unreadable = compare(Code::FileUnreadable, |book| {
        link("old/fees.md", &book.join("content/en/fees.md"));
    });
    let outside = compare(Code::PathOutside, |book| {
        link("/etc", &book.join("content/en/machine"));
        link("..", &book.join("content/en/again"));
    });
    let wrong: Vec<_> = [not_utf8, unreadable, outside].into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[cfg(unix)]
fn link(target: &str, place: &Path) {
    std::os::unix::fs::symlink(target, place).expect("a link can be made");
}

/// A book with a mistake of twenty kinds, each in a line of its own.
const TWENTY_MISTAKES: &str = "\
-- book.toml --
[book]
title = \"二层网络\"
autors = []

[languages.en]
[languages.zh]
text-direction = \"left\"

[output.html]
site-url = \"example.org\"
-- content/en/index.md --
---
title: Home
wieght: 10
level: easy
date: 2026-02-30
slug: a/b
title: Start
aliases: [\"https://example.org/\"]
requires: [gass]
---
## Why

[gas](gass.md) and [why](#whi) and ![](flwo.svg)

```soldity
contract Vault {}
```

## How $\\fee$ {#how}

## When {#how}
-- content/en/gas.md --
---
draft: true
---
-- content/en/rollups/fees.md --
---
requires: [rollups/fees]
---
See [gas](../gas.md)[^1].
-- content/fr/index.md --
---
title: Accueil
---
-- content/zh/index.md --
---
title: 首页
---
## 为什么

排序者**不能偷走资产。
-- content/zh/channels.md --
---
title: 通道
---
-- strings/zh.toml --
nxet = \"下一页\"
-- themes/paper/theme.toml --
";

#[test]
fn one_run_names_every_mistake_once_and_in_order() {
    let built = fixture::build(TWENTY_MISTAKES);
    let raised: BTreeSet<_> = built.diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect();
    let wanted = BTreeSet::from([
        "alias-invalid",
        "anchor-broken",
        "anchor-duplicate",
        "code-language-unknown",
        "config-invalid",
        "config-unknown-key",
        "date-invalid",
        "emphasis-literal",
        "footnote-unpaired",
        "front-matter-duplicate-key",
        "front-matter-invalid",
        "front-matter-unknown-key",
        "image-alt-missing",
        "image-missing",
        "link-broken",
        "link-to-draft",
        "math-invalid",
        "requires-cycle",
        "requires-unknown",
        "section-index-missing",
        "slug-invalid",
        "strings-invalid",
        "title-missing",
        "translation-outline",
        "translation-without-source",
    ]);
    assert_eq!(raised, wanted, "{}", built.report);
    let places: Vec<_> = built
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.span, diagnostic.code, &diagnostic.message))
        .collect();
    assert!(places.is_sorted(), "{}", built.report);
    let once: BTreeSet<_> = places.iter().collect();
    assert_eq!(once.len(), places.len(), "{}", built.report);
}

#[test]
fn all_unknown_keys_of_a_file_are_named_at_once() {
    let built = fixture::build(
        "\
-- book.toml --
[book]
titel = \"二层网络\"
autors = [\"陈\"]

[languages.zh]
nmae = \"简体中文\"

[otuput.html]
theme = \"default\"
-- content/zh/index.md --
---
titel: 首页
descripton: 一本公开的教科书。
wieght: 10
colour: 红
---
",
    );
    let told: Vec<_> = built
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let fix = diagnostic.fix.as_ref().map_or("-", |fix| &fix.text);
            format!("{}: {}: {fix}", diagnostic.code.name(), diagnostic.message)
        })
        .collect();
    let wanted = [
        "config-unknown-key: unknown key `titel`: title",
        "config-unknown-key: unknown key `autors`: authors",
        "config-unknown-key: unknown key `nmae`: name",
        "config-unknown-key: unknown key `otuput`: output",
        "front-matter-unknown-key: unknown key `titel`: title",
        "front-matter-unknown-key: unknown key `descripton`: description",
        "front-matter-unknown-key: unknown key `wieght`: weight",
        "front-matter-unknown-key: unknown key `colour`: -",
    ];
    assert_eq!(told, wanted, "{}", built.report);
}

#[test]
fn columns_in_json_count_characters() {
    let book = "-- content/en/index.md --\n---\ntitle: Home\n---\n\
                -- content/zh/index.md --\n---\ntitle: 首页\n---\n先读𠮷野家的[燃料](gass.md)，再读。\n";
    let sources = fixture::sources(book);
    let built = fixture::build(book);
    let reports: Vec<_> =
        built.diagnostics.iter().map(|diagnostic| json::report(&sources, diagnostic)).collect();
    let json = serde_json::to_value(reports).expect("a report is JSON");
    let place = serde_json::json!({
        "path": "content/zh/index.md", "line": 4, "column": 12, "end_line": 4, "end_column": 19,
    });
    assert_eq!(json[0]["place"], place);
    assert_eq!(json[0]["code"], "link-broken");
    assert_eq!(json.as_array().map(Vec::len), Some(1));
}
