//! Numbers and the text expected for them; `_` stands for a no-break space.

use serde_json::json;

use super::{Format, Numerals, Style, Unit, format};

impl Numerals {
    /// English as the default theme has it.
    pub(in crate::evaluate) fn english() -> Self {
        let scales = [(6, " million"), (9, " billion"), (12, " trillion")];
        let months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let durations = [(86_400, "day", "days"), (3_600, "h", "h"), (60, "min", "min"), (1, "s", "s")];
        Self {
            times: " × 10".replace(' ', "\u{A0}"),
            date: "{day} {month} {year}".to_owned(),
            months: months.map(str::to_owned).to_vec(),
            yes: "yes".to_owned(),
            no: "no".to_owned(),
            ..Self::with(&scales, &durations)
        }
    }

    /// Simplified Chinese as the default theme has it.
    pub(in crate::evaluate) fn chinese() -> Self {
        let scales = [(4, "万"), (8, "亿"), (12, "万亿")];
        let durations = [(86_400, "天", "天"), (3_600, "小时", "小时"), (60, "分", "分"), (1, "秒", "秒")];
        Self {
            date: "{y}年{m}月{d}日".to_owned(),
            months: (1..=12).map(|month| format!("{month}月")).collect(),
            yes: "是".to_owned(),
            no: "否".to_owned(),
            ..Self::with(&scales, &durations)
        }
    }

    fn with(scales: &[(u8, &str)], durations: &[(u32, &str, &str)]) -> Self {
        let scale = |&(power, word): &(u8, &str)| (power, word.replace(' ', "\u{A0}"));
        let part =
            |&(seconds, one, many): &(u32, &str, &str)| (f64::from(seconds), one.to_owned(), many.to_owned());
        Self {
            decimal: ".".to_owned(),
            group: ",".to_owned(),
            minus: "−".to_owned(),
            scales: scales.iter().map(scale).collect(),
            times: " × 10".replace(' ', "\u{A0}"),
            date: String::new(),
            months: Vec::new(),
            durations: durations.iter().map(part).collect(),
            yes: String::new(),
            no: String::new(),
            not_a_number: "–".to_owned(),
        }
    }
}

fn unit(scale: f64, one: &str, many: &str) -> Unit {
    Unit { scale, one: one.to_owned(), many: many.to_owned() }
}

fn shown(value: f64, style: Style, unit: &Unit, numerals: &Numerals) -> String {
    format(value, &Format { style, unit: unit.clone() }, numerals).replace('\u{A0}', "_")
}

#[track_caller]
fn check(style: Style, table: &[(f64, &str, &str)]) {
    for &(value, english, chinese) in table {
        let plain = Unit::default();
        let texts =
            [Numerals::english(), Numerals::chinese()].map(|numerals| shown(value, style, &plain, &numerals));
        assert_eq!(texts, [english, chinese], "{value:e} as {style:?}");
    }
}

/// For styles that both languages write alike.
#[track_caller]
fn check_alike(style: Style, table: &[(f64, &str)]) {
    check(style, &table.iter().map(|&(value, text)| (value, text, text)).collect::<Vec<_>>());
}

#[test]
fn auto_has_six_digits_and_no_zeros_at_the_end() {
    check_alike(
        Style::Auto,
        &[
            (0.0, "0"),
            (-0.0, "0"),
            (2.5, "2.5"),
            (-2.5, "−2.5"),
            (0.1 + 0.2, "0.3"),
            (2.0 / 3.0, "0.666667"),
            (1234.5678, "1,234.57"),
            (999.9995, "1,000"),
            (999.9994, "999.999"),
            (123_456.5, "123,457"),
            (999_999.5, "1,000,000"),
            (0.000_001_234_567_8, "0.00000123457"),
            (0.000_001, "0.000001"),
        ],
    );
}

#[test]
fn auto_shows_whole_numbers_whole_and_large_ones_without_decimals() {
    check_alike(
        Style::Auto,
        &[
            (1000.0, "1,000"),
            (999.0, "999"),
            (12_345_678.0, "12,345,678"),
            (-12_345_678.0, "−12,345,678"),
            (12_345_678.5, "12,345,679"),
            (1_234_567.4, "1,234,567"),
            (999_999_999_999_999.0, "999,999,999,999,999"),
            (999_999_999_999_999.9, "1,000,000,000,000,000"),
        ],
    );
}

