//! Calculations and what they are made of.

use super::Reader;
use crate::data::fields::Fields;
use crate::data::tree::{Entry, Node, Value};
use crate::evaluate::example::{
    Axis, Calc, Constant, Input, InputAxis, Plot, Recurrence, Reference, StateRule, Step, Table, Words,
};

impl Reader<'_> {
    pub(super) fn calc(&mut self, fields: &mut Fields<'_>) -> Calc {
        let inputs = fields.entries("inputs", &mut self.diagnostics);
        let constants = fields.entries("constants", &mut self.diagnostics);
        let given = fields.items("given", &mut self.diagnostics);
        let steps = match fields.need("steps", &mut self.diagnostics) {
            Some(_) => fields.items("steps", &mut self.diagnostics),
            None => &[],
        };
        let table = fields.take("table");
        let plots = match fields.take("plot") {
            Some(Node { value: Value::List(plots), .. }) => plots.as_slice(),
            Some(plot) => std::slice::from_ref(plot),
            None => &[],
        };
        Calc {
            inputs: inputs.iter().filter_map(|entry| self.input(entry)).collect(),
            constants: constants.iter().filter_map(|entry| self.constant(entry)).collect(),
            given: given.iter().filter_map(|given| self.expression(given)).collect(),
            steps: steps.iter().filter_map(|step| self.step(step)).collect(),
            expect: self.claims(fields, "expect"),
            always: self.claims(fields, "always"),
            table: table.and_then(|table| self.table(table)),
            plots: plots.iter().filter_map(|plot| self.plot(plot)).collect(),
        }
    }

    fn input(&mut self, entry: &Entry) -> Option<Input> {
        let mut fields = self.open(&entry.value, "an input")?;
        let name = self.name(&entry.key, entry.at, &mut fields);
        let scales = [("linear", false), ("log", true)];
        let is_log = fields.choice("scale", &scales, &mut self.diagnostics).unwrap_or_default();
        let step = self.optional(&mut fields, "step");
        let value = self.needed(&mut fields, "value");
        let min = self.needed(&mut fields, "min");
        let max = self.needed(&mut fields, "max");
        fields.finish(&mut self.diagnostics);
        Some(Input { name, value: value?, min: min?, max: max?, step, is_log })
    }

    /// A fixed value: its parts, or the value alone.
    pub(super) fn constant(&mut self, entry: &Entry) -> Option<Constant> {
        self.valued(entry, "value")
    }

    /// A named value under `key`, or alone.
    pub(super) fn valued(&mut self, entry: &Entry, key: &'static str) -> Option<Constant> {
        if let Value::Text(_) = entry.value.value {
            let value = self.expression(&entry.value)?;
            let label = self.same_words(&entry.key);
            let name = crate::evaluate::example::Name {
                name: entry.key.clone(),
                at: entry.at,
                label,
                symbol: None,
                show: crate::evaluate::show::Show::default(),
            };
            return Some(Constant { name, value });
        }
        let mut fields = self.open(&entry.value, "a value")?;
        let name = self.name(&entry.key, entry.at, &mut fields);
        let value = self.needed(&mut fields, key);
        fields.finish(&mut self.diagnostics);
        Some(Constant { name, value: value? })
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        let mut fields = self.open(node, "a step")?;
        let step = if let Some((name, at)) = fields.text("series", &mut self.diagnostics) {
            let name = self.name(name, at.span, &mut fields);
            self.series(name, &mut fields).map(Step::Series)
        } else {
            fields.need("let", &mut self.diagnostics)?;
            let (name, at) = fields.text("let", &mut self.diagnostics)?;
            let name = self.name(name, at.span, &mut fields);
            self.needed(&mut fields, "be").map(|be| Step::Let { name, be })
        };
        fields.finish(&mut self.diagnostics);
        step
    }

    fn series(
        &mut self,
        name: crate::evaluate::example::Name,
        fields: &mut Fields<'_>,
    ) -> Option<Recurrence> {
        let over = fields.text("over", &mut self.diagnostics).map_or("round", |(over, _)| over).to_owned();
        let rounds = self.needed(fields, "rounds");
        fields.need("state", &mut self.diagnostics)?;
        let states = fields.entries("state", &mut self.diagnostics);
        let states = states.iter().filter_map(|entry| self.state(entry)).collect();
        Some(Recurrence { name, over, rounds: rounds?, states })
    }

    fn state(&mut self, entry: &Entry) -> Option<StateRule> {
        let mut fields = self.open(&entry.value, "a state")?;
        let name = self.name(&entry.key, entry.at, &mut fields);
        let start = self.needed(&mut fields, "start");
        let next = self.needed(&mut fields, "next");
        fields.finish(&mut self.diagnostics);
        Some(StateRule { name, start: start?, next: next? })
    }

    fn table(&mut self, node: &Node) -> Option<Table> {
        let mut fields = self.open(node, "a table")?;
        let over = self.needed_reference(&mut fields, "over");
        let at = fields.items("at", &mut self.diagnostics);
        let at = at.iter().filter_map(|value| self.expression(value)).collect();
        let show = self.references(&mut fields, "show");
        fields.finish(&mut self.diagnostics);
        Some(Table { over: over?, at, show })
    }

    fn plot(&mut self, node: &Node) -> Option<Plot> {
        let mut fields = self.open(node, "a plot")?;
        let scales = [("linear", false), ("log", true)];
        let x_scale = fields.choice("x-scale", &scales, &mut self.diagnostics);
        let is_log = fields.choice("y-scale", &scales, &mut self.diagnostics).unwrap_or_default();
        let from = self.optional(&mut fields, "from");
        let to = self.optional(&mut fields, "to");
        let x = match fields.take("series") {
            Some(series) => self.reference(series).map(Axis::Series),
            None => self
                .needed_reference(&mut fields, "x")
                .map(|input| Axis::Input(Box::new(InputAxis { input, from, to, is_log: x_scale }))),
        };
        let y = self.references(&mut fields, "y");
        let title: Words = self.optional_words(&mut fields, "title");
        fields.finish(&mut self.diagnostics);
        if y.is_empty() {
            self.invalid(node.span, "a plot needs `y`: the names of what it draws");
            return None;
        }
        Some(Plot { x: x?, y, title, is_log })
    }

    fn references(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Vec<Reference> {
        fields.items(key, &mut self.diagnostics).iter().filter_map(|item| self.reference(item)).collect()
    }

    fn needed_reference(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Reference> {
        let node = fields.need(key, &mut self.diagnostics)?;
        self.reference(node)
    }

    /// A name that stands for something.
    pub(super) fn reference(&mut self, node: &Node) -> Option<Reference> {
        if let Value::Text(name) = &node.value {
            return Some(Reference { name: name.clone(), at: node.span });
        }
        self.invalid(node.span, "a name belongs here");
        None
    }
}
