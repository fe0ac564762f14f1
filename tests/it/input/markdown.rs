//! Markdown: long, deep, and hostile.

use super::{Built, PAGE, check, check_text, on_disk};
use crate::fixture;
use bilayer::diagnostic::Code;

/// A text from a pattern, so often that it is `bytes` long.
fn long(pattern: &str, bytes: usize) -> String {
    pattern.repeat(bytes / pattern.len())
}

/// Builds one book with a page for each text: a run of the command for each would take longer than the builds.
fn build_all(texts: impl IntoIterator<Item = String>) -> Built {
    let page = |(at, text)| format!("-- content/en/page-{at}.md --\n---\ntitle: Page\n---\n{text}\n");
    on_disk(&texts.into_iter().enumerate().map(page).collect::<String>(), |_| {})
}

#[test]
fn a_hundred_thousand_headings() {
    let headings = "## Why\n".repeat(100_000);
    let built = check_text(&headings, &[]);
    let page = built.page(PAGE);
    assert!(page.contains("<h2 id=\"why\">") && page.contains("<h2 id=\"why-99999\">"));
    let page = |lang: &str, title: &str, text: &str| {
        format!("-- content/{lang}/page.md --\n---\ntitle: {title}\n---\n{text}")
    };
    let longer = format!("{headings}### One more\n");
    check(&[page("en", "A", &longer), page("zh", "甲", &headings)].concat(), &[Code::TranslationOutline]);
}

#[test]
fn a_line_of_a_megabyte() {
    let patterns = [
        "word ",
        "字",
        "x",
        "**字**。",
        "[a](#) ",
        "`a` ",
        "$a$ ",
        "| a ",
        "\\",
        "&amp;",
        "https://a.org ",
        "<b>",
    ];
    let built = build_all(patterns.map(|pattern| long(pattern, 1_000_000)));
    assert_eq!(built.codes, Vec::<String>::new());
    for (at, pattern) in patterns.iter().enumerate() {
        assert!(built.page(&format!("en/page-{at}/index.html")).len() > 100_000, "{pattern}");
    }
    let built = check_text(&format!("```rust\n{}\n```\n", long("let a = \"b\"; ", 1_000_000)), &[]);
    assert!(built.page(PAGE).len() > 1_000_000);
    let built = check_text(&format!("{}[gone](gone.md)", long("字 ", 1_000_000)), &[Code::LinkBroken]);
    assert!(built.report.len() < 10_000);
}

#[test]
fn marks_that_open_and_never_close() {
    let patterns = [
        "[",
        "![",
        "[a](",
        "(",
        "*",
        "**",
        "_a",
        "*a **b ",
        "~~a",
        "`",
        "`` ` ",
        "<",
        "<a ",
        "<!--",
        "<?",
        "<![CDATA[",
        "<a href=\"",
        "$",
        "$$ ",
        "$a ",
        "{",
        "[^a]",
        "[^a]: ",
        "[a]: ",
        "|",
        "|-|\n",
        "&",
        "&#",
        "\\",
        "](",
        "a:\n: ",
        "> [!NOTE]\n",
        "# ",
        "- ",
        "* ",
        "```",
        "~~~\n",
        "---\n",
        "===\n",
        "https://",
        "**字",
        "字**",
        "“**",
        "{#a}",
        "\"a",
        ":::",
        "[[",
        "\u{200b}*",
        "\t",
        "\n\n    ",
    ];
    build_all(patterns.map(|pattern| long(pattern, 30_000)));
}

#[test]
fn ten_thousand_levels() {
    let deep = [Code::NestingTooDeep];
    check_text(&">".repeat(10_000), &deep);
    check_text(&format!("{}a", "> ".repeat(10_000)), &deep);
    check_text(&format!("{}a", "- ".repeat(10_000)), &deep);
    check_text(&format!("{}a", "1. ".repeat(10_000)), &deep);
    // Nested by indentation: each level costs its own depth in spaces.
    let list: String = (0..500).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    check_text(&list, &[]);
    for text in [
        format!("{}a{}", "*".repeat(10_000), "*".repeat(10_000)),
        format!("{}a{}", "*a ".repeat(10_000), "b*".repeat(10_000)),
        format!("{}a{}", "[".repeat(10_000), "](#)".repeat(10_000)),
        format!("{}a{}", "![".repeat(10_000), "](#)".repeat(10_000)),
        format!("{}a{}", "<b>".repeat(10_000), "</b>".repeat(10_000)),
        format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)),
    ] {
        check_text(&text, &[]);
    }
}

