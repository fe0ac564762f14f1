//! Languages, and the text functions that depend on them.
//!
//! A [`Lang`] is an index into the languages that `book.toml` declares; a [`PerLang`] holds one value
//! for each of them and is never partial. What a script needs of the program (counting words, making
//! ids, knowing which characters are wide) lives here too. Nothing here knows of files or pages.

use std::ops::{Index, IndexMut};

/// One of the languages that the book declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(u8);

impl Lang {
    /// The position of the language in the order in which `book.toml` declares them.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The first `count` languages, in order. At most 255 are ever declared.
    pub fn all(count: usize) -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..u8::try_from(count).unwrap_or(u8::MAX)).map(Self)
    }
}

/// One value for every declared language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PerLang<T>(Vec<T>);

impl<T> PerLang<T> {
    /// Makes the value of each of the first `count` languages.
    pub fn from_fn(count: usize, make: impl FnMut(Lang) -> T) -> Self {
        Self(Lang::all(count).map(make).collect())
    }

    /// The languages with their values, in declared order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Lang, &T)> + Clone {
        Lang::all(self.0.len()).zip(&self.0)
    }

    /// The values alone, in declared order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The values alone, to be changed.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// The values alone, for themselves.
    pub fn into_values(self) -> std::vec::IntoIter<T> {
        self.0.into_iter()
    }

    /// How many languages there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl<T> Index<Lang> for PerLang<T> {
    type Output = T;

    fn index(&self, lang: Lang) -> &T {
        &self.0[lang.index()]
    }
}

impl<T> IndexMut<Lang> for PerLang<T> {
    fn index_mut(&mut self, lang: Lang) -> &mut T {
        &mut self.0[lang.index()]
    }
}

/// What becomes of straight quotes and of dots and hyphens typed for other signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Quotes {
    /// They stay: the right way for Chinese, which the parser's rules of thumb get wrong.
    #[default]
    AsTyped,
    /// `"a"` becomes “a”, `...` becomes …, `--` becomes –.
    Curly,
}

/// Whether `c` belongs to the Han script or is written with it (kana), so that a reader counts it as
/// a character and not as a letter of a word.
#[must_use]
pub const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3038}'..='\u{303B}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// How much there is to read: Han characters and words of other scripts, counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// Han characters and kana.
    pub han: u32,
    /// Words of other scripts: runs of letters and digits.
    pub words: u32,
}

impl Length {
    /// Adds what `text` holds.
    pub fn add(&mut self, text: &str) {
        let mut in_word = false;
        let mut rest = text;
        while let Some(byte) = rest.bytes().next() {
            // Most of an English page, and this runs over every character of a book.
            if byte.is_ascii() {
                let is_letter = byte.is_ascii_alphanumeric();
                self.words += u32::from(is_letter && !in_word);
                in_word = is_letter || (in_word && matches!(byte, b'\'' | b'-'));
                rest = &rest[1..];
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            rest = &rest[c.len_utf8()..];
            if is_han(c) {
                self.han += 1;
                in_word = false;
            } else {
                let is_letter = c.is_alphanumeric();
                self.words += u32::from(is_letter && !in_word);
                in_word = is_letter || (in_word && c == '’');
            }
        }
    }

    /// Characters and words together, the figure that lists show.
    #[must_use]
    pub const fn total(self) -> u32 {
        self.han + self.words
    }

    /// Reading time in whole minutes, at least one: 439 Han characters or 238 English words a minute
    /// (Brysbaert 2019 for English silent reading; the Chinese figure as used by Zola since #3145).
    #[must_use]
    pub fn minutes(self) -> u32 {
        let minutes = f64::from(self.han) / 439.0 + f64::from(self.words) / 238.0;
        (minutes.round() as u32).max(1)
    }
}

/// The id of a heading as GitHub makes it: lower case, spaces to hyphens, everything but letters,
/// digits, hyphens and underscores dropped. Empty when nothing is left.
///
/// ```
/// use bilayer::lang::slug;
///
/// assert_eq!(slug("What is Layer 2?"), "what-is-layer-2");
/// assert_eq!(slug("什么是 Layer 2？"), "什么是-layer-2");
/// ```
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    slug.extend(slug_chars(text));
    slug
}

/// Whether `slug` is the id of a heading with this text, found out without making the id.
#[must_use]
pub fn is_slug_of(slug: &str, text: &str) -> bool {
    slug_chars(text).eq(slug.chars())
}

fn slug_chars(text: &str) -> impl Iterator<Item = char> {
    let hyphened = text.trim().chars().map(|c| if matches!(c, ' ' | '\t' | '\n') { '-' } else { c });
    hyphened.filter(|&c| matches!(c, '-' | '_') || c.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> (u32, u32) {
        let mut length = Length::default();
        length.add(text);
        (length.han, length.words)
    }

    #[test]
    fn han_characters_and_words_are_counted_apart() {
        assert_eq!(length("卷叠（rollup）把数据发到 Layer 1。"), (7, 3));
        assert_eq!(length("It doesn't re-execute 1,000 blocks"), (0, 6));
        assert_eq!(length("。，《》 —"), (0, 0));
    }

    #[test]
    fn reading_time_is_at_least_a_minute() {
        assert_eq!(Length { han: 0, words: 0 }.minutes(), 1);
        assert_eq!(Length { han: 4390, words: 0 }.minutes(), 10);
        assert_eq!(Length { han: 439, words: 238 }.minutes(), 2);
    }

    #[test]
    fn slugs_are_githubs() {
        assert_eq!(slug("What is Layer 2?"), "what-is-layer-2");
        assert_eq!(slug("什么是 Layer 2？"), "什么是-layer-2");
        assert_eq!(slug("SNARKs & STARKs"), "snarks--starks");
        assert_eq!(slug("？！"), "");
        assert!(is_slug_of("snarks--starks", "SNARKs & STARKs"));
        assert!(!is_slug_of("snarks", "SNARKs & STARKs") && !is_slug_of("snarks-", "SNARKs"));
    }
}
