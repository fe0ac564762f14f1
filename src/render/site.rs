//! The files around the pages: root and 404, redirects of former paths, sitemap and robots.

use std::fmt::Write as _;

use tera::{Context, Value};

use super::html::{attribute, text};
use super::page::alternates;
use super::view::{Alternate, Greeting};
use super::{GENERATOR, Renderer};
use crate::config::SiteUrl;
use crate::diagnostic::Diagnostic;
use crate::link::route;
use crate::output::Sink;

/// Writes the root, where a reader chooses a language.
pub fn root(renderer: &Renderer<'_>, sink: &dyn Sink) -> Option<Diagnostic> {
    greeting(renderer, "root.html", "index.html", "./", sink)
}

/// Writes the page for addresses that do not exist. It may have been asked for at any depth: its links begin at the
/// site's base.
pub fn not_found(renderer: &Renderer<'_>, sink: &dyn Sink) -> Option<Diagnostic> {
    let base = renderer.config().site_url.as_ref().map_or("/", |url| &url.base);
    greeting(renderer, "404.html", "404.html", base, sink)
}

fn greeting(
    renderer: &Renderer<'_>,
    template: &str,
    path: &str,
    root: &str,
    sink: &dyn Sink,
) -> Option<Diagnostic> {
    let book = renderer.book;
    let greetings: Vec<_> = book
        .config
        .languages
        .iter()
        .map(|(lang, language)| Greeting {
            title: &language.title,
            description: &language.description,
            name: &language.name,
            lang: &language.tag,
            key: &language.key,
            direction: language.direction,
            href: route::rooted_href(root, &book.card(book.home(), lang).url, renderer.style),
            t: &renderer.theme.strings[lang],
        })
        .collect();
    let mut context = Context::new();
    context.insert_value("greetings", Value::from_serializable(&greetings));
    context.insert_value("root", Value::normal_string(root));
    context.insert_value("assets", renderer.assets.clone());
    context.insert_value("generator", Value::normal_string(GENERATOR));
    match renderer.theme.templates.render(template, &context) {
        Ok(html) => {
            sink.put(path, &html);
            None
        }
        Err(problem) => Some(*problem),
    }
}

/// Writes the page at a former path that leads to where the topic is now.
pub fn alias(renderer: &Renderer<'_>, path: &str, sink: &dyn Sink) {
    let Some(&(id, lang)) = renderer.book.aliases.get(path) else { return };
    let card = renderer.book.card(id, lang);
    let href = route::href(path, &card.url, renderer.style);
    let (href, title) = (attribute(&href), text(&card.title));
    let tag = &renderer.config().languages[lang].tag;
    let html = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"robots\" content=\"noindex\">\n<link rel=\"canonical\" href=\"{href}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n<p><a href=\"{href}\">{title}</a></p>\n</html>\n"
    );
    sink.put(&route::file_of(path), html.as_bytes());
}

/// How many addresses one file of the sitemap holds: sitemaps.org allows 50,000, and 50 MB.
const SITEMAP_ENTRIES: usize = 20_000;

/// Writes `robots.txt`.
pub fn robots(renderer: &Renderer<'_>, sink: &dyn Sink) {
    let mut robots = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(url) = &renderer.config().site_url {
        let _ = writeln!(robots, "Sitemap: {}", url.absolute("sitemap.xml"));
    }
    sink.put("robots.txt", robots.as_bytes());
}

/// Writes `sitemap.xml` where the site's address is known: the list itself, or in a large book a list of its parts.
pub fn sitemaps(renderer: &Renderer<'_>, sink: &dyn Sink) {
    let Some(url) = &renderer.config().site_url else { return };
    let entries = sitemap_entries(renderer, url);
    if entries.len() <= SITEMAP_ENTRIES {
        sink.put("sitemap.xml", sitemap(&entries).as_bytes());
    } else {
        sitemap_parts(&entries, url, sink);
    }
}

fn sitemap_parts(entries: &[String], url: &SiteUrl, sink: &dyn Sink) {
    let mut index = format!("{XML}<sitemapindex xmlns=\"{SITEMAPS}\">\n");
    for (number, part) in entries.chunks(SITEMAP_ENTRIES).enumerate() {
        let path = route::sitemap_part(number + 1);
        let _ = writeln!(index, "<sitemap><loc>{}</loc></sitemap>", text(&url.absolute(&path)));
        sink.put(&path, sitemap(part).as_bytes());
    }
    index.push_str("</sitemapindex>\n");
    sink.put("sitemap.xml", index.as_bytes());
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SITEMAPS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn sitemap(entries: &[String]) -> String {
    let xhtml = "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"";
    format!("{XML}<urlset xmlns=\"{SITEMAPS}\" {xhtml}>\n{}</urlset>\n", entries.concat())
}

/// Each page that is its own original, with the same page in other languages (sitemaps.org 0.9 with the
/// `xhtml:link` extension for languages), a line each.
fn sitemap_entries(renderer: &Renderer<'_>, url: &SiteUrl) -> Vec<String> {
    let book = renderer.book;
    let mut entries = Vec::with_capacity(book.topics.len() * book.config.languages.count());
    for id in book.topic_ids() {
        let link = |other: &Alternate<'_>| {
            let (tag, href) = (other.tag, text(&other.url).into_owned());
            format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{href}\"/>")
        };
        let links: String = alternates(renderer, id).iter().map(link).collect();
        for (_, card) in book.topic(id).cards.iter().filter(|(lang, card)| card.is_own(*lang)) {
            let address = route::absolute(url, &card.url);
            let changed = card.changed().map_or_else(String::new, |day| format!("<lastmod>{day}</lastmod>"));
            entries.push(format!("<url><loc>{}</loc>{changed}{links}</url>\n", text(&address)));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Memory;

    #[test]
    fn a_sitemap_that_would_be_too_long_is_a_list_of_parts() {
        let url = SiteUrl::parse("https://example.org/b").expect("an address");
        let sink = Memory::new();
        sitemap_parts(&vec!["<url/>\n".to_owned(); SITEMAP_ENTRIES + 1], &url, &sink);
        let files = sink.into_files();
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        let index = String::from_utf8_lossy(&files["sitemap.xml"]);
        assert!(index.contains("<loc>https://example.org/b/sitemap-2.xml</loc>"), "{index}");
        assert_eq!(String::from_utf8_lossy(&files["sitemap-2.xml"]).matches("<url/>").count(), 1);
    }
}
