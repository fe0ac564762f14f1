//! Where things are in the site; the only place that spells a URL.
//!
//! A *path* here is relative to the site's root and has no leading slash: `zh/rollups/zk-rollups/`. A
//! page's links begin with the way back to the root (`../../../`), so that a site works at any address
//! and can be moved as it is.

use std::fmt::Write as _;

/// How a link names a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkStyle {
    /// `zh/rollups/`: for a web server.
    #[default]
    Folder,
    /// `zh/rollups/index.html`: for reading from disk.
    File,
}

/// The file that holds the page at `path`.
#[must_use]
pub fn file_of(path: &str) -> String {
    format!("{path}index.html")
}

/// The way from the page at `path` back to the root: `../../` for `zh/rollups/`, `./` for the root.
#[must_use]
pub fn root_of(path: &str) -> String {
    match path.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// A link to `path` from a page whose way to the root is `root`, percent-encoded.
#[must_use]
pub fn href(root: &str, path: &str, style: LinkStyle) -> String {
    let mut href = String::with_capacity(root.len() + path.len() + 10);
    href.push_str(root);
    encode(path, &mut href);
    if style == LinkStyle::File && (path.is_empty() || path.ends_with('/')) {
        href.push_str("index.html");
    }
    href
}

/// A path as it stands in a URL: everything but letters, digits and `-._~/` of ASCII is
/// percent-encoded (RFC 3986, unreserved characters).
pub fn encode(path: &str, out: &mut String) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The text that a percent-encoded one stands for; unchanged where it is not valid.
#[must_use]
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// The page of a language's tags, or of one of them.
#[must_use]
pub fn tags(lang: &str, tag: Option<&str>) -> String {
    match tag {
        None => format!("{lang}/tags/"),
        Some(tag) => {
            let slug = crate::lang::slug(tag);
            format!("{lang}/tags/{}/", if slug.is_empty() { "tag" } else { &slug })
        }
    }
}

/// The feed of a language.
#[must_use]
pub fn feed(lang: &str) -> String {
    format!("{lang}/atom.xml")
}

/// Follows `relative` from the folder `from` (`en/rollups`, no slash at the end). `None` when it leads
/// above the root.
#[must_use]
pub fn join(from: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The relative path that leads from the folder `from` to the file `to`.
#[must_use]
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - shared);
    format!("{up}{}", to[shared..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_over_the_root() {
        let root = root_of("zh/rollups/zk-rollups/");
        assert_eq!(href(&root, "en/channels/", LinkStyle::Folder), "../../../en/channels/");
        assert_eq!(href(&root, "en/channels/", LinkStyle::File), "../../../en/channels/index.html");
        assert_eq!(href("./", "", LinkStyle::Folder), "./");
        assert_eq!(href("./", "zh/图.svg", LinkStyle::File), "./zh/%E5%9B%BE.svg");
    }

    #[test]
    fn relative_paths_go_there_and_back() {
        assert_eq!(
            join("en/rollups", "../channels/./lightning.md").as_deref(),
            Some("en/channels/lightning.md")
        );
        assert_eq!(join("en", "../../secret.md"), None);
        assert_eq!(relative("en/rollups", "en/channels/lightning.md"), "../channels/lightning.md");
        assert_eq!(relative("en/rollups", "en/rollups/fees.md"), "fees.md");
    }

    #[test]
    fn decoding_undoes_encoding_and_leaves_the_rest() {
        let mut encoded = String::new();
        encode("zh/无常损失 (1)/", &mut encoded);
        assert_eq!(decode(&encoded), "zh/无常损失 (1)/");
        assert_eq!(decode("100%25 and 50%"), "100% and 50%");
        assert_eq!(decode("%FF"), "%FF");
    }
}
