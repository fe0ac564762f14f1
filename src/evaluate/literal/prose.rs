//! The numbers of a text that say how much.
//!
//! A number that dates, orders or names a thing is told apart by what stands around it. Sees characters only:
//! what is code, a link or a formula has been left out before.

use std::ops::Range;

use super::{Mantissa, digits_behind, digits_end, find, is_letter, is_superscript, is_whole_word, is_word};

/// Finds the digits, with grouping and decimals but without sign and percent, that say how much.
///
/// Not among them are
/// - digits glued to a letter or, by a hyphen, point or underscore, to a word with one: L2, v3, x86, 0xff,
///   5th, EIP-4844, 4844-style; a Han character is no such letter;
/// - dates: 2026-11-22, 2026/11, 22.11.2026, 22 November 2026, November 22, 2026年11月22日, 11月22日, 22日;
/// - years from 1900 to 2100, alone, before 年 or in a range: 2026, 2020–2024, 2020–24;
/// - times of day: 12:30, 13:55:35;
/// - ordinals and numbers that are names: 第3, #3, 42号, Layer 2, Stage 1, Figure 3;
/// - versions: 1.2.3, version 0.22, 版本0.22;
/// - bases of powers: the 10 in 5 × 10⁻¹², the 2 in 2⁶⁴.
#[must_use]
pub fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = find(text, at, is_word) {
        let end = chain_end(text, start);
        at = end;
        let chain = Chain { before: &text[..start], text: &text[start..end], after: &text[end..] };
        if chain.says_how_much() {
            found.extend(chain.runs().map(|run| start + run.start..start + run.end));
        }
    }
    found
}

/// Words with whose number a thing is named.
const NAMING: [&str; 24] = [
    "v", "V", "version", "Version", "versions", "版本", "Layer", "Layers", "Level", "Stage", "Step", "Phase",
    "Type", "Part", "Chapter", "Section", "Figure", "Table", "Article", "No.", "BIP", "BOLT", "EIP", "ERC",
];

/// The months as dates name them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What makes 日 behind a number another word: 日元 is the yen, 7日内 is within seven days.
const BEHIND_DAYS: [char; 2] = ['元', '内'];

/// Hyphens and dashes between the parts of a word, a date or a range, and the slash of dates.
const DASHES: [char; 5] = ['-', '\u{2010}', '\u{2011}', '–', '/'];

/// Where the chain ends that begins at byte `start`: letters and digits, and what connects them.
fn chain_end(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let connects = match c {
            '-' | '\u{2010}' | '\u{2011}' | '.' | '_' => is_word(last) && is_word(next),
            '–' | '/' | ':' | ',' => last.is_ascii_digit() && next.is_ascii_digit(),
            _ => false,
        };
        if !is_word(c) && !connects {
            return start + at;
        }
        last = c;
    }
    text.len()
}

/// A chain of letters and digits, and the text around it.
struct Chain<'a> {
    before: &'a str,
    text: &'a str,
    after: &'a str,
}

impl<'a> Chain<'a> {
    fn says_how_much(&self) -> bool {
        self.text.contains(|c: char| c.is_ascii_digit())
            && !self.text.contains(is_letter)
            && !self.after.starts_with(is_superscript)
            && !self.is_name()
            && !self.is_day()
            && !self.parts().any(|part| is_version(part) || is_time(part))
            && !self.is_date()
    }

    /// What stands between dashes.
    fn parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text.split(DASHES)
    }

    /// The numbers in it but for years.
    fn runs(&self) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let text = self.text;
        let mut at = 0;
        // Digits that are grouped wrongly are several numbers: 3,4.
        let split = move |start| {
            let whole = digits_end(text, start);
            digits_behind(text, whole, ".").map_or(whole, |decimals| decimals.end)
        };
        let runs = std::iter::from_fn(move || {
            let start = find(text, at, |c| c.is_ascii_digit())?;
            at = Mantissa::read(text, start, ",", ".").map_or_else(|| split(start), |number| number.end);
            Some(start..at)
        });
        runs.filter(move |run| !is_year(&text[run.clone()]))
    }

    fn is_name(&self) -> bool {
        let before = self.before.trim_end();
        before.ends_with(['第', '#'])
            || self.after.starts_with('号')
            || NAMING.iter().any(|name| ends(before, name))
    }

    /// Whether it is a day or a month beside its name: 22 November, November 22, 11月, 22日.
    fn is_day(&self) -> bool {
        let (before, after) = (self.before.trim_end().trim_end_matches('.'), self.after.trim_start());
        let months = || MONTHS.iter().flat_map(|month| [*month, &month[..3]]);
        after.starts_with('月') && self.is_within(12)
            || after.strip_prefix('日').is_some_and(|rest| !rest.starts_with(BEHIND_DAYS))
                && self.is_within(31)
            || self.is_within(31) && months().any(|month| is_whole_word(after, month) || ends(before, month))
    }

    /// Whether its parts are whole numbers from 1 to `limit`.
    fn is_within(&self, limit: u8) -> bool {
        let is_one = |part: &str| part.len() <= 2 && part.parse().is_ok_and(|n: u8| (1..=limit).contains(&n));
        self.parts().all(is_one)
    }

    fn is_date(&self) -> bool {
        let is_short = |part: &&str| part.len() <= 2;
        match *self.parts().collect::<Vec<_>>() {
            [year, ref others @ ..] if is_year(year) => !others.is_empty() && others.iter().all(is_short),
            [day, month, year] => is_short(&day) && is_short(&month) && is_year(year),
            _ => false,
        }
    }
}

