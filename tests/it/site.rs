//! What a book in one string becomes: themes in layers, languages beyond two, drafts, addresses.

use bilayer::link::route::LinkStyle;
use bilayer::pipeline::Options;

use crate::fixture::{build, build_with};

const PLAIN: &str = "{{ page.title }} ({{ page.lang }}) {{ content | safe }}";

/// The file at `path` of the site that a fixture gives, which must be without fault.
#[track_caller]
fn file(book: &str, path: &str) -> String {
    let mut built = build(book);
    assert_eq!(built.report, "");
    built.files.remove(path).unwrap_or_else(|| panic!("there is no {path} among {:?}", built.files.keys()))
}

#[test]
fn a_theme_stands_on_its_parent_and_the_book_on_both() {
    let book = r#"
-- book.toml --
[book]
title = "T"
[output.html]
theme = "child"
-- content/en/index.md --
# Home
-- content/en/page.md --
# Page
-- themes/child/theme.toml --
name = "Child"
parent = "grown"
-- themes/child/templates/page.html --
{% extends "grown/page.html" %}{% block end %}child{% endblock end %}
-- themes/grown/templates/page.html --
{% block start %}grown{% endblock start %} {% block end %}grown{% endblock end %}
-- themes/grown/templates/section.html --
grown section
-- templates/section.html --
the book's own section
"#;
    assert_eq!(file(book, "en/page/index.html"), "grown child\n");
    assert_eq!(file(book, "en/index.html"), "the book's own section\n");
    assert!(file(book, "404.html").contains("<html"), "what nobody overrides comes with the program");
}

#[test]
fn the_sitemap_names_each_original_once_and_its_translations() {
    let book = r#"
-- book.toml --
[book]
title = "T"
source-language = "en"
[languages.en]
[languages.zh]
tag = "zh-Hans"
[languages.ja]
[output.html]
site-url = "https://example.org/b"
-- strings/ja.toml --
-- content/en/index.md --
---
title: Home
updated: 2026-11-22
---
-- content/zh/index.md --
# 首页
-- content/en/only.md --
# Only English
"#;
    let sitemap = build(book).files.remove("sitemap.xml").expect("the address of the site is known");
    let links = "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://example.org/b/en/\"/>\
                 <xhtml:link rel=\"alternate\" hreflang=\"zh-Hans\" href=\"https://example.org/b/zh/\"/>\
                 <xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"https://example.org/b/en/\"/>";
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n\
         <url><loc>https://example.org/b/en/</loc><lastmod>2026-11-22</lastmod>{links}</url>\n\
         <url><loc>https://example.org/b/zh/</loc><lastmod>2026-11-22</lastmod>{links}</url>\n\
         <url><loc>https://example.org/b/en/only/</loc></url>\n\
         </urlset>\n"
    );
    assert_eq!(sitemap, expected);
}

#[test]
fn a_page_that_is_not_translated_shows_the_original_and_says_so() {
    let book = format!(
        "-- content/en/index.md --\n# Home\n-- content/zh/index.md --\n# 首页\n\n[去](gas.md#why)\n\
         -- content/en/gas.md --\n---\ntitle: Gas\n---\n\n## Why\n\n[home](index.md)\n\
         -- templates/page.html --\n{{{{ page.notice }}}}|{PLAIN}\n-- templates/section.html --\n{PLAIN}"
    );
    let expected = "本页暂无译文，以下为原文（English）。|Gas (en) <h2 id=\"why\">Why \
                    <a class=\"anchor\" href=\"#why\" aria-label=\"“Why”一节的链接\"></a></h2>\n\
                    <p><a href=\"../\">home</a></p>\n\n";
    assert_eq!(file(&book, "zh/gas/index.html"), expected);
    assert!(file(&book, "zh/index.html").contains("href=\"gas/#why\""));
}

#[test]
fn a_book_may_change_one_word_of_the_theme() {
    let book = "-- content/en/index.md --\n# Home\n-- content/zh/index.md --\n# 首页\n\
                -- strings/en.toml --\nhome = \"Start\"\n\
                -- templates/section.html --\n{{ t.home }} {{ t.next }}";
    assert_eq!(file(book, "en/index.html"), "Start Next");
    assert_eq!(file(book, "zh/index.html"), "首页 下一页");
}

