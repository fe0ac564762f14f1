//! `init` and `new`: a book, or a page, to begin with.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use super::{Book, Ending, Voice, real, say};
use bilayer::config;
use bilayer::diagnostic;
use bilayer::load::is_hidden;

#[derive(Args)]
pub struct Init {
    /// The folder of the book
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The book's title
    #[arg(long, default_value = "My book")]
    title: String,
    /// Its languages, the one that translations are made from first
    #[arg(long, value_delimiter = ',', default_value = "en,zh", value_name = "LANGUAGES")]
    languages: Vec<String>,
    /// Write into a folder that is not empty; files that exist are left as they are
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
pub struct New {
    /// The page's path below the language folders, such as `rollups/fees`
    path: String,
    /// What to make
    #[arg(short, long, value_enum, default_value = "page")]
    kind: Kind,
    /// The folder of the book
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A page: PATH.md
    Page,
    /// A section: PATH/index.md
    Section,
}

/// The first pages of a book in the languages that bilayer speaks; others get the English ones.
struct Starter {
    home: &'static str,
    section: &'static str,
    page: &'static str,
}

const ENGLISH: Starter = Starter {
    home: include_str!("starter/home.en.md"),
    section: include_str!("starter/section.en.md"),
    page: include_str!("starter/page.en.md"),
};

const CHINESE: Starter = Starter {
    home: include_str!("starter/home.zh.md"),
    section: include_str!("starter/section.zh.md"),
    page: include_str!("starter/page.zh.md"),
};

impl Starter {
    const fn of(language: &str) -> &'static Self {
        if language.len() >= 2 && language.as_bytes()[0] == b'z' && language.as_bytes()[1] == b'h' {
            &CHINESE
        } else {
            &ENGLISH
        }
    }
}

impl Init {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        for (at, language) in self.languages.iter().enumerate() {
            if !config::is_folder_name(language) {
                bail!(
                    "`{language}` cannot be a language's folder: use lower-case letters, such as `en` or `pt-br`"
                );
            }
            if self.languages[..at].contains(language) {
                bail!("the language `{language}` is named twice");
            }
        }
        if !self.force && !is_empty(&self.dir)? {
            bail!("{} is not empty; --force adds what is missing and changes no file", self.dir.display());
        }
        let mut files = vec![
            ("book.toml".to_owned(), self.book_toml()),
            (".gitignore".to_owned(), "/public\n".to_owned()),
        ];
        for language in &self.languages {
            let starter = Starter::of(language);
            let home = starter.home.replace("{title}", &quoted(&self.title));
            files.push((format!("content/{language}/index.md"), home));
            files.push((format!("content/{language}/basics/index.md"), starter.section.to_owned()));
            files.push((format!("content/{language}/basics/first-page.md"), starter.page.to_owned()));
        }
        for (path, text) in &files {
            // A repository that is new may have this one already.
            let may_exist = self.force || path == ".gitignore";
            write_new(&self.dir.join(path), text, may_exist)?;
        }
        if !voice.quiet {
            say(format_args!("a book is ready in {}", self.dir.display()));
            let dir = self.dir.display().to_string();
            let dir = if dir.contains(char::is_whitespace) { format!("'{dir}'") } else { dir };
            say(format_args!("build it with: bilayer build {dir} --open"));
        }
        Ok(Ending::Done)
    }

    fn book_toml(&self) -> String {
        let source = self.languages.first().map_or("en", String::as_str);
        let mut toml = format!("[book]\ntitle = {}\nsource-language = \"{source}\"\n", quoted(&self.title));
        for language in &self.languages {
            let (tag, name) = match language.as_str() {
                "en" => ("en", "English"),
                "zh" => ("zh-Hans", "简体中文"),
                "ja" => ("ja", "日本語"),
                other => (other, other),
            };
            let table = format!("\n[languages.{language}]\ntag = \"{tag}\"\nname = \"{name}\"\n");
            toml.push_str(&table);
        }
        toml.push_str(
            "\n[output.html]\n# Where the site will live; feeds and the sitemap need it.\n\
             # site-url = \"https://example.org/\"\n",
        );
        toml
    }
}

