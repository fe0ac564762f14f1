//! The law of the preview: after any edits, what a book gives with a memory is, byte for byte, what it gives without.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use bilayer::digest::Digest;
use bilayer::memo::Store;
use bilayer::output;
use bilayer::pipeline::{self, Memory, Options, Quiet};
use bilayer::report::terminal::{Style, render};
use bilayer::source::{Content, File, Sources};

use crate::fixture;
use crate::random::Random;

/// A book with something of everything.
const BOOK: &str = include_str!("warm/book.txt");
const SEQUENCES: u64 = 220;
const EDITS: usize = 6;

/// Keeps everything that it is given.
#[derive(Default)]
struct Shelf(Mutex<HashMap<Digest, Vec<u8>>>);

impl Store for Shelf {
    fn get(&self, key: Digest) -> Option<Vec<u8>> {
        self.0.lock().expect("no thread panics here").get(&key).cloned()
    }

    fn put(&self, key: Digest, bytes: &[u8]) {
        self.0.lock().expect("no thread panics here").insert(key, bytes.to_vec());
    }
}

/// All that can be seen of a build.
#[derive(PartialEq)]
struct Seen {
    files: BTreeMap<String, String>,
    reports: Vec<String>,
    pages: usize,
    untranslated: Vec<(String, usize)>,
}

fn seen(sources: &Sources, options: &Options, memory: &mut Memory) -> Seen {
    let site = output::Memory::new();
    let outcome = pipeline::build(sources, options, memory, &site, &Quiet);
    let (files, copies) = site.into_parts();
    let files = files.into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()));
    let copies = copies.into_iter().map(|(path, disk)| (path, disk.display().to_string()));
    let reports = outcome.diagnostics.iter().map(|problem| render(sources, problem, Style::Plain)).collect();
    let files = files.chain(copies).collect();
    Seen { files, reports, pages: outcome.pages, untranslated: outcome.untranslated }
}

/// The same book, as if it had just been loaded.
fn reloaded(sources: &Sources) -> Sources {
    Sources::new(sources.iter().map(|(_, file)| file.clone()).collect())
}

#[track_caller]
fn check(warm: &Seen, cold: &Seen, story: &str) {
    let differ: Vec<_> =
        cold.files.iter().filter(|(path, bytes)| warm.files.get(*path) != Some(bytes)).collect();
    let more: Vec<_> = warm.files.keys().filter(|path| !cold.files.contains_key(*path)).collect();
    if let Some((path, bytes)) = differ.first() {
        let warm = warm.files.get(*path).map_or("nothing", String::as_str);
        panic!("{story}\n{path}, warm:\n{warm}\ncold:\n{bytes}");
    }
    assert!(more.is_empty(), "{story}\nonly warm: {more:?}");
    assert_eq!(warm.reports.join("\n\n"), cold.reports.join("\n\n"), "{story}");
    assert!(warm == cold, "{story}");
}

/// Everything of the site, asked for one by one.
fn check_single(sources: &Sources, memory: &mut Memory, cold: &Seen, story: &str) {
    let Ok(edition) = pipeline::prepare(sources, &Options::default(), memory, &Quiet) else { return };
    assert!(edition.work.parsed.is_empty() && !edition.work.linked, "nothing has changed\n{story}");
    let Some(renderer) = edition.renderer() else { return };
    for (path, bytes) in &cold.files {
        let site = output::Memory::new();
        let item = renderer.find(path).unwrap_or_else(|| panic!("{path} is not found\n{story}"));
        renderer.render(item, &site);
        let (files, copies) = site.into_parts();
        let found = files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let found = found.or_else(|| Some(copies.get(path)?.display().to_string()));
        assert_eq!(found.as_ref(), Some(bytes), "{path}\n{story}");
    }
}

#[test]
fn a_warm_build_gives_what_a_cold_one_gives() {
    let tools = Memory::default();
    for seed in 0..SEQUENCES {
        let mut random = Random::new(seed);
        let shelf = Arc::new(Shelf::default());
        let mut memory = Memory::new(shelf.clone()).sharing_tools(&tools);
        let mut sources = fixture::sources(BOOK);
        let mut story = format!("seed {seed}");
        let first = seen(&sources, &Options::default(), &mut memory);
        assert_eq!(first.reports.join("\n"), "", "the book is without mistakes until it is edited");
        for _ in 0..EDITS {
            for _ in 0..=random.below(2) {
                story += &format!("\n- {}", edit(&mut sources, &mut random));
            }
            // Now and then the program starts again, with what it kept.
            if random.below(8) == 0 {
                story += "\n- (starts again)";
                memory = Memory::new(shelf.clone()).sharing_tools(&tools);
                sources = reloaded(&sources);
            }
            let options = Options { drafts: random.below(6) == 0, ..Options::default() };
            let warm = seen(&sources, &options, &mut memory);
            let cold = seen(&reloaded(&sources), &options, &mut Memory::default().sharing_tools(&tools));
            check(&warm, &cold, &story);
            if !options.drafts && cold.reports.is_empty() {
                check_single(&sources, &mut memory, &cold, &story);
            }
        }
    }
}

