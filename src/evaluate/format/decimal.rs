//! The decimal number behind a double, and its rounding: half away from zero, digit by digit.

/// A decimal number without its sign, d.ddd × 10^exponent, without zeros at the end. Zero is 0 × 10⁰.
#[derive(Clone)]
pub struct Decimal {
    /// ASCII digits, the first one not zero unless all is.
    pub digits: String,
    /// The power of ten that the first digit stands for.
    pub exponent: i32,
}

impl Decimal {
    /// The shortest decimal that stands for the double `x`; of two that are equally near, the even one, as
    /// in browsers (1000000000000000.25 is ….2, where Rust prints ….3).
    pub fn of(x: f64) -> Self {
        let text = format!("{:e}", x.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let decimal = Self { digits: mantissa.replace('.', ""), exponent: exponent.parse().unwrap_or(0) };
        match decimal.even_neighbour() {
            Some(even) if even.is_halfway_to(x.abs()) => even,
            _ => decimal,
        }
    }

    /// The decimal of as many digits one below, if only that one ends in an even digit, and if there are so
    /// many digits that both may stand for one double.
    fn even_neighbour(&self) -> Option<Self> {
        let (last, rest) = self.digits.as_bytes().split_last()?;
        let is_candidate = last % 2 == 1 && rest.len() >= 15;
        let even = || self.digits[..rest.len()].to_owned() + &char::from(last - 1).to_string();
        is_candidate.then(|| Self { digits: even(), ..*self })
    }

    /// Whether it stands for `x` and lies exactly half a unit of its last digit below.
    fn is_halfway_to(&self, x: f64) -> bool {
        // Doubles beside a half differ from it long before so many digits (some twenty is the worst expected).
        const BEYOND: usize = 60;
        let exact = format!("{x:.*e}", self.digits.len() + BEYOND).replace('.', "");
        let behind = exact.strip_prefix(&*self.digits).and_then(|behind| behind.strip_prefix('5'));
        behind.is_some_and(|behind| behind.trim_start_matches('0').starts_with('e'))
            && format!("0.{}e{}", self.digits, self.exponent + 1).parse() == Ok(x)
    }

    fn zero() -> Self {
        Self { digits: "0".to_owned(), exponent: 0 }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// Times 10^power.
    pub fn shifted(&self, power: i32) -> Self {
        let exponent = if self.is_zero() { 0 } else { self.exponent + power };
        Self { digits: self.digits.clone(), exponent }
    }

    /// Rounded to so many decimals, or to tens, hundreds and so on when negative.
    pub fn rounded(&self, decimals: i32) -> Self {
        let Ok(keep) = usize::try_from(self.exponent + 1 + decimals) else { return Self::zero() };
        let Some(next) = self.digits.as_bytes().get(keep) else { return self.clone() };
        let kept = &self.digits[..keep];
        if *next < b'5' {
            return match kept.trim_end_matches('0') {
                "" => Self::zero(),
                digits => Self { digits: digits.to_owned(), ..*self },
            };
        }
        // Nines become zeros, which end the number, and the digit before them grows.
        let mut digits = kept.trim_end_matches('9').to_owned();
        match digits.pop() {
            Some(last) => digits.push(char::from(last as u8 + 1)),
            None => return Self { digits: "1".to_owned(), exponent: self.exponent + 1 },
        }
        Self { digits, ..*self }
    }

    /// Rounded to so many significant digits.
    pub fn significant(&self, digits: i32) -> Self {
        self.rounded(digits - 1 - self.exponent)
    }

    /// How many decimals it has; none when negative.
    pub fn decimals(&self) -> i32 {
        self.digits.len() as i32 - 1 - self.exponent
    }

    /// The digit that stands for 10^power.
    pub fn digit(&self, power: i32) -> char {
        let at = usize::try_from(self.exponent - power).ok();
        at.and_then(|at| self.digits.as_bytes().get(at)).map_or('0', |&digit| char::from(digit))
    }
}
