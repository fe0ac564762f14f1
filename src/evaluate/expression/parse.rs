//! Words and signs to a tree, by precedence climbing.

use std::ops::Range;

use super::lex::{KEYWORDS, Token, tokens};
use super::{Claim, Expr, Function, Kind, MAX_DEPTH, NOT, Operator, Problem, SIGN, Setting, Test};
use crate::diagnostic::{Code, nearest};
use crate::evaluate::unit::Units;

/// Reads a whole text as one expression.
///
/// # Errors
/// The first mistake, at its bytes.
pub fn expression(text: &str, units: &Units) -> Result<Expr, Problem> {
    let mut parser = Parser::new(text, units)?;
    let expr = parser.binary(0)?;
    parser.end()?;
    Ok(expr)
}

/// Reads a whole text as a claim: a condition, or `a ~ b`, then perhaps `within c` and `at k = 4, …`.
///
/// # Errors
/// The first mistake, at its bytes.
pub fn claim(text: &str, units: &Units) -> Result<Claim, Problem> {
    let mut parser = Parser::new(text, units)?;
    let test = parser.test()?;
    let at = parser.settings()?;
    parser.end()?;
    Ok(Claim { test, at, span: 0..text.len() })
}

/// Reads a whole text as settings: `at k = 4, n = 2`.
///
/// # Errors
/// The first mistake, at its bytes.
pub fn settings(text: &str, units: &Units) -> Result<Vec<Setting>, Problem> {
    let mut parser = Parser::new(text, units)?;
    let settings = parser.settings()?;
    parser.end()?;
    Ok(settings)
}

struct Parser<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expr, Problem>;

impl<'a> Parser<'a> {
    fn new(text: &'a str, units: &Units) -> Result<Self, Problem> {
        Ok(Self { tokens: tokens(text, units)?, at: 0, depth: 0 })
    }