#[test]
fn auto_turns_to_powers_of_ten_where_zeros_would_be_counted() {
    check_alike(
        Style::Auto,
        &[
            (1e15, "1_×_10¹⁵"),
            (-1.5e15, "−1.5_×_10¹⁵"),
            (1_234_567_890_123_456_789.0, "1.23457_×_10¹⁸"),
            (9.999_999e22, "1_×_10²³"),
            (0.000_000_999_999_99, "1_×_10⁻⁶"),
            (5.530_01e-12, "5.53001_×_10⁻¹²"),
            (5e-324, "5_×_10⁻³²⁴"),
            (f64::MAX, "1.79769_×_10³⁰⁸"),
        ],
    );
}

#[test]
fn what_is_no_finite_number_is_a_dash_in_every_style() {
    for style in
        [Style::Auto, Style::Percent(1), Style::Scientific(3), Style::Date, Style::Duration, Style::YesNo]
    {
        check_alike(style, &[(f64::NAN, "–"), (f64::INFINITY, "–"), (f64::NEG_INFINITY, "–")]);
    }
    let tiny = unit(1e-10, "gwei", "gwei");
    assert_eq!(shown(1e300, Style::Auto, &tiny, &Numerals::english()), "–");
}

#[test]
fn digits_keeps_zeros_of_the_fraction_and_all_whole_digits() {
    check_alike(
        Style::Digits(3),
        &[
            (2.5, "2.50"),
            (0.0, "0.00"),
            (12_345.0, "12,300"),
            (12_350.0, "12,400"),
            (-12_345.0, "−12,300"),
            (999.5, "1,000"),
            (99.95, "100"),
            (9.995, "10.0"),
            (0.009_995, "0.0100"),
            (1e21, "1,000,000,000,000,000,000,000"),
            (1.5e-9, "0.00000000150"),
        ],
    );
    check_alike(Style::Digits(1), &[(9.5, "10"), (0.95, "1"), (0.25, "0.3"), (45.0, "50")]);
    check_alike(Style::Digits(0), &[(45.0, "50"), (0.0, "0")]);
    check_alike(Style::Digits(20), &[(0.1, "0.10000000000000000000"), (123.0, "123.00000000000000000")]);
}

#[test]
fn fixed_rounds_the_shortest_decimal_half_away_from_zero() {
    check_alike(
        Style::Fixed(2),
        &[
            (1.005, "1.01"),
            (-1.005, "−1.01"),
            (1.015, "1.02"),
            (2.675, "2.68"),
            (0.004_999, "0.00"),
            (-0.004_999, "0.00"),
            (-0.005, "−0.01"),
            (0.0, "0.00"),
            (-0.0, "0.00"),
            (999.995, "1,000.00"),
            (1e6, "1,000,000.00"),
            (0.095, "0.10"),
            (5e-324, "0.00"),
        ],
    );
    check_alike(Style::Fixed(0), &[(0.5, "1"), (0.499_999_999_999_999_94, "0"), (2.5, "3"), (-0.4, "0")]);
}

#[test]
fn of_two_shortest_decimals_the_even_one_is_shown() {
    let texts = [(1e15 + 0.25, "1,000,000,000,000,000.20"), (-1e15 - 0.75, "−1,000,000,000,000,000.80")];
    check_alike(Style::Fixed(2), &texts);
}

#[test]
fn percent_and_bps_move_the_point() {
    check_alike(
        Style::Percent(2),
        &[
            (-0.020_204_102_886_728_7, "−2.02%"),
            (0.0, "0.00%"),
            (-0.000_049, "0.00%"),
            (0.000_05, "0.01%"),
            (0.070_05, "7.01%"),
            (12.345, "1,234.50%"),
            (1.0, "100.00%"),
        ],
    );
    check_alike(Style::Percent(0), &[(0.07, "7%"), (0.285, "29%"), (0.0, "0%")]);
    check_alike(Style::Bps(0), &[(0.0004, "4_bps"), (0.0001, "1_bps"), (0.000_05, "1_bps"), (0.0, "0_bps")]);
    check_alike(Style::Bps(2), &[(0.001_298_110_5, "12.98_bps")]);
    let points = unit(1.0, "个基点", "个基点");
    assert_eq!(shown(0.0004, Style::Bps(1), &points, &Numerals::chinese()), "4.0个基点");
    let yearly = unit(1.0, "a year", "a year");
    assert_eq!(shown(0.05, Style::Percent(1), &yearly, &Numerals::english()), "5.0%_a year");
}

