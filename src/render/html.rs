//! Text made safe for HTML and XML.

use std::borrow::Cow;

/// Text as content of an element: `&`, `<` and `>` escaped. Here and in attributes, control characters are left out:
/// XML can have none of them, and in HTML they mean nothing.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    escape(text, |byte| matches!(byte, b'&' | b'<' | b'>'))
}

/// Text as the value of an attribute in double quotes.
#[must_use]
pub fn attribute(text: &str) -> Cow<'_, str> {
    escape(text, |byte| matches!(byte, b'&' | b'<' | b'>' | b'"'))
}

fn escape(text: &str, special: impl Fn(u8) -> bool) -> Cow<'_, str> {
    let control = |byte: u8| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t');
    let changed = |byte: u8| special(byte) || control(byte);
    let Some(first) = text.bytes().position(changed) else { return Cow::Borrowed(text) };
    let mut escaped = String::with_capacity(text.len() + 16);
    escaped.push_str(&text[..first]);
    for c in text[first..].chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if special(b'"') => escaped.push_str("&quot;"),
            c if u8::try_from(c).is_ok_and(control) => {}
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_html_is_escaped() {
        assert_eq!(text("a < b && \"c\""), "a &lt; b &amp;&amp; \"c\"");
        assert_eq!(attribute("说 \"a > b\""), "说 &quot;a &gt; b&quot;");
        assert!(matches!(text("汉字"), Cow::Borrowed(_)));
        assert_eq!(text("a\0\u{1b}[1m\nb"), "a[1m\nb");
    }
}
