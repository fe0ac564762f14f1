//! YAML in, the tree as text out, each value behind its bytes; behind that what is said of it.

use super::*;
use crate::diagnostic::Code;
use crate::source::{File, Sources};

const CODES: Codes = Codes {
    unknown_key: Code::FrontMatterUnknownKey,
    duplicate_key: Code::FrontMatterDuplicateKey,
    invalid: Code::FrontMatterInvalid,
};

fn read(yaml: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let file = File::text("a.yaml", yaml);
    tree(Sources::new(vec![file]).find("a.yaml").expect("it is there"), yaml, CODES)
}

/// The bytes of a span and what stands there.
fn place(yaml: &str, span: Span) -> (String, &str) {
    let range = span.start as usize..span.end as usize;
    (format!("{}..{}", span.start, span.end), yaml.get(range).expect("whole characters of the text"))
}

/// A value behind its bytes. Text that is not what is written stands behind that.
fn draw(yaml: &str, node: &Node, indentation: &str, drawing: &mut String) {
    let (bytes, written) = place(yaml, node.span);
    let deeper = format!("{indentation}  ");
    match &node.value {
        Value::Null => *drawing += &format!(" {bytes} null\n"),
        Value::Text(text) if text == written => *drawing += &format!(" {bytes} {text:?}\n"),
        Value::Text(text) => *drawing += &format!(" {bytes} {written:?} = {text:?}\n"),
        Value::List(items) => {
            *drawing += &format!(" {bytes} list\n");
            for item in items {
                *drawing += &format!("{indentation}-");
                draw(yaml, item, &deeper, drawing);
            }
        }
        Value::Map(entries) => {
            *drawing += &format!(" {bytes} map\n");
            for entry in entries {
                *drawing += &format!("{indentation}{} {}:", place(yaml, entry.at).0, entry.key);
                draw(yaml, &entry.value, &deeper, drawing);
            }
        }
    }
}

fn drawn(yaml: &str) -> String {
    let (node, diagnostics) = read(yaml);
    let mut drawing = String::new();
    if let Some(node) = node {
        draw(yaml, &node, "", &mut drawing);
    }
    for diagnostic in diagnostics {
        let (bytes, written) = place(yaml, diagnostic.span.expect("it has a place"));
        let help = diagnostic.help.expect("it says what to do");
        drawing += &format!("! {bytes} {written:?} {}; {help}\n", diagnostic.message);
        drawing += &diagnostic.fix.map(|fix| format!("  -> {}\n", fix.text)).unwrap_or_default();
    }
    drawing.trim().to_owned()
}

/// The cases of `tests.txt`: a name, YAML in which `→` stands for a tab and `·` for a space at
/// the end of a line, behind `>>>` what is expected.
#[test]
fn every_case_reads_as_expected() {
    let mut wrong = String::new();
    for case in include_str!("tests.txt").split("=== ").skip(1) {
        let (name, case) = case.split_once('\n').expect("a case has a name");
        let (yaml, expected) = case.split_once(">>>\n").expect("a case has an expectation");
        let drawn = drawn(&yaml.replace('→', "\t").replace('·', " "));
        if drawn != expected.trim_end() {
            wrong += &format!("=== {name}\n{yaml}>>>\n{drawn}\n");
        }
    }
    assert!(wrong.is_empty(), "these read differently now:\n{wrong}");
}

#[test]
fn characters_that_nobody_sees_are_no_trouble() {
    assert_eq!(drawn(""), "0..0 null");
    assert_eq!(drawn("\u{feff}---\na: 1\n...\n"), "7..11 map\n7..8 a: 10..11 \"1\"");
    assert_eq!(
        drawn("文: |\r\n  一\r\nb: 二\r\n"),
        "0..21 map\n0..3 文: 10..13 \"一\" = \"一\\n\"\n15..16 b: 18..21 \"二\""
    );
    assert_eq!(
        drawn("文: 1\n\u{feff}b: 2"),
        "! 7..10 \"\\u{feff}\" an invisible character stands here; remove it\n  ->"
    );
    assert_eq!(drawn("文: 1\0"), "! 6..7 \"\\0\" an invisible character stands here; remove it\n  ->");
    assert_eq!(drawn("文: \"x"), "! 5..7 \"\\\"x\" the quote `\"` is never closed; close it\n  -> \"x\"");
}

