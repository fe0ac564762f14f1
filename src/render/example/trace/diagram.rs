//! A sequence diagram as SVG: a column for each actor, an arrow or a box for each step, from top to bottom.
//!
//! It is drawn for about 340 units of width, so that its text can be read on a phone; words above an arrow may be
//! wider than the arrow. It says nothing that the list of steps beside it does not say, and is hidden from screen
//! readers: one long description would be worse than a list that can be walked through.

use std::fmt::Write as _;

use super::wrap::{width, wrap};
use crate::render::html::text;

/// What a diagram shows.
pub struct Diagram<'a> {
    /// The columns, from left to right.
    pub actors: Vec<&'a str>,
    /// What happens, from top to bottom.
    pub scenes: Vec<Scene<'a>>,
}

/// One step.
pub struct Scene<'a> {
    /// Its number.
    pub number: usize,
    /// Who acts: the position of a column.
    pub from: usize,
    /// To whom; none acts alone.
    pub to: Option<usize>,
    /// What, in a few words.
    pub say: &'a str,
    /// What is said of the time that passes before; empty for none.
    pub wait: &'a str,
}

/// The size of the text.
const FONT: f64 = 14.0;
/// From one line of text to the next.
const LINE: f64 = 17.5;
/// The circle round a number.
const RADIUS: f64 = 10.0;
/// Words are at least as wide as this before they break, even above a short arrow.
const MEASURE: f64 = 232.0;
/// How much larger than drawn it is shown where there is room.
const ZOOM: f64 = 1.1;

/// Draws a diagram.
pub fn svg(diagram: &Diagram<'_>) -> String {
    let columns = diagram.actors.len().max(1);
    let mut pen = Pen {
        svg: String::new(),
        width: [340.0, 350.0, 380.0][columns.clamp(3, 5) - 3],
        columns,
        y: 0.0,
        pauses: Vec::new(),
    };
    pen.actors(&diagram.actors);
    let top = pen.y;
    pen.y += 12.0;
    for scene in &diagram.scenes {
        pen.scene(scene);
    }
    let bottom = pen.y + 4.0;
    let lives = pen.lives(top, bottom);
    let (w, h) = (pen.width, bottom + 1.0);
    format!(
        "<svg class=\"trace-diagram\" viewBox=\"0 0 {w} {}\" width=\"{}\" height=\"{}\" aria-hidden=\"true\" focusable=\"false\">{lives}{}</svg>",
        n(h),
        n(w * ZOOM),
        n(h * ZOOM),
        pen.svg
    )
}

struct Pen {
    svg: String,
    width: f64,
    columns: usize,
    /// How far down it has come.
    y: f64,
    /// Where time passes: from and to.
    pauses: Vec<(f64, f64)>,
}

impl Pen {
    fn x(&self, column: usize) -> f64 {
        self.width / self.columns as f64 * (column as f64 + 0.5)
    }

    fn actors(&mut self, actors: &[&str]) {
        let room = (self.width / self.columns as f64 - 8.0).min(136.0);
        let names: Vec<_> = actors.iter().map(|name| wrap(name, (room - 4.0) / (FONT - 1.0))).collect();
        let rows = names.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let height = rows as f64 * (LINE - 1.0) + 11.0;
        for (column, name) in names.iter().enumerate() {
            let (x, w) = (self.x(column), room);
            self.rect("actor", (x - w / 2.0, 1.0), (w, height));
            let first = 1.0 + (height - name.len() as f64 * (LINE - 1.0)) / 2.0;
            for (row, line) in name.iter().enumerate() {
                self.text("name", x, first + row as f64 * (LINE - 1.0) + 12.5, line);
            }
        }
        self.y = height + 1.0;
    }

    fn scene(&mut self, scene: &Scene<'_>) {
        self.svg.push_str("<g class=\"step\">");
        if !scene.wait.is_empty() {
            self.pauses.push((self.y - 4.0, self.y + 26.0));
            self.y += 3.0;
            self.words("wait", self.width / 2.0, &[scene.wait.to_owned()]);
            self.y -= LINE;
            self.y += 29.0;
        }
        match scene.to {
            Some(to) => self.arrow(scene, to),
            None => self.act(scene),
        }
        self.svg.push_str("</g>");
    }

    fn arrow(&mut self, scene: &Scene<'_>, to: usize) {
        let (start, end) = (self.x(scene.from), self.x(to));
        let measure = (end - start).abs().max(MEASURE).min(self.width - 8.0);
        let lines = wrap(scene.say, measure / FONT);
        let widest = lines.iter().map(|line| width(line) * FONT).fold(0.0, f64::max);
        let centre = f64::midpoint(start, end).clamp(widest / 2.0 + 3.0, self.width - widest / 2.0 - 3.0);
        self.words("say", centre, &lines);
        self.y += RADIUS + 2.0;
        let sign = if end > start { 1.0 } else { -1.0 };
        let (y, tip) = (self.y, end - sign * 1.5);
        let neck = tip - sign * 9.0;
        let line = format!("M{} {}H{}", n(start + sign * RADIUS), n(y), n(neck));
        let head = format!("M{} {}l{} -5v10z", n(tip), n(y), n(-sign * 10.0));
        let _ = write!(self.svg, "<path class=\"arrow\" d=\"{line}\"/><path class=\"head\" d=\"{head}\"/>");
        self.number(scene.number, start, y);
        self.y += RADIUS + 8.0;
    }

