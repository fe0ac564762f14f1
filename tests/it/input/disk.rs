//! Files and folders: odd names, two for one address, links, and things that are no files.

use std::fs;
use std::path::Path;

use super::{check, check_with, on_disk, put};
use crate::run::bilayer;
use bilayer::diagnostic::Code;

/// A page in one string.
fn page(path: &str, text: &str) -> String {
    format!("-- content/en/{path} --\n---\ntitle: Page\n---\n{text}\n")
}

#[test]
fn sixty_folders_deep() {
    let folders: Vec<_> = (1..=60).map(|depth| vec!["d"; depth].join("/")).collect();
    let indexes: String = folders.iter().map(|folder| page(&format!("{folder}/index.md"), "")).collect();
    let deepest = &folders[59];
    let bottom = page(&format!("{deepest}/page.md"), &format!("[home]({}index.md)", "../".repeat(60)));
    let built = check(&format!("{indexes}{bottom}"), &[]);
    let html = built.page(&format!("en/{deepest}/page/index.html"));
    assert!(html.contains(&format!("<a href=\"{}\">home</a>", "../".repeat(61))), "{html}");
    check(&bottom, &[Code::SectionIndexMissing]);
}

#[test]
fn names_with_anything_in_them() {
    let names = [
        "a b",
        "无常损失",
        "a#b",
        "a?b",
        "a%b",
        "a%20b",
        "a'b",
        "a\"b",
        "a&b",
        "a<b>",
        "é",
        "-a",
        "a:b",
        "a..b",
        "{{ a }}",
        "*",
    ];
    let pages: String = names.iter().map(|name| page(&format!("{name}.md"), "")).collect();
    let encoded = |name: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        name.bytes().map(byte).collect::<String>()
    };
    let links: String = names.iter().map(|name| format!("[x]({}.md)\n", encoded(name))).collect();
    let images: String = names.iter().map(|name| format!("-- content/en/{name}.bin --\n{name}\n")).collect();
    let downloads: String = names.iter().map(|name| format!("[x]({}.bin)\n", encoded(name))).collect();
    let built = check(&format!("{pages}{images}{}", page("all.md", &format!("{links}{downloads}"))), &[]);
    let html = built.page("en/all/index.html");
    for name in names {
        assert!(built.files.contains_key(&format!("en/{name}/index.html")), "{name}");
        assert!(built.files.contains_key(&format!("en/{name}.bin")), "{name}");
        assert!(html.contains(&format!("<a href=\"../{}/\">x</a>", encoded(name))), "{name}: {html}");
        assert!(html.contains(&format!("<a href=\"../{}.bin\">x</a>", encoded(name))), "{name}: {html}");
    }
}

#[test]
#[cfg(unix)]
fn names_that_cannot_be_part_of_an_address() {
    use std::os::unix::ffi::OsStrExt;
    for name in ["a\\b", "a\nb", "a\u{1}b", "a\u{7f}b"] {
        for path in [
            format!("content/en/{name}.md"),
            format!("content/en/{name}.png"),
            format!("content/en/{name}/page.md"),
            format!("content/static/{name}.txt"),
        ] {
            let built = on_disk("", |book| put(book, &path, b"---\ntitle: Page\n---\n"));
            assert!(built.codes.contains(&"slug-invalid".to_owned()), "{path:?}: {}", built.report);
        }
    }
    let not_utf8 = std::ffi::OsStr::from_bytes(b"content/en/a\xFF.md");
    check_with(
        "",
        |book| fs::write(book.join(not_utf8), "---\ntitle: A\n---\n").expect("it can be written"),
        &[Code::FileNotUtf8],
    );
    let not_utf8 = std::ffi::OsStr::from_bytes(b"content/en/a\xFF");
    let prepare = |book: &std::path::Path| {
        fs::create_dir(book.join(not_utf8)).expect("it can be made");
        fs::write(book.join(not_utf8).join("b.png"), "").expect("it can be written");
    };
    check_with("", prepare, &[Code::FileNotUtf8]);
}

