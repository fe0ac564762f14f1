//! Bad input of every kind gives a diagnostic or a right page: never a panic, never a hang, never a file
//! outside the site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bilayer::diagnostic::Code;
use serde_json::Value;

use crate::fixture;
use crate::run::{bilayer, tree};

/// A home page in both languages, so that a test adds only what it is about.
const HOME: &str =
    "-- content/en/index.md --\n---\ntitle: Home\n---\n-- content/zh/index.md --\n---\ntitle: 首页\n---\n";

/// What the command made of a book on disk.
struct Built {
    codes: Vec<String>,
    report: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Built {
    fn page(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("no {path}\n{}", self.report));
        std::str::from_utf8(bytes).expect("pages are UTF-8")
    }
}

/// Builds a book of two home pages, `text` (a fixture) and what `prepare` puts beside them, with the command.
fn on_disk(text: &str, prepare: impl FnOnce(&Path)) -> Built {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let book = folder.path().join("book");
    fixture::write(&format!("{HOME}{text}"), &book);
    prepare(&book);
    let run = bilayer(folder.path(), "build book -d site --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let diagnostics = report["diagnostics"].as_array().expect("a list of diagnostics");
    let mut codes: Vec<_> =
        diagnostics.iter().map(|problem| problem["code"].as_str().expect("a code").to_owned()).collect();
    codes.dedup();
    assert_eq!(run.status, i32::from(report["errors"] != 0), "{}", run.stderr);
    // People get the same without a panic.
    let human = bilayer(folder.path(), "check book");
    assert_eq!(human.status, run.status, "{}", human.stderr);
    Built { codes, report: run.stdout, files: tree(&folder.path().join("site")) }
}

/// Checks which codes a book raises, each once however often it is raised in a row.
fn check(text: &str, codes: &[Code]) -> Built {
    check_with(text, |_| {}, codes)
}

fn check_with(text: &str, prepare: impl FnOnce(&Path), codes: &[Code]) -> Built {
    let built = on_disk(text, prepare);
    let wanted: Vec<_> = codes.iter().map(|code| code.name()).collect();
    let shown: String = built.report.chars().take(2_000).collect();
    assert_eq!(built.codes, wanted, "{shown}");
    built
}

fn put(book: &Path, path: &str, bytes: &[u8]) {
    let path = book.join(path);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

/// Checks a book with one more page, of these bytes.
fn check_page(bytes: impl AsRef<[u8]>, codes: &[Code]) -> Built {
    check_with("", |book| put(book, "content/en/page.md", bytes.as_ref()), codes)
}

/// Checks a page with this text below its front matter.
fn check_text(text: &str, codes: &[Code]) -> Built {
    check_page(format!("---\ntitle: Page\n---\n{text}"), codes)
}

/// Checks a page with these lines of front matter.
fn check_front(yaml: &str, codes: &[Code]) -> Built {
    check_page(format!("---\ntitle: Page\n{yaml}\n---\nText.\n"), codes)
}

const PAGE: &str = "en/page/index.html";

mod bytes {
    use super::*;

    #[test]
    fn what_is_not_utf8_is_named_with_its_line() {
        let built = check_page(b"---\ntitle: Page\n---\nGood.\nB\xFFd.\n", &[Code::FileNotUtf8]);
        assert!(built.report.contains("line 5 is not UTF-8 text: byte 0xFF"), "{}", built.report);
        check_page(b"\xFF\xFE-\0-\0-\0", &[Code::FileNotUtf8]);
        check_page(b"\xFF", &[Code::FileNotUtf8]);
        // The head of a character at the end of the file.
        check_page(b"---\ntitle: Page\n---\n\xE4\xBD", &[Code::FileNotUtf8]);
    }

    #[test]
    fn a_byte_order_mark_and_dos_lines_change_nothing() {
        let text = "---\ntitle: Page\ntags: [a]\n---\n\n## Why\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> [!NOTE]\n> Note\n\n```rust\nlet a = 1;\n```\n";
        let plain = check_page(text, &[]);
        let marked = check_page(format!("\u{feff}{text}"), &[]);
        assert_eq!(plain.page(PAGE), marked.page(PAGE));
        let dos = check_page(format!("\u{feff}{}", text.replace('\n', "\r\n")), &[]);
        assert_eq!(plain.page(PAGE), dos.page(PAGE).replace('\r', ""));
        let toml = format!("\u{feff}{}", fixture::BOOK.replace('\n', "\r\n"));
        check_with("", |book| put(book, "book.toml", toml.as_bytes()), &[]);
    }

    #[test]
    fn control_characters_do_not_reach_pages_or_feeds() {
        let book = "-- book.toml --\n[book]\ntitle = \"A\\u0000\\u0001\\u001bB\"\n[languages.en]\n[output.html]\nsite-url = \"https://example.org/\"\n";
        let page = "-- content/en/page.md --\n---\ntitle: \"A\\0\\x01\\eB\"\ndescription: \"\\x08\"\ndate: 2026-01-01\n---\nA\0\u{1}B `\0` $\0$\n\n```\n\0\n```\n";
        let built = on_disk(&format!("{page}{book}"), |_| {});
        assert!(built.codes.iter().all(|code| code == "math-invalid"), "{}", built.report);
        let built = check(&format!("{}{book}", page.replace("$\0$", "")), &[]);
        for (path, bytes) in &built.files {
            let bad = bytes.iter().find(|byte| **byte < 0x20 && !b"\n\r\t".contains(byte));
            assert_eq!(bad, None, "{path}");
        }
        assert!(built.page("en/atom.xml").contains("<title>AB</title>"), "{}", built.page("en/atom.xml"));
    }

    #[test]
    fn odd_but_whole_pages() {
        check_page("", &[Code::TitleMissing]);
        check_page("---", &[Code::TitleMissing]);
        check_page("---\n", &[Code::FrontMatterInvalid]);
        check_page("---\n---\n", &[Code::TitleMissing]);
        check_page("---\ntitle: Never closed\n\nText.\n", &[Code::FrontMatterInvalid]);
        check_page("---\ntitle: Only front matter\n---", &[]);
        check_page("---\n\n---\n# Title\n", &[]);
        check_page("# Title", &[]);
        check_page("\n\n\n", &[Code::TitleMissing]);
        check_page("\r\r\r", &[Code::TitleMissing]);
        check_page("---\ntitle: \"\"\n---\n", &[Code::TitleMissing]);
    }
}

mod front {
    use super::*;

    #[test]
    fn mistakes_of_syntax() {
        for yaml in [
            "\ttags: [a]",
            "tags: [a",
            "tags: {a",
            "tags: \"a",
            "description: a: b",
            "description: @a",
            "description: `a`",
            "description: !!binary a",
            "description: [a, b]",
            "tags: a",
            "weight: heavy",
            "weight: 99999999999999999999",
            "draft: maybe",
            "level: expert",
            "- a",
            "? a",
            "description: |\n\ta",
            "description: \"\\x\"",
            "tags: *unknown",
            "--- a",
            "...",
            "%YAML 9.9",
            "description: \"\\uD800\"",
        ] {
            check_front(yaml, &[Code::FrontMatterInvalid]);
        }
    }

    #[test]
    fn mistakes_of_meaning() {
        check_front("tilte: A", &[Code::FrontMatterUnknownKey]);
        check_front("title: Again", &[Code::FrontMatterDuplicateKey]);
        check_front("date: 2026-02-30", &[Code::DateInvalid]);
        check_front("slug: a/b", &[Code::SlugInvalid]);
        check_front("slug: ../../up", &[Code::SlugInvalid]);
        check_front("template: ../../../etc/passwd", &[Code::TemplateInvalid]);
        check_front("requires: [gone]", &[Code::RequiresUnknown]);
        check_front("requires: [page]", &[Code::RequiresCycle]);
        for alias in
            ["../../up", "/../up", "a\\b", "\"a\\0b\"", "\"\"", "/.bilayer/manifest", "http://a.org/"]
        {
            check_front(&format!("aliases: [{alias}]"), &[Code::AliasInvalid]);
        }
    }

    #[test]
    fn anchors_and_aliases_of_yaml_work_until_they_explode() {
        let built = check_front("extra:\n  a: &a [x, y]\n  b: *a\ntags: [&t fees]", &[]);
        assert!(built.files.contains_key("en/tags/fees/index.html"));
        let mut bomb = "extra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..=40 {
            let below = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("  a{level}: &a{level} [{below}]\n"));
        }
        check_front(&bomb, &[Code::FrontMatterInvalid]);
        check_front("extra: &a\n  b: *a", &[Code::FrontMatterInvalid]);
    }

    #[test]
    fn deep_and_long_front_matter() {
        let nested = |open: &str, close: &str, depth: usize| {
            check_front(
                &format!("extra:\n  a: {}{}", open.repeat(depth), close.repeat(depth)),
                &[Code::FrontMatterInvalid],
            );
        };
        nested("[", "]", 10_000);
        nested("[", "", 10_000);
        nested("{a: ", "}", 10_000);
        let dashes = "- ".repeat(10_000);
        check_front(&format!("extra:\n  a:\n    {dashes}a"), &[Code::FrontMatterInvalid]);
        check_front(&format!("tags:\n{dashes}a"), &[Code::FrontMatterInvalid]);
        let questions = "? ".repeat(10_000);
        check_front(&format!("extra:\n  {questions}a"), &[Code::FrontMatterInvalid]);
        check_front(&format!("description: \"{}\"", "长".repeat(30_000)), &[Code::FrontMatterInvalid]);
        let quoted = check_front(
            "description: \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"",
            &[],
        );
        assert!(quoted.page(PAGE).contains("[[[[[["));
    }

    #[test]
    fn thousands_of_mistakes_are_reported_and_come_to_an_end() {
        let unknown: String = (0..5_000).map(|n| format!("k{n}: 1\n")).collect();
        check_front(&unknown, &[Code::FrontMatterUnknownKey]);
        let toml = format!("-- book.toml --\n{unknown}{}", fixture::BOOK).replace(": 1", " = 1");
        check(&toml, &[Code::ConfigUnknownKey]);
        check_front(&"title: A\n".repeat(5_000), &[Code::FrontMatterDuplicateKey]);
    }

    #[test]
    fn a_title_is_text() {
        let title = "<script>alert(1)</script> & \"'*a*' `b` [c](d) {{ page }} {% x";
        let yaml = "<script>alert(1)</script> & \\\"'*a*' `b` [c](d) {{ page }} {% x";
        let page = format!(
            "-- content/en/page.md --\n---\ntitle: \"{yaml}\"\ndescription: \"{yaml}\"\ndate: 2026-01-01\ntags: [\"<b>\"]\nobjectives: [\"<b>\"]\n---\n"
        );
        let book = format!(
            "-- book.toml --\n{}[output.html]\nsite-url = \"https://example.org/a&b/\"\n",
            fixture::BOOK
        );
        let built = check(&format!("{page}{book}"), &[]);
        for (path, bytes) in &built.files {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("<script>alert") && !text.contains("<b>"), "{path}");
            let raw = path.ends_with(".xml")
                && text
                    .replace("&amp;", "")
                    .replace("&lt;", "")
                    .replace("&gt;", "")
                    .replace("&quot;", "")
                    .contains('&');
            assert!(!raw, "{path}: {text}");
        }
        let escaped = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(built.page("en/atom.xml").contains(&format!("<title>{escaped}</title>")));
        let in_page = |path: &str| {
            built
                .page(path)
                .replace("&quot;", "\"")
                .replace("&#x27;", "'")
                .replace("&#39;", "'")
                .replace("&#x2F;", "/")
                .contains(&escaped)
        };
        assert!(in_page(PAGE) && in_page("en/index.html") && in_page("zh/index.html"));
    }
}
