//! Every number of every shipped example matters: change one, and the build fails.
//!
//! Each number in an input's value, a constant, a step and an expectation is changed in its last digit, one at a
//! time, and the example is worked again. The share that is noticed is printed, and the others by name.

use std::io::Write;
use std::ops::Range;

use bilayer::config::{self, Config};
use bilayer::data::tree::{self, Node, Value};
use bilayer::diagnostic::Code;
use bilayer::evaluate::calc;
use bilayer::evaluate::desk::Desk;
use bilayer::evaluate::desk::Recall;
use bilayer::evaluate::example::Body;
use bilayer::evaluate::gather::{self, FOLDER};
use bilayer::evaluate::read::{CODES, read};
use bilayer::evaluate::unit::Units;
use bilayer::evaluate::worked;
use bilayer::source::{FileId, Sources};

/// The keys below which a number decides what comes out.
const MATTERS: [&str; 11] =
    ["value", "constants", "values", "be", "start", "next", "rounds", "expect", "set", "after", "state"];
/// Keys whose numbers do not decide: limits of sliders, plots, words.
const IDLE: [&str; 14] = [
    "min", "max", "step", "plot", "table", "label", "title", "about", "sources", "say", "why", "show",
    "symbol", "always",
];

#[test]
fn a_changed_number_is_noticed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = bilayer::load::load(root).expect("our own book can be read");
    let (config, _) = config::read(&sources);
    let (units, _) = gather::units(&config, &sources);
    let files: Vec<FileId> = sources.below(FOLDER).map(|(file, _)| file).collect();
    let results: Vec<_> = {
        use rayon::prelude::*;
        files.par_iter().map(|&file| mutate(file, &sources, &config, &units)).collect()
    };
    let (mut caught, mut missed) = (0, Vec::new());
    for (noticed, unnoticed) in results {
        caught += noticed;
        missed.extend(unnoticed);
    }
    let all = caught + missed.len();
    let share = 100.0 * caught as f64 / all as f64;
    let mut report = format!("mutants: {caught} of {all} caught ({share:.1} %)\n");
    for miss in &missed {
        report.push_str(&format!("  not noticed: {miss}\n"));
    }
    // Past the test runner, which keeps the words of tests that pass to itself.
    std::io::stderr().write_all(report.as_bytes()).expect("there is a standard error");
    assert!(share >= 95.0, "{report}");
}

/// How many changes of a file are noticed, and those that are not.
fn mutate(file: FileId, sources: &Sources, config: &Config, units: &Units) -> (usize, Vec<String>) {
    let text = sources.text(file);
    let (example, _) = read("whole", file, text, config, units);
    if example.is_none_or(|example| matches!(example.body, Body::Quiz(_))) {
        // A question pins nothing: its answer follows from the example that it is about.
        return (0, Vec::new());
    }
    let (node, _) = tree::tree(file, text, CODES);
    let mut numbers = Vec::new();
    collect(&node.expect("it is YAML"), text, false, &mut numbers);
    let (mut caught, mut missed) = (0, Vec::new());
    for number in numbers {
        let mutant =
            format!("{}{}{}", &text[..number.start], changed(&text[number.clone()]), &text[number.end..]);
        if is_noticed(file, &mutant, config, units) {
            caught += 1;
        } else {
            let line = 1 + text[..number.start].matches('\n').count();
            let around = text[..number.start].rfind('\n').map_or(0, |end| end + 1);
            let end = text[number.end..].find('\n').map_or(text.len(), |end| number.end + end);
            let before = &text[around..number.start];
            let reason = if before.contains(" ~ ") || before.contains(" == ") {
                "the claim holds beside this setting too: it stands at an edge"
            } else {
                "equal at all digits that are pinned"
            };
            let line_text = text[around..end].trim().chars().take(90).collect::<String>();
            missed.push(format!("{}:{line} {} ({reason}) in {line_text}", sources.path(file), &text[number]));
        }
    }
    (caught, missed)
}