#[test]
fn two_things_at_one_address() {
    let conflict = [Code::UrlConflict];
    let both = |a: &str, b: &str| format!("{}{}", page(a, ""), page(b, ""));
    check(&both("a.md", "a/index.md"), &conflict);
    let slugged = |slug: &str| format!("-- content/en/b.md --\n---\ntitle: B\nslug: {slug}\n---\n");
    check(&format!("{}{}", page("a.md", ""), slugged("a")), &conflict);
    // One address where case does not count, as on most people's disks.
    check(&format!("{}{}", page("a.md", ""), slugged("A")), &conflict);
    check_with(
        &page("case.md", ""),
        |book| put(book, "content/en/CASE.md", b"---\ntitle: A\n---\n"),
        &conflict,
    );
    let alias = |alias: &str| format!("-- content/en/b.md --\n---\ntitle: B\naliases: [{alias}]\n---\n");
    check(&format!("{}{}", page("a.md", ""), alias("a")), &conflict);
    check(&format!("{}{}", page("a.md", ""), alias("A")), &conflict);
    check(&alias("old, old"), &conflict);
    check(&alias("/index.html"), &[Code::AliasInvalid]);
    for file in ["index.html", "404.html", "robots.txt", "en/index.html", "en/atom.xml", "zh/atom.xml"] {
        check(&format!("-- content/static/{file} --\nmine\n"), &conflict);
    }
    // A file where others need a folder.
    check("-- content/static/en --\nmine\n", &conflict);
    check(&format!("-- content/en/a.b/c.txt --\nmine\n{}", alias("a.b/c.txt")), &conflict);
    check("-- static/en/index.html --\nmine\n", &conflict);
    let tags = |tags: &str| format!("-- content/en/b.md --\n---\ntitle: B\ntags: [{tags}]\n---\n");
    check(&tags("C, C++"), &conflict);
    check(&tags("Rust, rust"), &conflict);
    check(&tags("\"？\", \"！\""), &conflict);
    check(
        &format!("{}{}", tags("fees"), page("tags/fees.md", "")),
        &[Code::SectionIndexMissing, Code::UrlConflict],
    );
}

#[test]
fn folders_named_like_files() {
    let built = check(&format!("{}{}", page("a.md/index.md", ""), page("a.md/b.md", "")), &[]);
    assert!(built.files.contains_key("en/a.md/b/index.html"));
    let built = on_disk("", |book| {
        fs::remove_file(book.join("book.toml")).expect("the fixture has one");
        put(book, "book.toml/x.toml", b"");
    });
    assert_eq!(built.codes, ["config-invalid"], "{}", built.report);
}

#[test]
fn broken_configurations() {
    let config = |toml: &str, code: Code| {
        let built = on_disk("", |book| put(book, "book.toml", toml.as_bytes()));
        assert!(built.codes.contains(&code.name().to_owned()), "{toml}: {}", built.report);
        assert!(built.files.is_empty(), "{toml}");
    };
    for toml in [
        "not TOML",
        "[book",
        "[book]\ntitle = ",
        "title = \"a\" \"b\"",
        "[book]\ntitle = 1",
        "[book]\n[book]",
        "book = 1",
        "languages = []",
        "[languages]\nen = 1",
        "[languages.en]\ntext-direction = \"up\"",
        "[languages.\"../../up\"]",
        "[languages.\"\"]",
        "[languages.EN]",
        "[languages.static]",
        "[languages.en]\n[languages.\"e\\u006e\"]",
        "[book]\nsource-language = \"fr\"\n[languages.en]",
        "[build]\nbuild-dir = \"../up\"",
        "[output.html]\nsite-url = \"javascript:alert(1)\"",
        "[output.html]\nsite-url = \"https://a.org/?q\"",
        "\0",
    ] {
        config(toml, Code::ConfigInvalid);
    }
    config("[bokk]", Code::ConfigUnknownKey);
    config(&format!("a = {}", "[".repeat(10_000)), Code::ConfigInvalid);
    config(&format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000)), Code::ConfigInvalid);
    config(&format!("a = {}", "{a=".repeat(10_000)), Code::ConfigInvalid);
    config(&format!("{}a = 1", "a.".repeat(10_000)), Code::ConfigInvalid);
    config(&format!("[{}a]", "a.".repeat(10_000)), Code::ConfigInvalid);
    let languages: String = (0..300).map(|n| format!("[languages.l{n}]\n")).collect();
    config(&languages, Code::ConfigInvalid);
    config("[output.html]\ntheme = \"../../up\"", Code::ThemeMissing);
    // An empty one is a book in English without a title.
    let built = on_disk("", |book| put(book, "book.toml", b""));
    assert_eq!(built.codes, ["config-invalid", "language-undeclared"], "{}", built.report);
    assert!(built.page("index.html").contains("Untitled"));
}

