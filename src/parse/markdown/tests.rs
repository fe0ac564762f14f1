//! Markdown in, HTML out, as the parser's own writer spells it; and what must hold for any text.

use std::fmt::Write;

use pulldown_cmark::{Event, Parser, TextMergeWithOffset, html::push_html};

use super::{Parsed, Spanned};
use crate::lang::Quotes;

fn events(markdown: &str) -> Parsed<'_> {
    super::events(markdown, Quotes::AsTyped)
}

fn options() -> pulldown_cmark::Options {
    super::options(Quotes::AsTyped)
}

fn html(parsed: &Parsed<'_>) -> String {
    let mut html = String::new();
    push_html(&mut html, parsed.events.iter().map(|(event, _)| event.clone()));
    html
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(html(&events(markdown)).trim_end(), expected, "from {markdown:?}");
}

/// Checks a paragraph, given without its tags.
#[track_caller]
fn check_line(markdown: &str, expected: &str) {
    check(markdown, &format!("<p>{expected}</p>"));
}

#[track_caller]
fn check_leaks(markdown: &str, expected: &[&str]) {
    let parsed = events(markdown);
    // One character of context on each side.
    let around = |at: usize, step: isize| {
        let is_boundary = |at: &isize| markdown.is_char_boundary(*at as usize);
        (1..5).map(|i| at as isize + step * i).find(is_boundary).expect("a leak is between characters")
            as usize
    };
    let leaks: Vec<&str> =
        parsed.leaks.iter().map(|leak| &markdown[around(leak.start, -1)..around(leak.end, 1)]).collect();
    assert_eq!(leaks, expected, "in {markdown:?}");
}

/// Lists what stands under the span of each event.
fn slices(markdown: &str) -> String {
    let mut list = String::new();
    for (event, span) in &events(markdown).events {
        let name = format!("{event:?}");
        let name = name.split(['{', '(']).take(2).collect::<Vec<_>>().join(" ");
        writeln!(list, "{}: {}", name.trim_end_matches([')', ' ']), &markdown[span.clone()])
            .expect("a string takes all");
    }
    list
}

#[test]
fn emphasis_works_next_to_chinese() {
    check_line("**注意：**请先阅读。", "<strong>注意：</strong>请先阅读。");
    check_line("这是**我想做的事。**所以继续。", "这是<strong>我想做的事。</strong>所以继续。");
    check_line("**「链下」**交易", "<strong>「链下」</strong>交易");
    check_line("请看**Rollup（汇总）**的定义", "请看<strong>Rollup（汇总）</strong>的定义");
    check_line("我可以强调**这个`code`**吗", "我可以强调<strong>这个<code>code</code></strong>吗");
    check_line("他的**“状态根”**很重要", "他的<strong>“状态根”</strong>很重要");
    check_line("*汉字。*后面", "<em>汉字。</em>后面");
    check_line("~~删除。~~后面", "<del>删除。</del>后面");
    check_line("**50%**的费用", "<strong>50%</strong>的费用");
    check_line("费用是**$5**的两倍", "费用是<strong>$5</strong>的两倍");
    check_line("。**（注）**后", "。<strong>（注）</strong>后");
    check_line(
        "**[链接](https://example.com)**后",
        r#"<strong><a href="https://example.com">链接</a></strong>后"#,
    );
    check_line("这是_强调_文字", "这是_强调_文字");
}

#[test]
fn several_emphases_in_a_line_pair_up_as_written() {
    check_line("**中文。**中文**强调**", "<strong>中文。</strong>中文<strong>强调</strong>");
    check_line("***「甲」***乙*“丙”*丁", "<em><strong>「甲」</strong></em>乙<em>“丙”</em>丁");
    check_line("甲**（~~乙。~~丙）**丁", "甲<strong>（<del>乙。</del>丙）</strong>丁");
}