#[test]
fn what_would_cost_too_much_is_refused() {
    let refused = |yaml: &str| {
        let (node, diagnostics) = read(yaml);
        assert_eq!(node, None);
        diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>()
    };
    for part in ["[", "{", "- ", "? ", "[{a: ", "- [", "a: [", "- ? - "] {
        let yaml = part.repeat(20_000);
        let messages = refused(&yaml);
        assert!(messages.len() == 1 && !messages[0].contains("recursion"), "{part}: {messages:?}");
    }
    let deep = |depth: usize| format!("{}文{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(read(&deep(32)).1, []);
    assert_eq!(refused(&deep(33)), ["values are nested more than 32 deep"]);
    assert_eq!(refused(&deep(20_000)), ["values are nested more than 32 deep"]);
    assert_eq!(refused(&"a".repeat(MAX_BYTES + 1)), ["a file of 262145 bytes is longer than 262144"]);
    let many: String = (0..20_000).map(|n| format!("k{n}: 1\n")).collect();
    assert_eq!(read(&many).1, []);
}

/// What is shown for the first place of `part` in the text of a value.
fn placed<'a>(yaml: &'a str, part: &str) -> &'a str {
    let (node, diagnostics) = read(yaml);
    assert_eq!(diagnostics, []);
    let Some(Node { value: Value::Map(entries), .. }) = node else { panic!("{yaml} is a map") };
    let value = &entries[0].value;
    let at = value.text().and_then(|text| text.find(part)).expect("the part is in the text");
    place(yaml, value.place(yaml, at..at + part.len())).1
}

#[test]
fn a_part_of_a_text_stands_where_it_is_written() {
    assert_eq!(placed("式: 价格 * p1 / p0 # p0", "p1 / p0"), "p1 / p0");
    assert_eq!(placed("{式: '价格 * p1', b: p1}", "p1"), "p1");
    assert_eq!(placed("a: \"价 # 格\"", " # "), " # ");
    assert_eq!(placed("a: 价\n  格 +\n\n  p1", "格 +"), "格 +");
    assert_eq!(placed("a: 价\n  格 +\n\n  p1", "+\np1"), "+\n\n  p1");
    assert_eq!(placed("a: \"价\n  格 p1\"", "格 p1"), "格 p1");
    assert_eq!(placed("a: |\n\n  价 *\n    格 p1  \n\n  end\n", "  格 p1"), "  格 p1");
    assert_eq!(placed("a: |\n  价 *\r\n  格\r\n  end\r\n", "格\nend"), "格\r\n  end");
    assert_eq!(placed("a: |\n  价 *\n  格  \n\nb: 1", "格  \n"), "格");
    assert_eq!(placed("a: >\n  价\n  *\n  格\n", "价 * 格"), "价\n  *\n  格");
    assert_eq!(placed("a: >\n  价\n  *\n  格\n", " "), "\n  ");
}

#[test]
fn a_text_with_escapes_is_shown_whole() {
    assert_eq!(placed("a: 'it''s p1'", "p1"), "it''s p1");
    assert_eq!(placed("a: '价''''格'", "价"), "价''''格");
    assert_eq!(placed("a: \"价\\t格 p1\"", "p1"), "价\\t格 p1");
    assert_eq!(placed("a: \"a\\\\b p1\"", "p1"), "a\\\\b p1");
    assert_eq!(placed("a: \"价\\\n  格 p1\"", "p1"), "价\\\n  格 p1");
}

const SAMPLE: &str = r#"kind: calc
title: {en: Impermanent loss, zh: 无常损失}
inputs:
  p0: {value: 2000 USD/ETH, min: 100, scale: log, label: {en: "Price: deposit", zh: '存入时''价格'}}