#[test]
#[cfg(unix)]
fn links_are_followed_inside_the_book_and_nowhere_else() {
    use std::os::unix::fs::symlink;
    use std::path::Path;
    let link = |book: &Path, to: &str, at: &str| symlink(to, book.join(at)).expect("a link can be made");
    let secret = |book: &Path| {
        put(
            book.parent().expect("a temporary folder"),
            "secret/page.md",
            b"---\ntitle: Secret\n---\nSecret.\n",
        )
    };

    let built =
        check_with(&page("page.md", "Text."), |book| link(book, "page.md", "content/en/twin.md"), &[]);
    assert!(built.page("en/twin/index.html").contains("Text."));
    let outside = |to: &str, at: &str| {
        let prepare = |book: &Path| {
            secret(book);
            link(book, to, at);
        };
        let built = check_with("", prepare, &[Code::PathOutside]);
        assert!(!built.report.contains("Secret"), "{}", built.report);
        assert!(built.files.is_empty());
    };
    outside("../../../secret/page.md", "content/en/page.md");
    outside("../../../secret", "content/en/secret");
    outside("/etc/hostname", "content/en/hostname.txt");
    outside("../secret", "static");
    outside(".", "content/en/loop");
    outside("../../content", "content/en/loop");
    outside("..", "content/en/loop");
    outside("/", "content/en/root");
    outside("/dev/zero", "content/en/zero.md");
    for (to, at) in [
        ("nothing.md", "content/en/gone.md"),
        ("self.md", "content/en/self.md"),
        ("nothing", "content/en/gone"),
        ("gone", "themes"),
    ] {
        check_with("", |book| link(book, to, at), &[Code::FileUnreadable]);
    }
    // The book may itself be reached through a link.
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    crate::fixture::write("-- content/en/index.md --\n---\ntitle: Home\n---\n", &folder.path().join("book"));
    link(folder.path(), "book", "way");
    assert_eq!(bilayer(folder.path(), "build way").status, 0);
}

#[test]
#[cfg(unix)]
fn what_is_no_file_or_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixListener;
    let fifo = |book: &std::path::Path, at: &str| {
        let made = std::process::Command::new("mkfifo").arg(book.join(at)).status().expect("mkfifo is there");
        assert!(made.success());
    };
    for at in ["content/en/pipe.md", "content/en/pipe.png", "content/static/pipe", "static", "templates"] {
        if !at.contains("content") {
            check_with("", |book| fifo(book, at), &[Code::FileUnreadable]);
        } else {
            check_with("-- content/static/x.txt --\n", |book| fifo(book, at), &[Code::FileUnreadable]);
        }
    }
    let socket =
        |book: &std::path::Path| drop(UnixListener::bind(book.join("content/en/socket")).expect("a socket"));
    check_with("", socket, &[Code::FileUnreadable]);

    let mode = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    // Root reads whatever it likes.
    let probe = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    mode(probe.path(), 0o000);
    if fs::read(probe.path()).is_ok() {
        return;
    }
    check_with(
        &page("page.md", ""),
        |book| mode(&book.join("content/en/page.md"), 0o000),
        &[Code::FileUnreadable],
    );
    check_with(
        "",
        |book| {
            put(book, "content/en/shut/page.md", b"");
            mode(&book.join("content/en/shut"), 0o000);
        },
        &[Code::FileUnreadable],
    );
}

#[test]
fn files_beside_pages_are_copied_whatever_they_are() {
    let prepare = |book: &Path| {
        for (path, text) in [
            ("content/en/conf.toml", "a = 1\n"),
            ("content/en/data.yaml", "a: 1\n"),
            ("content/static/.well-known/security.txt", "Contact: mailto:a@example.org\n"),
        ] {
            let path = book.join(path);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
    };
    let link = page("p.md", "[conf](conf.toml) [data](data.yaml)");
    let built = check_with(&link, prepare, &[]);
    assert_eq!(built.files["en/conf.toml"], b"a = 1\n");
    assert_eq!(built.files["en/data.yaml"], b"a: 1\n");
    assert!(built.files.contains_key(".well-known/security.txt"));
}

#[test]
fn one_file_of_two_at_one_address_is_not_lost_in_silence() {
    let prepare = |book: &Path| {
        for path in ["content/en/same.txt", "content/static/en/same.txt"] {
            let path = book.join(path);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
            fs::write(path, "x").expect("the file can be written");
        }
    };
    check_with("", prepare, &[Code::UrlConflict]);
}

#[test]
fn a_draft_does_not_hide_the_page_it_stands_beside() {
    let page = page("p.md", "text");
    check(
        &format!("{page}-- content/en/p/index.md --\n---\ntitle: P\ndraft: true\n---\n"),
        &[Code::UrlConflict],
    );
}

#[test]
fn a_page_where_a_file_lies_is_told_before_anything_is_written() {
    for alias in ["/404.html/", "/en/index.html/x", "/robots.txt/a/b"] {
        let page = format!("-- content/en/p.md --\n---\ntitle: P\naliases: [\"{alias}\"]\n---\n");
        check(&page, &[Code::UrlConflict]);
    }
}
