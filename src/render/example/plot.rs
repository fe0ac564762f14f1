//! Line charts as SVG.
//!
//! A chart is drawn twice: here, when the book is built, and by the theme's `scripts/plot.js`, when a reader
//! moves an input. Both write the same characters, so a change here is a change there: same operations in the
//! same order, [`math`] for logarithms, coordinates of one decimal, widths of texts estimated in whole units.
//! Colours and fonts are the style sheet's. What the values are and where they come from is not known here.

mod axis;

use std::fmt::Write;

use crate::evaluate::format::{Format, Numerals};
use crate::evaluate::math;
use crate::render::html;
use axis::{Scale, Tick};

/// A chart to be drawn.
pub struct Chart<'a> {
    /// What runs from left to right.
    pub x: Axis<'a>,
    /// What runs upward.
    pub y: Axis<'a>,
    /// The lines, drawn in this order. Six colours and dashes tell them apart.
    pub lines: Vec<Line<'a>>,
    /// Where the reader's value of x is: a line from top to bottom, with a dot on each of the others.
    pub marker: Option<f64>,
    /// How numbers are written.
    pub numerals: &'a Numerals,
}

/// An axis. How far it goes depends on what is drawn.
pub struct Axis<'a> {
    /// How its values are shown. Ticks take from it the unit, but not its label, and have as many digits as they
    /// need. [`Fixed`](crate::evaluate::format::Style::Fixed) of 0 decimals is an axis of whole numbers.
    pub format: &'a Format,
    /// What it shows, with the unit: "Price now (USD/ETH)".
    pub label: &'a str,
    /// Whether equal ratios are equally far apart, and not equal differences. Only values above 0 have a place.
    pub is_log: bool,
}

/// A line of a chart.
pub struct Line<'a> {
    /// Its name, shown where there are several lines; empty for none.
    pub name: &'a str,
    /// Where it goes, from left to right, in base units. All lines of a chart end at the same x. Points whose y is
    /// not finite are gaps. Of a great many, every so many are drawn.
    pub points: Vec<(f64, f64)>,
    /// Its y at the chart's marker.
    pub at_marker: Option<f64>,
}

/// `count` values from one end to the other, evenly spread by difference or by ratio. The ends are exact. By ratio
/// both must be above 0.
#[must_use]
pub fn abscissae(from: f64, to: f64, is_log: bool, count: usize) -> Vec<f64> {
    let [start, end] = if is_log { [math::ln(from), math::ln(to)] } else { [from, to] };
    let last = count.saturating_sub(1);
    let between = |i: usize| {
        let at = start + (end - start) * (i as f64 / last as f64);
        if is_log { math::exp(at) } else { at }
    };
    let value = |i: usize| match i {
        0 => from,
        i if i == last => to,
        i => between(i),
    };
    (0..count).map(value).collect()
}

/// The whole chart as an `<svg>` that is an image with a title and a description. `index` is the chart's place in
/// the data of its example, and `id`, which the page must not have elsewhere, begins the ids.
#[must_use]
pub fn svg(chart: &Chart<'_>, id: &str, index: usize, title: &str, description: &str) -> String {
    let (id, title, description) = (html::attribute(id), html::text(title), html::text(description));
    let height = HEIGHT + ROW * f64::from(legend(chart).1);
    let drawing = drawing(chart);
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         data-chart=\"{index}\"><title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>\
         <g class=\"drawing\">{drawing}</g></svg>"
    )
}

/// The contents of the chart's `<svg>`: axes, grid, ticks, lines with their names, marker. Empty if no line has a
/// point that can be drawn.
#[must_use]
pub fn drawing(chart: &Chart<'_>) -> String {
    let Some(frame) = Frame::new(chart) else { return String::new() };
    let mut svg = String::new();
    write_axes(&mut svg, chart, &frame);
    if let Some(marker) = frame.marker {
        path(&mut svg, "marker", &frame.upright(frame.x.at(marker)));
    }
    for (line, style) in styled(chart) {
        path(&mut svg, style, &frame.line(sparse(&line.points)));
        if let Some(marker) = frame.marker {
            let dot = frame.line([(marker, value(line.at_marker))]);
            path(&mut svg, &format!("{style} dot"), &dot);
        }
    }
    for name in &frame.names {
        if frame.is_beside {
            text(&mut svg, name.style, frame.x.to + GAP, frame.y.at(name.end), name.name);
        } else {
            path(&mut svg, name.style, &format!("M{} {}h{}", name.x - SAMPLE, name.y, SAMPLE - GAP));
            text(&mut svg, "name", name.x, name.y, name.name);
        }
    }
    svg
}

