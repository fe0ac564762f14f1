//! From the grammars' scopes to the few classes a theme colours.
//!
//! A grammar gives every stretch of text a stack of scopes, `string.quoted.double.rust` inside
//! `meta.annotation.rust` and so on. A theme wants a dozen colours. [`ClassTable`] holds the rules
//! from one to the other, and [`ClassStack`] follows a grammar's scope operations while keeping
//! classes only. Nothing here knows of text, HTML or languages as such.

use std::collections::BTreeMap;

use syntect::parsing::{ClearAmount, Scope, ScopeStackOp};

/// What a stretch of code is, as far as its colour goes; the table in the parent module lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Text without a span: names, punctuation, white space.
    Bare,
    Keyword,
    Operator,
    Str,
    Escape,
    Number,
    Comment,
    Function,
    Type,
    Variable,
    Attribute,
    Tag,
    Inserted,
    Deleted,
}

impl Class {
    /// The `class` attribute's value, nothing for bare text.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Class::Bare => return None,
            Class::Keyword => "k",
            Class::Operator => "o",
            Class::Str => "s",
            Class::Escape => "e",
            Class::Number => "n",
            Class::Comment => "c",
            Class::Function => "f",
            Class::Type => "t",
            Class::Variable => "v",
            Class::Attribute => "a",
            Class::Tag => "g",
            Class::Inserted => "i",
            Class::Deleted => "d",
        })
    }
}

/// Scopes that mean something only when nothing follows them. The Solidity and Vyper grammars alone
/// leave out the language at the end, and have their own idea of what these names stand for.
const EXACT: &[(&str, Class)] = &[
    ("constant.language", Class::Type),
    ("constant.character", Class::Variable),
    ("support.type", Class::Variable),
];

/// The class of every scope that starts so, a longer prefix before a shorter one. What is not
/// listed (`punctuation`, most of `meta`) takes the class of what it is in.
const PREFIXES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("constant.character.entity", Class::Escape),
    ("constant.character.escape", Class::Escape),
    ("constant.character", Class::Str),
    ("constant.other.database-name", Class::Bare),
    ("constant.other.language-name", Class::Type),
    ("constant.other.placeholder", Class::Escape),
    ("constant.other.table-name", Class::Bare),
    ("constant", Class::Number),
    ("entity.name.function", Class::Function),
    ("entity.name.macro", Class::Function),
    ("entity.name.section", Class::Tag),
    ("entity.name.table", Class::Tag),
    ("entity.name.tag", Class::Tag),
    ("entity.name", Class::Type),
    ("entity.other.attribute-name", Class::Attribute),
    ("entity.other.inherited-class", Class::Type),
    ("entity.other.pseudo", Class::Attribute),
    ("keyword.operator.accessor", Class::Bare),
    ("keyword.operator.logical.continue", Class::Bare),
    ("keyword.operator.module", Class::Keyword),
    ("keyword.operator.new", Class::Keyword),
    ("keyword.operator.quantifier", Class::Escape),
    ("keyword.operator.type.annotation", Class::Bare),
    ("keyword.operator", Class::Operator),
    ("keyword.other.substitution", Class::Escape),
    ("keyword.other.template", Class::Str),
    ("keyword.other.unit", Class::Number),
    ("keyword", Class::Keyword),
    ("markup.deleted", Class::Deleted),
    ("markup.heading", Class::Tag),
    ("markup.inserted", Class::Inserted),
    ("markup.quote", Class::Comment),
    ("markup.raw.code-fence", Class::Bare),
    ("markup.raw", Class::Str),
    ("markup.underline.link", Class::Str),
    ("meta.annotation", Class::Attribute),
    ("meta.decorator", Class::Attribute),
    ("meta.diff.header", Class::Tag),
    ("meta.diff.index", Class::Tag),
    ("meta.diff.range", Class::Tag),
    ("meta.interpolation", Class::Bare),
    ("meta.mapping.key.json", Class::Tag),
    ("meta.template.expression", Class::Bare),
    ("punctuation.definition.template-expression", Class::Escape),
    ("punctuation.definition.variable.shell", Class::Variable),
    ("punctuation.section.expansion", Class::Variable),
    ("source", Class::Bare),
    ("storage.modifier.lifetime", Class::Type),
    ("storage.type.function.arrow", Class::Operator),
    ("storage.type.go", Class::Type),
    ("storage.type.numeric", Class::Number),
    ("storage.type.string", Class::Str),
    ("storage", Class::Keyword),
    ("string", Class::Str),
    ("support.class", Class::Type),
    ("support.constant", Class::Number),
    ("support.function", Class::Function),
    ("support.macro", Class::Function),
    ("support.type.custom-property", Class::Attribute),
    ("support.type.property-name", Class::Attribute),
    ("support.type", Class::Type),
    ("text", Class::Bare),
    ("variable.annotation", Class::Attribute),
    ("variable.function", Class::Function),
    ("variable.language", Class::Variable),
    ("variable.other.readwrite.assignment.shell", Class::Variable),
    ("variable.other.readwrite.shell", Class::Variable),
    ("variable.parameter.option", Class::Attribute),
    ("variable.parameter", Class::Variable),
];