impl New {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let path = self.path.trim_end_matches(".md").trim_end_matches("/index").trim_matches('/');
        let book = Book { dir: self.dir.clone() };
        let (sources, _) = book.load()?;
        let (config, problems) = config::read(&sources);
        let in_language = config.languages.values().find_map(|language| {
            path.strip_prefix("content/")?.strip_prefix(language.key.as_str())?.strip_prefix('/')
        });
        let path = in_language.unwrap_or(path);
        if !is_page_path(path) || path.starts_with("content/") {
            bail!("`{}` is not a path below the language folders, such as `rollups/fees`", self.path);
        }
        if diagnostic::has_errors(&problems) {
            bail!("book.toml has mistakes; `bilayer check` shows them");
        }
        let file = match self.kind {
            Kind::Page => format!("{path}.md"),
            Kind::Section => format!("{path}/index.md"),
        };
        let folders = config.languages.values().map(|language| book.dir.join("content").join(&language.key));
        let files: Vec<_> = folders.map(|folder| folder.join(&file)).collect();
        // All are looked at before any is written, so that a refusal leaves no half of a page.
        let twin = match self.kind {
            Kind::Page => format!("{path}/index.md"),
            Kind::Section => format!("{path}.md"),
        };
        for (at, language) in files.iter().zip(config.languages.values()) {
            refuse(at, &real(&book.dir)?)?;
            let twin = book.dir.join("content").join(&language.key).join(&twin);
            if twin.exists() {
                bail!("{} is this page already", twin.display());
            }
        }
        let stub = format!("---\ntitle: {}\ndraft: true\n---\n", quoted(&bilayer::link::title_of(path)));
        for at in &files {
            write_new(at, &stub, false)?;
            if !voice.quiet {
                say(at.display());
            }
        }
        if !voice.quiet {
            say("drafts are left out of the site until `draft: true` is taken off; `--drafts` shows them");
        }
        Ok(Ending::Done)
    }
}

/// Whether a path names a page that a book could have: it does not lead out, and nothing in it is hidden.
fn is_page_path(path: &str) -> bool {
    let plain = |part: Component<'_>| match part {
        Component::Normal(name) => !is_hidden(&name.to_string_lossy()),
        _ => false,
    };
    !path.is_empty()
        && !path.contains(|c: char| c == '\\' || c.is_control())
        && Path::new(path).components().all(plain)
}

/// Fails if there is something at `path` already, or if a link leads it out of the folder `book`.
fn refuse(path: &Path, book: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        bail!("{} exists already", path.display());
    }
    if !real(path)?.starts_with(book) {
        bail!("{} is not in the book: a link leads out of it", path.display());
    }
    Ok(())
}

/// A string in double quotes, for TOML and YAML: JSON's escapes are also theirs.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in serde_json::Value::from(text).to_string().chars() {
        match c {
            // JSON lets these stand as they are; TOML or YAML does not, or takes them for ends of lines.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted
}

/// Whether a folder does not exist or holds nothing but hidden files.
fn is_empty(dir: &Path) -> Result<bool> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        entries => entries.with_context(|| format!("cannot list {}", dir.display()))?,
    };
    for entry in entries {
        if !entry?.file_name().to_string_lossy().starts_with('.') {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes a file that does not exist yet. One that does is left alone: an error, unless `skip`.
fn write_new(path: &Path, text: &str, skip: bool) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let file = fs::File::create_new(path);
    match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && skip => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("{} exists already", path.display()),
        file => {
            use std::io::Write;
            file.and_then(|mut file| file.write_all(text.as_bytes()))
                .with_context(|| format!("cannot write {}", path.display()))
        }
    }
}
