//! Paths as requests spell them, and as the rest of the program may trust them.
//!
//! A path is decoded once, checked once, and from then on is plain text relative to the site's root.
//! Nothing here knows which paths exist.

use std::fmt::Write;

/// The path below which the site lives, decoded; it begins and ends with `/`.
#[derive(Clone, Debug)]
pub struct Base(String);

impl Base {
    /// Reads `/`, `/l2/` or a percent-encoded one like `/%E4%B9%A6/`; nothing if it is not of this form.
    pub fn new(text: &str) -> Option<Self> {
        let path = target(text)?;
        path.ends_with('/').then_some(Self(path))
    }

    /// What `path`, absolute and decoded, is relative to the site's root; nothing if it lies outside.
    pub fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(&self.0)
    }

    /// Whether `path`, absolute and decoded, lies outside but surely means the site: `/`, or the base without
    /// its last `/`.
    pub fn is_meant(&self, path: &str) -> bool {
        path == "/" || self.0.strip_suffix('/') == Some(path)
    }

    /// The absolute and percent-encoded path of what lies at `path` in the site.
    pub fn link(&self, path: &str) -> String {
        // A path that began with a slash would name another host below the base `/`.
        encode(&self.0) + &encode(path.trim_start_matches('/'))
    }
}

/// The decoded path of a request target like `/en/a%20b/`; nothing if it is unsafe in any way.
pub fn target(raw: &str) -> Option<String> {
    // An encoded slash would decode to a border between parts that the browser did not see.
    if raw.to_ascii_lowercase().contains("%2f") {
        return None;
    }
    let path = decode(raw)?;
    is_relative(path.strip_prefix('/')?).then_some(path)
}

/// The decoded value of `name` in a query string, if it is there and is a safe relative path.
pub fn in_query(query: &str, name: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    decode(&value.replace('+', " ")).filter(|path| is_relative(path))
}

/// Percent-encodes all but what may stand in a path, in a quoted entity tag and in an HTML attribute alike.
pub fn encode(path: &str) -> String {
    escape(path, |byte| byte.is_ascii_alphanumeric() || b"-._~/!$()*+,;=:@".contains(&byte))
}

/// Makes a query string that a client has sent safe for a header and leaves its own escapes alone.
pub fn encode_query(query: &str) -> String {
    escape(query, |byte| byte.is_ascii_graphic() && !b"\"<>".contains(&byte))
}

fn escape(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes all text");
        }
    }
    out
}

/// Undoes one layer of percent-encoding; nothing if an escape is broken or the bytes are not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { hex(rest.next()?)? << 4 | hex(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// Whether every part of `path` is a name; an empty one may only follow the last slash.
fn is_relative(path: &str) -> bool {
    let parts = path.strip_suffix('/').unwrap_or(path);
    path.is_empty() || parts.split('/').all(is_name)
}

fn is_name(part: &str) -> bool {
    let is_plain = |c: char| c != '\\' && !c.is_control();
    !matches!(part, "" | "." | "..") && part.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_decoded_once_and_checked() {
        let check = |raw, expected: Option<&str>| assert_eq!(target(raw).as_deref(), expected, "{raw}");
        check("/", Some("/"));
        check("/en/rollups/", Some("/en/rollups/"));
        check("/en/a%20b.html", Some("/en/a b.html"));
        check("/zh/%E6%B1%87%E6%80%BB/", Some("/zh/汇总/"));
        check("/%252e%252e/x", Some("/%2e%2e/x"));
        check("/.../x", Some("/.../x"));
        for raw in [
            "",
            "*",
            "en/",
            "//",
            "//evil.example/",
            "/en//x",
            "/./x",
            "/en/.",
            "/../x",
            "/en/..",
            "/en/../x",
        ] {
            check(raw, None);
        }
        for raw in [
            "/%2e%2e/x",
            "/.%2E/x",
            "/%2e/x",
            "/a%2fb",
            "/a%2Fb",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/a%0ab",
            "/a%7f",
        ] {
            check(raw, None);
        }
        for raw in ["/%", "/%4", "/%zz", "/%+1", "/%ff", "/%c0%ae", "/%ed%a0%80", "/%C2%85"] {
            check(raw, None);
        }
    }

    #[test]
    fn queries_give_relative_paths() {
        let check = |query, expected: Option<&str>| {
            assert_eq!(in_query(query, "path").as_deref(), expected, "{query}")
        };
        check("path=", Some(""));
        check("path=en/rollups/", Some("en/rollups/"));
        check("x=1&path=en%2Frollups%2F", Some("en/rollups/"));
        check("path=a+b", Some("a b"));
        check("path=a%2Bb", Some("a+b"));
        check("", None);
        check("pathology=x", None);
        check("path=/en/", None);
        check("path=en/../x", None);
        check("path=%2e%2e", None);
        check("path=a%0Ab", None);
    }

    #[test]
    fn links_are_encoded_below_the_base() {
        let check = |base, path, expected| assert_eq!(Base::new(base).expect("a base").link(path), expected);
        check("/", "", "/");
        check("/l2/", "en/a b/", "/l2/en/a%20b/");
        check("/%E4%B9%A6/", "zh/汇总/", "/%E4%B9%A6/zh/%E6%B1%87%E6%80%BB/");
        check("/书/", "100%.html", "/%E4%B9%A6/100%25.html");
        check("/", "/evil.example/", "/evil.example/");
        check("/", "a?b#c\"d'e\\f&g", "/a%3Fb%23c%22d%27e%5Cf%26g");
        for base in ["", "l2/", "/l2", "//", "/../", "http://x/"] {
            assert!(Base::new(base).is_none(), "{base}");
        }
    }

    #[test]
    fn queries_stay_as_they_are_but_for_what_a_header_cannot_hold() {
        assert_eq!(encode_query("a=1&b=%20%E4"), "a=1&b=%20%E4");
        assert_eq!(encode_query("a=汇 \r\n\"<"), "a=%E6%B1%87%20%0D%0A%22%3C");
    }
}
