//! Front matter: broken, deep, long, or meant to explode.

use super::{PAGE, check, check_front, on_disk};
use crate::fixture;
use bilayer::diagnostic::Code;

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
        "description: [a, b]",
        "tags: a",
        "weight: heavy",
        "weight: 99999999999999999999",
        "draft: maybe",
        "level: expert",
        "- a",
        "description: |\n\ta",
        "description: \"\\x\"",
        "tags: *unknown",
        "--- a",
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
    check_front("template: ../../../etc/passwd", &[Code::TemplateMissing]);
    check_front("requires: [gone]", &[Code::RequiresUnknown]);
    check_front("requires: [page]", &[Code::RequiresCycle]);
    for alias in ["../../up", "/../up", "a\\b", "\"a\\0b\"", "/", "/.bilayer/manifest", "http://a.org/"] {
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
}

#[test]
fn thousands_of_mistakes_are_reported_and_come_to_an_end() {
    let unknown: String = (0..5_000).map(|n| format!("k{n}: 1\n")).collect();
    check_front(&unknown, &[Code::FrontMatterUnknownKey]);
    let toml = format!("-- book.toml --\n{unknown}{}", fixture::BOOK).replace(": 1", " = 1");
    let built = on_disk(&toml, |_| {});
    assert!(built.codes.contains(&"config-unknown-key".to_owned()), "{:?}", built.codes);
    check_front(&"title: A\n".repeat(5_000), &[Code::FrontMatterDuplicateKey]);
}

#[test]
fn a_title_is_text() {
    let title = "<script>alert(1)</script> & \"'*a*' `b` [c](d) {{ page }} {% x";
    let yaml = "<script>alert(1)</script> & \\\"'*a*' `b` [c](d) {{ page }} {% x";
    let page = format!(
        "-- content/en/page.md --\n---\ntitle: \"{yaml}\"\ndescription: \"{yaml}\"\ndate: 2026-01-01\ntags: [\"<b>\"]\nobjectives: [\"<b>\"]\n---\n"
    );
    let book =
        format!("-- book.toml --\n{}[output.html]\nsite-url = \"https://example.org/a&b/\"\n", fixture::BOOK);
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
