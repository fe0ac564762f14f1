//! Themes: templates, words and manifests with mistakes in them.

use super::{check, check_with, on_disk, put};
use crate::fixture;
use bilayer::diagnostic::Code;

/// Checks a book with a template of its own for pages.
fn check_template(text: &str) {
    let built = on_disk("-- content/en/page.md --\n---\ntitle: Page\n---\nText.\n", |book| {
        put(book, "templates/page.html", text.as_bytes());
    });
    assert_eq!(
        built.codes,
        ["template-invalid"],
        "{}: {}",
        &text[..text.len().min(80)],
        &built.report[..built.report.len().min(2_000)]
    );
    assert!(built.files.is_empty());
}

#[test]
fn templates_with_mistakes() {
    for text in [
        "{{ page.title",
        "{% if page %}",
        "{% endif %}",
        "{% block a %}{% block a %}{% endblock %}{% endblock %}",
        "{{ page.titel }}",
        "{{ pgae.title }}",
        "{{ page.title | uper }}",
        "{{ nothing() }}",
        "{{ 1 / 0 }}",
        "{{ page.children[99].title }}",
        "{{ page.title + 1 }}",
        "{{ 99999999999999999999999999999999999999999999 }}",
        "{{ 9223372036854775807 * 9223372036854775807 * 9223372036854775807 }}",
        "{% for a in page.title.x %}{% endfor %}",
        "{% extends \"gone.html\" %}",
        "{% include \"gone.html\" %}",
        "见 {{ 页 }}",
    ] {
        check_template(text);
    }
}

#[test]
fn templates_without_an_end() {
    check_template("{% include \"page.html\" %}");
    check_template("{% include \"site/page.html\" %}");
    check_template("{% extends \"page.html\" %}");
    check_template("{% extends \"site/page.html\" %}");
    check_template(&"(".repeat(10_000));
    check_template(&format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000)));
    check_template(&format!("{{{{ {}1 }}}}", "-".repeat(10_000)));
    check_template(&format!("{{{{ {}true }}}}", "not ".repeat(10_000)));
    check_template(&format!("{{{{ {}1{} }}}}", "[".repeat(10_000), "]".repeat(10_000)));
    check_template(&"{% if true %}".repeat(10_000));
    check_template(&format!("{}{}", "{% if true %}".repeat(10_000), "{% endif %}".repeat(10_000)));
    check_template("{% component a() %}{{<a/>}}{% endcomponent a %}{{<a/>}}");
    let ring = "-- templates/page.html --\n{% include \"b.html\" %}\n-- templates/b.html --\n{% include \"c.html\" %}\n-- templates/c.html --\n{% include \"b.html\" %}\n";
    check(ring, &[Code::TemplateInvalid]);
}

#[test]
fn themes_and_words_with_mistakes() {
    let themed = |files: &str| {
        let book = format!("-- book.toml --\n{}[output.html]\ntheme = \"mine\"\n", fixture::BOOK);
        format!("{book}{files}")
    };
    check(&themed(""), &[Code::ThemeMissing]);
    check(&themed("-- themes/mine/theme.toml --\nname = \"mine\"\n"), &[]);
    for toml in ["not TOML", "nmae = \"a\"", "name = 1"] {
        check(&themed(&format!("-- themes/mine/theme.toml --\n{toml}\n")), &[Code::ThemeInvalid]);
    }
    check(&themed("-- themes/mine/theme.toml --\nparent = \"gone\"\n"), &[Code::ThemeMissing]);
    check(&themed("-- themes/mine/theme.toml --\nparent = \"mine\"\n"), &[Code::ThemeInvalid]);
    for words in ["menu = 1", "not TOML", "menuu = \"a\"", "months = [1]"] {
        check(&format!("-- strings/zh.toml --\n{words}\n"), &[Code::StringsInvalid]);
    }
    // The theme speaks Chinese: a file of the book may change nothing or one word.
    for words in ["", "menu = \"a\""] {
        check(&format!("-- strings/zh.toml --\n{words}\n"), &[]);
    }
    check_with("", |book| put(book, "strings/en.toml", b"\xFF"), &[Code::FileNotUtf8]);
    check_with("", |book| put(book, "templates/page.html", b"{{ page.title \xFF }}"), &[Code::FileNotUtf8]);
}
