//! Every example of the CommonMark specification, parsed as any page is, with all extensions and the rules
//! for Chinese.
//!
//! The examples are read from the text of the specification itself, `tests/commonmark/spec.txt`.

use bilayer::lang::Quotes;
use bilayer::parse::markdown;

const SPEC: &str = include_str!("../commonmark/spec.txt");

/// How many examples version 0.31.2 has: a reader of the text that loses some must not pass.
const EXAMPLES: usize = 652;

/// The examples that our extensions read differently, with the reason.
const DIFFERENT: &[(usize, &str)] = &[
    (602, "a bare address becomes a link, here inside what is no autolink because of a space"),
    (608, "a bare address becomes a link, here inside what is no autolink because of spaces"),
    (611, "a bare address becomes a link"),
];

#[test]
fn every_example_gives_the_html_of_the_specification() {
    let examples = examples();
    assert_eq!(examples.len(), EXAMPLES);
    let failures: Vec<String> = examples.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

/// Reads the examples: fenced by 32 backticks, the two sides parted by a line with a dot, tabs written as
/// arrows.
fn examples() -> Vec<Example> {
    let fence = "`".repeat(32);
    let (tests, _) =
        SPEC.split_once("<!-- END TESTS -->").expect("the specification marks where its examples end");
    let (opening, closing) = (format!("\n{fence} example\n"), format!("\n{fence}"));
    let blocks = tests.split(&opening).skip(1);
    let examples = blocks.zip(1..).map(|(block, number)| {
        let (example, _) = block.split_once(&closing).expect("every example is closed");
        // The line with the dot may be the first or the last.
        let example = format!("\n{example}\n");
        let (markdown, html) = example.split_once("\n.\n").expect("every example has two sides");
        let side = |text: &str| text.trim_start_matches('\n').replace('→', "\t");
        Example { number, markdown: side(&format!("{markdown}\n")), html: side(html) }
    });
    examples.collect()
}

fn failure(example: &Example) -> Option<String> {
    let Example { number, markdown, html } = example;
    let ours = to_html(markdown);
    let is_same = normalized(&ours) == normalized(html);
    let reason = DIFFERENT.iter().find(|(different, _)| different == number).map(|(_, reason)| reason);
    match (is_same, reason) {
        (true, None) | (false, Some(_)) => None,
        (true, Some(reason)) => Some(format!("example {number} passes: take it off the list ({reason})")),
        (false, None) => {
            Some(format!("example {number}: {markdown:?}\nexpected {html:?}\n     got {ours:?}"))
        }
    }
}

fn to_html(text: &str) -> String {
    let mut html = String::new();
    let events = markdown::events(text, Quotes::AsTyped).events.into_iter().map(|(event, _)| event);
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// Leaves out what makes no difference to a reader of HTML: how a quote in text is spelt, line breaks
/// around blocks.
fn normalized(html: &str) -> String {
    html.replace("&quot;", "\"").replace("<li>\n", "<li>").trim_end().to_owned()
}