/// Changes something of the book; says what.
fn edit(sources: &mut Sources, random: &mut Random) -> String {
    let kinds: [fn(&mut Sources, &mut Random) -> String; 9] =
        [page, page, page, front, front, tree, shared, example, asset];
    random.choose(&kinds)(sources, random)
}

fn paths(sources: &Sources, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    sources.iter().map(|(_, file)| file.path.clone()).filter(|path| wanted(path)).collect()
}

fn is_page(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(".md")
}

fn text(sources: &Sources, path: &str) -> String {
    sources.find(path).map(|id| sources.text(id).to_owned()).unwrap_or_default()
}

/// A page; every other time the same one, as an author stays with a page for a while.
fn some_page(sources: &Sources, random: &mut Random) -> String {
    let pages = paths(sources, is_page);
    match pages.iter().find(|path| *path == "content/en/gas.md") {
        Some(page) if random.below(2) == 0 => page.clone(),
        _ => random.choose(&pages).clone(),
    }
}

/// A line of Markdown.
fn line(random: &mut Random) -> String {
    let lines = [
        "A new sentence.",
        "It's a \"quoted\" word -- twice...",
        "又一句话。",
        "## A new heading",
        "## Another heading {#new}",
        "### 新的小节 {#new}",
        "## Fees",
        "[link](gas.md#fees)",
        "[链接](../s/deep.md)",
        "[missing](nowhere.md)",
        "[anchor](gas.md#nothing)",
        "[anchor](gas.md#new)",
        "[anchor](gas.md#a-new-heading)",
        "[anchor](gas.md#here)",
        "$x^2$",
        "$\\frac{$",
        "```rust\nfn main() {}\n```",
        "`= fee.total`",
        "```example fee\n```",
        "```example of fee\n```",
        "[40](=fee.total)",
        "[40](==fee.total)",
        "![A picture](pic.png)",
        "<b id=\"here\">html</b>",
        "<b id=\"there\">html</b>",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "A note[^1].\n\n[^1]: The note.",
        "> [!NOTE]\n> Mind.",
        "```example ask\n```",
        "**「区块」**的",
        "[draft](draft.md)",
    ];
    (*random.choose(&lines)).to_owned()
}

fn page(sources: &mut Sources, random: &mut Random) -> String {
    let path = some_page(sources, random);
    let mut lines: Vec<_> = text(sources, &path).split("\n\n").map(str::to_owned).collect();
    let at = 1.min(lines.len()) + random.below(lines.len());
    match random.below(3) {
        0 if at < lines.len() => drop(lines.remove(at)),
        1 if at < lines.len() => lines[at] = line(random),
        _ => lines.insert(at.min(lines.len()), line(random)),
    }
    sources.put(File::text(&*path, lines.join("\n\n")));
    format!("text of {path}")
}

fn front(sources: &mut Sources, random: &mut Random) -> String {
    let path = some_page(sources, random);
    let keys = [
        "title: Renamed",
        "title: 改名",
        "weight: 1",
        "weight: 9",
        "tags: [fees, new]",
        "tags: []",
        "draft: true",
        "slug: other",
        "requires: [gas]",
        "requires: [s/deep]",
        "requires: [nowhere]",
        "aliases: [old]",
        "aliases: [/en/older/]",
        "template: special.html",
        "level: beginner",
        "updated: 2026-01-02",
        "description: Something.",
        "# a remark",
        "nonsense: 1",
        "title: [",
        "objectives: [See.]",
        "extra: {n: 0.1}",
    ];
    let key = *random.choose(&keys);
    let name = key.split(':').next().unwrap_or_default();
    let old = text(sources, &path);
    let (yaml, body) =
        old.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n")).unwrap_or(("", &old));
    let kept: String =
        yaml.lines().filter(|line| !line.starts_with(name)).map(|line| format!("{line}\n")).collect();
    sources.put(File::text(&*path, format!("---\n{kept}{key}\n---\n{body}")));
    format!("`{key}` in {path}")
}

