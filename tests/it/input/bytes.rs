//! Bytes that are no text, and texts that are hardly a page.

use super::{PAGE, check, check_page, check_with, put};
use crate::fixture;
use bilayer::diagnostic::Code;

#[test]
fn what_is_not_utf8_is_named_with_its_line() {
    let built = check_page(b"---\ntitle: Page\n---\nGood.\nB\xFFd.\n", &[Code::FileNotUtf8]);
    assert!(
        built.report.contains("not UTF-8 text: byte 0xFF") && built.report.contains("\"line\": 5"),
        "{}",
        built.report
    );
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
fn control_characters_mean_nothing() {
    let book = "-- book.toml --\n[book]\ntitle = \"A\\u0000\\u0001\\u001bB\"\n[languages.en]\n[languages.zh]\n[output.html]\nsite-url = \"https://example.org/\"\n";
    let page = "-- content/en/page.md --\n---\ntitle: \"A\\0\\x01\\eB\"\ndescription: \"\\x08\"\ndate: 2026-01-01\n---\nA\0\u{1}B `\0`\n\n```\n\0\n```\n";
    let built = check(&format!("{page}{book}"), &[]);
    for path in ["en/atom.xml", "sitemap.xml"] {
        let bad = built.page(path).bytes().find(|byte| *byte < 0x20 && !b"\n\r\t".contains(byte));
        assert_eq!(bad, None, "{path}");
    }
    assert!(built.page("en/atom.xml").contains("<entry><title>AB</title>"), "{}", built.page("en/atom.xml"));
    check(&format!("{page}$\0$\n{book}"), &[Code::MathInvalid]);
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
