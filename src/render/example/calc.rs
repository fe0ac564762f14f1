//! The figure of a calculation: what goes in, each step with its formula, what comes out, plots and checks.

use serde::Serialize;

use super::formula;
use super::leaves::{Symbols, Values};
use super::live::{Bound, Brackets, Live, value_html};
use super::{Place, Shared, format_of};
use crate::evaluate::calc::{Table, Worked};
use crate::evaluate::claims::Judged;
use crate::evaluate::code::Machine;
use crate::evaluate::example::{self, Calc, Example, Step, Written};
use crate::evaluate::expression::Expr;
use crate::evaluate::format::{self, Format};
use crate::evaluate::model::Quantity;

/// The parts of a figure that a page can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What goes in.
    Inputs,
    /// The steps.
    Steps,
    /// The table of other cases.
    Table,
    /// The plots.
    Plot,
    /// How it is checked.
    Check,
    /// Where its figures come from.
    Sources,
}

impl Part {
    /// All parts, by the names by which a page asks for them.
    pub const ALL: [(&'static str, Self); 6] = [
        ("inputs", Self::Inputs),
        ("steps", Self::Steps),
        ("table", Self::Table),
        ("plot", Self::Plot),
        ("check", Self::Check),
        ("sources", Self::Sources),
    ];
}

/// What the template `example-calc.html` sees as `example`.
#[derive(Serialize)]
pub struct CalcView<'a> {
    /// The figure's id in the page is `example-` and this.
    pub key: &'a str,
    /// The title.
    pub title: &'a str,
    /// What it is about; may be empty.
    pub about: &'a str,
    /// What a reader can change.
    pub inputs: Vec<Row<'a>>,
    /// What is fixed.
    pub constants: Vec<Row<'a>>,
    /// What is computed.
    pub steps: Vec<StepView<'a>>,
    /// Other cases.
    pub table: Option<TableView<'a>>,
    /// The plots, as SVG.
    pub plots: Vec<String>,
    /// What is pinned.
    pub expect: Vec<CheckView<'a>>,
    /// What always holds.
    pub always: Vec<CheckView<'a>>,
    /// Where its figures come from.
    pub sources: Vec<&'a str>,
}

/// A value with its name.
#[derive(Serialize)]
pub struct Row<'a> {
    /// The name in words.
    pub label: &'a str,
    /// The name in formulas, as MathML.
    pub symbol: String,
    /// The value, as HTML.
    pub value: String,
    /// The least and greatest value, in words; empty for what is fixed.
    pub range: String,
}

/// A step.
#[derive(Serialize)]
pub struct StepView<'a> {
    /// The name in words.
    pub label: &'a str,
    /// Lines of MathML: the name, the formula, the formula with numbers, the value.
    pub lines: Vec<String>,
    /// The value, as HTML.
    pub value: String,
}

/// A table of other cases.
#[derive(Serialize)]
pub struct TableView<'a> {
    /// What each column shows; the first is the input.
    pub head: Vec<&'a str>,
    /// The cells of each row, as HTML.
    pub rows: Vec<Vec<String>>,
}

/// A claim that was checked.
#[derive(Serialize)]
pub struct CheckView<'a> {
    /// The claim as its author wrote it.
    pub claim: &'a str,
    /// What was found.
    pub finding: &'a str,
    /// Whether it holds.
    pub holds: bool,
}

/// What making a figure needs.
pub struct Maker<'a> {
    /// What all pages share.
    pub shared: Shared<'a>,
    /// The page.
    pub place: &'a Place<'a>,
    /// The key of the figure on its page.
    pub key: &'a str,
    /// The example as written.
    pub example: &'a Example,
    /// The calculation as written.
    pub calc: &'a Calc,
    /// The calculation as worked.
    pub worked: &'a Worked,
    /// The inputs' values on this page.
    pub inputs: &'a [f64],
    /// What its script needs.
    pub live: &'a mut Live,
}

