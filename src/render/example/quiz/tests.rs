use super::*;
use crate::config;
use crate::evaluate::gather;
use crate::evaluate::worked::{self, Examples};
use crate::lang::Lang;
use crate::render::strings;
use crate::source::{File, Sources};

const BOOK: &str = "[book]\ntitle = \"B\"\nsource-language = \"en\"\n[languages.en]\nname = \"E\"\n\
    [languages.zh]\ntag = \"zh-Hans\"\nname = \"Z\"\n";

const SWAP: &str = "kind: calc
inputs:
  n: {value: 4 tx, min: 1 tx, max: 10 tx}
  cost: {value: 50 USD, min: 1 USD, max: 1000 USD}
steps:
  - {let: each, be: cost / n, show: fixed(2)}
";

/// The view of a question, in Chinese, and the page's data.
fn view(yaml: &str) -> (Value, Value) {
    let file = |path: &str, text: &str| File::text(path, text);
    let words = include_str!("../../../../themes/default/strings/zh.toml");
    let sources = Sources::new(vec![
        file("book.toml", BOOK),
        file("zh.toml", words),
        file("content/examples/swap.yaml", SWAP),
        file("content/examples/q.yaml", yaml),
    ]);
    let (config, _) = config::read(&sources);
    let (units, _) = gather::units(&config, &sources);
    let (examples, problems): (Examples, _) = gather::examples(&sources, &config, &units);
    assert_eq!(problems, []);
    let (strings, problems) = strings::read(sources.find("zh.toml").expect("it is there"), words, None);
    assert_eq!(problems, []);
    let worked::Result::Quiz(worked) = &examples["q"].result else { panic!("a question") };
    let figure = Figure {
        lang: Lang::all(2).nth(1).expect("two languages"),
        strings: &strings,
        numerals: &strings.numerals(),
        units: &units,
        key: "q",
        example: &examples["q"].example,
    };
    let maker = Maker { figure, worked, model: examples["swap"].calc().map(|calc| &calc.model) };
    let mut live = Live::default();
    let view = serde_json::to_value(maker.view(&mut live)).expect("a view is JSON");
    let data = live.html(&strings.numerals(), &[].into());
    let data = data.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</script>")).expect("an element");
    (view, serde_json::from_str::<Value>(data.0).expect("the data is JSON"))
}

#[test]
fn a_number_has_its_values_bound_those_that_can_be_answered_first() {
    let (view, data) = view(
        "kind: quiz\nover: swap\nask: {en: '{n} & {cost}', zh: '{n} & {cost}'}\nvary: {n: [2 tx, 5 tx]}\nanswer: each\n\
         within: 2%\nmisconceptions: [{is: cost / 1 tx, because: '{cost}'}]\nbecause: '{n}'\n",
    );
    assert_eq!(
        view["ask"],
        "<data data-q=\"3\" class=\"value\" value=\"2\">2笔</data> &amp; <data data-q=\"2\" class=\"value\" value=\"50\">50美元</data>"
    );
    assert_eq!(view["number"], "<data data-q=\"0\" class=\"value\" value=\"25\">25.00美元/笔</data>");
    assert_eq!(view["unit"], "美元/笔");
    assert_eq!(view["far"], "与答案的误差超过2%。");
    assert_eq!(view["title"], "算一算");
    assert_eq!(
        view["mistakes"][0]["because"],
        "<data data-q=\"2\" class=\"value\" value=\"50\">50美元</data>"
    );
    let expected = json!({
        "i": [2, 50], "v": [[0, [2, 5]]], "n": 3, "p": [[2, ["/", "1", "0"]]],
        "t": [["2", 0], [["/", "1", 1], 0], ["1", 1], ["0", 2]], "a": 2, "w": 0.02,
    });
    assert_eq!(data["quizzes"]["q"], expected);
}

#[test]
fn what_is_not_drawn_is_not_computed_again() {
    let (view, data) = view("kind: quiz\nover: swap\nask: '{cost}'\nanswer: each\ntitle: T\n");
    assert_eq!(view["ask"], "<data class=\"value\" value=\"50\">50美元</data>");
    assert_eq!(view["title"], "T");
    assert_eq!(view["is_varied"], false);
    let expected = json!({ "i": [], "v": [], "n": 0, "p": [], "t": [[12.5, 0]], "a": 1, "w": 0.01 });
    assert_eq!(data["quizzes"]["q"], expected);
}

#[test]
fn choices_keep_their_order_and_computed_ones_are_shuffled_later() {
    let (view, data) =
        view("kind: quiz\nover: swap\nask: a\nchoices: [{say: <b>, because: no}, {is: each, right: true}]\n");
    assert_eq!(view["choices"][0]["says"], "&lt;b&gt;");
    assert_eq!(view["choices"][1]["says"], "<data class=\"value\" value=\"12.5\">12.50美元/笔</data>");
    assert_eq!(view["choices"][1]["is_right"], true);
    assert_eq!(data["quizzes"]["q"]["m"], 1);
}

#[test]
fn an_order_is_shown_shuffled() {
    let (view, data) = view("kind: quiz\nask: a\norder: [一, 二, 三, 四]\n");
    assert_eq!(view["order"], json!(["一", "二", "三", "四"]));
    let places = data["quizzes"]["q"]["o"].as_array().expect("places");
    for (item, place) in view["items"].as_array().expect("items").iter().zip(places) {
        let place = place.as_u64().expect("a number") as usize;
        assert_eq!(item["says"], view["order"][place]);
        assert_eq!(item["up"], format!("上移：{}", view["order"][place].as_str().expect("a text")));
    }
}

#[test]
fn nothing_is_in_its_place_after_shuffling() {
    assert_eq!(shuffled(2, "a"), [1, 0]);
    for count in 2..9 {
        for id in 0..50 {
            let order = shuffled(count, &format!("id-{id}"));
            assert!(order.iter().enumerate().all(|(at, item)| at != *item), "{order:?}");
            assert!(count < 4 || order.windows(2).all(|pair| pair[0] + 1 != pair[1]), "{order:?}");
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            assert_eq!(order, shuffled(count, &format!("id-{id}")));
        }
    }
}
