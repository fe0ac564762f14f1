use std::sync::Arc;

use super::text::Part;
use super::*;
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::evaluate::gather;
use crate::evaluate::worked;
use crate::source::{File, Sources};

const BOOK: &str = "[book]\ntitle = \"B\"\nsource-language = \"en\"\n[languages.en]\nname = \"E\"\n\
    [languages.zh]\ntag = \"zh-Hans\"\nname = \"Z\"\n";

const BATCH: &str = "kind: calc
inputs:
  batch_size: {value: 100 tx, min: 1 tx, max: 10000 tx, step: 1 tx}
  cost: {value: 50 USD, min: 1 USD, max: 1000 USD, show: fixed(2)}
given:
  - batch_size < 9000 tx
steps:
  - {let: fee, be: cost / batch_size, show: digits(3)}
  - {let: wait, be: 60 s, show: duration}
";

/// The question worked, and what is said of it: behind the text that is marked.
fn worked(yaml: &str) -> (Option<Worked>, Vec<String>) {
    let file = |path: &str, text: &str| File::text(path, text);
    let yaml = format!("kind: quiz\n{yaml}");
    let files = vec![
        file("book.toml", BOOK),
        file("content/examples/batch.yaml", BATCH),
        file("content/examples/q.yaml", &yaml),
    ];
    let sources = Sources::new(files);
    let (config, problems) = config::read(&sources);
    assert_eq!(problems, []);
    let (units, _) = gather::units(&config, &sources);
    let (mut examples, diagnostics) = gather::examples(&sources, &config, &units);
    let said = |diagnostic: Diagnostic| {
        let span = diagnostic.span.expect("it has a place");
        assert_eq!(sources.path(span.file), "content/examples/q.yaml", "{diagnostic:?}");
        let marked = &yaml[span.start as usize..span.end as usize];
        let help = diagnostic.help.map_or(String::new(), |help| format!("; {help}"));
        let fix = diagnostic.fix.map_or(String::new(), |fix| format!(" -> {}", fix.text));
        format!("{} `{marked}` {}{help}{fix}", diagnostic.code.name(), diagnostic.message)
    };
    let question = examples.remove("q").and_then(|worked| match Arc::unwrap_or_clone(worked).result {
        worked::Result::Quiz(worked) => Some(worked),
        _ => None,
    });
    (question, diagnostics.into_iter().map(said).collect())
}

#[track_caller]
fn check(yaml: &str, expected: &[&str]) {
    assert_eq!(worked(yaml).1, expected, "{yaml}");
}

const NUMBER: &str = "over: batch
ask: 'What does one of {batch_size} pay, if the batch costs {cost | fixed(0)}?'
vary: {batch_size: [100 tx, 200 tx], cost: [50 USD, 75 USD]}
answer: fee
";

#[test]
fn a_number_is_compiled_with_its_wrong_ways() {
    let (question, said) =
        worked(&format!("{NUMBER}misconceptions: [{{is: cost / 1 tx, because: '{{cost}} is for all'}}]"));
    assert_eq!(said, [""; 0]);
    let question = question.expect("it is a question");
    assert_eq!(question.inputs, [100.0, 50.0]);
    assert_eq!(question.vary, [(0, vec![100.0, 200.0]), (1, vec![50.0, 75.0])]);
    assert!(question.is_varied());
    let tried: Vec<_> =
        question.tried.iter().map(|judged| (judged.text.as_str(), judged.finding.as_str())).collect();
    let finding = "a value of its own in every draw (4)";
    assert_eq!(tried, [("fee", finding), ("cost / 1 tx", finding)]);
    let Answer::Number { right, misconceptions, within, shown } = question.answer else { panic!("a number") };
    assert_eq!(right.compiled().to_string(), "\"2\"");
    assert_eq!(misconceptions[0].0.compiled().to_string(), "[\"/\",\"1\",1]");
    assert_eq!((within, shown.0.spelled().as_str(), shown.1), (0.01, "USD/tx", Style::Digits(3)));
    let parts: Vec<_> = question.ask.values().next().expect("a language").iter().collect();
    assert!(matches!(
        parts[..],
        [Part::Text(_), Part::Value { .. }, Part::Text(_), Part::Value { slot: 1, .. }, Part::Text(_)]
    ));
}

#[test]
fn a_wrong_way_that_leads_to_what_is_right_is_named_with_its_inputs() {
    let help = "leave such values out of `vary`, or ask in another way: what is wrong must differ from what is right";
    let with = |wrong: &str| {
        format!(
            "{NUMBER}misconceptions:\n  - {{is: {wrong}, because: no}}\n  - {{is: cost / 1 tx, because: no}}\n"
        )
    };
    check(
        &with("cost / 100 tx"),
        &[&format!(
            "quiz-ambiguous `cost / 100 tx` this leads to the right answer, 0.5 USD/tx, for batch_size = 100 tx, cost = 50 USD; {help}"
        )],
    );
    check(
        &with("fee * 1.009"),
        &[&format!(
            "quiz-ambiguous `fee * 1.009` this leads to the right answer, 0.5045 USD/tx, for batch_size = 100 tx, cost = 50 USD; {help}"
        )],
    );
    check(
        &with("cost * 1.0001 / 1 tx"),
        &[&format!(
            "quiz-ambiguous `cost / 1 tx` this is 50 USD/tx, and so is `cost * 1.0001 / 1 tx`, for batch_size = 100 tx, cost = 50 USD; {help}"
        )],
    );
    check(
        &with("50 USD/tx / (cost / 1 USD - 75)"),
        &[
            "value-not-finite `50 USD/tx / (cost / 1 USD - 75)` this is no finite number, for batch_size = 100 tx, cost = 75 USD; leave such values out of `vary`",
        ],
    );
}

