//! Charts in one line, and what is expected of their drawing.

use super::*;
use crate::evaluate::format::{Style, Unit};

fn numerals(is_chinese: bool) -> Numerals {
    let words = |list: &[&str]| list.iter().map(|word| word.replace(' ', "\u{A0}")).collect::<Vec<_>>();
    let scales =
        words(if is_chinese { &["万", "亿", "万亿"] } else { &[" million", " billion", " trillion"] });
    let powers = if is_chinese { [4, 8, 12] } else { [6, 9, 12] };
    let parts = words(if is_chinese { &["天", "小时", "分", "秒"] } else { &["days", "h", "min", "s"] });
    let seconds = [86_400.0, 3_600.0, 60.0, 1.0];
    Numerals {
        decimal: ".".to_owned(),
        group: ",".to_owned(),
        minus: "−".to_owned(),
        scales: powers.into_iter().zip(scales).collect(),
        times: "\u{A0}×\u{A0}10".to_owned(),
        date: "{y}-{m}-{d}".to_owned(),
        months: Vec::new(),
        durations: seconds
            .into_iter()
            .zip(parts)
            .map(|(seconds, part)| (seconds, part.clone(), part))
            .collect(),
        yes: "yes".to_owned(),
        no: "no".to_owned(),
        not_a_number: "–".to_owned(),
    }
}

/// A chart of lines through these points, each with its name.
struct Given<'a> {
    style: Style,
    scale: f64,
    is_log: bool,
    is_chinese: bool,
    lines: Vec<(&'a str, Vec<(f64, f64)>)>,
    marker: Option<f64>,
}

const PLAIN: Given<'_> = Given {
    style: Style::Auto,
    scale: 1.0,
    is_log: false,
    is_chinese: false,
    lines: Vec::new(),
    marker: None,
};

impl<'a> Given<'a> {
    /// The chart, with both axes alike, given to `see`.
    fn chart<T>(&self, see: impl Fn(&Chart<'_>) -> T) -> T {
        let unit = Unit { scale: self.scale, one: "unit".to_owned(), many: "units".to_owned() };
        let format = Format { style: self.style, unit };
        let axis = |label| Axis { format: &format, label, is_log: self.is_log };
        let line = |(name, points): &(&'a str, Vec<(f64, f64)>)| Line {
            name,
            points: points.clone(),
            at_marker: self.marker.map(|_| 2.0),
        };
        let lines = self.lines.iter().map(line).collect();
        let numerals = numerals(self.is_chinese);
        see(&Chart { x: axis("x"), y: axis("y"), lines, marker: self.marker, numerals: &numerals })
    }

    fn drawing(&self) -> String {
        self.chart(drawing)
    }
}

/// What elements of this class hold, `_` for a no-break space.
fn texts(drawing: &str, class: &str) -> String {
    let open = format!("<text class=\"{class}\"");
    let texts = drawing.split(&open).skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1));
    texts.collect::<Vec<_>>().join(" ").replace('\u{A0}', "_")
}

/// The ticks of the level axis, which goes from the first to the last value.
fn check_x(given: Given<'_>, [from, to]: [f64; 2], expected: &str) {
    let given = Given { lines: vec![("", vec![(from, from), (to, to)])], ..given };
    assert_eq!(texts(&given.drawing(), "x"), expected);
}

/// The ticks of the upright axis.
fn check_y(is_log: bool, values: &[f64], expected: &str) {
    let points = values.iter().enumerate().map(|(at, &value)| (1.0 + at as f64, value)).collect();
    let given = Given { lines: vec![("", points)], is_log, ..PLAIN };
    assert_eq!(texts(&given.drawing(), "y"), expected);
}

#[test]
fn abscissae_are_even_and_end_exactly() {
    assert_eq!(abscissae(0.0, 10.0, false, 5), [0.0, 2.5, 5.0, 7.5, 10.0]);
    assert_eq!(abscissae(0.1, 0.3, true, 2), [0.1, 0.3]);
    let powers = abscissae(1.0, 1e4, true, 5);
    assert!(
        powers
            .iter()
            .zip([1.0, 10.0, 100.0, 1e3, 1e4])
            .all(|(at, power): (&f64, f64)| (at / power - 1.0).abs() < 1e-14)
    );
    assert_eq!(abscissae(3.0, 4.0, false, 1), [3.0]);
    assert_eq!(abscissae(3.0, 4.0, false, 0), [0.0; 0]);
}