    /// Lines of text on a ground of their own, since they may cross the lines that actors live along.
    fn words(&mut self, class: &str, centre: f64, lines: &[String]) {
        let widest = lines.iter().map(|line| width(line) * FONT).fold(0.0, f64::max);
        let size = (widest + 6.0, lines.len() as f64 * LINE);
        self.rect("ground", (centre - size.0 / 2.0, self.y), size);
        for line in lines {
            self.text(class, centre, self.y + 13.0, line);
            self.y += LINE;
        }
    }

    /// What an actor does alone: a box on its line, with the number inside.
    fn act(&mut self, scene: &Scene<'_>) {
        let lines = wrap(scene.say, MEASURE / FONT);
        let widest = lines.iter().map(|line| width(line) * FONT).fold(0.0, f64::max);
        let (w, h) = (widest + 2.0 * RADIUS + 22.0, lines.len().max(1) as f64 * LINE + 10.0);
        let left = (self.x(scene.from) - w / 2.0).clamp(1.0, (self.width - w - 1.0).max(1.0));
        self.y += 2.0;
        self.rect("act", (left, self.y), (w, h));
        self.number(scene.number, left + RADIUS + 6.0, self.y + h / 2.0);
        let centre = left + 2.0 * RADIUS + 12.0 + (w - 2.0 * RADIUS - 20.0) / 2.0;
        for (row, line) in lines.iter().enumerate() {
            self.text("say", centre - 1.0, self.y + 18.0 + row as f64 * LINE, line);
        }
        self.y += h + 12.0;
    }

    fn number(&mut self, number: usize, x: f64, y: f64) {
        let circle = format!("<circle class=\"number\" cx=\"{}\" cy=\"{}\" r=\"{RADIUS}\"/>", n(x), n(y));
        self.svg.push_str(&circle);
        self.text("figure", x, y + 4.3, &number.to_string());
    }

    fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64)) {
        let [x, y, w, h] = [x, y, w, h].map(n);
        let rect =
            format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>");
        self.svg.push_str(&rect);
    }

    fn text(&mut self, class: &str, x: f64, y: f64, words: &str) {
        let words = text(words);
        let _ = write!(self.svg, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{words}</text>", n(x), n(y));
    }

    /// The lines that everyone lives along, broken where time passes.
    fn lives(&self, top: f64, bottom: f64) -> String {
        let (mut solid, mut dotted) = (String::new(), String::new());
        for column in 0..self.columns {
            let x = n(self.x(column));
            let mut from = top;
            for (start, end) in &self.pauses {
                let _ = write!(solid, "M{x} {}V{}", n(from), n(*start));
                let _ = write!(dotted, "M{x} {}V{}", n(*start), n(*end));
                from = *end;
            }
            let _ = write!(solid, "M{x} {}V{}", n(from), n(bottom));
        }
        let dotted =
            if dotted.is_empty() { dotted } else { format!("<path class=\"pause\" d=\"{dotted}\"/>") };
        format!("<path class=\"life\" d=\"{solid}\"/>{dotted}")
    }
}

/// A coordinate with at most one decimal.
fn n(value: f64) -> String {
    format!("{}", (value * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(from: usize, to: Option<usize>, say: &'static str, wait: &'static str) -> Scene<'static> {
        Scene { number: 1, from, to, say, wait }
    }

    #[test]
    fn an_arrow_goes_from_line_to_line() {
        let scenes = vec![scene(1, Some(0), "a < b", "")];
        let svg = svg(&Diagram { actors: vec!["Ana", "Bo"], scenes });
        assert!(svg.contains("<text class=\"say\" x=\"170\" y=\"53.5\">a &lt; b</text>"), "{svg}");
        assert!(svg.contains("<path class=\"arrow\" d=\"M245 70H95.5\"/>"), "{svg}");
        assert!(svg.contains("<path class=\"head\" d=\"M86.5 70l10 -5v10z\"/>"), "{svg}");
    }

    #[test]
    fn lines_are_broken_where_time_passes() {
        let scenes = vec![scene(0, None, "waits", "7 days later")];
        let svg = svg(&Diagram { actors: vec!["Ana"], scenes });
        assert!(svg.contains("<path class=\"life\" d=\"M170 28.5V36.5M170 66.5V"), "{svg}");
        assert!(svg.contains("<path class=\"pause\" d=\"M170 36.5V66.5\"/>"), "{svg}");
    }

    #[test]
    fn nothing_reaches_beyond_the_edges() {
        let long = "publishes a commitment transaction that was revoked long ago and hopes that nobody looks";
        for actors in 1..=5 {
            let names = vec!["Optimism-Portal"; actors];
            let steps = (0..actors)
                .flat_map(|from| [scene(from, None, long, "1 day later"), scene(from, Some(0), long, "")]);
            let scenes = steps.filter(|scene| scene.to != Some(scene.from)).collect();
            let svg = svg(&Diagram { actors: names, scenes });
            for part in svg.split(" x=\"").skip(1) {
                let x: f64 = part.split('"').next().and_then(|x| x.parse().ok()).expect("a number");
                assert!((0.0..=400.0).contains(&x), "{x} in {svg}");
            }
        }
    }
}