#[test]
fn the_neighbour_of_a_run_is_read_as_before() {
    check_line("_甲_**乙。**丙", "<em>甲</em><strong>乙。</strong>丙");
    check_line("甲~~乙中**~~丙~~**", "甲<del>乙中**</del>丙~~**");
    check("> 甲\n>**乙**\n>**丙", "<blockquote>\n<p>甲<strong>乙</strong>\n**丙</p>\n</blockquote>");
}

#[test]
fn escapes_and_code_stay_as_they_are() {
    check_line(
        r"\**中。*后 `**（中` \\**「中」**后",
        r"*<em>中。</em>后 <code>**（中</code> \<strong>「中」</strong>后",
    );
}

#[test]
fn bars_of_a_table_end_their_cells() {
    let head = "<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody>\n";
    check(
        "|甲|乙|\n|-|-|\n|**中|*中**|\n|**「中」**后|***中***|",
        &format!(
            "{head}<tr><td>**中</td><td><em>中</em>*</td></tr>\n<tr><td><strong>「中」</strong>后</td>\
             <td><em><strong>中</strong></em></td></tr>\n</tbody></table>"
        ),
    );
}

#[test]
fn no_stand_in_is_left_in_tags() {
    let markdown = "[中**](/甲**（ \"**（乙\") ![**（](</**（>)\n\n# 中**（ {#中**（ .丙 丁=**（}\n\n```中**（\n**（中\n```\n";
    let debug = format!("{:?}", events(markdown));
    assert!(!debug.contains(is_stand_in), "{debug}");
    check_line("[中**]\n\n[中**]: /甲**（", r#"<a href="/%E7%94%B2**%EF%BC%88">中**</a>"#);
}

#[test]
fn a_text_with_noncharacters_keeps_them() {
    check_line("\u{FDD0}**注意：**请⹃", "\u{FDD0}<strong>注意：</strong>请⹃");
    let all: String = (0xFDD0..0xFDF0).filter_map(char::from_u32).collect();
    check_line(&format!("{all}**注意：**请"), &format!("{all}**注意：**请"));
}

#[test]
fn variation_selectors_belong_to_the_character_before_them() {
    check_line("あ\u{FE00}**（**a", "あ\u{FE00}<strong>（</strong>a");
    check_line("葛\u{E0100}**(a)**葛", "葛\u{E0100}<strong>(a)</strong>葛");
    check_line("a“\u{FE01}**a**", "a“\u{FE01}<strong>a</strong>");
}

#[test]
fn a_line_break_between_wide_characters_stands_for_nothing() {
    check_line("汉字\n汉字", "汉字汉字");
    check_line("汉字。\n**「汉」**\n[字](/a)", r#"汉字。<strong>「汉」</strong><a href="/a">字</a>"#);
    check_line("汉字\nabc\nabc\n汉字", "汉字\nabc\nabc\n汉字");
    check_line(
        "汉字\n`汉`\n$x$\n汉字",
        "汉字\n<code>汉</code>\n<span class=\"math math-inline\">x</span>\n汉字",
    );
    check_line("한국\n한국\n汉", "한국\n한국\n汉");
    check_line("他说“好”\n我说——\n“好”", "他说“好”我说——\n“好”");
    check_line("![汉字\n汉字\na](/b)\n汉", "<img src=\"/b\" alt=\"汉字汉字 a\" />\n汉");
    check("汉字\n汉字\n===", "<h1>汉字汉字</h1>");
    check("- 汉字\n  汉字\n汉字", "<ul>\n<li>汉字汉字汉字</li>\n</ul>");
}

#[test]
fn dollars_between_chinese_are_money() {
    let math = |formula: &str| format!(r#"<span class="math math-inline">{formula}</span>"#);
    check_line("价格为$5，另一个为$6。", "价格为$5，另一个为$6。");
    check_line("值$x^2$是数", &format!("值{}是数", math("x^2")));
    check_line(r"值$\text{净现值}$是数", &format!("值{}是数", math(r"\text{净现值}")));
    check_line("$5，$6，$7，$8 和 $x$", &format!("$5，$6，$7，$8 和 {}", math("x")));
    check_line(
        "$5，**$6**，$x$ `$a` 从$7/$8",
        &format!("$5，<strong>$6</strong>，{} <code>$a</code> 从$7/$8", math("x")),
    );
}

#[test]
fn dollars_in_english_are_money_by_pandocs_rule() {
    check_line("costs $5 or $6", "costs $5 or $6");
    check_line("costs $5/$6, **$7** and $8", "costs $5/$6, <strong>$7</strong> and $8");
    check_line("a$5，$6**b", "a$5，$6**b");
}

#[test]
fn hopeless_dollars_become_text() {
    let prices = "$中，".repeat(3000);
    check_line(&prices, &prices);
    let nested: String = (0..600).map(|i| format!("$中{}", "{".repeat(i % 7))).collect();
    check_line(&nested, &nested);
}

#[test]
fn bare_addresses_become_links() {
    let link = |address: &str| format!(r#"<a href="{address}">{address}</a>"#);
    let [a, b, c] = ["https://a.org/b_c", "http://b.org", "https://c.org"];
    check_line(
        &format!("见{a}，**{b}。**（{c}）"),
        &format!("见{}，<strong>{}。</strong>（{}）", link(a), link(b), link(c)),
    );
    check_line(
        "[https://a.org](/b) `https://a.org`",
        r#"<a href="/b">https://a.org</a> <code>https://a.org</code>"#,
    );
    check_line(r#"<a href="/b">https://a.org</a>"#, r#"<a href="/b">https://a.org</a>"#);
    check("```\nhttps://a.org\n```", "<pre><code>https://a.org\n</code></pre>");
    check_line("<https://a.org>", r#"<a href="https://a.org">https://a.org</a>"#);
    check_line(
        "https://a.org?b&amp;c\\_d",
        r#"<a href="https://a.org?b&amp;c_d">https://a.org?b&amp;c_d</a>"#,
    );
}

#[test]
fn the_usual_extensions_are_on() {
    check("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>");
    check("> [!NOTE]\n> 甲", "<blockquote class=\"markdown-alert-note\">\n<p>甲</p>\n</blockquote>");
    check("# 甲 {#a .b}", r#"<h1 id="a" class="b">甲</h1>"#);
    check_line(
        "\"a\" -- [[b]] H~2~O x^2^",
        "&quot;a&quot; -- [[b]] H~2~O x^2^".replace("&quot;", "\"").as_str(),
    );
}

#[test]
fn a_fence_of_colons_is_text() {
    check_line(":::note\nhi\n:::", ":::note\nhi\n:::");
    check(
        "甲\n\n:::note\n甲\n:::\n\n乙\n: 丙 :::",
        "<p>甲</p>\n<p>:::note\n甲\n:::</p>\n<dl>\n<dt>乙</dt>\n<dd>丙 :::</dd>\n</dl>",
    );
}

#[test]
fn emphasis_that_did_not_work_is_reported() {
    check_leaks("甲**乙 a ** b\n\na~~b", &["甲**乙", "a~~b"]);
    check_leaks("甲，**乙 **丙\n\n- 甲 **乙\n- 甲** 乙", &["，**乙", " **丙"]);
    check_leaks("**甲** `a**b` a\\*\\*b a&#42;&#42;b\n\n    a**b", &[]);
}

#[test]
fn spans_are_those_of_the_original() {
    assert_eq!(
        slices("$5，$6 **注意：**请\\*`码`\n汉见https://a.org。"),
        "Start Paragraph: $5，$6 **注意：**请\\*`码`\n汉见https://a.org。
Text Borrowed: $5，$6 
Start Strong: **注意：**
Text Borrowed: 注意：
End Strong: **注意：**
Text Boxed: 请\\*
Code Borrowed: `码`
SoftBreak: \n
Text Borrowed: 汉见
Start Link: https://a.org
Text Borrowed: https://a.org
End Link: https://a.org
Text Borrowed: 。
End Paragraph: $5，$6 **注意：**请\\*`码`\n汉见https://a.org。
"
    );
}

#[test]
fn deep_nesting_is_refused_and_long_lines_are_not() {
    for deep in [
        ">".repeat(10_000),
        "- ".repeat(10_000) + "a",
        "1. > * ".repeat(5_000),
        ": ".repeat(10_000) + "a",
        "+ ".repeat(200),
        "- * ".repeat(200),
    ] {
        let parsed = events(&deep);
        assert!(parsed.too_deep && parsed.events.len() == 3);
    }
    for long in ["[", "*", "*a", "`", "$", "[a](", "![", "<", "中**（", "$中，", "- - ", "|a"] {
        assert!(!events(&long.repeat(10_000)).too_deep, "{long}");
    }
}

const ALPHABET: [&str; 15] = ["*", "_", "~", "中", "。", "（", "）", "a", " ", "\n", "$", "`", "[", "]", "("];

/// Makes texts over `alphabet`, always the same.
fn random_texts(alphabet: &[&str], count: usize) -> impl Iterator<Item = String> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    let text = move |_| (0..next(40)).map(|_| alphabet[next(alphabet.len())]).collect();
    (0..count).map(text)
}

fn is_stand_in(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\u{2E43}'..='\u{2E4F}')
}

#[test]
fn any_text_gives_events_with_spans_inside_it() {
    for text in random_texts(&ALPHABET, 20_000) {
        let parsed = events(&text);
        for (event, span) in &parsed.events {
            let slice = text.get(span.clone()).unwrap_or_else(|| panic!("{span:?} of {text:?}"));
            if let Event::Text(written) = event {
                let is_shorter = written.len() <= slice.len();
                assert!(
                    is_shorter && !written.is_empty() && !written.contains(is_stand_in),
                    "{written:?} of {text:?}"
                );
            }
        }
        assert!(!html(&parsed).contains(is_stand_in), "{text:?}");
        assert!(
            parsed.leaks.iter().all(|leak| matches!(text.as_bytes()[leak.start], b'*' | b'~')),
            "{text:?}"
        );
    }
}

#[test]
fn english_is_read_as_the_parser_reads_it() {
    let ascii: Vec<&str> = ALPHABET.into_iter().filter(|part| part.is_ascii()).collect();
    // A dollar behind a letter is money to us and may open a formula to the parser.
    let is_money = |text: &String| {
        text.as_bytes().windows(2).any(|two| two[0].is_ascii_alphanumeric() && two[1] == b'$')
    };
    for text in random_texts(&ascii, 20_000).filter(|text| !is_money(text)) {
        let bare: Vec<Spanned<'_>> =
            TextMergeWithOffset::new(Parser::new_ext(&text, options()).into_offset_iter()).collect();
        assert_eq!(events(&text).events, bare, "{text:?}");
    }
}

#[test]
fn a_line_break_beside_full_width_punctuation_stands_for_nothing() {
    check_line("价格另算。\nPectra升级", "价格另算。Pectra升级");
    check_line("升级Pectra\n（五月）", "升级Pectra（五月）");
    check_line("升级\nPectra", "升级\nPectra");
}

#[test]
fn a_dollar_behind_a_letter_or_digit_opens_no_formula() {
    check_line(
        "US$5–US$10. A 5$ and 10$ bill, $x$",
        "US$5–US$10. A 5$ and 10$ bill, <span class=\"math math-inline\">x</span>",
    );
}

#[test]
fn quotes_curl_where_they_are_asked_to_and_nowhere_else() {
    let curly = |markdown: &str| html(&super::events(markdown, Quotes::Curly));
    assert_eq!(
        curly(r#"Say "rollup" -- it's **"fine"**... `"code"`"#).trim_end(),
        "<p>Say “rollup” – it’s <strong>“fine”</strong>… <code>\"code\"</code></p>"
    );
    check_line(r#"他说"你好"..."#, r#"他说"你好"..."#);
}