#[test]
fn ticks_are_round_numbers_with_as_many_digits_as_they_need() {
    check_x(PLAIN, [0.0, 120.0], "0 20 40 60 80 100 120");
    check_x(PLAIN, [100.0, 20_000.0], "5,000 10,000 15,000 20,000");
    check_x(PLAIN, [0.0, 0.3], "0 0.05 0.1 0.15 0.2 0.25 0.3");
    check_x(PLAIN, [-1.0, 1.0], "−1 −0.5 0 0.5 1");
    check_x(PLAIN, [0.0, 0.00002], "0 0.00001 0.00002");
    check_x(PLAIN, [0.0, 3e-9], "0 1_×_10⁻⁹ 2_×_10⁻⁹ 3_×_10⁻⁹");
    check_x(PLAIN, [0.0, 3.0], "0 0.5 1 1.5 2 2.5 3");
    check_x(Given { style: Style::Fixed(0), ..PLAIN }, [0.0, 3.0], "0 1 2 3");
    check_x(Given { style: Style::Fixed(0), ..PLAIN }, [0.0, 0.3], "0 0.05 0.1 0.15 0.2 0.25 0.3");
}

#[test]
fn ticks_have_no_unit_but_what_their_style_brings() {
    check_x(Given { style: Style::Percent(2), ..PLAIN }, [0.0, 0.3], "0% 5% 10% 15% 20% 25% 30%");
    check_x(Given { style: Style::Bps(0), ..PLAIN }, [0.0, 0.003], "0_bps 10_bps 20_bps 30_bps");
    check_x(Given { scale: 1e9, ..PLAIN }, [0.0, 5e9], "0 1 2 3 4 5");
    check_x(Given { style: Style::Duration, ..PLAIN }, [0.0, 200.0], "0_min 1_min 2_min 3_min");
    check_x(
        Given { style: Style::Duration, is_chinese: true, ..PLAIN },
        [0.0, 2e5],
        "0天 0.5天 1天 1.5天 2天",
    );
    check_x(Given { style: Style::Date, ..PLAIN }, [0.0, 1.7e9], "1970-1-1 1985-11-5 2001-9-9 2017-7-14");
}

#[test]
fn large_numbers_have_the_words_of_their_language() {
    check_x(PLAIN, [0.0, 2e6], "0 1_million 2_million");
    check_x(PLAIN, [3.0e6, 8.5e7], "20_million 80_million");
    check_x(Given { is_chinese: true, ..PLAIN }, [0.0, 20_000.0], "0 5,000 1万 1.5万 2万");
    check_x(PLAIN, [0.0, 3e15], "0 1_×_10¹⁵ 2_×_10¹⁵ 3_×_10¹⁵");
}

#[test]
fn logarithmic_ticks_are_powers_of_ten() {
    let log = || Given { is_log: true, ..PLAIN };
    check_x(log(), [1.0, 20.0], "1 2 5 10 20");
    check_x(log(), [100.0, 20_000.0], "100 300 1,000 3,000 10,000");
    check_x(log(), [1.0, 1e4], "1 10 100 1,000 10,000");
    check_x(log(), [1.0, 1e8], "1 1,000 1_million");
    check_x(log(), [200.0, 900.0], "200 400 600 800");
}

#[test]
fn the_upright_axis_has_air_and_zero_where_it_is_near() {
    check_y(false, &[10.0, 60.0], "0 10 20 30 40 50 60");
    check_y(false, &[-1e-17, 10.0], "0 2 4 6 8 10");
    check_y(false, &[-60.0, -10.0], "−60 −50 −40 −30 −20 −10 0");
    check_y(false, &[100.0, 120.0], "100 105 110 115 120");
    check_y(false, &[-5.0, 5.0], "−4 −2 0 2 4");
    check_y(true, &[0.0, -1.0, 1.0, 50.0], "1 2 5 10 20 50");
}

#[test]
fn a_single_value_has_room_around_it() {
    check_y(false, &[3.0, 3.0], "0 1 2 3 4 5 6");
    check_y(false, &[3.0, 3.000_000_000_000_1], "0 1 2 3 4 5 6");
    check_y(false, &[0.0, 0.0], "−1 −0.5 0 0.5 1");
    check_y(true, &[10.0, 10.0], "1 2 5 10 20 50 100");
    check_y(false, &[5e-324], "−1 −0.5 0 0.5 1");
}

#[test]
fn nothing_to_draw_is_an_empty_drawing() {
    assert_eq!(PLAIN.drawing(), "");
    let points = vec![(1.0, f64::NAN), (2.0, f64::INFINITY), (f64::NAN, 3.0), (f64::INFINITY, f64::NAN)];
    assert_eq!(Given { lines: vec![("a", points[..2].to_vec())], ..PLAIN }.drawing(), "");
    assert_eq!(Given { lines: vec![("a", Vec::new())], ..PLAIN }.drawing(), "");
    assert_eq!(
        Given { lines: vec![("a", vec![(1.0, -1.0), (2.0, 0.0)])], is_log: true, ..PLAIN }.drawing(),
        ""
    );
    assert_ne!(Given { lines: vec![("a", points)], ..PLAIN }.drawing(), "");
}

