//! Examples as YAML, and what is found wrong with them; or how things stand after each step.

use super::{Run, Worked};
use crate::config;
use crate::evaluate::desk::Recall;
use crate::evaluate::example::Body;
use crate::evaluate::read::read;
use crate::evaluate::unit::Units;
use crate::evaluate::worked::{self, Result};
use crate::source::{File, Sources};

const CHANNEL: &str = "kind: trace
actors: {ana: Ana, bo: Bo}
values: {capacity: 100 sat}
state:
  hers: 60 sat
  his: {start: capacity - 60 sat}
  open: true
steps:
  - {from: ana, to: bo, say: pays, set: {hers: hers - 10 sat, his: his + 10 sat}}
  - {from: bo, after: 2 day, say: waits}
";

/// Works a protocol: the findings as `code line:column message`, and what came of it.
fn work(yaml: &str) -> (Vec<String>, Option<Worked>) {
    let file = |path: &str, text: &str| File::text(path, text);
    let book = "[languages.en]\n[languages.zh]\n";
    let sources = Sources::new(vec![file("book.toml", book), file("content/examples/t.yaml", yaml)]);
    let (config, _) = config::read(&sources);
    let (units, _) = Units::new(&["en", "zh"], &[]);
    let id = sources.find("content/examples/t.yaml").expect("it was just added");
    let (example, mut found) = read("t", id, yaml, &config, &units);
    let mut result = None;
    if let Some(example) = example.filter(|example| matches!(example.body, Body::Trace(_))) {
        let (worked, problems) = worked::work(example, yaml, &units, Recall::NOTHING);
        found.extend(problems);
        result = worked.ok().and_then(|worked| match worked.result {
            Result::Trace(worked) => Some(worked),
            _ => None,
        });
    }
    let place = |at: u32| {
        let (line, column) = sources.position(id, at);
        format!("{line}:{column}")
    };
    let findings = found.iter().map(|problem| {
        let at = problem.span.map_or_else(String::new, |span| place(span.start));
        let related = problem.related.iter().map(|(span, label)| format!(" / {} {label}", place(span.start)));
        format!("{} {at} {}{}", problem.code.name(), problem.message, related.collect::<String>())
    });
    (findings.collect(), result)
}

fn check(yaml: &str, expected: &[&str]) {
    assert_eq!(work(yaml).0, expected);
}

/// The channel with more lines.
fn with(lines: &str, expected: &[&str]) {
    check(&format!("{CHANNEL}{lines}"), expected);
}

fn states(run: &Run) -> Vec<(f64, Vec<f64>)> {
    run.snapshots.iter().map(|snapshot| (snapshot.elapsed, snapshot.values.clone())).collect()
}

#[test]
fn a_step_changes_all_at_once_and_time_adds_up() {
    let yaml = "kind: trace
actors: {a: A}
state: {x: 1, y: 2}
steps:
  - {from: a, say: swap, after: 1 min, set: {x: y, y: x}}
  - {from: a, say: later, after: 1 min, set: {x: elapsed / 1 s}}
branches:
  one: {steps: [{from: a, say: more, after: x * 1 s, set: {y: y + 1}}], expect: [y == 2]}
  two: {steps: [{from: a, say: less, set: {y: y - 1}}], expect: [y == 0, elapsed ~ 2 min]}
always: [x > 0]
expect: [x ~ 120, 'elapsed ~ 120 s']
";
    let (found, worked) = work(yaml);
    assert_eq!(found, [""; 0]);
    let worked = worked.expect("a protocol");
    let common = [(0., vec![1., 2.]), (60., vec![2., 1.]), (120., vec![120., 1.])];
    assert_eq!(states(&worked.common), common);
    assert_eq!(states(&worked.branches[0]), [(120., vec![120., 1.]), (240., vec![120., 2.])]);
    assert_eq!(states(&worked.branches[1]), [(120., vec![120., 1.]), (120., vec![120., 0.])]);
    assert_eq!(worked.always[0].finding, "at all 5 moments");
    assert!(worked.common.expect.iter().all(|judged| judged.holds));
}

#[test]
fn what_holds_is_not_reported() {
    with("always: [hers + his == capacity, open]\nexpect: [hers ~ 50 sat, elapsed ~ 2 day]\n", &[]);
    with(
        "branches:\n  shut: {steps: [{from: bo, say: shuts, set: {open: false}}], expect: [not open]}\n",
        &[],
    );
}

#[test]
fn a_broken_invariant_is_reported_once_with_its_step() {
    let branch = "branches:
  cheat:
    steps:
      - {from: ana, say: talks}
      - {from: ana, say: lies, set: {hers: capacity}}
      - {from: ana, say: lies again, set: {hers: capacity}}
always: [hers + his == capacity]
";
    with(
        branch,
        &[
            "invariant-broken 17:10 after step 2 of `cheat`, “lies”: 150 sat == 100 sat does not hold / 15:9 this step breaks it",
        ],
    );
    with("always: ['not open']\n", &["invariant-broken 11:11 at the start: this does not hold"]);
}