fn is_noticed(file: FileId, text: &str, config: &Config, units: &Units) -> bool {
    let (example, problems) = read("mutant", file, text, config, units);
    if !problems.is_empty() {
        return true;
    }
    let Some(example) = example else { return true };
    if let Body::Calc(calc) = &example.body {
        let mut desk = Desk::new(units, text);
        calc::pinned(calc, &mut desk);
        if !desk.diagnostics.is_empty() {
            return true;
        }
    }
    let problems = match worked::work(example, text, units, Recall::NOTHING) {
        (Ok(_), problems) => problems,
        (Err(_), _) => return true,
    };
    problems.iter().any(|problem| problem.severity == bilayer::diagnostic::Severity::Error)
}

/// The numbers of the scalars that matter, as bytes of the file.
fn collect(node: &Node, text: &str, matters: bool, numbers: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Text(_) if matters => {
            let whole = node.span.start as usize..node.span.end as usize;
            numbers.extend(
                digits(&text[whole.clone()])
                    .map(|digits| whole.start + digits.start..whole.start + digits.end),
            );
        }
        Value::List(items) => items.iter().for_each(|item| collect(item, text, matters, numbers)),
        Value::Map(entries) => {
            for entry in entries.iter().filter(|entry| !IDLE.contains(&entry.key.as_str())) {
                let matters = matters || MATTERS.contains(&entry.key.as_str());
                collect(&entry.value, text, matters, numbers);
            }
        }
        _ => {}
    }
}

/// The numbers of an expression: not the digits of names.
fn digits(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_alphabetic() || bytes[at] == b'_' {
            at +=
                bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        } else if bytes[at].is_ascii_digit() {
            let length =
                bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
            found.push(at..at + length);
            at += length;
            // The exponent of `1e-9` belongs to it.
            at += bytes[at..].iter().take_while(|byte| matches!(byte, b'e' | b'E')).count();
        } else {
            at += 1;
        }
    }
    found.into_iter()
}

/// The number with another last digit.
fn changed(number: &str) -> String {
    let (rest, last) = number.split_at(number.len() - 1);
    let digit = last.parse::<u32>().expect("a number ends in a digit");
    format!("{rest}{}", if digit == 9 { 8 } else { digit + 1 })
}

#[test]
fn a_changed_expectation_fails_at_its_own_line() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = bilayer::load::load(root).expect("our own book can be read");
    let (config, _) = config::read(&sources);
    let (units, _) = gather::units(&config, &sources);
    for (file, _) in sources.below(FOLDER) {
        let text = sources.text(file);
        let Some(at) =
            text.lines().position(|line| line.trim_start().starts_with("- ") && line.contains(" ~ "))
        else {
            continue;
        };
        let lines: Vec<_> = text.lines().collect();
        let (left, right) = lines[at].split_once(" ~ ").expect("it was just found");
        let digits = digits(right).next().expect("what is pinned is a number");
        let line = format!("{left} ~ {}7{}", &right[..digits.end], &right[digits.end..]);
        let line = if right[digits.clone()].contains('.') { line } else { format!("{left} ~ 7{right}") };
        let mutant: Vec<_> = lines[..at]
            .iter()
            .copied()
            .chain([line.as_str()])
            .chain(lines[at + 1..].iter().copied())
            .collect();
        let mutant = mutant.join("\n");
        let (example, _) = read("mutant", file, &mutant, &config, &units);
        let (_, problems) =
            worked::work(example.expect("only a digit is new"), &mutant, &units, Recall::NOTHING);
        let at_line = |span: bilayer::source::Span| mutant[..span.start as usize].matches('\n').count();
        let found: Vec<_> =
            problems.iter().map(|problem| (problem.code, problem.span.map(at_line))).collect();
        assert!(found.contains(&(Code::ValueOff, Some(at))), "{}:{}: {found:?}", sources.path(file), at + 1);
    }
}