#[test]
fn compact_takes_the_largest_word_after_rounding() {
    check(
        Style::Compact(3),
        &[
            (0.0, "0", "0"),
            (2.5, "2.5", "2.5"),
            (1234.0, "1,230", "1,230"),
            (9994.0, "9,990", "9,990"),
            (9999.0, "10,000", "1万"),
            (12_345.0, "12,300", "1.23万"),
            (999_499.0, "999,000", "99.9万"),
            (999_999.0, "1_million", "100万"),
            (-1_200_000.0, "−1.2_million", "−120万"),
            (12_345_678.0, "12.3_million", "1,230万"),
            (99_999_999.0, "100_million", "1亿"),
            (3_400_000_000.0, "3.4_billion", "34亿"),
            (1_004_999_999_999.0, "1_trillion", "1万亿"),
            (1.234_56e18, "1,230,000_trillion", "1,230,000万亿"),
            (0.000_012_34, "0.0000123", "0.0000123"),
        ],
    );
    check(Style::Compact(1), &[(45_000.0, "50,000", "5万"), (950_000.0, "1_million", "100万")]);
}

#[test]
fn scientific_keeps_its_zeros_and_leaves_out_the_power_zero() {
    check_alike(
        Style::Scientific(3),
        &[
            (5.53e-12, "5.53_×_10⁻¹²"),
            (-5.5e-12, "−5.50_×_10⁻¹²"),
            (5.53, "5.53"),
            (0.0, "0.00"),
            (9.996, "1.00_×_10¹"),
            (0.9996, "1.00"),
            (123_456.0, "1.23_×_10⁵"),
            (1e23, "1.00_×_10²³"),
            (4.94e-324, "5.00_×_10⁻³²⁴"),
        ],
    );
    check_alike(Style::Scientific(1), &[(45.0, "5_×_10¹"), (95.0, "1_×_10²")]);
}

#[test]
fn dates_are_gregorian_days_from_year_1_to_9999() {
    check(
        Style::Date,
        &[
            (0.0, "1 January 1970", "1970年1月1日"),
            (-0.25, "31 December 1969", "1969年12月31日"),
            (1_710_374_401.0, "14 March 2024", "2024年3月14日"),
            (951_782_400.0, "29 February 2000", "2000年2月29日"),
            (-2_203_891_200.0, "1 March 1900", "1900年3月1日"),
            (-62_135_596_800.0, "1 January 1", "1年1月1日"),
            (-62_135_596_801.0, "–", "–"),
            (253_402_300_799.9, "31 December 9999", "9999年12月31日"),
            (253_402_300_800.0, "–", "–"),
            (1e300, "–", "–"),
        ],
    );
}

#[test]
fn durations_have_two_neighbouring_parts() {
    check(
        Style::Duration,
        &[
            (604_800.0, "7_days", "7天"),
            (108_000.0, "1_day 6_h", "1天6小时"),
            (626_400.0, "7_days 6_h", "7天6小时"),
            (3_166.999_2, "52_min 47_s", "52分47秒"),
            (-90.0, "−1_min 30_s", "−1分30秒"),
            (86_400.0 + 1_799.0, "1_day", "1天"),
            (86_400.0 + 1_800.0, "1_day 1_h", "1天1小时"),
            (123_456_789.0, "1,428_days 22_h", "1,428天22小时"),
            (45.5, "46_s", "46秒"),
            (500.0, "8_min 20_s", "8分20秒"),
            (1e17, "1,157,407,407,407_days 10_h", "1,157,407,407,407天10小时"),
            (1e20, "1.15741_×_10¹⁵_days", "1.15741_×_10¹⁵天"),
        ],
    );
}

#[test]
fn durations_carry_and_split_seconds_only_when_short() {
    check(
        Style::Duration,
        &[
            (59.9, "1_min", "1分"),
            (59.49, "59_s", "59秒"),
            (3_599.6, "1_h", "1小时"),
            (86_399.0, "1_day", "1天"),
            (86_369.0, "23_h 59_min", "23小时59分"),
            (9.996, "10_s", "10秒"),
            (9.994, "9.99_s", "9.99秒"),
            (1.0, "1_s", "1秒"),
            (0.1 + 0.2, "0.3_s", "0.3秒"),
            (0.000_012_345, "0.0000123_s", "0.0000123秒"),
            (0.0, "0_s", "0秒"),
            (-0.0, "0_s", "0秒"),
        ],
    );
    let none = Numerals { durations: Vec::new(), ..Numerals::english() };
    assert_eq!(shown(5.0, Style::Duration, &Unit::default(), &none), "–");
}

