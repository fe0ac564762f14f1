//! The entries of a map, read one by one, every mistake collected.
//!
//! Whoever reads a file asks for the keys it may have; what was not asked for is unknown in the end. Only here is
//! said what an author reads when a key is missing, unknown or of the wrong kind. It knows nothing of what they mean.

use std::slice;

use super::Codes;
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::Span;

/// The entries of a map that are still to be read.
#[derive(Debug)]
pub struct Fields<'a> {
    at: Span,
    entries: &'a [Entry],
    /// The keys that were asked for, in that order.
    asked: Vec<&'static str>,
    codes: Codes,
}

impl<'a> Fields<'a> {
    /// Opens a map; anything else is a mistake. `what` names in its message what the map is: "an example".
    #[must_use]
    pub fn open(
        node: &'a Node,
        what: &'static str,
        codes: Codes,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        if let Value::Map(entries) = &node.value {
            return Some(Self { at: start(node.span), entries, asked: Vec::new(), codes });
        }
        let message = match node.value {
            Value::Null => format!("{what} is missing here: a group of keys is needed"),
            _ => format!("this is {}; {what} is a group of keys", kind(node)),
        };
        diagnostics.push(to_keys(Diagnostic::new(codes.invalid, head(node), message), node));
        None
    }

    /// The value of `key`, if there is one.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`; that there is none is a mistake.
    pub fn need(&mut self, key: &'static str, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a Node> {
        let value = self.take(key);
        if value.is_none() {
            diagnostics.push(Diagnostic::new(self.codes.invalid, self.at, format!("`{key}` is missing")));
        }
        value
    }