steps:
  - {let: r, be: p1 / p0, label: {en: Price ratio, zh: 价格比}, show: percent(2)}
  - let: il
    be: 2*sqrt(r)/(1+r)
      - 1   # 多行
expect:                        # 备注
- il ~ -2.0204% within 0.0001%
about: |
  第一行 $x$

    second
say: >-
  折叠
  text
sources: [uniswap-v2, "\u5b57 \" x", ~]
"#;

/// What breaks YAML, and what is long in bytes.
const SHARDS: [&str; 40] = [
    "\n", "\n  ", "\n\n", " ", "  ", "\t", ":", ": ", "：", ",", ", ", "[", "]", "{", "}", "\"", "'", "\\",
    "#", " #", "|\n", ">+2\n", "- ", "-", "? ", "&a ", "*a", "!t ", "---\n", "...\n", "%T", "@", "`", "~",
    "\r\n", "\r", "字", "😀", "\u{feff}", "\0",
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }

    fn range(&mut self, text: &str, longest: usize) -> Range<usize> {
        let start = text.floor_char_boundary(self.below(text.len() + 1));
        start..text.floor_char_boundary(start + self.below(longest)).max(start)
    }

    fn mutate(&mut self, text: &mut String) {
        let range = self.range(text, 12);
        match self.below(4) {
            0 => text.replace_range(range, ""),
            1 => text.insert_str(range.start, SHARDS[self.below(SHARDS.len())]),
            2 => text.replace_range(range, SHARDS[self.below(SHARDS.len())]),
            _ => {
                let part = text[self.range(text, 40)].to_owned();
                text.insert_str(range.start, &part);
            }
        }
    }
}

/// Every value lies in the one around it, every part of a text in the text.
fn check_places(yaml: &str, node: &Node, dice: &mut Dice) {
    let holds = |inner: Span| {
        place(yaml, inner);
        assert!(
            node.span.start <= inner.start && inner.end <= node.span.end,
            "{inner:?} in {node:?}\n{yaml}"
        );
    };
    holds(node.span);
    match &node.value {
        Value::Null => {}
        Value::Text(text) => {
            let part = dice.range(text, 9);
            let span = node.place(yaml, part.clone());
            holds(span);
            let is_whole = span == node.span || text[part.clone()].contains([' ', '\n', '\t']);
            assert!(is_whole || place(yaml, span).1 == &text[part], "{span:?} of {node:?}\n{yaml}");
        }
        Value::List(items) => {
            for item in items {
                holds(item.span);
                check_places(yaml, item, dice);
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                holds(entry.at);
                holds(entry.value.span);
                check_places(yaml, &entry.value, dice);
            }
        }
    }
}

fn fuzz(rounds: usize) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..rounds {
        // The sample with a few mutations, or nothing with many.
        let (start, most) = if dice.below(2) == 0 { (SAMPLE, 5) } else { ("a: 文", 25) };
        let mut yaml = start.to_owned();
        for _ in 0..=dice.below(most) {
            dice.mutate(&mut yaml);
        }
        let (node, diagnostics) = read(&yaml);
        assert!(node.is_some() || !diagnostics.is_empty(), "{yaml}");
        if let Some(node) = node {
            check_places(&yaml, &node, &mut dice);
        }
        for diagnostic in diagnostics {
            place(&yaml, diagnostic.span.expect("it has a place"));
            diagnostic.fix.iter().for_each(|fix| drop(place(&yaml, fix.span)));
            diagnostic.related.iter().for_each(|(span, _)| drop(place(&yaml, *span)));
            assert!(!diagnostic.message.contains("while "), "{}\n{yaml}", diagnostic.message);
        }
    }
}

#[test]
fn places_are_right_whatever_is_written() {
    fuzz(2_000);
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn places_are_right_whatever_is_written_for_long() {
    fuzz(400_000);
}