#[test]
fn formulas_of_any_depth() {
    let patterns = [
        ("{", "}"),
        ("\\frac{", "}{a}"),
        ("\\sqrt{", "}"),
        ("\\sqrt ", ""),
        ("\\sqrt[", "]"),
        ("\\left(", "\\right)"),
        ("a^{", "}"),
        ("a_", ""),
        ("\\text{", "}"),
        ("\\text{$", "$}"),
        ("\\hat", ""),
        ("\\begin{matrix}", "\\end{matrix}"),
        ("\\begin{aligned}", ""),
        ("\\mathbf{", "}"),
        ("\\overset{a}{", "}"),
        ("\\not", ""),
        ("\\binom a", ""),
        ("\\color{red}", ""),
        ("\\operatorname{", "}"),
        ("'", ""),
    ];
    let formulas = |depth: usize| {
        let formula =
            move |(open, close): (&str, &str)| format!("{}a{}", open.repeat(depth), close.repeat(depth));
        patterns
            .map(formula)
            .into_iter()
            .flat_map(|formula| [format!("${formula}$"), format!("$${formula}$$")])
    };
    for depth in [10, 100, 195, 390, 10_000] {
        let built = build_all(formulas(depth));
        assert!(built.codes.iter().all(|code| code == "math-invalid"), "{depth}: {:?}", built.codes);
    }
    check_text(&format!("$${}a{}$$", "{".repeat(390), "}".repeat(390)), &[]);
    check_text(&format!("$${}a{}$$", "{".repeat(10_000), "}".repeat(10_000)), &[Code::MathInvalid]);
}

#[test]
fn five_thousand_links() {
    let good: String = (0..5_000).map(|n| format!("[a{n}](index.md) ")).collect();
    assert_eq!(check_text(&good, &[]).page(PAGE).matches("<a href=\"../\">a").count(), 5_000);
    let broken: String = (0..5_000).map(|n| format!("见 [a{n}](gone-{n}.md#x)\n")).collect();
    check_text(&broken, &[Code::LinkBroken]);
    let anchors: String = (0..1_000).map(|n| format!("## H {n}\n\n[a](#h-{n}) [b](#gone-{n})\n\n")).collect();
    check_text(&anchors, &[Code::AnchorBroken]);
    let images: String = (0..5_000).map(|n| format!("![a](gone-{n}.png)\n")).collect();
    check_text(&images, &[Code::ImageMissing]);
}

#[test]
fn links_that_leave_the_book() {
    for link in
        ["../../../../etc/passwd", "../../book.toml", "/../x", "%2e%2e/%2e%2e/%2e%2e/x", "..%2f..%2f..%2fx"]
    {
        check_text(&format!("[a]({link})"), &[Code::LinkBroken]);
    }
    check_text("![a](../../../secret.png)", &[Code::LinkBroken]);
    check_text("[a](gone%00.md) [b](%FF.md)", &[Code::LinkBroken]);
}

#[test]
fn no_script_runs_in_a_book_without_raw_html() {
    let book = format!("-- book.toml --\n{}[output.html]\nraw-html = false\n", fixture::BOOK);
    let page = "-- content/en/page.md --\n---\ntitle: Page\n---\n";
    for text in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](javascript&colon;alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a][b]\n\n[b]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![a](javascript:alert(1))",
        "![a](data:image/svg+xml,x)",
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "> <iframe src=\"javascript:alert(1)\">",
    ] {
        let built = check(&format!("{page}{text}\n{book}"), &[Code::HtmlDropped]);
        let html = built.page(PAGE).to_ascii_lowercase();
        for bad in ["=\"javascript", "=\"vbscript", "=\"data:", "<script>", "onerror", "onload", "<iframe"] {
            assert!(!html.contains(bad), "{text}: {bad}");
        }
    }
    // This is no tag to Markdown, and so must not become one in the page.
    let built = check(&format!("{page}<svg/onload=alert(1)>\n{book}"), &[]);
    assert!(built.page(PAGE).contains("&lt;svg/onload=alert(1)&gt;"), "{}", built.page(PAGE));
    // These are no links to a script: a browser would take control characters out, so they must not be built.
    for text in [
        "[a](<  javascript:alert(1)>)",
        "[a](java\u{1}script:alert(1))",
        "[a](<\u{1}javascript:alert(1)>)",
        "[a](&Tab;javascript:alert(1))",
        "[a](java&NewLine;script:alert(1))",
    ] {
        let built = on_disk(&format!("{page}{text}\n{book}"), |_| {});
        let page = built.files.get(PAGE).map_or("".into(), |bytes| String::from_utf8_lossy(bytes));
        let mut values = page.split("=\"").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(!values.any(|value| value.contains("script:")), "{text}: {page}");
    }
}

#[test]
fn attributes_cannot_be_broken_out_of() {
    let text = "![a \" onerror=\"x](index.png \"t\\\" onload=\\\"x\")\n\n## H {#a\"b onclick=x .c data-x=\"y\"}\n\n```a\"b<c\n```\n\n[^a\"b]\n\n[^a\"b]: x\n";
    let built = on_disk(
        &format!("-- content/en/index.png --\n\n-- content/en/page.md --\n---\ntitle: Page\n---\n{text}"),
        |_| {},
    );
    for bad in ["\" onerror=\"", "\" onload=\"", "a\"b", "b<c"] {
        assert!(!built.files.contains_key(PAGE) || !built.page(PAGE).contains(bad), "{bad}");
    }
    assert!(built.codes.iter().all(|code| code == "code-language-unknown"), "{}", built.report);
}