#[test]
fn all_but_zero_is_yes() {
    check(Style::YesNo, &[(1.0, "yes", "是"), (-0.5, "yes", "是"), (0.0, "no", "否"), (-0.0, "no", "否")]);
}

#[test]
fn the_label_follows_with_a_no_break_space_but_for_han_and_percent() {
    let (english, chinese) = (Numerals::english(), Numerals::chinese());
    let day = unit(86_400.0, "day", "days");
    assert_eq!(shown(86_400.0, Style::Auto, &day, &english), "1_day");
    assert_eq!(shown(-86_400.0, Style::Auto, &day, &english), "−1_day");
    assert_eq!(shown(86_400.0, Style::Fixed(1), &day, &english), "1.0_days");
    assert_eq!(shown(0.0, Style::Auto, &day, &english), "0_days");
    assert_eq!(shown(129_600.0, Style::Auto, &unit(86_400.0, "天", "天"), &chinese), "1.5天");
    assert_eq!(shown(0.05, Style::Fixed(1), &unit(0.01, "%", "%"), &english), "5.0%");
    assert_eq!(shown(1e6, Style::Compact(2), &unit(1.0, "USD", "USD"), &english), "1_million_USD");
    assert_eq!(
        shown(1.2e6, Style::Compact(2), &unit(1.0, "dollar", "dollars"), &english),
        "1.2_million_dollars"
    );
    assert_eq!(shown(1.2e6, Style::Compact(2), &unit(1.0, "美元", "美元"), &chinese), "120万美元");
    assert_eq!(shown(3e-9, Style::Scientific(2), &unit(1.0, "ETH", "ETH"), &chinese), "3.0_×_10⁻⁹_ETH");
}

#[test]
fn marks_are_those_of_the_language() {
    let german = Numerals { decimal: ",".into(), group: ".".into(), ..Numerals::english() };
    assert_eq!(shown(-1_234_567.25, Style::Fixed(2), &Unit::default(), &german), "−1.234.567,25");
    let bare = Numerals { group: String::new(), minus: "-".into(), ..Numerals::english() };
    assert_eq!(shown(-1_234_567.0, Style::Auto, &Unit::default(), &bare), "-1234567");
}

#[test]
fn a_compiled_format_has_letters_and_finished_labels() {
    let compiled = |style, unit: Unit| Format { style, unit }.compiled();
    let day = || unit(86_400.0, "day", "days");
    assert_eq!(compiled(Style::Auto, day()), json!(["a", 6, 86_400.0, "\u{A0}day", "\u{A0}days"]));
    assert_eq!(compiled(Style::Digits(0), Unit::default()), json!(["d", 1, 1.0, "", ""]));
    assert_eq!(compiled(Style::Fixed(0), unit(1.0, "枚", "枚")), json!(["f", 0, 1.0, "枚", "枚"]));
    assert_eq!(compiled(Style::Percent(2), Unit::default()), json!(["p", 2, 1.0, "%", "%"]));
    assert_eq!(compiled(Style::Bps(1), Unit::default()), json!(["b", 1, 1.0, "\u{A0}bps", "\u{A0}bps"]));
    assert_eq!(compiled(Style::Compact(3), Unit::default()), json!(["c", 3, 1.0, "", ""]));
    assert_eq!(compiled(Style::Scientific(3), Unit::default()), json!(["s", 3, 1.0, "", ""]));
    for (style, letter) in [(Style::Date, "t"), (Style::Duration, "u"), (Style::YesNo, "y")] {
        assert_eq!(compiled(style, day()), json!([letter, 0, 1.0, "", ""]));
    }
}

#[test]
fn numerals_go_to_the_browser_with_finished_labels() {
    let json = serde_json::to_value(Numerals::english()).expect("numerals are plain values");
    assert_eq!(json["scales"][0], json!([6, "\u{A0}million"]));
    assert_eq!(json["durations"][0], json!([86_400.0, "\u{A0}day", "\u{A0}days"]));
    assert_eq!(json["not_a_number"], "–");
    let json = serde_json::to_value(Numerals::chinese()).expect("numerals are plain values");
    assert_eq!(json["durations"][1], json!([3_600.0, "小时", "小时"]));
}
