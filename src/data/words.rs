//! A parser's complaint in the author's words.
//!
//! Knows the phrases of serde, of the YAML crate and of the TOML crate, and sees only a complaint and the text
//! it is about: no file, no place, no meaning of the values.

use super::tree::closing;
use crate::diagnostic::nearest;

/// What to tell an author of a mistake.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What to write in place of the text.
    pub instead: Option<String>,
}

impl Words {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn instead(self, instead: Option<String>) -> Self {
        Self { instead, ..self }
    }
}

/// The words for a key that does not exist, where the complaint is about one.
#[must_use]
pub fn of_key(complaint: &str) -> Option<Words> {
    let (_, rest) = complaint.split_once("unknown field `")?;
    let mut names = rest.split('`').step_by(2);
    let typed = names.next().unwrap_or_default();
    let known: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    let words = Words::new(format!("unknown key `{typed}`"));
    Some(match nearest(typed, known.iter().copied()) {
        Some(name) => words.help(format!("did you mean `{name}`?")).instead(Some(name.to_owned())),
        None if known.is_empty() => words.help("remove it"),
        None => words.help(format!("known keys here: {}", known.join(", "))),
    })
}

/// The words for a value that is not what it should be, where the complaint is about one; `written` is the
/// value as it stands in the file.
#[must_use]
pub fn of_value(complaint: &str, written: &str) -> Option<Words> {
    if let Some((_, names)) = complaint.split_once("unknown variant `") {
        let known: Vec<_> = names.split('`').step_by(2).skip(1).filter(|name| !name.is_empty()).collect();
        return Some(of_choice(written, &known));
    }
    let (_, rest) = complaint.split_once("invalid type: ")?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let (kind, needed) = (Kind::found(found), Kind::expected(expected)?);
    let value = unquoted(written);
    let message = match kind {
        Some(Kind::List | Kind::Keys) => format!("this is {}, not {}", kind?.name(), needed.name()),
        Some(Kind::Text | Kind::Number | Kind::Fraction) => {
            format!("`{value}` is {}, not {}", kind?.name(), needed.name())
        }
        Some(Kind::Switch) => format!("`{value}` is not {}", needed.name()),
        None => format!("a value is missing: {} is needed", needed.name()),
    };
    Some(needed.remedy(Words::new(message), kind, written))
}

fn of_choice(written: &str, known: &[&str]) -> Words {
    let value = unquoted(written);
    let words = Words::new(format!("`{value}` is not possible here"));
    match nearest(value, known.iter().copied()) {
        Some(name) => {
            words.help(format!("did you mean `{name}`?")).instead(Some(written.replace(value, name)))
        }
        None => words.help(format!("write {}", either(known))),
    }
}

/// The names as a choice: `a`, `b` or `c`.
fn either(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "something else".to_owned(),
    }
}

/// The kinds of value that a file can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Fraction,
    Switch,
    List,
    Keys,
}

impl Kind {
    /// The kind that serde says it found; none for no value at all.
    fn found(words: &str) -> Option<Self> {
        let first = words.split(' ').next().unwrap_or_default();
        Some(match first {
            "string" | "character" => Self::Text,
            "integer" => Self::Number,
            "floating" => Self::Fraction,
            "boolean" => Self::Switch,
            "sequence" => Self::List,
            "map" => Self::Keys,
            _ => return None,
        })
    }

    /// The kind that serde says it expected.
    fn expected(words: &str) -> Option<Self> {
        Some(match words {
            "a string" => Self::Text,
            "a boolean" => Self::Switch,
            "i64" => Self::Number,
            "a sequence" => Self::List,
            _ if words == "a map" || words.starts_with("struct ") => Self::Keys,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a whole number",
            Self::Fraction => "a number with a fraction",
            Self::Switch => "`true` or `false`",
            Self::List => "a list",
            Self::Keys => "a group of keys",
        }
    }

    /// Says how a value of kind `found` becomes one of this kind.
    fn remedy(self, words: Words, found: Option<Self>, written: &str) -> Words {
        let value = unquoted(written);
        match (self, found) {
            (Self::Text, Some(Self::Keys)) => of_colon(written, &words.message),
            (Self::Text, Some(Self::Number | Self::Fraction | Self::Switch)) => {
                words.help("put it in quotes").instead(Some(quoted(value)))
            }
            (Self::Number, Some(Self::Text)) if value.parse::<i64>().is_ok() => {
                words.help("write it without quotes").instead(Some(value.to_owned()))
            }
            (Self::Switch, Some(Self::Text)) => {
                words.help("write it as a switch, without quotes").instead(switch(value))
            }
            (Self::List, Some(Self::Text | Self::Number)) => {
                words.help("put it in brackets").instead(Some(format!("[{written}]")))
            }
            (Self::Keys, _) => words.help("write its keys below it, each on a line of its own"),
            _ => words,
        }
    }
}

fn switch(value: &str) -> Option<String> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" => Some("true".to_owned()),
        "no" | "false" | "off" => Some("false".to_owned()),
        _ => None,
    }
}

/// A value of a YAML file that became a key because of a colon in it.
fn of_colon(written: &str, otherwise: &str) -> Words {
    if !written.contains(": ") || written.contains('\n') {
        return Words::new(otherwise);
    }
    Words::new("a colon and a space make a key of the text before them")
        .help("put the text in quotes")
        .instead(Some(quoted(written)))
}