#[test]
fn gaps_are_left_open_and_lone_points_show() {
    let y = [1.0, f64::NAN, 2.0, 3.0, f64::NEG_INFINITY];
    let points = y.iter().enumerate().map(|(at, &y)| (at as f64, y)).collect();
    let drawing = Given { lines: vec![("", points)], ..PLAIN }.drawing();
    assert!(drawing.contains(r#"<path class="line-1" d="M34 193.9h0M193 113h0L272.5 32.1"/>"#), "{drawing}");
}

#[test]
fn of_many_points_every_so_many_are_drawn_and_the_last() {
    let points = (0..=960).map(|at| (f64::from(at), f64::from(at))).collect();
    let drawing = Given { lines: vec![("", points)], ..PLAIN }.drawing();
    let line = drawing.split(r#"<path class="line-1" d=""#).nth(1).and_then(|rest| rest.split('"').next());
    let line = line.expect("there is a line");
    assert_eq!(line.matches('L').count(), 192);
    assert!(line.ends_with("L352 32.5"), "{line}");
}

#[test]
fn names_stand_beside_their_lines_where_there_is_room() {
    let to = |y| vec![(0.0, 0.0), (1.0, y)];
    let both =
        |first, second| Given { lines: vec![("Rate", to(first)), ("费用", to(second))], ..PLAIN }.drawing();
    let drawing = both(10.0, 5.0);
    assert_eq!(texts(&drawing, "name"), "");
    assert!(drawing.contains(r#"<text class="line-1" x="320" y="33.3">Rate</text>"#), "{drawing}");
    // One line is named by the axis.
    let drawing = Given { lines: vec![("Rate", to(1.0))], ..PLAIN }.drawing();
    assert_eq!(texts(&drawing, "name") + &texts(&drawing, "line-1"), "");
    // Too close, without an end, too long: in rows below.
    assert_eq!(texts(&both(10.0, 9.9), "name"), "Rate 费用");
    assert_eq!(texts(&both(10.0, f64::NAN), "name"), "Rate 费用");
    let long = "a rather long name";
    let drawing = Given { lines: vec![(long, to(10.0)), ("", to(5.0)), (long, to(1.0))], ..PLAIN }.drawing();
    assert_eq!(texts(&drawing, "name"), format!("{long} {long}"));
    let sample = r#"<path class="line-3" d="M184 252h22"/><text class="name" x="212" y="252">a rather"#;
    assert!(drawing.contains(sample), "{drawing}");
}

#[test]
fn the_marker_shows_where_the_chart_reaches_it() {
    let marked =
        |marker| Given { lines: vec![("", vec![(0.0, 1.0), (4.0, 3.0)])], marker, ..PLAIN }.drawing();
    let drawing = marked(Some(2.0));
    let marker = r#"<path class="marker" d="M193 24V202"/><path class="line-1" d="M34 193.9h0L352 32.1"/>"#;
    assert!(drawing.contains(&format!(r#"{marker}<path class="line-1 dot" d="M193 113h0"/>"#)), "{drawing}");
    for marker in [None, Some(4.5), Some(f64::NAN)] {
        assert!(!marked(marker).contains("marker") && !marked(marker).contains("dot"));
    }
}

#[test]
fn a_chart_is_an_image_with_a_title_and_a_description() {
    let line = |y| vec![(0.0, 0.0), (1.0, y)];
    let given = Given { lines: vec![("p", line(1.0)), ("p < q", line(0.5))], ..PLAIN };
    let svg = given.chart(|chart| svg(chart, "loss-plot-0", 2, "Loss & gain", "Loss <over> price"));
    let head = "<svg class=\"plot\" viewBox=\"0 0 360 261\" role=\"img\" \
                aria-labelledby=\"loss-plot-0-title loss-plot-0-desc\" data-chart=\"2\">\
                <title id=\"loss-plot-0-title\">Loss &amp; gain</title>\
                <desc id=\"loss-plot-0-desc\">Loss &lt;over&gt; price</desc><g class=\"drawing\"><path class=\"grid\"";
    assert!(svg.starts_with(head), "{svg}");
    assert!(
        svg.ends_with("<text class=\"line-2\" x=\"312\" y=\"126.1\">p &#60; q</text></g></svg>"),
        "{svg}"
    );
}
