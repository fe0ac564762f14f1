//! `[units]` of `book.toml`: what a book measures in besides the usual.

use std::collections::BTreeMap;

use super::Language;
use crate::lang::PerLang;

/// A unit that a book declares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnitDefinition {
    /// How expressions write it: `kWh`.
    pub name: String,
    /// How much it is of a known unit (`1000 gas`); none for a thing of its own, such as a token.
    pub is: Option<String>,
    /// Its word in each language, where it has one: `share|shares` for one and many.
    pub words: Vec<Option<String>>,
}

/// The key that says how much a unit is; every other one is a language.
pub const IS: &str = "is";

/// The declared units: things of their own first, so that the others can be made of them.
pub fn definitions(
    raw: &BTreeMap<String, BTreeMap<String, String>>,
    languages: &PerLang<Language>,
) -> Vec<UnitDefinition> {
    let define = |(name, keys): (&String, &BTreeMap<String, String>)| UnitDefinition {
        name: name.clone(),
        is: keys.get(IS).cloned(),
        words: languages.values().map(|language| keys.get(&language.key).cloned()).collect(),
    };
    let mut definitions: Vec<_> = raw.iter().map(define).collect();
    definitions.sort_by_key(|definition| definition.is.is_some());
    definitions
}