/// Whether `text` ends with `word`, and the word begins there.
fn ends(text: &str, word: &str) -> bool {
    let goes_back = |start: &str| word.starts_with(is_letter) && start.ends_with(is_word);
    text.strip_suffix(word).is_some_and(|start| !goes_back(start))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse().is_ok_and(|year: u16| (1900..=2100).contains(&year))
}

/// Whether it has two points or more; dates like 22.11.2026 have, too.
fn is_version(part: &str) -> bool {
    part.split(',').any(|part| part.split('.').count() > 2)
}

fn is_time(part: &str) -> bool {
    let is_hour = |text: &str| text.len() <= 2 && text.parse().is_ok_and(|hour: u8| hour <= 24);
    let is_below_60 = |text: &str| text.len() == 2 && text.parse().is_ok_and(|n: u8| n < 60);
    part.split_once(':').is_some_and(|(hour, rest)| is_hour(hour) && rest.split(':').all(is_below_60))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    /// Numbers that are found stand in brackets.
    #[track_caller]
    fn check(marked: &[&str]) {
        for expected in marked {
            let text = expected.replace(['[', ']'], "");
            let mut found = text.clone();
            for range in numbers(&text).into_iter().rev() {
                found.insert(range.end, ']');
                found.insert(range.start, '[');
            }
            assert_eq!(&found, expected);
        }
    }

    #[test]
    fn what_says_how_much_is_found() {
        check(&[
            "It costs [3,000] USD, or [0.0057852] USD/tx.",
            "From −[2.02]% to +[5.5]%, [10]-[20] or [10]–[20] of [1,000,000.50].",
            "a [2]/[3] majority, [5] of [9], [1]:[1], [3],[4], [0.5],[0.6]",
            "卖出[10] ETH得到[29,614.74]美元，约[870]枚，[5]年、[3]个月、[7]天，[120]万，[2.3]亿。",
            "费率[0.30]%，所以是[997]/[1000]",
            "ends with [7].",
            "[5.53] × 10⁻¹² and 2⁶⁴ and [4]× as much",
            "[20]日元，[7]日内",
            "[1899] and [2101] are no years here, [2,026] is a sum, nor is [2026.5]",
        ]);
    }

    #[test]
    fn names_are_not() {
        check(&[
            "L2, v3, x86, 0xff, EIP-4844, SHA-256, ERC-20, 4844-style, FIPS-203-2, max_21, 4844.md, p.5",
            "128KiB, 7-day, 5-of-9, 3D, 2x, É9, 10gwei",
            "EIP\u{2011}1559 and secp256k1, but [256] bits and L2有[5]个",
            "Layer 2, Stage 1, Figure 12, No. 5, #3, 第3章, 第 3 章, 第1,920,000区块, 〔2026〕42号",
            "the 1st, 2nd and 21st, EIP 4844, BOLT 7",
        ]);
    }

    #[test]
    fn dates_years_and_times_are_not() {
        check(&[
            "2026-11-22, 2026/11/22, 2026/11, 2020-06, 22.11.2026, 22/11/2026, 2024-03-14T00:00:01Z",
            "22 November 2026, November 22, 2026, 22 Nov, Nov. 22, 22–24 November, September 2024",
            "2026年11月22日，11月22日，2026年11月，7月开始，5月至8月，29日",
            "in 2026, 2020–2024, 2020-2024, 2020–24, 2016至2020，2024年",
            "at 12:30, 13:55:35 UTC, 9:05",
            "[32] November rains",
            "in March [150] of them, may [5] come",
        ]);
    }

    #[test]
    fn versions_are_not() {
        check(&["1.2.3, 0.8.24-beta, v0.22, v 0.22, version 0.22, 版本0.22, 版本 1.2, 127.0.0.1"]);
    }

    #[test]
    fn any_text_is_read_to_its_end_once() {
        assert_eq!(numbers(&"1-".repeat(200_000)).len(), 200_000);
        assert_eq!(numbers(&"1,".repeat(200_000)).len(), 200_000);
        assert_eq!(numbers(&"a".repeat(400_000)).len(), 0);
        assert_eq!(numbers(""), []);
    }
}
