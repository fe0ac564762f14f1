//! The plots of a calculation: what they draw, and the same for the page's script.

use serde_json::{Value, json};

use super::calc::Maker;
use super::plot::{self, Axis, Chart, Line};
use crate::evaluate::calc::{Plot, PlotAxis};
use crate::evaluate::code::Machine;
use crate::evaluate::example::Step;
use crate::evaluate::format::{Format, Style};

/// How many points of a curve are computed.
const POINTS: usize = 121;

impl<'a> Maker<'a> {
    pub(super) fn plot(&mut self, plot: &Plot, index: usize, machine: &Machine) -> String {
        let (points, marker) = self.points(plot, machine);
        let labels = self.axis_labels(plot);
        let formats = self.axis_formats(plot);
        let lang = self.place.text;
        let lines = plot.y.iter().zip(points).map(|(name, points)| {
            let quantity = self.quantity(name);
            let at_marker = marker.map(|_| machine.slots[usize::from(quantity.slot)]);
            Line { name: quantity.label[lang].as_str(), points, at_marker }
        });
        let lines = lines.collect();
        let is_log = matches!(plot.x, PlotAxis::Input { is_log: true, .. });
        let chart = Chart {
            x: Axis { format: &formats.0, label: &labels.0, is_log },
            y: Axis { format: &formats.1, label: &labels.1, is_log: plot.is_log },
            lines,
            marker,
            numerals: self.numerals(),
        };
        let title = self.plot_title(plot);
        let description = self.place.strings.example_plot.replace("{y}", &labels.1).replace("{x}", &labels.0);
        let id = format!("{}-plot-{index}", self.key);
        plot::svg(&chart, &id, index, &title, &description)
    }

    /// The points of each line, and where the reader's own value is.
    fn points(&self, plot: &Plot, machine: &Machine) -> (Vec<Vec<(f64, f64)>>, Option<f64>) {
        let slots: Vec<_> = plot.y.iter().map(|name| usize::from(self.quantity(name).slot)).collect();
        match &plot.x {
            PlotAxis::Rounds(_) => {
                let line = |&slot: &usize| {
                    machine.histories[slot]
                        .iter()
                        .enumerate()
                        .map(|(round, value)| (round as f64, *value))
                        .collect()
                };
                (slots.iter().map(line).collect(), None)
            }
            PlotAxis::Input { input, from, to, is_log } => {
                let mut lines = vec![Vec::new(); slots.len()];
                let mut probe = Machine::new(self.worked.model.slots);
                let mut inputs = self.inputs.to_vec();
                for x in plot::abscissae(*from, *to, *is_log, POINTS) {
                    let x = self.worked.model.inputs[*input].domain.stepped(x);
                    inputs[*input] = x;
                    self.worked.model.run_on(&mut probe, &inputs);
                    for (line, slot) in lines.iter_mut().zip(&slots) {
                        line.push((x, probe.slots[*slot]));
                    }
                }
                (lines, Some(self.inputs[*input]))
            }
        }
    }

    fn axis_formats(&self, plot: &Plot) -> (Format, Format) {
        let y = self.format(self.quantity(&plot.y[0]));
        let x = match &plot.x {
            PlotAxis::Rounds(_) => Format { style: Style::Fixed(0), ..Format::default() },
            PlotAxis::Input { input, .. } => {
                let knob = &self.worked.model.inputs[*input];
                let format = self.format(self.quantity(&knob.name));
                let is_whole = knob.domain.step == Some(format.unit.scale) && format.style == Style::Auto;
                if is_whole { Format { style: Style::Fixed(0), ..format } } else { format }
            }
        };
        (x, y)
    }

    /// What runs along the axes, with units: `Price now (USD/ETH)`.
    fn axis_labels(&self, plot: &Plot) -> (String, String) {
        let lang = self.place.text;
        let labelled = |label: &str, format: &Format| match format.unit.many.as_str() {
            "" => label.to_owned(),
            // Their ticks say what they count.
            _ if matches!(format.style, Style::Duration | Style::Date) => label.to_owned(),
            unit => self.place.strings.example_axis.replace("{label}", label).replace("{unit}", unit),
        };
        let (x_format, y_format) = self.axis_formats(plot);
        let x = match &plot.x {
            PlotAxis::Rounds(series) => {
                let series_of = |step: &'a Step| match step {
                    Step::Series(found) if found.name.name == *series => Some(&found.name.label[lang]),
                    _ => None,
                };
                self.calc.steps.iter().find_map(series_of).cloned().unwrap_or_default()
            }
            PlotAxis::Input { input, .. } => {
                let name = &self.worked.model.inputs[*input].name;
                labelled(&self.quantity(name).label[lang], &x_format)
            }
        };
        let y = match plot.y.as_slice() {
            [only] => labelled(&self.quantity(only).label[lang], &y_format),
            _ => y_format.unit.many.clone(),
        };
        (x, y)
    }

    fn plot_title(&self, plot: &Plot) -> String {
        let title = &plot.title[self.place.text];
        if !title.is_empty() {
            return title.clone();
        }
        let names = plot.y.iter().map(|name| self.quantity(name).label[self.place.text].as_str());
        names.collect::<Vec<_>>().join(" · ")
    }

    /// A plot as the script draws it.
    pub(super) fn chart_data(&mut self, plot: &Plot) -> Value {
        let (x_format, y_format) = self.axis_formats(plot);
        let (x_label, y_label) = self.axis_labels(plot);
        let slots: Vec<_> = plot.y.iter().map(|name| self.quantity(name).slot).collect();
        let names: Vec<_> = plot.y.iter().map(|name| &self.quantity(name).label[self.place.text]).collect();
        let (x, from, to, is_log) = match &plot.x {
            PlotAxis::Rounds(_) => (json!(["s", slots[0]]), 0.0, 0.0, false),
            PlotAxis::Input { input, from, to, is_log } => (json!(input), *from, *to, *is_log),
        };
        let (x_format, y_format) = (self.live.format(&x_format), self.live.format(&y_format));
        json!([
            x,
            from,
            to,
            u8::from(is_log),
            u8::from(plot.is_log),
            slots,
            names,
            x_format,
            y_format,
            x_label,
            y_label
        ])
    }
}