/// The width of the drawing, in units of which a text is 13 high.
const WIDTH: f64 = 360.0;
/// The height of a chart whose lines have no names.
const HEIGHT: f64 = 244.0;
/// The top of the plotting area; above it is the label of the upright axis.
const TOP: f64 = 24.0;
/// The bottom of the plotting area, when there are no names or they are below it.
const BOTTOM: f64 = 202.0;
/// The right end of the plotting area, when no name is beside it.
const RIGHT: f64 = 352.0;
/// From the plotting area down to the texts of the ticks, the label and the first row of names.
const BELOW: [f64; 3] = [15.0, 32.0, 50.0];
/// The height of a row of names.
const ROW: f64 = 17.0;
/// The least distance of texts above each other.
const LINE: f64 = 15.0;
/// The space between an end of a line and the text beside it.
const GAP: f64 = 6.0;
/// A name in a row begins so far behind the piece of line before it, and ends so far before the next.
const SAMPLE: f64 = 28.0;
const SPACE: f64 = 12.0;
/// Names must be narrower than this with their gap, to stand beside the lines.
const MAX_BESIDE: f64 = 114.0;
/// A line of more points is drawn through every second of them, or every third, and so on.
const MAX_POINTS: usize = 240;

/// The classes of the lines.
const STYLES: [&str; 6] = ["line-1", "line-2", "line-3", "line-4", "line-5", "line-6"];

fn styled<'c, 'a>(chart: &'c Chart<'a>) -> impl Iterator<Item = (&'c Line<'a>, &'static str)> {
    chart.lines.iter().zip(STYLES.into_iter().cycle())
}

/// The points through which a line is drawn: the last one always, so that it goes all the way.
fn sparse(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    let every = points.len().div_ceil(MAX_POINTS);
    let last = points.len().saturating_sub(1);
    points.iter().enumerate().filter(move |(i, _)| *i == last || i % every == 0).map(|(_, point)| *point)
}

/// The estimated width of a text. Nearly all characters from U+2E80 on are as wide as they are high: ideographs,
/// kana, hangul and full-width signs.
fn width(text: &str) -> f64 {
    text.chars().fold(0.0, |sum, c| sum + if c >= '\u{2E80}' { 13.0 } else { 8.0 })
}

/// A value that may be missing. NaN has no place in a drawing.
fn value(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

/// Where everything of a chart stands.
struct Frame<'a> {
    x: Scale<'a>,
    y: Scale<'a>,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    names: Vec<Name<'a>>,
    /// Whether names stand beside the ends of their lines, or in rows below.
    is_beside: bool,
    /// The marker, if the chart reaches it.
    marker: Option<f64>,
}

impl<'a> Frame<'a> {
    /// None if there is nothing to draw.
    fn new(chart: &'a Chart<'_>) -> Option<Self> {
        let points: Vec<_> = chart.lines.iter().flat_map(|line| sparse(&line.points)).collect();
        let xs: Vec<_> = points.iter().map(|point| point.0).collect();
        let mut ys: Vec<_> = points.iter().map(|point| point.1).collect();
        let mut x = Scale::new(&chart.x, &xs, [0.0, RIGHT], chart.numerals);
        let marker = chart.marker.filter(|marker| x.has(x.at(*marker)));
        ys.extend(chart.lines.iter().filter(|_| marker.is_some()).map(|line| value(line.at_marker)));
        let mut y = Scale::new(&chart.y, &ys, [BOTTOM, TOP], chart.numerals);
        if x.is_empty || y.is_empty {
            return None;
        }
        let (names, rows) = legend(chart);
        // Beside the lines, names leave their rows free.
        y.from += ROW * f64::from(rows);
        let widest = names.iter().fold(0.0, |widest: f64, name| widest.max(name.width + GAP));
        let is_beside = widest < MAX_BESIDE && are_apart(names.iter().map(|name| y.at(name.end)).collect());
        if is_beside {
            x.to -= widest;
        } else {
            y.from = BOTTOM;
        }
        let y_ticks = y.ticks(|_| LINE);
        x.from = 10.0 + y_ticks.iter().fold(0.0, |widest: f64, tick| widest.max(width(&tick.text)));
        let room = |text: &str| width(text) + GAP;
        let x_ticks = x.ticks(room);
        // The outermost ticks may need more than that.
        x.from += x_ticks.first().map_or(0.0, |tick| beyond(tick, 0.0));
        x.to -= x_ticks.last().map_or(0.0, |tick| beyond(tick, WIDTH));
        let x_ticks = x.ticks(room);
        Some(Frame { x, y, x_ticks, y_ticks, names, is_beside, marker })
    }

