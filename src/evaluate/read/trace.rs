//! Protocols acted out.

use super::Reader;
use crate::data::fields::Fields;
use crate::data::tree::{Entry, Node};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::evaluate::example::{Act, Actor, Branch, Constant, Trace, Written};
use crate::evaluate::expression::Expr;

/// More columns than this fit on no page.
const MAX_ACTORS: usize = 5;
/// A protocol with more steps, in all branches together, is more than a reader follows.
const MAX_STEPS: usize = 60;
/// As many ways to go on as a reader can choose from.
const MAX_BRANCHES: usize = 8;

impl Reader<'_> {
    pub(super) fn trace(&mut self, fields: &mut Fields<'_>) -> Trace {
        fields.need("actors", &mut self.diagnostics);
        let actors = fields.entries("actors", &mut self.diagnostics);
        let values = fields.entries("values", &mut self.diagnostics);
        let state = fields.entries("state", &mut self.diagnostics);
        let steps = fields.items("steps", &mut self.diagnostics);
        let branches = fields.entries("branches", &mut self.diagnostics);
        if branches.is_empty() {
            fields.need("steps", &mut self.diagnostics);
        }
        if let Some(branch) = branches.get(MAX_BRANCHES) {
            self.invalid(branch.at, format!("a protocol has at most {MAX_BRANCHES} branches"));
        }
        if let Some(actor) = actors.get(MAX_ACTORS) {
            self.invalid(actor.at, format!("a diagram has at most {MAX_ACTORS} actors"));
        }
        let mut trace = Trace {
            actors: actors
                .iter()
                .map(|entry| Actor { id: entry.key.clone(), name: self.words(&entry.value) })
                .collect(),
            values: values.iter().filter_map(|entry| self.constant(entry)).collect(),
            state: state.iter().filter_map(|entry| self.valued(entry, "start")).collect(),
            ..Trace::default()
        };
        trace.steps = steps.iter().filter_map(|step| self.act(step, &trace)).collect();
        trace.branches = branches.iter().filter_map(|branch| self.branch(branch, &trace)).collect();
        self.limit(&trace);
        trace.always = self.claims(fields, "always");
        trace.expect = self.claims(fields, "expect");
        trace
    }

    fn limit(&mut self, trace: &Trace) {
        let mut acts = trace.steps.iter().chain(trace.branches.iter().flat_map(|branch| &branch.steps));
        if let Some(act) = acts.nth(MAX_STEPS) {
            let message = format!("a protocol has at most {MAX_STEPS} steps, those of its branches included");
            self.invalid(act.at, message);
        }
    }

    fn branch(&mut self, entry: &Entry, trace: &Trace) -> Option<Branch> {
        let mut fields = self.open(&entry.value, "a branch")?;
        let title = match fields.take("title") {
            Some(title) => self.words(title),
            None => self.same_words(&entry.key),
        };
        let steps = fields.items("steps", &mut self.diagnostics);
        let steps = steps.iter().filter_map(|step| self.act(step, trace)).collect();
        let expect = self.claims(&mut fields, "expect");
        fields.finish(&mut self.diagnostics);
        Some(Branch { id: entry.key.clone(), title, steps, expect })
    }

    fn act(&mut self, node: &Node, trace: &Trace) -> Option<Act> {
        let mut fields = self.open(node, "a step")?;
        let from = fields.need("from", &mut self.diagnostics);
        let from = from.and_then(|from| self.actor(from, trace));
        let to = fields.take("to").and_then(|to| self.actor(to, trace));
        let say = fields.need("say", &mut self.diagnostics).map(|say| self.words(say));
        let why = self.optional_words(&mut fields, "why");
        let after = self.optional(&mut fields, "after");
        let set = fields.entries("set", &mut self.diagnostics);
        let set = set.iter().filter_map(|entry| self.change(entry, &trace.state)).collect();
        fields.finish(&mut self.diagnostics);
        // What an actor sends to itself it does alone.
        let to = to.filter(|to| Some(*to) != from);
        Some(Act { from: from?, to, say: say?, why, after, set, at: node.span })
    }

    /// The position of the actor that is named.
    fn actor(&mut self, node: &Node, trace: &Trace) -> Option<usize> {
        let reference = self.reference(node)?;
        let found = trace.actors.iter().position(|actor| actor.id == reference.name);
        if found.is_none() {
            let names = trace.actors.iter().map(|actor| actor.id.as_str());
            self.unknown(&format!("there is no actor `{}`", reference.name), &reference.name, node, names);
        }
        found
    }

    fn change(&mut self, entry: &Entry, state: &[Constant]) -> Option<(usize, Written<Expr>)> {
        let found = state.iter().position(|state| state.name.name == entry.key);
        if found.is_none() {
            let names = state.iter().map(|state| state.name.name.as_str());
            let node = Node { span: entry.at, value: crate::data::tree::Value::Null };
            self.unknown(&format!("there is no state `{}`", entry.key), &entry.key, &node, names);
        }
        let value = self.expression(&entry.value);
        Some((found?, value?))
    }

    pub(super) fn unknown<'n>(
        &mut self,
        message: &str,
        name: &str,
        node: &Node,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let diagnostic = Diagnostic::new(Code::NameUnknown, node.span, message);
        self.diagnostics.push(match nearest(name, known.clone()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(node.span, near),
            None => diagnostic.help(format!("known here: {}", known.collect::<Vec<_>>().join(", "))),
        });
    }
}
