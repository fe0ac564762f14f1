//! Worked examples as a reader meets them: numbers in sentences, figures, and the same values in both languages.

use std::collections::BTreeSet;
use std::path::Path;

use bilayer::config;
use bilayer::evaluate::gather;
use bilayer::evaluate::worked::Result;

use crate::fixture;

const LOSS: &str = "-- content/examples/loss.yaml --
kind: calc
title: {en: Impermanent loss, zh: 无常损失}
inputs:
  ratio: {value: 1.5, min: 0.05, max: 20, scale: log, label: {en: Price ratio, zh: 价格比}, symbol: k}
  deposit: {value: 1200000 USD, min: 100 USD, max: 1e7 USD, scale: log, label: {en: Deposit, zh: 存入金额}, show: compact(2)}
steps:
  - {let: loss, be: 2*sqrt(ratio)/(1+ratio) - 1, label: {en: Loss, zh: 损失}, show: percent(2)}
  - {let: lost, be: -loss * deposit, label: {en: Lost, zh: 损失金额}, show: fixed(0)}
  - {let: wait, be: 3167 s, label: {en: Wait, zh: 等待}, show: duration}
  - {let: start, be: 1710374401 s, label: {en: Start, zh: 开始}, show: date}
expect: [loss ~ -2.0204%]
always: [loss <= 0 within 1e-9]
";

/// The texts of all bound and unbound numbers of a page, in order, without those of figures.
fn numbers(html: &str) -> Vec<String> {
    let prose = html.split("<figure").next().unwrap_or_default();
    let element = |rest: &str| Some(rest.split_once('>')?.1.split("</data>").next()?.to_owned());
    prose.split("<data").skip(1).filter_map(element).collect()
}

/// The numbers of the home page in each language, and the report.
fn home(english: &str, chinese: &str) -> ([Vec<String>; 2], String) {
    let page = |lang: &str, title: &str, text: &str| {
        format!("-- content/{lang}/index.md --\n---\ntitle: {title}\n---\n{text}\n\n```example loss\n```\n")
    };
    let built =
        fixture::build(&format!("{LOSS}{}{}", page("en", "Home", english), page("zh", "首页", chinese)));
    let of = |lang: &str| numbers(built.files.get(&format!("{lang}/index.html")).map_or("", String::as_str));
    ([of("en"), of("zh")], built.report)
}

#[test]
fn both_languages_show_the_same_values_each_in_its_own_way() {
    let text = "`= loss.deposit` **`= loss.loss`** `= loss.lost` `= loss.wait` `= loss.start` `= loss.loss at ratio = 4 | percent(0)`";
    let ([english, chinese], report) = home(text, text);
    assert_eq!(report, "");
    assert_eq!(
        english,
        [
            "1.2\u{a0}million\u{a0}USD",
            "−2.02%",
            "24,245\u{a0}USD",
            "52\u{a0}min 47\u{a0}s",
            "14 March 2024",
            "−20%"
        ]
    );
    assert_eq!(chinese, ["120万美元", "−2.02%", "24,245美元", "52分钟47秒", "2024年3月14日", "−20%"]);
}

#[test]
fn a_value_is_a_part_of_the_sentence() {
    let ([_, chinese], report) = home(
        "",
        "损失为**`= loss.loss`**的。\n\n| 项 | 值 |\n| --- | --- |\n| 损失 | `= loss.loss \\| percent(1)` |\n\n## 损失`= loss.loss`",
    );
    assert!(!report.contains("error"), "{report}");
    assert_eq!(chinese, ["−2.02%", "−2.0%", "−2.02%"]);
}

#[test]
fn the_description_of_an_image_speaks_of_values_too() {
    let page = "-- content/en/index.md --\n---\ntitle: Home\n---\n![The curve, `= loss.loss` today](https://example.org/curve.png)\n-- content/zh/index.md --\n---\ntitle: 首页\n---\n";
    let built = fixture::build(&format!("{LOSS}{page}"));
    assert_eq!(built.report, "");
    assert!(built.files["en/index.html"].contains("alt=\"The curve, −2.02% today\""));
}

#[test]
fn a_typed_number_is_held_to_its_example() {
    let ([english, chinese], report) = home(
        "It fell by [2.02%](=loss.loss), or [−2.0%](=loss.loss), or [24,245 USD](=loss.lost); [1.2 million USD](=loss.deposit) and [−20%](<=loss.loss at ratio = 4>).",
        "损失[2.02%](=loss.loss)，即[2.4万美元](=loss.lost)，存入[120万美元](=loss.deposit)，等[52.8分钟](=loss.wait)。",
    );
    assert_eq!(report, "");
    assert_eq!(english, ["2.02%", "−2.0%", "24,245 USD", "1.2 million USD", "−20%"]);
    assert_eq!(chinese, ["2.02%", "2.4万美元", "120万美元", "52.8分钟"]);
}

#[test]
fn a_typed_number_that_is_off_fails_at_its_digits() {
    let (_, report) = home(
        "It fell by [2.03%](=loss.loss) of [1.3 million USD](=loss.deposit).",
        "损失[24,245元](=loss.lost)。",
    );
    assert!(report.contains("error[value-off]: `2.03%` is typed, but `loss` is -2.020410289"), "{report}");
    assert!(report.contains(" --> content/en/index.md:4:13\n"), "{report}");
    assert!(report.contains("`1.3 million USD` is typed, but `deposit` is 1200000"), "{report}");
    assert!(report.contains("error[unit-mismatch]: `24,245元` is not of the kind of `lost`"), "{report}");
}

#[test]
fn a_page_may_set_inputs_and_choose_parts() {
    let page = "-- content/en/index.md --\n---\ntitle: Home\n---\n`= loss.loss`\n\n```example loss\nset: {ratio: 4}\nshow: [inputs, steps]\n```\n-- content/zh/index.md --\n---\ntitle: 首页\n---\n";
    let built = fixture::build(&format!("{LOSS}{page}"));
    assert_eq!(built.report, "");
    let html = &built.files["en/index.html"];
    assert_eq!(numbers(html), ["−20.00%"]);
    assert!(html.contains("class=\"example-steps\"") && !html.contains("class=\"example-checks\""), "{html}");
    let wrong = page.replace("ratio: 4", "ratios: 4").replace("[inputs, steps]", "[input]");
    let report = fixture::build(&format!("{LOSS}{wrong}")).report;
    assert!(report.contains("there is no input `ratios`\n --> content/en/index.md:7:7"), "{report}");
    assert!(report.contains("an example has no part `input`\n --> content/en/index.md:8:8"), "{report}");
}

#[test]
fn every_shipped_example_stands_on_a_page_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = bilayer::load::load(root).expect("our own book can be read");
    let (config, _) = config::read(&sources);
    let (units, _) = gather::units(&config, &sources);
    let (examples, _) = gather::examples(&sources, &config, &units);
    for lang in ["en", "zh"] {
        let pages: Vec<_> =
            sources.below(&format!("content/{lang}/")).map(|(file, _)| sources.text(file)).collect();
        let placed: BTreeSet<_> = pages
            .iter()
            .flat_map(|page| page.lines())
            .filter_map(|line| line.trim_start().strip_prefix("```example "))
            .map(str::trim)
            .collect();
        let all: BTreeSet<_> = examples.keys().map(String::as_str).collect();
        assert_eq!(placed, all, "examples on pages, and examples that are there ({lang})");
    }
    let calcs = examples.values().filter(|worked| matches!(worked.result, Result::Calc(_))).count();
    assert!(calcs >= 42, "there are {calcs} calculations");
}