    /// A line across the plotting area from top to bottom.
    fn upright(&self, at: f64) -> String {
        format!("M{at} {TOP}V{}", self.y.from)
    }

    /// A line across the plotting area from left to right.
    fn level(&self, at: f64) -> String {
        format!("M{} {at}H{}", self.x.from, self.x.to)
    }

    /// A line through points. Where it begins, also after a gap, it has a piece of no length, so that a lone point
    /// shows.
    fn line(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        let mut is_drawn = false;
        for (x, y) in points {
            let (x, y) = (self.x.at(x), self.y.at(y));
            let was_drawn = std::mem::replace(&mut is_drawn, !(x.is_nan() || y.is_nan()));
            path += &match (was_drawn, is_drawn) {
                (true, true) => format!("L{x} {y}"),
                (false, true) => format!("M{x} {y}h0"),
                (_, false) => continue,
            };
        }
        path
    }
}

/// How far a text below the axis goes over an end of the drawing.
fn beyond(tick: &Tick, end: f64) -> f64 {
    math::ceil(width(&tick.text) / 2.0 - (tick.at - end).abs()).max(0.0)
}

/// Whether texts at these heights do not touch each other, nor the label above all. None may be NaN.
fn are_apart(mut heights: Vec<f64>) -> bool {
    heights.sort_by(f64::total_cmp);
    let above = [0.0].iter().chain(&heights);
    heights.iter().zip(above).all(|(height, above)| height - above >= LINE)
}

/// A line's name.
struct Name<'a> {
    name: &'a str,
    /// The class of its line.
    style: &'static str,
    width: f64,
    /// Where it stands if it stands below.
    x: f64,
    y: f64,
    /// The last value of its line.
    end: f64,
}

/// The names in rows below the axis, and how many rows there are.
fn legend<'a>(chart: &'a Chart<'_>) -> (Vec<Name<'a>>, u32) {
    let mut names = Vec::new();
    let (mut used, mut rows) = (WIDTH + SPACE, 0);
    for (line, style) in styled(chart).filter(|(line, _)| chart.lines.len() > 1 && !line.name.is_empty()) {
        let width = width(line.name);
        if used + width > WIDTH - SAMPLE {
            (used, rows) = (0.0, rows + 1);
        }
        let y = BOTTOM + BELOW[2] + ROW * f64::from(rows - 1);
        let end = value(line.points.last().map(|point| point.1));
        names.push(Name { name: line.name, style, width, x: used + SAMPLE, y, end });
        used += SAMPLE + width + SPACE;
    }
    (names, rows)
}

fn write_axes(svg: &mut String, chart: &Chart<'_>, frame: &Frame<'_>) {
    let (left, right, bottom) = (frame.x.from, frame.x.to, frame.y.from);
    let lines = frame.x_ticks.iter().map(|tick| frame.upright(tick.at));
    let grid: String = lines.chain(frame.y_ticks.iter().map(|tick| frame.level(tick.at))).collect();
    path(svg, "grid", &grid);
    let zero = frame.y.at(0.0);
    let zero = if frame.y.has(zero) { frame.level(zero) } else { String::new() };
    path(svg, "axis", &(frame.upright(left) + &frame.level(bottom) + &zero));
    for tick in &frame.x_ticks {
        text(svg, "x", tick.at, bottom + BELOW[0], &tick.text);
    }
    for tick in &frame.y_ticks {
        text(svg, "y", left - GAP, tick.at, &tick.text);
    }
    text(svg, "x-label", right.max(width(chart.x.label).min(WIDTH)), bottom + BELOW[1], chart.x.label);
    text(svg, "y-label", 0.0, 9.0, chart.y.label);
}

fn path(svg: &mut String, style: &str, d: &str) {
    write!(svg, "<path class=\"{style}\" d=\"{d}\"/>").expect("a string takes all");
}

fn text(svg: &mut String, style: &str, x: f64, y: f64, text: &str) {
    write!(svg, "<text class=\"{style}\" x=\"{x}\" y=\"{y}\">").expect("a string takes all");
    for c in text.chars() {
        match c {
            '&' | '<' | '>' => write!(svg, "&#{};", u32::from(c)).expect("a string takes all"),
            c => svg.push(c),
        }
    }
    svg.push_str("</text>");
}

#[cfg(test)]
mod tests;