/// The words for YAML that cannot be read; `value` is the one in which the parser gave up, `before` what stands
/// before it on its line.
#[must_use]
pub fn of_yaml(complaint: &str, value: &str, before: &str) -> Words {
    let quote = |words: Words| {
        words.help("put the text in quotes").instead((!value.is_empty()).then(|| quoted(value)))
    };
    if before.contains('\t') || complaint.contains("tab character") {
        return Words::new("a tab stands where YAML allows only spaces").help("indent with spaces");
    }
    match value.chars().next() {
        Some('"' | '\'') => of_quotes(value).unwrap_or_else(|| Words::new(in_short(complaint))),
        Some('[') => Words::new("the list is not closed, or a comma is missing in it")
            .help("write it as `[first, second]`"),
        Some('{') => Words::new("the group is not closed, or a comma is missing in it")
            .help("write it as `{ first: 1, second: 2 }`, or put text that begins with `{` in quotes"),
        Some(c @ ('*' | '&' | '!' | '%' | '@' | '`' | '|' | '>' | ']' | '}' | ',')) => {
            quote(Words::new(format!("`{c}` has a meaning of its own at the start of a value")))
        }
        Some(_) if complaint.contains("mapping values are not allowed") => {
            quote(Words::new("a colon and a space make a key of the text before them"))
        }
        Some(_) if before.is_empty() && value.contains('：') => Words::new("`：` is not the colon of YAML")
            .help("write `:` and a space")
            .instead(Some(value.replacen('：', ": ", 1))),
        _ => Words::new(in_short(complaint))
            .help("look at the quotes, brackets and indentation of this line and the one before"),
    }
}

/// The words for a quoted value that does not end with its closing quote; none when it does.
#[must_use]
pub fn of_quotes(value: &str) -> Option<Words> {
    let mark = value.chars().next().filter(|&c| c == '"' || c == '\'')?;
    let Some(end) = closing(&value[1..], 0, value.as_bytes()[0]) else {
        return Some(
            Words::new(format!("the quote `{mark}` is never closed"))
                .help("close it")
                .instead(Some(format!("{}{mark}", value.trim_end()))),
        );
    };
    let behind = value[1 + end + 1..].trim_start();
    (!behind.is_empty() && !behind.starts_with('#')).then(|| {
        Words::new("there is text behind the closing quote")
            .help("put the whole text in quotes")
            .instead(Some(quoted(value)))
    })
}

/// The words for TOML that cannot be read.
#[must_use]
pub fn of_toml(complaint: &str) -> Words {
    let words = Words::new(complaint.trim().replace('\n', ", "));
    match complaint {
        _ if complaint.contains("duplicate key") => {
            Words::new("this is given twice").help("remove one of the two")
        }
        _ if complaint.contains("string values must be quoted") => {
            Words::new("text must be in quotes").help("write `key = \"text\"`")
        }
        _ if complaint.contains("invalid basic string") => {
            Words::new("the quote is never closed").help("close it on the same line")
        }
        _ if complaint.contains("unclosed") => {
            Words::new("a bracket is never closed").help("add the closing one")
        }
        _ => words.help("look at the quotes and brackets of this line and the one before"),
    }
}

/// A complaint of the YAML parser without the places in it, which ours replace.
fn in_short(complaint: &str) -> String {
    let end = complaint.find(" at line ").unwrap_or(complaint.len());
    match &complaint[..end] {
        "did not find expected key" | "could not find expected ':'" => {
            "this is neither `key: value` nor a part of the value before it".to_owned()
        }
        "repetition limit exceeded" => "`*` repeats more than a page can hold".to_owned(),
        other => other.to_owned(),
    }
}

/// A value without the quotes around it.
fn unquoted(written: &str) -> &str {
    let inside = |mark| written.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    inside('"').or_else(|| inside('\'')).unwrap_or(written)
}

/// A text in the quotes that both YAML and TOML read.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message, the help and the replacement, one a line.
    fn shown(words: &Words) -> String {
        let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        format!("{}\n{}\n{}", words.message, optional(&words.help), optional(&words.instead))
    }

    #[test]
    fn kinds_of_values_are_named_as_an_author_would() {
        let of = |complaint, written| shown(&of_value(complaint, written).expect("it is about a value"));
        assert_eq!(
            of("tags: invalid type: string \"rollups\", expected a sequence", "rollups"),
            "`rollups` is text, not a list\nput it in brackets\n[rollups]"
        );
        assert_eq!(
            of("invalid type: integer `2026`, expected a string", "2026"),
            "`2026` is a whole number, not text\nput it in quotes\n\"2026\""
        );
        assert_eq!(
            of("invalid type: string \"no\", expected a boolean", "\"no\""),
            "`no` is text, not `true` or `false`\nwrite it as a switch, without quotes\nfalse"
        );
        assert_eq!(
            of("unknown variant `left`, expected `ltr` or `rtl`", "\"left\""),
            "`left` is not possible here\nwrite `ltr` or `rtl`\n-"
        );
    }

    #[test]
    fn quotes_that_do_not_end_the_value_are_seen() {
        let of = |value| of_quotes(value).map(|words| shown(&words));
        assert_eq!(of("\"Gas\""), None);
        assert_eq!(of("'it''s gas' # a remark"), None);
        assert_eq!(of("\"Gas").as_deref(), Some("the quote `\"` is never closed\nclose it\n\"Gas\""));
        assert_eq!(
            of("\"DeFi\" 入门").as_deref(),
            Some(
                "there is text behind the closing quote\nput the whole text in quotes\n\"\\\"DeFi\\\" 入门\""
            )
        );
    }
}