fn tree(sources: &mut Sources, random: &mut Random) -> String {
    let pages = paths(sources, is_page);
    let path = random.choose(&pages).clone();
    match random.below(5) {
        0 => {
            sources.remove(&path);
            format!("{path} is gone")
        }
        1 => {
            let name = random.choose(&[
                "content/en/fresh.md",
                "content/zh/fresh.md",
                "content/en/s/gas.md",
                "content/zh/s/t/u.md",
            ]);
            sources.put(File::text(*name, format!("# Fresh\n\n{}\n", line(random))));
            format!("{name} is new")
        }
        2 => {
            let new = path.replace(".md", "-moved.md");
            let moved = File::text(&*new, text(sources, &path));
            sources.remove(&path);
            sources.put(moved);
            format!("{path} is now {new}")
        }
        3 => {
            for path in pages.iter().filter(|path| path.contains("/s/")) {
                let moved = File::text(path.replace("/s/", "/moved/"), text(sources, path));
                sources.remove(path);
                sources.put(moved);
            }
            "the folder s is now moved".to_owned()
        }
        _ => {
            sources.put(File::text("content/en/s/deep.md", "# Deep\n\nBack again.\n\n## Here\n"));
            "s/deep is back".to_owned()
        }
    }
}

/// Configuration, theme, words.
fn shared(sources: &mut Sources, random: &mut Random) -> String {
    let edits = [
        (
            "book.toml",
            "title = \"Another\"\nsource-language = \"en\"\n\n[languages.en]\nname = \"English\"\n\n[languages.zh]\ntag = \"zh-Hans\"\nname = \"中文\"\n",
        ),
        (
            "book.toml",
            "source-language = \"en\"\n\n[languages.en]\n\n[languages.zh]\ntag = \"zh-Hans\"\n\n[output.html]\nsite-url = \"https://example.org/b/\"\nraw-html = false\n",
        ),
        (
            "book.toml",
            "source-language = \"en\"\n\n[languages.en]\n\n[languages.zh]\n\n[units]\nBEAN = {}\n\n[check]\ndrift = \"deny\"\n",
        ),
        ("book.toml", "source-language = \"zh\"\n\n[languages.en]\n\n[languages.zh]\n"),
        (
            "book.toml",
            "source-language = \"en\"\n\n[languages.en]\n\n[languages.zh]\ntag = \"zh-Hant\"\n\n[output.html]\nsmart-punctuation = false\n",
        ),
        ("book.toml", "not = \"known\"\n"),
        (
            "templates/page.html",
            "{{ page.title }}|{{ content | safe }}|{{ sidebar | safe }}|{% for item in page.children %}{{ item.title }},{% endfor %}",
        ),
        (
            "templates/page.html",
            "{% extends \"default/page.html\" %}{% block footer %}own{% endblock footer %}",
        ),
        ("templates/page.html", "{{ page.nothing }}"),
        ("templates/section.html", "{% if %}"),
        ("templates/special.html", "special {{ page.title }}"),
        ("templates/example-calc.html", "calc {{ example.title }}"),
        ("templates/example-quiz.html", "{% extends \"default/example-quiz.html\" %}"),
        ("templates/sidebar.html", "{% for item in menu %}{{ item.title }}={{ item.href }};{% endfor %}"),
        ("strings/en.toml", "next = \"Onward\"\n"),
        ("strings/zh.toml", "next = \"往下\"\nlink_to_heading = \"到{heading}\"\n"),
        ("strings/zh.toml", "unknown = \"x\"\n"),
        ("static/own.css", "body { color: red }"),
        ("static/own.css", "body { color: blue }"),
    ];
    let (path, text) = *random.choose(&edits);
    if random.below(4) == 0 && path != "book.toml" {
        sources.remove(path);
        return format!("{path} is gone");
    }
    let text = if path == "book.toml" { format!("[book]\n{text}") } else { text.to_owned() };
    sources.put(File::text(path, text.clone()));
    format!("{path} is now {text:?}")
}

fn example(sources: &mut Sources, random: &mut Random) -> String {
    let path = *random.choose(&[
        "content/examples/fee.yaml",
        "content/examples/ask.yaml",
        "content/examples/new.yaml",
    ]);
    let old = text(sources, path);
    let new = match random.below(6) {
        0 => {
            sources.remove(path);
            return format!("{path} is gone");
        }
        1 => old.replace("20 gwei", "30 gwei"),
        2 => old.replace("30 gwei", "20 gwei"),
        3 => format!("{old}\nwrong: 1\n"),
        4 => old.replace("Total", "Sum"),
        _ => text(&fixture::sources(BOOK), path.replace("new", "fee").as_str()),
    };
    sources.put(File::text(path, new));
    format!("{path} has changed")
}

fn asset(sources: &mut Sources, random: &mut Random) -> String {
    let path = *random.choose(&[
        "content/en/pic.png",
        "content/zh/pic.png",
        "content/static/data.csv",
        "content/en/gas/index.html",
    ]);
    let is_there =
        sources.find(path).is_some_and(|id| matches!(sources.file(id).content, Content::Asset { .. }));
    if is_there && random.below(2) == 0 {
        sources.remove(path);
        return format!("{path} is gone");
    }
    let pixels = (random.below(2) == 0).then_some((4, 3));
    sources.put(File::asset(path, Path::new(path), pixels));
    format!("{path} is {pixels:?}")
}