#[test]
fn computed_choices_must_read_differently() {
    let with = |second: &str| {
        format!(
            "over: batch\nask: '{{batch_size}}?'\nvary: {{batch_size: [100 tx, 200 tx]}}\nshow: fixed(2)\nchoices:\n  - {{is: fee, right: true}}\n  - {{is: {second}}}\n  - {{say: none}}\n"
        )
    };
    check(&with("2 * fee"), &[]);
    check(
        &with("fee + 0.001 USD/tx"),
        &[
            "quiz-ambiguous `fee + 0.001 USD/tx` this is 0.501 USD/tx, and so is `fee`, for batch_size = 100 tx; leave such values out of `vary`, or ask in another way: what is wrong must differ from what is right",
        ],
    );
    check(
        &with("cost"),
        &[
            "unit-mismatch `cost` `fee` is USD/tx and `cost` is USD: they cannot be answers to one question; units must fit; convert one of them with a rate that says its units",
        ],
    );
}

#[test]
fn what_is_drawn_is_an_input_that_can_have_the_value() {
    let with = |vary: &str| format!("over: batch\nask: '{{batch_size}}?'\nvary: {{{vary}}}\nanswer: fee\n");
    check(
        &with("batchsize: [5 tx]"),
        &["name-unknown `batchsize` there is no input `batchsize`; did you mean `batch_size`? -> batch_size"],
    );
    check(
        &with("fee: [5 USD/tx]"),
        &["name-unknown `fee` there is no input `fee`; only inputs of the calculation can be drawn"],
    );
    check(
        &with("batch_size: [5 tx, 0 tx]"),
        &["example-invalid `0 tx` this is not between the input's `min` and `max`"],
    );
    check(
        &with("batch_size: [5.5 tx]"),
        &["example-invalid `5.5 tx` this is no multiple of the input's `step` above its `min`"],
    );
    check(
        &with("batch_size: [5 USD]"),
        &[
            "unit-mismatch `5 USD` `5 USD` is USD and `5 USD` is tx: they cannot be an input and its value; units must fit; convert one of them with a rate that says its units",
        ],
    );
    check(
        &with("batch_size: []"),
        &["example-invalid `batch_size` `batch_size` has no values to draw; list them: `[1000, 2000]`"],
    );
    check(
        &with("batch_size: [8000 tx, 9500 tx]"),
        &[
            "example-invalid `batch_size` a condition under `given` does not hold, for batch_size = 9500 tx; leave such values out of `vary`",
        ],
    );
}

#[test]
fn what_it_is_about_is_a_calculation() {
    check(
        "over: bathc\nask: '{fee}?'\nanswer: fee\n",
        &["example-unknown `bathc` there is no example `bathc`; did you mean `batch`? -> batch"],
    );
}

#[test]
fn an_answer_fits_its_format() {
    let with = |answer: &str, show: &str| format!("over: batch\nask: '?'\nanswer: {answer}\nshow: {show}\n");
    check(&with("fee", "unit(USD/tx) | digits(2)"), &[]);
    check(
        &with("fee", "unit(h)"),
        &["unit-mismatch `fee` this is USD/tx and cannot be shown as h; choose a unit of the same kind"],
    );
    check(
        &with("wait", "unit(min)"),
        &[
            "format-invalid `wait` a reader cannot type an answer of this format; choose a unit in `show`, such as `unit(h) | fixed(1)`",
        ],
    );
    check(&with("wait", "unit(min) | fixed(0)"), &[]);
    check(
        &with("fee > 1 USD/tx", "digits(2)"),
        &[
            "format-invalid `fee > 1 USD/tx` a reader cannot type an answer of this format; choose a unit in `show`, such as `unit(h) | fixed(1)`",
        ],
    );
}

#[test]
fn values_in_texts_are_found_at_their_places() {
    let with = |ask: &str| format!("over: batch\nask: {ask}\norder: [a, b]\n");
    check(&with("'{{batch_size}} {fee | unit(USD/tx)} }}{{'"), &[]);
    check(
        &with("'{fe} of {batch_size}, {fee | fxed(2)}, {fee | unit(h)}'"),
        &[
            "name-unknown `fe` nothing is called `fe`; did you mean `fee`? -> fee",
            "format-invalid `fxed(2)` there is no format `fxed`; did you mean `fixed`?",
            "unit-mismatch `fee` this is USD/tx and cannot be shown as h; choose a unit of the same kind",
        ],
    );
    check(
        &with("'100 {fee and } more'"),
        &[
            "name-unknown `fee and` nothing is called `fee and`; known here: `batch_size`, `cost`, `fee`, `wait`",
        ],
    );
    check(
        &with("'{cost'"),
        &[
            "example-invalid `{` this `{` has no other half; values stand in braces, as in `{price}`; for a brace itself write `{{`",
        ],
    );
    check(
        &with("{en: '{fee} of {cost}', zh: '{fee}费'}"),
        &[
            "example-invalid `cost` `cost` is not in the text of every language; a question names the same values in all languages",
        ],
    );
    check(
        "ask: Which?\nchoices:\n  - {say: '{fee}', right: true}\n  - {say: two}\n",
        &[
            "name-unknown `fee` no values are known here; name a calculation with `over`, or write `{{` for a brace",
        ],
    );
}

#[test]
fn one_of_several_choices_is_right() {
    check(
        "ask: Which?\nchoices:\n  - {say: one}\n  - {say: two}\n",
        &["example-invalid `` 0 of 2 choices are right; exactly one of several must be"],
    );
    check(
        "ask: Which?\norder: [a]\n",
        &[
            "example-invalid `` a question has one of `answer`, `choices` and `order`, the last two with several entries",
        ],
    );
}
