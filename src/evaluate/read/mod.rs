//! The text of an example's file to an [`Example`].

mod calc;
mod quiz;
mod trace;

use super::example::{Body, Example, Name, Words, Written};
use super::expression::{self, Claim, Expr, Problem};
use super::show::{self, Show};
use super::unit::Units;
use crate::config::Config;
use crate::data::Codes;
use crate::data::fields::Fields;
use crate::data::tree::{self, Node, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::PerLang;
use crate::source::{FileId, Span};

/// Under which codes the mistakes of an example's file are reported.
pub const CODES: Codes = Codes {
    unknown_key: Code::ExampleUnknownKey,
    duplicate_key: Code::ExampleDuplicateKey,
    invalid: Code::ExampleInvalid,
};

/// What a kind of example is called in a file.
#[derive(Clone, Copy)]
enum Kind {
    Calc,
    Trace,
    Quiz,
}

const KINDS: [(&str, Kind); 3] = [("calc", Kind::Calc), ("trace", Kind::Trace), ("quiz", Kind::Quiz)];

/// Reads one file of `content/examples/`. `id` is its name without the ending. Without an example when the file
/// cannot be understood at all.
#[must_use]
pub fn read(
    id: &str,
    file: FileId,
    text: &str,
    config: &Config,
    units: &Units,
) -> (Option<Example>, Vec<Diagnostic>) {
    let (node, diagnostics) = tree::tree(file, text, CODES);
    let Some(node) = node else { return (None, diagnostics) };
    let mut reader = Reader { text, config, units, diagnostics };
    let example = reader.example(id, file, &node);
    (example, reader.diagnostics)
}

/// What reading one file needs.
struct Reader<'a> {
    text: &'a str,
    config: &'a Config,
    units: &'a Units,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn example(&mut self, id: &str, file: FileId, node: &Node) -> Option<Example> {
        let mut fields = self.open(node, "an example")?;
        let kind = fields.need("kind", &mut self.diagnostics);
        let kind = kind.and_then(|_| fields.choice("kind", &KINDS, &mut self.diagnostics));
        let title = match fields.take("title") {
            Some(title) => self.words(title),
            None => self.same_words(id),
        };
        let about = self.optional_words(&mut fields, "about");
        let sources =
            fields.items("sources", &mut self.diagnostics).iter().map(|item| self.words(item)).collect();
        let body = match kind? {
            Kind::Calc => Body::Calc(self.calc(&mut fields)),
            Kind::Trace => Body::Trace(self.trace(&mut fields)),
            Kind::Quiz => Body::Quiz(self.quiz(&mut fields, node.span)?),
        };
        fields.finish(&mut self.diagnostics);
        Some(Example { id: id.to_owned(), file, title, about, sources, body })
    }

    fn open<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        Fields::open(node, what, CODES, &mut self.diagnostics)
    }

    fn invalid(&mut self, at: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::ExampleInvalid, at, message));
    }

    fn languages(&self) -> usize {
        self.config.languages.count()
    }

    /// One text for all languages.
    fn same_words(&self, text: &str) -> Words {
        PerLang::from_fn(self.languages(), |_| text.to_owned())
    }

    fn no_words(&self) -> Words {
        self.same_words("")
    }

    /// A text per language, or one for all. A language that is missing is a mistake and gets the source
    /// language's text.
    fn words(&mut self, node: &Node) -> Words {
        let entries = match &node.value {
            Value::Text(text) => return self.same_words(text),
            Value::Map(entries) => entries,
            Value::Null | Value::List(_) => {
                let key = self.config.languages[self.config.source].key.clone();
                self.invalid(
                    node.span,
                    format!("a text is missing: write it, or `{{{key}: …}}` for each language"),
                );
                return self.no_words();
            }
        };
        let text = |key: &str| {
            entries.iter().find(|entry| entry.key == key).and_then(|entry| match &entry.value.value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
        };
        let keys: Vec<_> = self.config.languages.values().map(|language| language.key.clone()).collect();
        for entry in entries.iter().filter(|entry| !keys.contains(&entry.key)) {
            let message = format!("`{}` is no language of this book", entry.key);
            self.diagnostics.push(
                Diagnostic::new(Code::ExampleUnknownKey, entry.at, message)
                    .help(format!("its languages are {}", keys.join(", "))),
            );
        }
        let missing: Vec<_> = keys.iter().filter(|key| text(key).is_none()).cloned().collect();
        if !missing.is_empty() {
            let message = format!("the text is missing in {}", missing.join(", "));
            self.invalid(node.span, message);
        }
        let fallback = text(&keys[self.config.source.index()]).unwrap_or_default();
        PerLang::from_fn(keys.len(), |lang| text(&keys[lang.index()]).unwrap_or_else(|| fallback.clone()))
    }

    fn optional_words(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Words {
        match fields.take(key) {
            Some(node) => self.words(node),
            None => self.no_words(),
        }
    }

    /// The parts that every named value has: `label`, `symbol`, `show`.
    fn name(&mut self, name: &str, at: Span, fields: &mut Fields<'_>) -> Name {
        let label = match fields.take("label") {
            Some(label) => self.words(label),
            None => self.same_words(name),
        };
        let symbol = fields.text("symbol", &mut self.diagnostics).map(|(symbol, _)| symbol.to_owned());
        let show = self.show(fields);
        Name { name: name.to_owned(), at, label, symbol, show }
    }

    fn show(&mut self, fields: &mut Fields<'_>) -> Show {
        let Some((text, node)) = fields.text("show", &mut self.diagnostics) else { return Show::default() };
        self.inside(node, show::show(text, self.units)).unwrap_or_default()
    }

    /// The value of a result; its mistake is noted at its place inside `node`.
    fn inside<T>(&mut self, node: &Node, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.diagnostics.push(super::desk::diagnostic(node, self.text, problem));
                None
            }
        }
    }

    fn expression(&mut self, node: &Node) -> Option<Written<Expr>> {
        self.written(node, "an expression", expression::expression)
    }

    fn claim(&mut self, node: &Node) -> Option<Written<Claim>> {
        self.written(node, "a claim", expression::claim)
    }

    fn written<T>(
        &mut self,
        node: &Node,
        what: &str,
        read: fn(&str, &Units) -> Result<T, Problem>,
    ) -> Option<Written<T>> {
        let Value::Text(text) = &node.value else {
            self.invalid(node.span, format!("{what} belongs here, such as `2 * price`"));
            return None;
        };
        let value = read(text, self.units);
        let value = self.inside(node, value)?;
        Some(Written { value, node: node.clone(), text: text.clone() })
    }

    /// The expression of a key that must be there.
    fn needed(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Written<Expr>> {
        let node = fields.need(key, &mut self.diagnostics)?;
        self.expression(node)
    }

    fn optional(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Written<Expr>> {
        let node = fields.take(key)?;
        self.expression(node)
    }

    fn claims(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Vec<Written<Claim>> {
        fields.items(key, &mut self.diagnostics).iter().filter_map(|item| self.claim(item)).collect()
    }
}