#[test]
fn what_is_pinned_is_judged_at_the_end() {
    with(
        "expect: [hers ~ 60 sat]\n",
        &[
            "value-off 11:10 at the end of `steps`: computed 50 sat, pinned 60 sat: 10 sat apart, 0.5 sat allowed",
        ],
    );
    with(
        "branches:\n  b: {steps: [{from: ana, say: x}], expect: [hers < his]}\n",
        &["value-off 12:46 at the end of `b`: 50 sat < 50 sat does not hold"],
    );
    with(
        "expect: [hers ~ 50 sat at capacity = 3 sat]\n",
        &["example-invalid 11:27 a protocol has no inputs that a claim could set"],
    );
    with("always: [theirs > 0 sat]\n", &["name-unknown 11:10 nothing is called `theirs`"]);
}

#[test]
fn kinds_must_fit() {
    let steps = |set: &str| CHANNEL.replace("{hers: hers - 10 sat, his: his + 10 sat}", set);
    check(
        &steps("{hers: 3 day}"),
        &["unit-mismatch 9:48 `hers` is sat and `3 day` is s: they cannot be a state and its new value"],
    );
    check(&steps("{hers: 0, open: not open}"), &[]);
    check(
        &steps("{open: 1}"),
        &[
            "unit-mismatch 9:48 `open` is true or false and `1` is a plain number: they cannot be a state and its new value",
        ],
    );
    check(&steps("{hers: their}"), &["name-unknown 9:48 nothing is called `their`"]);
    check(
        &steps("{hers: hers + mine, mine: 3}"),
        &["name-unknown 9:61 there is no state `mine`", "name-unknown 9:55 nothing is called `mine`"],
    );
    check(&CHANNEL.replace("2 day", "2 sat"), &["unit-mismatch 10:23 `after` is a time, but `2 sat` is sat"]);
    check(&CHANNEL.replace("2 day", "-2 day"), &["example-invalid 10:23 no time can pass backwards"]);
    check(&CHANNEL.replace("60 sat\n  his", "his\n  his"), &["name-unknown 5:9 nothing is called `his`"]);
}

#[test]
fn what_cannot_be_computed_ends_the_run() {
    let steps = |set: &str| CHANNEL.replace("{hers: hers - 10 sat, his: his + 10 sat}", set);
    let yaml = steps("{hers: hers * hers / (hers - 60 sat)}") + "always: [hers > 0 sat]\n";
    let (found, worked) = work(&yaml);
    let message =
        "value-not-finite 9:48 `hers * hers / (hers - 60 sat)` is no finite number after the steps before";
    assert_eq!(found, [message]);
    assert_eq!(worked.expect("a protocol").common.snapshots.len(), 1);
    check(&CHANNEL.replace("100 sat", "100 sat / 0"), &["value-not-finite 3:20 this is no finite number"]);
}

#[test]
fn names_are_checked() {
    check(
        &CHANNEL.replace("open: true", "elapsed: 1"),
        &["example-invalid 7:3 `elapsed` belongs to the language and cannot be the name of a value"],
    );
    check(
        &CHANNEL.replace("open: true", "capacity: 1"),
        &["example-invalid 7:3 `capacity` is the name of two values"],
    );
    check(&CHANNEL.replace("from: bo", "from: bob"), &["name-unknown 10:12 there is no actor `bob`"]);
}

#[test]
fn counting_takes_no_more_room_with_every_step() {
    let steps: String = (0..60).map(|n| format!("  - {{from: ana, say: s{n}}}\n")).collect();
    let claims: String = (0..2_000).map(|n| format!("  - sum(k, 1, {n}, k) >= 0\n")).collect();
    let yaml = format!("kind: trace\nactors: {{ana: A}}\nsteps:\n{steps}always:\n{claims}");
    check(&yaml, &[]);
}

#[test]
fn a_protocol_is_of_bounded_length() {
    let steps: String = (0..61).map(|n| format!("  - {{from: a, say: s{n}}}\n")).collect();
    check(
        &format!("kind: trace\nactors: {{a: A}}\nsteps:\n{steps}"),
        &["example-invalid 64:5 a protocol has at most 60 steps, those of its branches included"],
    );
    let branches: String = (0..9).map(|n| format!("  b{n}: {{steps: [{{from: a, say: x}}]}}\n")).collect();
    check(
        &format!("kind: trace\nactors: {{a: A}}\nbranches:\n{branches}"),
        &["example-invalid 12:3 a protocol has at most 8 branches"],
    );
    check("kind: trace\nactors: {a: A}\n", &["example-invalid 1:1 `steps` is missing"]);
}