impl<'a> Maker<'a> {
    /// Makes the view of the parts that are wanted.
    pub fn view(mut self, parts: &[Part]) -> CalcView<'a> {
        let machine = self.worked.model.run(self.inputs);
        let wants = |part| parts.contains(&part);
        self.add_model(wants(Part::Plot));
        let lang = self.place.text;
        let calc = self.calc;
        let inputs = if wants(Part::Inputs) { calc.inputs.as_slice() } else { &[] };
        let constants = if wants(Part::Inputs) { calc.constants.as_slice() } else { &[] };
        let steps = if wants(Part::Steps) { calc.steps.as_slice() } else { &[] };
        let table = self.worked.table.as_ref().filter(|_| wants(Part::Table));
        let plots = if wants(Part::Plot) { self.worked.plots.as_slice() } else { &[] };
        let checks =
            |judged: &'a [Judged]| if wants(Part::Check) { judged } else { &[] }.iter().map(check).collect();
        CalcView {
            key: self.key,
            title: &self.example.title[lang],
            about: &self.example.about[lang],
            inputs: inputs.iter().map(|input| self.row(&input.name, &machine, true)).collect(),
            constants: constants.iter().map(|constant| self.row(&constant.name, &machine, false)).collect(),
            steps: steps.iter().flat_map(|step| self.step(step, &machine)).collect(),
            table: table.map(|table| self.table(table)),
            plots: plots.iter().enumerate().map(|(at, plot)| self.plot(plot, at, &machine)).collect(),
            expect: checks(&self.worked.expect),
            always: checks(&self.worked.always),
            sources: if wants(Part::Sources) {
                self.example.sources.iter().map(|words| words[lang].as_str()).collect()
            } else {
                Vec::new()
            },
        }
    }

    pub(super) fn quantity(&self, name: &str) -> &'a Quantity {
        &self.worked.model.values[name]
    }

    pub(super) fn format(&self, quantity: &Quantity) -> Format {
        format_of(&quantity.unit, quantity.style, self.shared.units, self.place.text)
    }

    fn add_model(&mut self, with_plots: bool) {
        let model = &self.worked.model;
        let formats: Vec<_> =
            model.inputs.iter().map(|knob| self.format(self.quantity(&knob.name))).collect();
        let plots = if with_plots { self.worked.plots.as_slice() } else { &[] };
        let charts = plots.iter().map(|plot| self.chart_data(plot)).collect();
        self.live.model(self.key, model, self.inputs, &formats, charts);
    }

    /// A value as HTML, bound to the model.
    fn value(&mut self, quantity: &Quantity, machine: &Machine, at: &[(usize, f64)]) -> String {
        let format = self.format(quantity);
        let raw = machine.slots[usize::from(quantity.slot)];
        let text = format::format(raw, &format, self.numerals());
        let bound = self.live.bind(&Bound {
            key: self.key,
            slot: quantity.slot,
            format: &format,
            at,
            brackets: Brackets::None,
        });
        value_html(&text, raw / format.unit.scale, Some(bound), "value")
    }

    pub(super) fn numerals(&self) -> &'a format::Numerals {
        &self.shared.numerals[self.place.text]
    }

    fn row(&mut self, name: &'a example::Name, machine: &Machine, is_input: bool) -> Row<'a> {
        let quantity = self.quantity(&name.name);
        let range = if is_input { self.range(&name.name, quantity) } else { String::new() };
        Row {
            label: &name.label[self.place.text],
            symbol: math(&symbol(&name.name, quantity)),
            value: self.value(quantity, machine, &[]),
            range,
        }
    }

    /// `100 to 20,000 USD/ETH`, in words.
    fn range(&self, name: &str, quantity: &Quantity) -> String {
        let domain = self.worked.model.inputs.iter().find(|knob| knob.name == name).map(|knob| knob.domain);
        let Some(domain) = domain else { return String::new() };
        let format = self.format(quantity);
        let [min, max] = [domain.min, domain.max].map(|end| format::format(end, &format, self.numerals()));
        self.place.strings.example_range.replace("{min}", &min).replace("{max}", &max)
    }

    fn step(&mut self, step: &'a Step, machine: &Machine) -> Vec<StepView<'a>> {
        match step {
            Step::Let { name, be } => vec![self.let_step(name, be, machine)],
            Step::Series(series) => {
                let states = series.states.iter();
                states.map(|state| self.state_step(series, state, machine)).collect()
            }
        }
    }

    fn let_step(&mut self, name: &'a example::Name, be: &Written<Expr>, machine: &Machine) -> StepView<'a> {
        let quantity = self.quantity(&name.name);
        let words = self.words();
        let left = symbol(&name.name, quantity);
        let with_symbols = formula::formula(&be.value, &mut Symbols { maker: self }, &words);
        let with_values = formula::formula(&be.value, &mut Values { maker: self, machine }, &words);
        let result = self.leaf(quantity, machine, Brackets::None);
        let mut lines = vec![format!("{left}<mo>=</mo>{with_symbols}")];
        if with_values != with_symbols && with_values != result {
            lines.push(format!("<mo>=</mo>{with_values}"));
        }
        lines.push(format!("<mo>=</mo>{result}"));
        StepView {
            label: &name.label[self.place.text],
            lines: lines.iter().map(|line| math(line)).collect(),
            value: self.value(quantity, machine, &[]),
        }
    }

    /// A state of a recurrence: where it begins and how it goes on.
    fn state_step(
        &mut self,
        series: &'a example::Recurrence,
        state: &'a example::StateRule,
        machine: &Machine,
    ) -> StepView<'a> {
        let quantity = self.quantity(&format!("{}.{}", series.name.name, state.name.name));
        let words = self.words();
        let left = symbol(&state.name.name, quantity);
        let start = formula::formula(&state.start.value, &mut Symbols { maker: self }, &words);
        let next = formula::formula(&state.next.value, &mut Symbols { maker: self }, &words);
        let counter = formula::symbol_of(&series.over);
        let first = format!("<msub>{left}<mn>0</mn></msub><mo>=</mo>{start}");
        let then = format!("<msub>{left}{counter}</msub><mo>=</mo>{next}");
        StepView {
            label: &state.name.label[self.place.text],
            lines: [first, then].iter().map(|line| math(line)).collect(),
            value: self.value(quantity, machine, &[]),
        }
    }

    fn words(&self) -> formula::Words {
        let strings = self.place.strings;
        formula::Words {
            if_: strings.math_if.clone(),
            otherwise: strings.math_otherwise.clone(),
            and: strings.math_and.clone(),
            or: strings.math_or.clone(),
            not: strings.math_not.clone(),
            true_: strings.yes.clone(),
            false_: strings.no.clone(),
        }
    }

    /// A value inside a formula, bound to the model.
    pub(super) fn leaf(&mut self, quantity: &Quantity, machine: &Machine, brackets: Brackets) -> String {
        let format = self.format(quantity);
        let raw = machine.slots[usize::from(quantity.slot)];
        let numerals = self.numerals();
        let text = format::format(raw, &format, numerals);
        let bound =
            self.live.bind(&Bound { key: self.key, slot: quantity.slot, format: &format, at: &[], brackets });
        let text = if brackets.are_needed(&text, numerals) { format!("({text})") } else { text };
        format!("<mn data-v=\"{bound}\">{}</mn>", crate::render::html::text(&text))
    }

    fn table(&mut self, table: &Table) -> TableView<'a> {
        let over = self.quantity(&self.worked.model.inputs[table.over].name);
        let shown: Vec<_> = table.show.iter().map(|name| self.quantity(name)).collect();
        let head = std::iter::once(over).chain(shown.iter().copied());
        let head = head.map(|quantity| quantity.label[self.place.text].as_str()).collect();
        let mut machine = Machine::new(self.worked.model.slots);
        let mut rows = Vec::new();
        for &value in &table.at {
            let mut inputs = self.inputs.to_vec();
            inputs[table.over] = value;
            self.worked.model.run_on(&mut machine, &inputs);
            let format = self.format(over);
            let first = format::format(value, &format, self.numerals());
            let mut cells = vec![value_html(&first, value / format.unit.scale, None, "value")];
            for quantity in &shown {
                cells.push(self.value(quantity, &machine, &[(table.over, value)]));
            }
            rows.push(cells);
        }
        TableView { head, rows }
    }
}

/// A formula that stands by itself.
fn math(inner: &str) -> String {
    format!("<math displaystyle=\"true\">{inner}</math>")
}

/// The symbol of a value as MathML.
pub(super) fn symbol(name: &str, quantity: &Quantity) -> String {
    match &quantity.symbol {
        Some(symbol) => formula::symbol(symbol),
        None => formula::symbol_of(name),
    }
}

fn check(judged: &Judged) -> CheckView<'_> {
    CheckView { claim: &judged.text, finding: &judged.finding, holds: judged.holds }
}
