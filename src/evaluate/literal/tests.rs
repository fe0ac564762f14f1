//! Typed numbers and what is read of them; `_` stands for a no-break space.

use super::{Literal, literal};
use crate::evaluate::format::{Format, Numerals, Style, Unit, format};

/// The number's text, value, half of its last place, style and what follows it.
type Expected = (&'static str, f64, f64, Style, &'static str);

#[track_caller]
fn check(numerals: &Numerals, table: &[(&str, Expected)]) {
    for (text, (number, value, half, style, rest)) in table {
        let text = text.replace('_', "\u{A0}");
        let Literal { value: read, half: near, range, style: kind, rest: behind } =
            literal(&text, numerals).unwrap_or_else(|| panic!("{text} has a number"));
        let found = (text[range].replace('\u{A0}', "_"), read, near, kind, behind.replace('\u{A0}', "_"));
        assert_eq!(found, ((*number).to_owned(), *value, *half, *style, (*rest).to_owned()), "in {text}");
    }
}

#[test]
fn plain_numbers_have_a_sign_groups_and_decimals() {
    check(
        &Numerals::english(),
        &[
            ("1,000", ("1,000", 1000.0, 0.5, Style::Fixed(0), "")),
            ("12,345.6 USD", ("12,345.6", 12_345.6, 0.05, Style::Fixed(1), "USD")),
            ("12345.60_USD/tx", ("12345.60", 12_345.6, 0.005, Style::Fixed(2), "USD/tx")),
            ("-3", ("-3", -3.0, 0.5, Style::Fixed(0), "")),
            ("a loss of −2.5 ETH.", ("−2.5", -2.5, 0.05, Style::Fixed(1), "ETH.")),
            ("about 3, or 4", ("3", 3.0, 0.5, Style::Fixed(0), ", or 4")),
            ("It is 7.", ("7", 7.0, 0.5, Style::Fixed(0), ".")),
            ("$3,000", ("3,000", 3000.0, 0.5, Style::Fixed(0), "")),
            (".5 gwei", (".5", 0.5, 0.05, Style::Fixed(1), "gwei")),
            ("-.5", ("-.5", -0.5, 0.05, Style::Fixed(1), "")),
            ("10gwei", ("10", 10.0, 0.5, Style::Fixed(0), "gwei")),
            ("0.00001 ETH", ("0.00001", 0.000_01, 0.000_005, Style::Fixed(5), "ETH")),
            ("10-20", ("10", 10.0, 0.5, Style::Fixed(0), "-20")),
            ("5 extra", ("5", 5.0, 0.5, Style::Fixed(0), "extra")),
            ("5 bpsx", ("5", 5.0, 0.5, Style::Fixed(0), "bpsx")),
        ],
    );
}

#[test]
fn shares_have_signs_and_words() {
    check(
        &Numerals::english(),
        &[
            ("−2.02%", ("−2.02%", -0.0202, 0.000_05, Style::Percent(2), "")),
            ("5 % a year", ("5 %", 0.05, 0.005, Style::Percent(0), "a year")),
            ("3‰", ("3‰", 0.003, 0.0005, Style::Percent(1), "")),
            ("4 bps", ("4 bps", 0.0004, 0.000_05, Style::Bps(0), "")),
            ("12.98_bps of it", ("12.98_bps", 0.001_298, 0.000_000_5, Style::Bps(2), "of it")),
        ],
    );
}

