//! Code in, HTML out, for the languages books use most; then what must hold for any code.

mod languages;

use std::thread;

use super::memo::Limits;
use super::*;

fn html(highlighter: &Highlighter, name: &str, code: &str) -> String {
    let language = highlighter.language(name).expect("a language the test names");
    let mut out = String::new();
    highlighter.highlight(language, code, &mut out);
    out
}

#[track_caller]
fn check(name: &str, code: &str, expected: &str) {
    assert_eq!(html(&Highlighter::new(), name, code), expected);
}

/// The HTML of a block by lines parsed afresh, none of them remembered.
fn html_without_memo(highlighter: &Highlighter, name: &str, code: &str) -> String {
    let language = highlighter.language(name).expect("a language the test names");
    let syntax = language.syntax.expect("a language with a grammar");
    let mut nothing = LineMemo::new(Limits { states: 0, age: 0, bytes: 0, line: 0 });
    let mut out = String::new();
    highlighter.highlight_lines(syntax, code, &mut nothing, &mut out);
    out
}

/// The code that HTML shows: its text, unescaped.
fn shown(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split_inclusive('>') {
        text.push_str(piece.split('<').next().unwrap_or_default());
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn names_of_one_language() {
    let highlighter = Highlighter::new();
    let names = [
        "solidity sol Solidity SOL",
        "rust rs",
        "typescript ts",
        "javascript js node mjs jsx",
        "json jsonc json5",
        "toml",
        "yaml yml",
        "bash sh shell console zsh shell-session",
        "diff patch",
        "python py python3",
        "go golang",
        "c h",
        "html htm",
        "css",
        "sql",
        "markdown md",
        "vyper vy",
        "latex tex",
        "dockerfile docker",
        "text txt plain plaintext",
    ];
    let mut languages: Vec<Language> = Vec::new();
    for line in names {
        let all: Vec<_> = line.split(' ').map(|name| highlighter.language(name)).collect();
        assert!(all.iter().all(|language| language.is_some() && *language == all[0]), "{line}");
        languages.extend(all[0]);
    }
    languages.sort();
    languages.dedup();
    assert_eq!(languages.len(), names.len());
}

#[test]
fn grammars_behind_shared_names() {
    let syntaxes = two_face::syntax::extra_newlines();
    let highlighter = Highlighter::new();
    let grammar = |name: &str| {
        let language = highlighter.language(name).expect("a language the test names");
        let index = language.syntax.expect("a language with a grammar");
        syntaxes.syntaxes()[usize::from(index)].name.clone()
    };
    assert_eq!(grammar("c"), "C");
    assert_eq!(grammar("h"), "C");
    assert_eq!(grammar("fs"), "F#");
    assert_eq!(grammar("js"), "JavaScript (Babel)");
    assert_eq!(grammar("shell"), "Bourne Again Shell (bash)");
    assert_eq!(grammar("tex"), "LaTeX");
}

#[test]
fn unknown_language() {
    let highlighter = Highlighter::new();
    let cases = [
        ("rsut", Some("rust")),
        ("Soldity", Some("solidity")),
        ("javscript", Some("javascript")),
        ("typescipt", Some("typescript")),
        ("shel", Some("shell")),
        ("cairo", None),
        ("zzzzzz", None),
        ("x", None),
    ];
    for (name, near) in cases {
        assert_eq!(highlighter.language(name), None, "{name}");
        assert_eq!(highlighter.suggest(name).as_deref(), near, "{name}");
    }
}

#[test]
fn plain_text_and_escapes() {
    check("", "a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; 'e'");
    check("json", r#""<&>""#, r#"<span class="s">&quot;&lt;&amp;&gt;&quot;</span>"#);
}

#[test]
fn line_ends_stay() {
    check("rust", "", "");
    check("rust", "\n\n", "\n\n");
    check(
        "rust",
        "let x;\r\n\r\n// é",
        "<span class=\"k\">let</span> x;\r\n\r\n<span class=\"c\">// é</span>",
    );
    check("rust", "  \n\t", "  \n\t");
}

#[test]
fn spans_end_with_their_line() {
    check(
        "rust",
        "/* one\n\n   two */ fn",
        "<span class=\"c\">/* one</span>\n\n   <span class=\"c\">two */</span> <span class=\"k\">fn</span>",
    );
}

#[test]
fn overlong_code_is_plain() {
    let line = "let x; ".repeat(150);
    check("rust", &line, &line);
    let after = format!("{line}\nlet");
    check("rust", &after, &format!("{line}\n<span class=\"k\">let</span>"));
    let block = "let x;\n".repeat(160_000);
    check("rust", &block, &block);
}

#[test]
fn a_block_has_few_long_lines() {
    let line = format!("let x{};\n", " ".repeat(490));
    let highlighted = html(&Highlighter::new(), "rust", &line);
    let count = MAX_LONG_LINES / line.len();
    let code = line.repeat(count + 1) + "let";
    check("rust", &code, &[&highlighted.repeat(count), &line, "<span class=\"k\">let</span>"].concat());
}

#[test]
fn a_long_block_ends_plain() {
    let count = MAX_HIGHLIGHTED / MIN_LINE_COST;
    let code = "let\n".repeat(count + 2);
    let expected = "<span class=\"k\">let</span>\n".repeat(count) + "let\nlet\n";
    check("rust", &code, &expected);
}

/// Deterministic noise: a piece of every `n` in turn, at places a small generator chooses.
fn noise(pieces: &[&str], seed: u64, count: usize) -> String {
    let mut state = seed;
    let mut pick = || {
        // Knuth's MMIX generator; its high bits are the random ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pieces[(state >> 33) as usize % pieces.len()]
    };
    (0..count).map(|_| pick()).collect()
}

const LANGUAGES: &[&str] = &[
    "solidity",
    "rust",
    "ts",
    "js",
    "json",
    "toml",
    "yaml",
    "bash",
    "diff",
    "python",
    "go",
    "c",
    "html",
    "css",
    "sql",
    "markdown",
    "vyper",
    "latex",
    "dockerfile",
];

const PIECES: &[&str] = &[
    "fn ", "let ", "x", "1", "0x", ".", "'", "\"", "`", "(", ")", "{", "}", "[", "]", "<", ">", "/", "/*",
    "*/", "//", "#", "$", "${", "\\", "<<EOF", "EOF", "&", "=", ":", ";", ",", " ", "\n", "\n", "\n", "\r\n",
    "\t", "\0", "中", "é", "\u{feff}", "r##\"", "```", "---", "%", "@", "!", "-", "+",
];

#[test]
fn noise_keeps_its_text_and_balance() {
    let highlighter = Highlighter::new();
    for (seed, name) in (0..).zip(LANGUAGES) {
        let code = noise(PIECES, seed, 600);
        let html = html(&highlighter, name, &code);
        assert_eq!(shown(&html), code, "{name}");
        for line in html.lines() {
            assert_eq!(line.matches("<span").count(), line.matches("</span>").count(), "{line}");
        }
    }
}

#[test]
fn memo_changes_nothing() {
    let highlighter = Highlighter::new();
    for (seed, name) in (0..).zip(LANGUAGES) {
        for round in 0..4 {
            let code = noise(PIECES, seed * 4 + round, 300);
            let fresh = html_without_memo(&highlighter, name, &code);
            assert_eq!(html(&highlighter, name, &code), fresh, "{name}");
            assert_eq!(html(&Highlighter::new(), name, &code), fresh, "{name}, lines known");
        }
    }
}

#[test]
fn a_full_memo_changes_nothing() {
    let highlighter = Highlighter::new();
    let syntax = highlighter.language("rust").and_then(|rust| rust.syntax).expect("a grammar");
    let mut small = LineMemo::new(Limits { states: 3, age: 500, bytes: 2_000, line: 40 });
    for seed in 0..20 {
        let code = noise(PIECES, seed, 200);
        let mut out = String::new();
        highlighter.highlight_lines(syntax, &code, &mut small, &mut out);
        assert_eq!(out, html_without_memo(&highlighter, "rust", &code));
    }
}

#[test]
fn threads_agree() {
    let highlighter = Highlighter::new();
    let blocks: Vec<String> = (0..30).map(|seed| noise(PIECES, seed, 100)).collect();
    let all = || -> Vec<String> { blocks.iter().map(|block| html(&highlighter, "ts", block)).collect() };
    let (one, two) = thread::scope(|scope| {
        let (one, two) = (scope.spawn(all), scope.spawn(all));
        (one.join().expect("no panic"), two.join().expect("no panic"))
    });
    assert_eq!(one, two);
    assert_eq!(one, all());
}