/// The rules above, ready to be asked.
pub(super) struct ClassTable {
    /// Rules by the first word of their scope, most specific first: at most a dozen to look at, so
    /// a look-up costs less than a cache shared by threads would.
    rules: BTreeMap<u16, Vec<Rule>>,
}

struct Rule {
    scope: Scope,
    exact: bool,
    class: Class,
}

impl ClassTable {
    /// Translates the rules into the grammars' own numbering of words.
    pub(super) fn new() -> ClassTable {
        let exact = EXACT.iter().map(|rule| (rule, true));
        let prefixes = PREFIXES.iter().map(|rule| (rule, false));
        let mut rules: BTreeMap<u16, Vec<Rule>> = BTreeMap::new();
        for (&(text, class), exact) in exact.chain(prefixes) {
            let scope = Scope::new(text).expect("a scope of at most eight words");
            let rule = Rule { scope, exact, class };
            rules.entry(scope.atom_at(0)).or_default().push(rule);
        }
        ClassTable { rules }
    }

    /// The class a scope gives its text, or nothing when the surrounding text decides.
    fn class(&self, scope: Scope) -> Option<Class> {
        let rules = self.rules.get(&scope.atom_at(0))?;
        let rule = rules.iter().find(|rule| rule.applies_to(scope))?;
        Some(rule.class)
    }
}

impl Rule {
    fn applies_to(&self, scope: Scope) -> bool {
        if self.exact { self.scope == scope } else { self.scope.is_prefix_of(scope) }
    }
}

/// A scope stack reduced to classes: each entry is the class of text at that depth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClassStack {
    classes: Vec<Class>,
    /// What each `Clear` not yet restored has taken away, in stack order.
    cleared: Vec<Vec<Class>>,
}

impl ClassStack {
    /// The class of text here.
    pub(super) fn top(&self) -> Class {
        self.classes.last().copied().unwrap_or(Class::Bare)
    }

    /// Follows one operation of the grammar. Popping more than there is leaves an empty stack.
    pub(super) fn apply(&mut self, op: &ScopeStackOp, table: &ClassTable) {
        match *op {
            ScopeStackOp::Push(scope) => self.push(table.class(scope)),
            ScopeStackOp::Pop(count) => drop(self.take(count)),
            ScopeStackOp::Clear(ClearAmount::TopN(count)) => {
                let taken = self.take(count);
                self.cleared.push(taken);
            }
            ScopeStackOp::Clear(ClearAmount::All) => {
                let taken = self.take(usize::MAX);
                self.cleared.push(taken);
            }
            ScopeStackOp::Restore => self.classes.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }

    fn push(&mut self, class: Option<Class>) {
        let class = match (class, self.top()) {
            // A key that is written as a string (JSON) is a key all the same.
            (Some(Class::Str), Class::Tag) => Class::Tag,
            // What is called in an annotation is the annotation.
            (Some(Class::Function), Class::Attribute) => Class::Attribute,
            (Some(class), _) => class,
            (None, around) => around,
        };
        self.classes.push(class);
    }

    fn take(&mut self, count: usize) -> Vec<Class> {
        self.classes.split_off(self.classes.len().saturating_sub(count))
    }
}
