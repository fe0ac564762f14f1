//! Where things are in the site; the only place that spells a URL.
//!
//! A *path* here is relative to the site's root and has no leading slash: `zh/rollups/zk-rollups/`. Links
//! between pages are relative (`../fees/`), so that a site works at any address and can be moved as it is.

use std::fmt::Write as _;

use crate::config::SiteUrl;

/// How a link names a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

/// The page whose file lies at `path`; none when that is no page.
#[must_use]
pub fn page_of(path: &str) -> Option<&str> {
    path.strip_suffix("index.html").filter(|page| page.ends_with('/'))
}

/// Where a file of the book that is copied as it is lies in the site, given its path in the book.
#[must_use]
pub fn of_asset(path: &str) -> Option<String> {
    let below = |prefix: &str| path.strip_prefix(prefix).map(str::to_owned);
    let of_theme = || path.strip_prefix("themes/")?.split_once("/static/").map(|(_, rest)| rest.to_owned());
    below("content/static/").or_else(|| below("content/")).or_else(|| below("static/")).or_else(of_theme)
}

/// Whether a file can lie at `path`: no system or browser takes part of it for something else, and it is not where the
/// program keeps its own records.
#[must_use]
pub fn is_possible(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    !path.contains(|c: char| c == '\\' || c.is_control()) && !first.eq_ignore_ascii_case(".bilayer")
}

/// The way from the page at `path` back to the root: `../../` for `zh/rollups/`, `./` for the root.
#[must_use]
pub fn root_of(path: &str) -> String {
    match path.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// A link from the page at `from` to `to`, relative and percent-encoded.
///
/// ```
/// use bilayer::link::route::{LinkStyle, href};
///
/// assert_eq!(href("en/rollups/exits/", "en/rollups/fees/", LinkStyle::Folder), "../fees/");
/// assert_eq!(href("en/rollups/", "zh/rollups/", LinkStyle::File), "../../zh/rollups/index.html");
/// ```
#[must_use]
pub fn href(from: &str, to: &str, style: LinkStyle) -> String {
    let shared = shared_folders(from, to);
    let up = from[shared..].matches('/').count();
    let mut href = "../".repeat(up);
    encode(&to[shared..], &mut href);
    if href.is_empty() {
        href.push_str("./");
    }
    named(href, style)
}

/// The whole address of `path` in a site that lives at `site`, percent-encoded.
#[must_use]
pub fn absolute(site: &SiteUrl, path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    encode(path, &mut encoded);
    site.absolute(&encoded)
}

/// A link to `to` that does not depend on where it stands: below `base`, `/` or `/book/`.
#[must_use]
pub fn rooted_href(base: &str, to: &str, style: LinkStyle) -> String {
    let mut href = base.to_owned();
    encode(to, &mut href);
    named(href, style)
}

fn named(mut href: String, style: LinkStyle) -> String {
    if style == LinkStyle::File && href.ends_with('/') {
        href.push_str("index.html");
    }
    href
}

/// The length of the folders, slash included, with which both paths begin.
fn shared_folders(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.as_bytes()[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1)
}

/// The folder that a page's own folder lies in: `en/rollups/` for `en/rollups/fees/`.
#[must_use]
pub fn folder_above(path: &str) -> &str {
    let above = path.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
    &path[..above]
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

/// A part of the sitemap of a large book; the first has number 1.
#[must_use]
pub fn sitemap_part(number: usize) -> String {
    format!("sitemap-{number}.xml")
}

/// Whether the list of addresses, or a part of it, can lie at `path`.
#[must_use]
pub fn is_sitemap(path: &str) -> bool {
    path.strip_prefix("sitemap").is_some_and(|rest| rest.starts_with(['.', '-']) && rest.ends_with(".xml"))
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

    fn folder(from: &str, to: &str) -> String {
        href(from, to, LinkStyle::Folder)
    }

    #[test]
    fn links_are_as_short_as_they_can_be() {
        assert_eq!(folder("zh/rollups/fees/", "zh/rollups/exits/"), "../exits/");
        assert_eq!(folder("zh/rollups/fees/", "zh/rollups/"), "../");
        assert_eq!(folder("zh/rollups/", "zh/rollups/fees/"), "fees/");
        assert_eq!(folder("zh/rollups/fees/", "en/rollups/fees/"), "../../../en/rollups/fees/");
        assert_eq!(folder("zh/roll/", "zh/rollups/"), "../rollups/");
        assert_eq!(folder("zh/rollups/", "zh/rollups/"), "./");
        assert_eq!(folder("", "zh/"), "zh/");
        assert_eq!(folder("zh/rollups/", "zh/图 1.svg"), "../%E5%9B%BE%201.svg");
    }

    #[test]
    fn links_for_reading_from_disk_name_the_file() {
        assert_eq!(href("zh/a/", "zh/b/", LinkStyle::File), "../b/index.html");
        assert_eq!(href("zh/a/", "zh/a/", LinkStyle::File), "./index.html");
        assert_eq!(href("zh/a/", "zh/atom.xml", LinkStyle::File), "../atom.xml");
        assert_eq!(rooted_href("/book/", "zh/", LinkStyle::Folder), "/book/zh/");
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