    /// The text of `key` and its node, if there is one; a value that is no text is a mistake.
    pub fn text(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(&'a str, &'a Node)> {
        let entry = self.entry(key)?;
        let text = entry.value.text();
        if text.is_none() {
            diagnostics.push(misfit(entry, "text", self.codes.invalid));
        }
        Some((text?, &entry.value))
    }

    /// The entries of the map `key`. Empty when nothing is given; a value of another kind is a mistake.
    pub fn entries(&mut self, key: &'static str, diagnostics: &mut Vec<Diagnostic>) -> &'a [Entry] {
        let Some(entry) = self.entry(key) else { return &[] };
        match &entry.value.value {
            Value::Map(entries) => return entries,
            Value::Null => {}
            Value::Text(_) | Value::List(_) => {
                let diagnostic = misfit(entry, "a group of keys", self.codes.invalid);
                diagnostics.push(to_keys(diagnostic, &entry.value));
            }
        }
        &[]
    }

    /// The items of the list `key`; a text alone is a list of one. Empty when nothing is given; a map is a mistake.
    pub fn items(&mut self, key: &'static str, diagnostics: &mut Vec<Diagnostic>) -> &'a [Node] {
        let Some(entry) = self.entry(key) else { return &[] };
        match &entry.value.value {
            Value::List(items) => return items,
            Value::Text(_) => return slice::from_ref(&entry.value),
            Value::Null => {}
            Value::Map(_) => {
                let diagnostic = misfit(entry, "a list", self.codes.invalid);
                diagnostics.push(diagnostic.help("begin each item of the list with `- `"));
            }
        }
        &[]
    }

    /// What the word of `key` stands for among `choices`, if it is given; any other word is a mistake.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        let (typed, node) = self.text(key, diagnostics)?;
        if let Some((_, chosen)) = choices.iter().find(|(word, _)| *word == typed) {
            return Some(*chosen);
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        let message = format!("`{typed}` is not possible here");
        let diagnostic = Diagnostic::new(self.codes.invalid, node.span, message);
        diagnostics.push(suggesting(diagnostic, typed, &words, "write one of"));
        None
    }

    /// Ends the reading: every key that was not asked for is a mistake.
    pub fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            let message = format!("unknown key `{}`", entry.key);
            let diagnostic = Diagnostic::new(self.codes.unknown_key, entry.at, message);
            diagnostics.push(suggesting(diagnostic, &entry.key, &self.asked, "known keys here"));
        }
    }

    /// The entry of `key`, which from now on is a known key.
    fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// Offers the word nearest to what was typed, or all of them behind `list`.
fn suggesting(diagnostic: Diagnostic, typed: &str, words: &[&str], list: &str) -> Diagnostic {
    match (nearest(typed, words.iter().copied()), diagnostic.span) {
        (Some(word), Some(span)) => diagnostic.help(format!("did you mean `{word}`?")).fix(span, word),
        _ if words.is_empty() => diagnostic.help("remove it"),
        _ => diagnostic.help(format!("{list}: {}", words.join(", "))),
    }
}

/// The mistake that a value is not what its key needs.
fn misfit(entry: &Entry, needed: &str, code: Code) -> Diagnostic {
    let key = &entry.key;
    match entry.value.value {
        Value::Null => Diagnostic::new(code, entry.at, format!("`{key}` has no value: {needed} is needed")),
        Value::Text(_) => Diagnostic::new(
            code,
            head(&entry.value),
            format!("`{key}` is {}, not {needed}", kind(&entry.value)),
        ),
        Value::List(_) | Value::Map(_) => {
            Diagnostic::new(code, entry.at, format!("`{key}` is {}, not {needed}", kind(&entry.value)))
        }
    }
}

/// Says how a value becomes a map. Text may be one already but for its colon.
fn to_keys(diagnostic: Diagnostic, node: &Node) -> Diagnostic {
    if node.text().is_some_and(|text| text.contains('：')) {
        return diagnostic.help("`：` is not the colon of YAML: write `:` and a space");
    }
    diagnostic.help("write its keys below it, each on a line of its own: `key: value`")
}

fn kind(node: &Node) -> &'static str {
    match node.value {
        Value::Null => "nothing",
        Value::Text(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a group of keys",
    }
}

/// The bytes to show for a value: of a list or map, which may be long, only where it begins.
fn head(node: &Node) -> Span {
    match node.value {
        Value::Null | Value::Text(_) => node.span,
        Value::List(_) | Value::Map(_) => start(node.span),
    }
}

fn start(span: Span) -> Span {
    Span { end: span.start, ..span }
}

#[cfg(test)]
mod tests {
    use super::super::tree::tree;
    use super::*;
    use crate::source::{File, Sources};

    const CODES: Codes = Codes {
        unknown_key: Code::FrontMatterUnknownKey,
        duplicate_key: Code::FrontMatterDuplicateKey,
        invalid: Code::FrontMatterInvalid,
    };

    /// What was read, a line each, and what is said of the rest, behind what stands there.
    fn check(yaml: &str, read: fn(&mut Fields<'_>, &mut Vec<Diagnostic>) -> String, expected: &[&str]) {
        let file = File::text("a.yaml", yaml);
        let file = Sources::new(vec![file]).find("a.yaml").expect("it is there");
        let (node, mut diagnostics) = tree(file, yaml, CODES);
        let node = node.expect("it is YAML");
        let mut lines = Vec::new();
        if let Some(mut fields) = Fields::open(&node, "an example", CODES, &mut diagnostics) {
            lines.push(read(&mut fields, &mut diagnostics));
            fields.finish(&mut diagnostics);
        }
        let written = |span: Span| &yaml[span.start as usize..span.end as usize];
        for diagnostic in &diagnostics {
            let place = written(diagnostic.span.expect("it has a place"));
            let help = diagnostic.help.iter().map(|help| format!("; {help}"));
            let fix = diagnostic.fix.iter().map(|fix| format!(" -> {}", fix.text));
            let rest: String = help.chain(fix).collect();
            lines.push(format!("{} `{place}` {}{rest}", diagnostic.code.name(), diagnostic.message));
        }
        assert_eq!(lines, expected, "{yaml}");
    }

    fn texts(nodes: &[Node]) -> String {
        nodes.iter().filter_map(Node::text).collect::<Vec<_>>().join("|")
    }

    fn example(fields: &mut Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> String {
        let kind = fields.choice("kind", &[("calc", 1), ("trace", 2)], diagnostics);
        let title = fields.text("title", diagnostics).map(|(text, _)| text);
        let keys = fields.entries("inputs", diagnostics).iter().map(|entry| entry.key.as_str());
        let keys = keys.collect::<Vec<_>>().join("|");
        fields.need("steps", diagnostics);
        let steps = texts(fields.items("steps", diagnostics));
        format!("{kind:?} {title:?} {keys} {steps}")
    }

    #[test]
    fn fields_are_read_by_their_keys() {
        let yaml = "kind: trace\ntitle: 无常损失\ninputs: {甲: 1, b: 2}\nsteps: [一, 2]\n";
        check(yaml, example, &["Some(2) Some(\"无常损失\") 甲|b 一|2"]);
        check("title: \"\"\ninputs:\nsteps: 一\n", example, &["None Some(\"\")  一"]);
        check("steps:\n", example, &["None None  "]);
    }

    #[test]
    fn unknown_and_missing_keys_are_named() {
        check(
            "标题: 一\nstpes: [a]\nkind: tarce\n",
            example,
            &[
                "None None  ",
                "front-matter-invalid `tarce` `tarce` is not possible here; did you mean `trace`? -> trace",
                "front-matter-invalid `` `steps` is missing",
                "front-matter-unknown-key `标题` unknown key `标题`; known keys here: kind, title, inputs, steps",
                "front-matter-unknown-key `stpes` unknown key `stpes`; did you mean `steps`? -> steps",
            ],
        );
        check(
            "{kind: 计算, steps: a}",
            example,
            &[
                "None None  a",
                "front-matter-invalid `计算` `计算` is not possible here; write one of: calc, trace",
            ],
        );
        check(
            "甲: 1",
            |_, _| String::new(),
            &["", "front-matter-unknown-key `甲` unknown key `甲`; remove it"],
        );
    }

    #[test]
    fn values_of_the_wrong_kind_are_named() {
        check(
            "kind: [calc]\ntitle:\ninputs: 文：1\nsteps: {let: r}\n",
            example,
            &[
                "None None  ",
                "front-matter-invalid `kind` `kind` is a list, not text",
                "front-matter-invalid `title` `title` has no value: text is needed",
                "front-matter-invalid `文：1` `inputs` is text, not a group of keys; `：` is not the colon of YAML: \
                 write `:` and a space",
                "front-matter-invalid `steps` `steps` is a group of keys, not a list; begin each item of the list \
                 with `- `",
            ],
        );
        let keys = "write its keys below it, each on a line of its own: `key: value`";
        let said = |message: &str| format!("front-matter-invalid {message}; {keys}");
        check("- 一", example, &[&said("`` this is a list; an example is a group of keys")]);
        check("一", example, &[&said("`一` this is text; an example is a group of keys")]);
        check("", example, &[&said("`` an example is missing here: a group of keys is needed")]);
    }
}