    fn token(&self) -> &Token<'a> {
        &self.tokens[self.at].0
    }

    fn place(&self) -> Range<usize> {
        self.tokens[self.at].1.clone()
    }

    fn step(&mut self) -> Range<usize> {
        let place = self.place();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        place
    }

    /// Takes this sign if it stands here.
    fn sign(&mut self, sign: &'static str) -> bool {
        let is_here = *self.token() == Token::Sign(sign);
        if is_here {
            self.step();
        }
        is_here
    }

    /// Takes this keyword if it stands here.
    fn word(&mut self, word: &str) -> bool {
        let is_here = matches!(self.token(), Token::Word(here) if *here == word);
        if is_here {
            self.step();
        }
        is_here
    }

    fn need(&mut self, sign: &'static str, behind: &str) -> Result<(), Problem> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("a `{sign}` is missing {behind}")))
    }

    fn unexpected(&self, message: &str) -> Problem {
        let what = match self.token() {
            Token::End => "the end".to_owned(),
            Token::Number(digits, _) => format!("`{digits}`"),
            Token::Word(word) => format!("`{word}`"),
            Token::Sign(sign) => format!("`{sign}`"),
        };
        Problem::new(Code::ExpressionInvalid, self.place(), format!("{message}; here is {what}"))
    }

    fn end(&self) -> Result<(), Problem> {
        match self.token() {
            Token::End => Ok(()),
            Token::Sign("=") => {
                Err(self.unexpected("nothing is assigned here").help("compare with `==`").fix("=="))
            }
            Token::Sign("~") => Err(self.unexpected("`~` belongs to `expect`").help("compare with `==`")),
            Token::Sign(")") => Err(self.unexpected("this bracket was never opened").fix("")),
            Token::Number(..) | Token::Word(_) => Err(self
                .unexpected("an operator is missing before this")
                .help("a product is written with `*`")),
            Token::Sign(_) => Err(self.unexpected("this cannot stand here")),
        }
    }

    fn test(&mut self) -> Result<Test, Problem> {
        let left = self.binary(0)?;
        if self.sign("~") {
            let right = self.binary(0)?;
            return Ok(Test::Near { left, right, within: self.within()? });
        }
        match left.kind {
            Kind::Binary(operator, sides) if operator.compares() => {
                Ok(Test::Compare { operator, sides, within: self.within()? })
            }
            _ => Ok(Test::Holds(left)),
        }
    }

    fn within(&mut self) -> Result<Option<Expr>, Problem> {
        if self.word("within") { self.binary(0).map(Some) } else { Ok(None) }
    }

    /// `at k = 4, n = 2`.
    fn settings(&mut self) -> Result<Vec<Setting>, Problem> {
        let mut settings = Vec::new();
        let mut goes_on = self.word("at");
        while goes_on {
            let Token::Word(name) = *self.token() else {
                return Err(self.unexpected("the name of an input belongs behind `at`"));
            };
            let span = self.step();
            self.need("=", "behind the name of the input")?;
            settings.push(Setting { name: name.to_owned(), span, value: self.binary(0)? });
            goes_on = self.sign(",");
        }
        Ok(settings)
    }

    /// Reads operands joined by operators that bind at least as tightly as `level`.
    fn binary(&mut self, level: u8) -> Parsed {
        self.deeper()?;
        let mut left = self.prefixed()?;
        while let Some(operator) = self.operator().filter(|operator| operator.level() >= level.max(1)) {
            self.step();
            let right_level = match operator {
                Operator::Power => SIGN,
                _ => operator.level() + 1,
            };
            let right = self.binary(right_level)?;
            let span = left.span.start..right.span.end;
            left = Expr { kind: Kind::Binary(operator, Box::new([left, right])), span };
            if let Some(next) = self.operator().filter(|next| next.compares() && operator.compares()) {
                let message = format!("comparisons are not chained; here is `{}`", next.sign());
                return Err(Problem::new(Code::ExpressionInvalid, self.place(), message)
                    .help("write `a < b and b < c`"));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn deeper(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("brackets and signs are nested more than {MAX_DEPTH} deep");
            return Err(
                Problem::new(Code::ExpressionInvalid, self.place(), message).help("make steps of its parts")
            );
        }
        Ok(())
    }

    fn operator(&self) -> Option<Operator> {
        let sign = match self.token() {
            Token::Sign(sign) => *sign,
            Token::Word(word) => *word,
            _ => return None,
        };
        Operator::ALL.into_iter().find(|operator| operator.sign() == sign)
    }

    fn prefixed(&mut self) -> Parsed {
        let start = self.place().start;
        let (level, make): (u8, fn(Box<Expr>) -> Kind) = match self.token() {
            Token::Sign("-") => (SIGN, Kind::Negate),
            Token::Word("not") => (NOT, Kind::Not),
            _ => return self.primary(),
        };
        self.step();
        let operand = self.binary(level)?;
        let span = start..operand.span.end;
        Ok(Expr { kind: make(Box::new(operand)), span })
    }

    fn primary(&mut self) -> Parsed {
        let kind = match self.token().clone() {
            Token::Number(digits, unit) => Kind::Number { digits: digits.to_owned(), unit },
            Token::Word("true") => Kind::Truth(true),
            Token::Word("false") => Kind::Truth(false),
            Token::Word(word) if !KEYWORDS.contains(&word) || word == "at" => return self.named(word),
            Token::Sign("(") => return self.bracketed(),
            Token::Sign("+") => {
                return Err(self.unexpected("a number needs no `+` before it").fix(""));
            }
            _ => return Err(self.unexpected("a number, a name or a bracket is missing")),
        };
        Ok(Expr { kind, span: self.step() })
    }

    fn bracketed(&mut self) -> Parsed {
        let start = self.step().start;
        let inner = self.binary(0)?;
        let end = self.place().end;
        self.need(")", "behind this bracket's contents")?;
        Ok(Expr { kind: inner.kind, span: start..end })
    }

    fn named(&mut self, word: &str) -> Parsed {
        let place = self.step();
        if !self.sign("(") {
            return Ok(Expr { kind: Kind::Name(word.to_owned()), span: place });
        }
        if word == "sum" {
            return self.sum(place);
        }
        let Some(function) = Function::ALL.iter().copied().find(|function| function.name() == word) else {
            return Err(unknown_function(word, place));
        };
        let mut arguments = Vec::new();
        if *self.token() != Token::Sign(")") {
            arguments.push(self.binary(0)?);
            while self.sign(",") {
                arguments.push(self.binary(0)?);
            }
        }
        let end = self.place().end;
        self.need(")", "behind the arguments")?;
        let span = place.start..end;
        let (least, most) = function.arguments();
        if !(least..=most).contains(&arguments.len()) {
            let count = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            let plural = if most == 1 { "" } else { "s" };
            let message = format!("`{word}` takes {count} argument{plural}, here are {}", arguments.len());
            return Err(Problem::new(Code::ExpressionInvalid, span, message)
                .help(format!("write it as {}", function.form())));
        }
        Ok(Expr { kind: Kind::Call(function, arguments), span })
    }

    fn sum(&mut self, place: Range<usize>) -> Parsed {
        let Token::Word(index) = *self.token() else {
            return Err(self
                .unexpected("the name that counts is missing")
                .help("write sum(k, first, last, terms)"));
        };
        self.step();
        self.need(",", "behind the name that counts")?;
        let from = self.binary(0)?;
        self.need(",", "behind the first value")?;
        let to = self.binary(0)?;
        self.need(",", "behind the last value")?;
        let body = self.binary(0)?;
        let span = place.start..self.place().end;
        self.need(")", "behind what is added up")?;
        let kind = Kind::Sum { index: index.to_owned(), parts: Box::new([from, to, body]) };
        Ok(Expr { kind, span })
    }
}

fn unknown_function(word: &str, place: Range<usize>) -> Problem {
    let names = Function::ALL.iter().map(|function| function.name()).chain(["sum"]);
    let problem = Problem::new(Code::NameUnknown, place, format!("there is no function `{word}`"));
    let word = match word {
        "log" => "ln",
        "ceiling" => "ceil",
        _ => word,
    };
    match nearest(word, names) {
        Some(name) => problem.help(format!("did you mean `{name}`?")).fix(name),
        None => problem.help("a product is written with `*`"),
    }
}
