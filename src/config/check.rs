//! What `book.toml` says that cannot be meant, although each value is of the right kind.

use super::{Config, FILE, Language, MAX_LANGUAGES, Raw, SiteUrl, is_folder_name, position};
use crate::data;
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::source::{FileId, Span};

/// Looks at the settings in `text`, the text of `file`: as they were read, and as they are understood. A
/// title is not missed where something else was `said`: the mistake may have lost it.
pub fn problems(
    raw: &Raw,
    config: &Config,
    file: FileId,
    text: &str,
    said: &[Diagnostic],
) -> Vec<Diagnostic> {
    let page = Page { file, text };
    let mut diagnostics: Vec<_> = raw.languages.keys().filter_map(|key| page.folder(key)).collect();
    diagnostics.extend(config.languages.values().filter_map(|language| page.tag(language)));
    diagnostics.extend(page.too_many(raw));
    diagnostics.extend(page.source(raw, config));
    diagnostics.extend(page.title(raw).filter(|_| said.is_empty()));
    diagnostics.extend(page.build_dir(config));
    diagnostics.extend(page.addresses(raw));
    diagnostics
}

/// The text of `book.toml`, in which places are looked for.
struct Page<'a> {
    file: FileId,
    text: &'a str,
}

impl Page<'_> {
    /// A problem with the value at `path`.
    fn problem(&self, path: &[&str], message: String) -> Diagnostic {
        let range = data::toml_place(self.text, path).unwrap_or(0..0);
        Diagnostic::new(Code::ConfigInvalid, Span::new(self.file, range.start, range.end), message)
    }

    fn folder(&self, key: &str) -> Option<Diagnostic> {
        (!is_folder_name(key)).then(|| {
            self.problem(&["languages", key], format!("`{key}` cannot be a language's folder"))
                .help("use lower-case letters, digits and hyphens, such as `zh` or `pt-br`")
        })
    }

    fn tag(&self, Language { key, tag, .. }: &Language) -> Option<Diagnostic> {
        let is_part = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let path = ["languages", key, "tag"];
        (!tag.split('-').all(is_part)).then(|| {
            self.problem(&path, format!("`{tag}` is not a language tag"))
                .help("a tag (BCP 47) is words of letters and digits with hyphens: `zh-Hans`, `pt-BR`")
        })
    }

    fn too_many(&self, raw: &Raw) -> Option<Diagnostic> {
        let message = format!("there are {} languages, too many by far", raw.languages.len());
        let problem =
            || self.problem(&["languages"], message).help(format!("a book has at most {MAX_LANGUAGES}"));
        (raw.languages.len() > MAX_LANGUAGES).then(problem)
    }

    fn source(&self, raw: &Raw, config: &Config) -> Option<Diagnostic> {
        let declared: Vec<_> = config.languages.values().cloned().collect();
        let typed = raw.book.source().filter(|key| position(&declared, Some(key)).is_none())?;
        let key = if raw.book.source_language.is_some() { "source-language" } else { "language" };
        let message = format!("the source language `{typed}` is not declared");
        let problem = self.problem(&["book", key], message);
        let keys = || declared.iter().map(|language| language.key.as_str());
        Some(match (nearest(typed, keys()), problem.span) {
            (Some(near), Some(place)) => {
                problem.help(format!("did you mean `{near}`?")).fix(place, format!("\"{near}\""))
            }
            _ => problem.help(format!("declared are: {}", keys().collect::<Vec<_>>().join(", "))),
        })
    }

    fn title(&self, raw: &Raw) -> Option<Diagnostic> {
        let of_languages = raw.languages.values().any(|language| language.get_ref().title.is_some());
        let is_missing = raw.book.title.is_none() && !of_languages;
        is_missing.then(|| {
            let problem = self
                .problem(&[], "the book has no title".to_owned())
                .help(format!("write `title = \"…\"` under `[book]` in {FILE}"));
            Diagnostic { severity: Severity::Warning, ..problem }
        })
    }

    fn build_dir(&self, config: &Config) -> Option<Diagnostic> {
        let dir = &config.build_dir;
        escapes(dir).then(|| {
            self.problem(&["build", "build-dir"], format!("`{dir}` is not a folder below the book"))
                .help("name one such as `public`; to write elsewhere, `bilayer build -d DIR`")
        })
    }

    fn addresses(&self, raw: &Raw) -> Vec<Diagnostic> {
        let html = &raw.output.html;
        let is_address = |url: &str| SiteUrl::parse(url.split(['?', '#']).next().unwrap_or(url)).is_some();
        let wrong = |key, url: &Option<String>, is_right: &dyn Fn(&str) -> bool, help: &str| {
            let url = url.as_deref().filter(|url| !is_right(url))?;
            let message = format!("`{url}` is not an http or https address");
            Some(self.problem(&["output", "html", key], message).help(help))
        };
        let whole = "write the whole address, such as `https://example.org/book/`";
        let site = wrong("site-url", &html.site_url, &|url| SiteUrl::parse(url).is_some(), whole);
        let repository = wrong("git-repository-url", &html.git_repository_url, &is_address, whole);
        let edit = html.edit_url_template.as_deref().filter(|url| !url.contains("{path}")).map(|url| {
            self.problem(
                &["output", "html", "edit-url-template"],
                format!("`{url}` leaves no room for the page"),
            )
            .help("put `{path}` where the page's file belongs: `https://example.org/edit/main/{path}`")
        });
        site.into_iter().chain(repository).chain(edit).collect()
    }
}

/// Whether a relative path leads out of the folder it starts in, or names no folder in it.
fn escapes(path: &str) -> bool {
    let mut parts = path.trim_end_matches('/').split(['/', '\\']);
    path.is_empty()
        || path.starts_with(['/', '\\'])
        || path.contains(':')
        || parts.any(|part| matches!(part, ".." | "." | ""))
}
