//! A protocol as YAML, and what its figure says in each language.

use super::{Maker, RunView, TraceView};
use crate::config;
use crate::evaluate::desk::Recall;
use crate::evaluate::example::Body;
use crate::evaluate::read::read;
use crate::evaluate::unit::Units;
use crate::evaluate::worked::{self, Result};
use crate::lang::Lang;
use crate::render::example::Figure;
use crate::render::example::calc::Part;
use crate::render::strings::{self, Strings};
use crate::source::{File, FileId, Sources};

const CHANNEL: &str = "kind: trace
title: {en: A channel, zh: 一条通道}
actors: {ana: {en: Ana, zh: 小安}, bo: {en: Bo, zh: 阿博}}
values: {capacity: {value: 1000 sat, label: {en: Capacity, zh: 容量}}}
state:
  hers: {start: 1000 sat, label: {en: Ana's side, zh: 小安一侧}}
  his: {start: 0 sat, label: {en: Bo's side, zh: 阿博一侧}}
  part: {start: 100%, label: {en: Ana's part, zh: 小安的份额}}
  open: {start: true, label: {en: Open, zh: 开启}}
steps:
  - {from: ana, to: bo, say: {en: pays, zh: 付款}, set: {hers: hers - 400 sat, his: his + 400 sat, part: 60%}}
branches:
  shut:
    title: {en: Bo shuts it, zh: 阿博关闭}
    steps:
      - {from: bo, after: 7 day, say: {en: shuts, zh: 关闭}, why: {en: Enough., zh: 够了。}, set: {open: false}}
    expect: [not open, elapsed ~ 1 week]
always:
  - hers + his == capacity
  - not (hers < 0 sat or his < 0 sat) and -hers <= 0
expect: [hers * 2 ~ 1200 sat within 1 sat, hers - (his - 0 sat) == 200 sat]
sources: [{en: Nobody, zh: 无}]
";

fn strings(file: FileId, language: &str) -> Strings {
    let text = match language {
        "en" => include_str!("../../../../themes/default/strings/en.toml"),
        _ => include_str!("../../../../themes/default/strings/zh.toml"),
    };
    strings::read(file, text, None).0
}

/// What `look` sees of the figure in the first or second language.
fn view<T>(yaml: &str, language: usize, parts: &[Part], look: impl Fn(TraceView<'_>) -> T) -> T {
    let file = |path: &str, text: &str| File::text(path, text);
    let book = "[languages.en]\n[languages.zh]\ntag = \"zh-Hans\"\n";
    let sources = Sources::new(vec![file("book.toml", book), file("t.yaml", yaml)]);
    let (config, _) = config::read(&sources);
    let (units, _) = Units::new(&["en", "zh-Hans"], &[]);
    let id = sources.find("t.yaml").expect("it was just added");
    let (example, problems) = read("t", id, yaml, &config, &units);
    assert!(problems.is_empty(), "{problems:?}");
    let (worked, _) = worked::work(example.expect("an example"), yaml, &units, Recall::NOTHING);
    let worked = worked.expect("no question");
    let (Body::Trace(trace), Result::Trace(result)) = (&worked.example.body, &worked.result) else {
        panic!("not a protocol");
    };
    let strings = strings(id, ["en", "zh"][language]);
    let figure = Figure {
        lang: Lang::all(2).nth(language).expect("one of two"),
        strings: &strings,
        numerals: &strings.numerals(),
        units: &units,
        key: "t",
        example: &worked.example,
    };
    let maker = Maker { figure, trace, worked: result };
    look(maker.view(parts))
}

fn all() -> Vec<Part> {
    Part::ALL.into_iter().map(|(_, part)| part).collect()
}

/// The rows of a table, cells with the sign of their change.
fn rows(run: &RunView<'_>) -> Vec<String> {
    let table = run.table.as_ref().expect("a table");
    let row = |row: &super::RowView| {
        let cells = row.cells.iter().map(|cell| format!("{}{}", cell.text, cell.change));
        format!("{}: {}", row.number, cells.collect::<Vec<_>>().join(" | "))
    };
    table.rows.iter().map(row).collect()
}

fn claims(view: &TraceView<'_>) -> Vec<String> {
    let expected = view.runs.iter().flat_map(|run| &run.expect);
    expected.chain(&view.always).map(|check| check.claim.replace('\u{a0}', "_")).collect()
}

#[test]
fn the_table_shows_each_moment_and_what_changed() {
    view(CHANNEL, 0, &all(), |view| {
        let head = &view.runs[0].table.as_ref().expect("a table").head;
        let head: Vec<_> = head.iter().map(|head| format!("{} {}", head.label, head.unit)).collect();
        assert_eq!(
            head,
            ["Ana's side sat", "Bo's side sat", "Ana's part ", "Open ", "Time since the start "]
        );
        assert_eq!(
            rows(&view.runs[0]),
            ["0: 1,000 | 0 | 100% | yes | 0\u{a0}s", "1: 600down | 400up | 60%down | yes | 0\u{a0}s"]
        );
        assert_eq!(
            rows(&view.runs[1]),
            ["1: 600 | 400 | 60% | yes | 0\u{a0}s", "2: 600 | 400 | 60% | noother | 7\u{a0}daysup"]
        );
    });
}

#[test]
fn steps_say_who_what_why_and_when() {
    view(CHANNEL, 1, &all(), |view| {
        let (pays, shuts) = (&view.runs[0].steps[0], &view.runs[1].steps[0]);
        assert_eq!((pays.number, pays.from, pays.to, pays.say), (1, "小安", "阿博", "付款"));
        assert_eq!((shuts.number, shuts.from, shuts.to, shuts.why), (2, "阿博", "", "够了。"));
        assert_eq!(shuts.wait, "7天后");
        let changes = |step: &super::StepView<'_>| {
            step.changes.iter().map(|change| format!("{}={}", change.label, change.text)).collect::<Vec<_>>()
        };
        assert_eq!(changes(pays), ["小安一侧=600聪", "阿博一侧=400聪", "小安的份额=60%"]);
        assert_eq!(changes(shuts), ["开启=否"]);
        assert_eq!(view.values[0].text, "1,000聪");
        assert!(view.runs[1].diagram.contains(">7天后<"), "{}", view.runs[1].diagram);
    });
}

#[test]
fn claims_are_said_with_labels() {
    let english = view(CHANNEL, 0, &all(), |view| claims(&view));
    assert_eq!(
        english,
        [
            "Ana's side × 2 = 1,200_sat ± 1_sat",
            "Ana's side − (Bo's side − 0_sat) = 200_sat",
            "Open: no",
            "Time since the start = 1_week",
            "Ana's side + Bo's side = Capacity",
            "not (Ana's side < 0_sat or Bo's side < 0_sat) and −Ana's side ≤ 0",
        ]
    );
    let chinese = view(CHANNEL, 1, &all(), |view| claims(&view));
    assert_eq!(chinese[2..5], ["开启：否", "已过时间 = 1周", "小安一侧 + 阿博一侧 = 容量"]);
}

#[test]
fn a_page_chooses_parts() {
    view(CHANNEL, 0, &[Part::Table, Part::Sources], |view| {
        assert!(!view.is_stepped && view.runs[0].diagram.is_empty() && view.values.is_empty());
        assert!(claims(&view).is_empty() && view.runs[1].table.is_some());
        assert_eq!(view.sources, ["Nobody"]);
    });
}

#[test]
fn a_protocol_with_a_mistake_is_shown_as_far_as_it_goes() {
    let wrong = CHANNEL.replace("his: his + 400 sat", "his: his / 0");
    view(&wrong, 0, &all(), |view| {
        assert_eq!(rows(&view.runs[0]).len(), 1);
        assert_eq!((view.runs[0].steps.len(), rows(&view.runs[1]).len()), (1, 0));
    });
}