#[test]
fn a_book_may_add_a_style_sheet() {
    let book = "-- book.toml --\n[book]\ntitle = \"T\"\n[output.html]\nadditional-css = [\"static/own.css\"]\n\
                -- content/en/index.md --\n# Home\n-- static/own.css --\nbody {}\n\
                -- templates/section.html --\n{{ root }}{{ site.stylesheets | first }}";
    let link = file(book, "en/index.html");
    assert!(link.starts_with("../own.") && link.ends_with(".css"), "{link}");
    let missing = build(&book.replace("[\"static/own.css\"]", "[\"other.css\"]"));
    let expected = "error[config-invalid]: there is no style sheet `other.css`\n --> book.toml:4:18\n";
    assert!(missing.report.starts_with(expected), "{}", missing.report);
}

#[test]
fn drafts_stay_out_until_they_are_asked_for_and_translations_wait_for_their_original() {
    let book = "-- content/en/index.md --\n# Home\n-- content/zh/index.md --\n# 首页\n\
                -- content/en/new.md --\n---\ntitle: New\ndraft: true\n---\n-- content/zh/new.md --\n# 新\n";
    let without = build(book);
    let with = build_with(book, &Options { drafts: true, ..Options::default() });
    let pages = |files: &std::collections::BTreeMap<String, String>| {
        files.keys().filter(|path| path.contains("new")).cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!((without.report.as_str(), pages(&without.files).as_str()), ("", ""));
    assert_eq!(
        (with.report.as_str(), pages(&with.files).as_str()),
        ("", "en/new/index.html zh/new/index.html")
    );
}

#[test]
fn a_site_for_reading_from_disk_names_its_files() {
    let book = format!(
        "-- book.toml --\n[book]\ntitle = \"T\"\n-- content/en/index.md --\n# Home\n\n[a](a.md) [b](a.md#b)\n\
         -- content/en/a.md --\n---\ntitle: A\n---\n## B\n-- templates/section.html --\n{PLAIN}"
    );
    let built = build_with(&book, &Options { links: LinkStyle::File, ..Options::default() });
    let expected = "Home (en) <p><a href=\"a/index.html\">a</a> <a href=\"a/index.html#b\">b</a></p>\n";
    assert_eq!(built.files["en/index.html"], expected);
}

#[test]
fn sections_order_by_weight_then_by_path_and_each_language_may_differ() {
    let page =
        |lang: &str, name: &str, front: &str| format!("-- content/{lang}/{name}.md --\n---\n{front}---\n");
    let book = ["-- content/en/index.md --\n# Home\n-- content/zh/index.md --\n# 首页\n".to_owned()]
        .into_iter()
        .chain([
            page("en", "a", "title: A\n"),
            page("en", "b", "title: B\nweight: 2\n"),
            page("en", "c", "title: C\nweight: 1\n"),
            page("zh", "a", "title: 甲\n"),
            page("zh", "b", "title: 乙\nweight: 0\n"),
            page("zh", "c", "title: 丙\n"),
            "-- templates/section.html --\n{% for item in page.children %}{{ item.title }}{% endfor %}"
                .to_owned(),
        ])
        .collect::<String>();
    assert_eq!(file(&book, "en/index.html"), "CBA");
    assert_eq!(file(&book, "zh/index.html"), "乙丙甲");
}

#[test]
fn a_page_that_stands_in_for_a_translation_links_to_no_heading_that_is_not_there() {
    let book = format!(
        "-- content/en/index.md --\n# Home\n-- content/zh/index.md --\n# 首页\n\
         -- content/en/a.md --\n---\ntitle: A\n---\n[b](b.md#two)\n\
         -- content/en/b.md --\n---\ntitle: B\n---\n## One\n\n## Two\n\
         -- content/zh/b.md --\n---\ntitle: 乙\n---\n## 一\n\
         -- templates/page.html --\n{PLAIN}\n-- templates/section.html --\n{PLAIN}"
    );
    let built = build(&book);
    assert!(built.files["en/a/index.html"].contains("href=\"../b/#two\""));
    assert!(built.files["zh/a/index.html"].contains("href=\"../b/\""), "{}", built.files["zh/a/index.html"]);
}

#[test]
fn a_menu_unfolds_the_way_to_the_page_and_no_more() {
    let book = "-- content/en/index.md --\n# Home\n-- content/en/s/index.md --\n# S\n\
                -- content/en/s/a/index.md --\n# A\n-- content/en/s/a/x.md --\n# X\n\
                -- content/en/s/b/index.md --\n# B\n-- content/en/s/b/y.md --\n# Y\n\
                -- content/zh/index.md --\n# 首页\n\
                -- templates/page.html --\n{{ sidebar | safe }}\n-- templates/section.html --\n.\n";
    let menu = build(book).files.remove("en/s/a/x/index.html").expect("the page is there");
    assert!(menu.contains(">X</a>") && menu.contains(">B</a>") && !menu.contains(">Y</a>"), "{menu}");
}
