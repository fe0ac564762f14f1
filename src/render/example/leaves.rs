//! What the formulas of a calculation show for names: symbols, or the values behind them.

use super::calc::{Maker, symbol};
use super::formula::{self, Leaves};
use super::live::Brackets;
use crate::evaluate::code::Machine;
use crate::evaluate::unit::Unit;

/// Names as symbols.
pub(super) struct Symbols<'m, 'a> {
    pub(super) maker: &'m Maker<'a>,
}

impl Leaves for Symbols<'_, '_> {
    fn name(&mut self, name: &str, _: bool) -> String {
        self.maker.symbol(name)
    }

    fn state(&mut self, name: &str) -> String {
        self.maker.symbol(name)
    }

    fn number(&mut self, digits: &str, unit: &Unit) -> String {
        self.maker.number(digits, unit)
    }
}

/// Names as their values.
pub(super) struct Values<'m, 'a> {
    pub(super) maker: &'m mut Maker<'a>,
    pub(super) machine: &'m Machine,
}

impl Leaves for Values<'_, '_> {
    fn name(&mut self, name: &str, brackets: bool) -> String {
        self.leaf(name, if brackets { Brackets::Negative } else { Brackets::None })
    }

    fn tight(&mut self, name: &str) -> String {
        self.leaf(name, Brackets::Compound)
    }

    fn state(&mut self, name: &str) -> String {
        self.maker.symbol(name)
    }

    fn number(&mut self, digits: &str, unit: &Unit) -> String {
        self.maker.number(digits, unit)
    }
}

impl Values<'_, '_> {
    fn leaf(&mut self, name: &str, brackets: Brackets) -> String {
        match self.maker.worked.model.values.get(name) {
            Some(quantity) => self.maker.leaf(quantity, self.machine, brackets),
            None => formula::symbol_of(name),
        }
    }
}

impl Maker<'_> {
    /// A name's symbol as MathML.
    fn symbol(&self, name: &str) -> String {
        match self.worked.model.values.get(name) {
            Some(quantity) => symbol(name, quantity),
            None => formula::symbol_of(name),
        }
    }

    /// A number of a formula with its unit's word.
    fn number(&self, digits: &str, unit: &Unit) -> String {
        let label = self.shared.units.label(unit, self.place.text);
        formula::number(digits, self.numerals(), if digits == "1" { &label.one } else { &label.many })
    }
}