#[test]
fn scale_words_are_those_of_the_language() {
    check(
        &Numerals::english(),
        &[
            ("1.2 million USD", ("1.2 million", 1.2e6, 5e4, Style::Compact(2), "USD")),
            ("1.2_million_USD", ("1.2_million", 1.2e6, 5e4, Style::Compact(2), "USD")),
            ("10 billion", ("10 billion", 1e10, 5e8, Style::Compact(2), "")),
            ("0.05million", ("0.05million", 5e4, 5e3, Style::Compact(1), "")),
            ("2 millions", ("2", 2.0, 0.5, Style::Fixed(0), "millions")),
            ("120万", ("120", 120.0, 0.5, Style::Fixed(0), "万")),
        ],
    );
    check(
        &Numerals::chinese(),
        &[
            ("约120万美元", ("120万", 1.2e6, 5e3, Style::Compact(3), "美元")),
            ("1,200 万", ("1,200 万", 1.2e7, 5e3, Style::Compact(4), "")),
            ("为−1.50亿枚", ("−1.50亿", -1.5e8, 5e5, Style::Compact(3), "枚")),
            ("2.5万亿", ("2.5万亿", 2.5e12, 5e10, Style::Compact(2), "")),
            ("7天6小时", ("7", 7.0, 0.5, Style::Fixed(0), "天6小时")),
        ],
    );
}

#[test]
fn powers_of_ten_are_raised_or_behind_an_e() {
    check(
        &Numerals::english(),
        &[
            ("5.53 × 10⁻¹²", ("5.53 × 10⁻¹²", 5.53e-12, 5e-15, Style::Scientific(3), "")),
            ("5.53_×_10⁻¹²_ETH", ("5.53_×_10⁻¹²", 5.53e-12, 5e-15, Style::Scientific(3), "ETH")),
            ("−2×10⁴⁵", ("−2×10⁴⁵", -2e45, 5e44, Style::Scientific(1), "")),
            ("3.4e-12 s", ("3.4e-12", 3.4e-12, 5e-14, Style::Scientific(2), "s")),
            ("1E6", ("1E6", 1e6, 5e5, Style::Scientific(1), "")),
            ("3 × 10 pieces", ("3", 3.0, 0.5, Style::Fixed(0), "× 10 pieces")),
            ("2e--3", ("2", 2.0, 0.5, Style::Fixed(0), "e--3")),
            ("3 eggs", ("3", 3.0, 0.5, Style::Fixed(0), "eggs")),
        ],
    );
}

#[test]
fn names_are_passed_over() {
    check(
        &Numerals::english(),
        &[
            ("EIP-4844 takes 3 blobs", ("3", 3.0, 0.5, Style::Fixed(0), "blobs")),
            ("L2 v1.2.3: 5%", ("5%", 0.05, 0.005, Style::Percent(0), "")),
        ],
    );
}

#[test]
fn no_number_is_better_than_a_doubtful_one() {
    for text in [
        "",
        "none",
        "L2",
        "1,2",
        "1,2345",
        "1234,567",
        "0,123",
        "1,000,00",
        "1.2.3",
        "1.234,567",
        "10⁹",
        "1e999",
        "1e-999",
        "1e99999999999",
        "1e-2147483648",
        "2 × 10⁴⁵⁶⁷",
    ] {
        assert_eq!(literal(text, &Numerals::english()), None, "{text}");
    }
    let german = Numerals { decimal: ",".into(), group: ".".into(), ..Numerals::english() };
    assert_eq!(literal("1.234,5", &german).map(|number| number.value), Some(1234.5));
}

#[test]
fn what_was_printed_is_read_and_printed_again() {
    let texts = [
        "−2.02%",
        "12,345.60",
        "0.00005",
        "1.2_million",
        "999_billion",
        "5.50_×_10⁻¹²",
        "12.98_bps",
        "−7",
        "0",
        "1,234.5%",
    ];
    for text in texts.map(|text| text.replace('_', "\u{A0}")) {
        let read = literal(&text, &Numerals::english()).expect("a number");
        let again = Format { style: read.style, unit: Unit::default() };
        assert_eq!(format(read.value, &again, &Numerals::english()), text);
    }
    for text in ["120万", "1,230万", "1.5亿", "2.5万亿"] {
        let read = literal(text, &Numerals::chinese()).expect("a number");
        let again = Format { style: read.style, unit: Unit::default() };
        assert_eq!(format(read.value, &again, &Numerals::chinese()), text);
    }
}
