//! What each command does and says, from the user's side.

#[cfg(unix)]
mod pipes;

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde_json::Value;

use crate::fixture;
use crate::run::{Run, assert_same, bilayer, command, finish, paths, tree};

/// A book in two languages without a mistake.
const CLEAN: &str = "\
-- content/en/index.md --
---
title: Home
---
See [gas](gas.md).
-- content/en/gas.md --
---
title: Gas
date: 2026-01-02
---
Paid for work.
-- content/zh/index.md --
---
title: 首页
---
见[燃料](gas.md)。
-- content/zh/gas.md --
---
title: 燃料
---
为计算付费。
";

/// A page with a warning: its code names no language there is.
const WARNING: &str = "-- content/en/odd.md --\n---\ntitle: Odd\n---\n```rsut\nfn f() {}\n```\n";

/// A page with an error.
const ERROR: &str = "-- content/en/wrong.md --\n---\ntitle: Wrong\n---\n见 [gas](gass.md).\n";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// A folder with the book of `texts`, one after the other.
fn book(texts: &[&str]) -> tempfile::TempDir {
    let folder = folder();
    fixture::write(&texts.concat(), folder.path());
    folder
}

/// Runs a command that must end with `status`.
fn run(folder: &Path, arguments: &str, status: i32) -> Run {
    let run = bilayer(folder, arguments);
    assert_eq!(run.status, status, "bilayer {arguments}\n{}{}", run.stdout, run.stderr);
    run
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error} in {}", run.stdout))
}

fn codes(report: &Value) -> Vec<&str> {
    let diagnostics = report["diagnostics"].as_array().expect("a list of diagnostics");
    diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect()
}

fn modified(folder: &Path) -> Vec<(String, SystemTime)> {
    let time = |path: &String| fs::metadata(folder.join(path)).and_then(|file| file.modified());
    tree(folder).into_keys().map(|path| (path.clone(), time(&path).expect("the file is there"))).collect()
}

#[test]
fn a_fresh_book_builds_and_checks_clean() {
    for (languages, pages) in [("en,zh", 6), ("en", 3), ("zh", 3), ("zh,en", 6)] {
        let folder = folder();
        run(folder.path(), &format!("init book --languages {languages}"), 0);
        let build = run(folder.path(), "build book --strict", 0);
        assert!(build.stderr.starts_with(&format!("{pages} pages in ")), "{}", build.stderr);
        let check = run(folder.path(), "check book", 0);
        assert_eq!(check.stderr, format!("{pages} pages checked: 0 errors, 0 warnings\n"));
        let first = languages.split(',').next().expect("a language");
        assert!(folder.path().join(format!("book/public/{first}/basics/first-page/index.html")).is_file());
    }
}

#[test]
fn a_language_the_theme_does_not_speak_is_a_warning() {
    let folder = folder();
    run(folder.path(), "init --languages ja,en", 0);
    let report = json(&run(folder.path(), "check --format json", 0));
    assert_eq!(codes(&report), ["strings-invalid"]);
    assert_eq!((&report["errors"], &report["warnings"]), (&0.into(), &1.into()));
    run(folder.path(), "build", 0);
    assert!(folder.path().join("public/ja/index.html").is_file());
    run(folder.path(), "check --deny strings-invalid", 1);
}

#[test]
fn data_goes_to_standard_output_and_talk_to_standard_error() {
    let book = book(&[CLEAN, WARNING]);
    for arguments in ["build", "check", "clean", "new fees"] {
        let run = run(book.path(), arguments, 0);
        assert_eq!(run.stdout, "", "{arguments}");
        assert_ne!(run.stderr, "", "{arguments}");
    }
    let data =
        ["list pages", "list drafts", "explain", "explain link-broken", "config", "--version", "--help"];
    for arguments in data.into_iter().chain(["completions bash", "completion zsh", "completions fish"]) {
        let run = run(book.path(), arguments, 0);
        assert_ne!(run.stdout, "", "{arguments}");
        assert_eq!(run.stderr, "", "{arguments}");
    }
}

#[test]
fn wrong_use_is_status_two_and_touches_nothing() {
    let book = book(&[CLEAN]);
    let before = tree(book.path());
    let wrong = [
        "",
        "bulid",
        "build --jobs x",
        "build --jobs 0",
        "build --jobs 1000000",
        "build -u example.org",
        "build -u ftp://example.org",
        "build nowhere",
        "build book.toml",
        "build -q -v",
        "check nowhere",
        "check --deny link-borken",
        "check --format xml",
        "list",
        "list books",
        "list pages nowhere",
        "list pages content",
        "explain link-borken",
        "clean nowhere",
        "config nowhere",
        "config content",
        "completions tcsh-ng",
        "new",
        "new ../up",
        "init --languages EN new",
        "init --languages en,en new",
        "init --languages static new",
    ];
    for arguments in wrong {
        let run = run(book.path(), arguments, 2);
        assert_eq!(run.stdout, "", "{arguments}");
        assert_ne!(run.stderr, "", "{arguments}");
    }
    assert_same(&tree(book.path()), &before, "after wrong use");
    assert!(bilayer(book.path(), "explain link-borken").stderr.contains("did you mean `link-broken`?"));
}

#[test]
fn a_folder_without_a_book_is_an_error_and_stays_empty() {
    let folder = folder();
    for arguments in ["build", "check", "build -d site"] {
        assert!(
            run(folder.path(), arguments, 1).stderr.contains("there is no book.toml here"),
            "{arguments}"
        );
    }
    for arguments in ["list pages", "config", "clean", "new page"] {
        assert!(run(folder.path(), arguments, 2).stderr.contains("there is no book.toml in"), "{arguments}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
}

#[test]
fn json_says_what_was_found_and_done() {
    let book = book(&[CLEAN, WARNING]);
    let built = json(&run(book.path(), "build --format json", 0));
    assert_eq!(codes(&built), ["code-language-unknown"]);
    assert_eq!((&built["errors"], &built["warnings"], &built["pages"]), (&0.into(), &1.into(), &6.into()));
    let on_disk = tree(&book.path().join("public")).len();
    assert_eq!(built["files"], serde_json::json!({ "written": on_disk, "unchanged": 0, "removed": 0 }));

    fixture::write(ERROR, book.path());
    let report = json(&run(book.path(), "check --format json", 1));
    assert_eq!(codes(&report), ["code-language-unknown", "link-broken"]);
    let broken = &report["diagnostics"][1];
    assert_eq!(broken["severity"], "error");
    let place = serde_json::json!({
        "path": "content/en/wrong.md", "line": 4, "column": 9, "end_line": 4, "end_column": 16,
    });
    assert_eq!(broken["place"], place);
    assert_eq!(broken["fix"]["replacement"], "gas.md");
    let failed = run(book.path(), "build --format json", 1);
    assert_eq!(json(&failed)["files"], Value::Null);
    assert_eq!(failed.stderr, "");

    let rows = json(&run(book.path(), "list pages --format json", 0));
    let gas = rows.as_array().expect("rows").iter().find(|row| row["url"] == "zh/gas/").expect("the page");
    assert_eq!((&gas["title"], &gas["translated"]), (&"燃料".into(), &true.into()));
}

#[test]
fn quiet_says_errors_alone() {
    let book = book(&[CLEAN, WARNING]);
    for arguments in ["build -q", "check --quiet", "-q new fees", "clean -q"] {
        assert_eq!(run(book.path(), arguments, 0).stderr, "", "{arguments}");
    }
    fixture::write(ERROR, book.path());
    for arguments in ["build -q", "check -q"] {
        let stderr = run(book.path(), arguments, 1).stderr;
        assert!(stderr.contains("error[link-broken]"), "{stderr}");
        assert!(!stderr.contains("code-language-unknown"), "{stderr}");
    }
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let book = book(&[CLEAN, ERROR]);
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = command(book.path(), "check");
        command.envs(variables.iter().copied());
        finish(command).stderr.contains('\x1b')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
}

#[test]
fn the_destination_is_relative_to_the_current_folder() {
    let folder = folder();
    fixture::write(CLEAN, &folder.path().join("book"));
    run(folder.path(), "build book -d site", 0);
    assert!(folder.path().join("site/en/gas/index.html").is_file());
    assert!(!folder.path().join("book/site").exists() && !folder.path().join("book/public").exists());
    run(folder.path(), "clean book -d site", 0);
    assert!(tree(&folder.path().join("site")).is_empty());
}

#[test]
fn strict_takes_warnings_for_errors() {
    let book = book(&[CLEAN, WARNING]);
    let stderr = run(book.path(), "build --strict", 1).stderr;
    assert!(stderr.contains("error[code-language-unknown]"), "{stderr}");
    assert!(tree(&book.path().join("public")).is_empty());
    run(book.path(), "build", 0);
}

#[test]
fn drafts_are_built_when_asked_for() {
    let book = book(&[CLEAN, "-- content/en/soon.md --\n---\ntitle: Soon\ndraft: true\n---\nSoon.\n"]);
    let page = book.path().join("public/en/soon/index.html");
    run(book.path(), "build --drafts", 0);
    assert!(page.is_file());
    run(book.path(), "build", 0);
    assert!(!page.exists());
    assert!(run(book.path(), "list drafts", 0).stdout.contains("Soon"));
    let sees = |arguments: &str| run(book.path(), arguments, 0).stderr;
    assert_ne!(sees("check"), sees("check --drafts"));
}

#[test]
fn check_takes_and_leaves_what_it_is_told() {
    let book = book(&[CLEAN, WARNING]);
    run(book.path(), "check --deny code-language-unknown", 1);
    let allowed = run(book.path(), "check --allow code-language-unknown --deny html-dropped", 0);
    assert!(allowed.stderr.contains("0 errors, 0 warnings; zh: 1 not translated\n"), "{}", allowed.stderr);
    fixture::write(ERROR, book.path());
    // An error cannot be waved through.
    run(book.path(), "check --allow link-broken", 1);
    assert!(!book.path().join("public").exists());
}

#[test]
fn the_address_can_be_given() {
    let book = book(&[CLEAN]);
    run(book.path(), "build -u https://example.org/l2", 0);
    let page = fs::read_to_string(book.path().join("public/en/gas/index.html")).expect("it was built");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://example.org/l2/en/gas/\">"), "{page}");
    assert!(book.path().join("public/sitemap.xml").is_file());
}

#[test]
fn init_writes_only_what_is_missing() {
    let folder = folder();
    fixture::write("-- book.toml --\n[book]\n-- notes.txt --\nmine\n", folder.path());
    let before = tree(folder.path());
    let refused = run(folder.path(), "init", 2);
    assert!(refused.stderr.contains("is not empty"), "{}", refused.stderr);
    assert_same(&tree(folder.path()), &before, "after init was refused");
    run(folder.path(), "init --force", 0);
    let after = tree(folder.path());
    assert!(before.iter().all(|(path, bytes)| after[path] == *bytes));
    assert!(after.contains_key("content/zh/basics/first-page.md"));
    run(folder.path(), "init notes.txt", 2);
    run(folder.path(), "init notes.txt/book --force", 2);
}

#[test]
fn init_takes_any_title() {
    let folder = folder();
    let title = "“\"\\ ${x}: [钱] # {title} \u{7f}\u{1}\n---\n";
    let mut init = command(folder.path(), "init --title");
    init.arg(title);
    assert_eq!(finish(init).status, 0);
    run(folder.path(), "build --strict", 0);
    let home = fs::read_to_string(folder.path().join("public/zh/index.html")).expect("it was built");
    assert!(home.contains("“&quot;\\ ${x}: [钱] # {title} "), "{home}");
}

#[test]
fn new_makes_a_stub_in_every_language_or_none() {
    let book = book(&[CLEAN]);
    run(book.path(), "new rollups --kind section", 0);
    run(book.path(), "new rollups/fees.md", 0);
    for file in ["rollups/index.md", "rollups/fees.md"] {
        assert!(book.path().join("content/en").join(file).is_file(), "{file}");
        assert!(book.path().join("content/zh").join(file).is_file(), "{file}");
    }
    run(book.path(), "build --drafts --strict", 0);

    fs::remove_file(book.path().join("content/en/rollups/fees.md")).expect("it was just made");
    let before = tree(book.path());
    assert!(run(book.path(), "new rollups/fees", 2).stderr.contains("exists already"));
    for path in ["..", "../up", "a/../../up", "a/..", ".", "/", ".hidden", "a/.b/c", "a\\b", "index", "a/~"] {
        let refused = run(book.path(), &format!("new -- {path}"), 2);
        assert!(refused.stderr.contains("error: "), "{path}: {}", refused.stderr);
    }
    fixture::write("-- book.toml --\n[languages.\"../../up\"]\n", book.path());
    assert!(run(book.path(), "new page", 2).stderr.contains("book.toml has mistakes"));
    fixture::write("-- content/en/x.md --\n", book.path());
    fs::remove_file(book.path().join("content/en/x.md")).expect("it was just made");
    assert_same(&tree(book.path()), &before, "after new was refused");
}

#[test]
fn clean_removes_what_was_written_and_nothing_else() {
    let book = book(&[CLEAN]);
    let before = tree(book.path());
    run(book.path(), "build", 0);
    fixture::write("-- public/en/mine.txt --\nmine\n", book.path());
    run(book.path(), "clean", 0);
    let mut left = tree(book.path());
    assert_eq!(left.remove("public/en/mine.txt").as_deref(), Some(&b"mine\n"[..]));
    assert_same(&left, &before, "after clean");
    assert!(run(book.path(), "clean", 0).stderr.starts_with("0 files removed"));
    run(book.path(), "build", 0);
    assert!(book.path().join("public/en/mine.txt").is_file());
}

#[test]
fn the_book_itself_is_never_the_output() {
    let folder = folder();
    let path = folder.path().join("shelf/book");
    fixture::write(CLEAN, &path);
    let before = tree(folder.path());
    for place in
        [".", "..", "../..", "content", "content/en/site", "static", "themes/mine", "./x/../.", "book.toml"]
    {
        let refused = run(&path, &format!("build -d {place}"), 2);
        assert_ne!(refused.stderr, "", "{place}");
        run(&path, &format!("clean -d {place}"), 2);
    }
    for dir in ["..", "../site", "/tmp/site", ".", ""] {
        let toml = format!("-- book.toml --\n{}[build]\nbuild-dir = \"{dir}\"\n", fixture::BOOK);
        fixture::write(&toml, &path);
        assert!(run(&path, "build", 1).stderr.contains("error[config-invalid]"), "{dir}");
        run(&path, "clean", 2);
    }
    fixture::write("", &path);
    assert_same(&tree(folder.path()), &before, "after the output was refused");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
}

#[test]
fn a_failed_build_changes_nothing_and_an_unchanged_one_writes_nothing() {
    let book = book(&[CLEAN]);
    let site = book.path().join("public");
    run(book.path(), "build", 0);
    fixture::write("-- public/mine.txt --\nmine\n", book.path());
    let before = modified(&site);
    assert!(run(book.path(), "build", 0).stderr.contains(" 0 files written"));
    assert_eq!(modified(&site), before);
    fixture::write(ERROR, book.path());
    assert!(run(book.path(), "build", 1).stderr.contains("the site was left as it was"));
    assert_eq!(modified(&site), before);
    fs::remove_file(book.path().join("content/en/wrong.md")).expect("it was just written");
    fs::remove_file(book.path().join("content/zh/gas.md")).expect("the book has it");
    run(book.path(), "build", 0);
    let after = tree(&site);
    assert!(after.contains_key("mine.txt") && after["zh/gas/index.html"] != after["en/gas/index.html"]);
    assert_eq!(paths(&after), before.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>());
}

#[test]
fn a_stranger_in_the_way_is_named_and_left_alone() {
    let book = book(&[CLEAN]);
    fixture::write("-- public/en/gas/index.html --\nmine\n", book.path());
    let before = tree(book.path());
    let refused = run(book.path(), "build", 2);
    assert!(refused.stderr.contains("en/gas/index.html"), "{}", refused.stderr);
    assert_same(&tree(book.path()), &before, "after a build was refused");
}

#[test]
fn test_says_what_holds_and_by_how_much() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let book = "-- content/en/index.md --\n---\ntitle: Home\n---\nA fee of [12.5 USD](=fees.fee).\n-- content/zh/index.md --\n---\ntitle: 首页\n---\n-- content/examples/fees.yaml --\nkind: calc\ninputs:\n  amount: {value: 200 USD, min: 5 USD, max: 10000 USD}\nsteps:\n  - {let: fee, be: amount * 6% + 0.52 USD}\nexpect: [fee ~ 12.52 USD]\nalways: [fee > 0]\n";
    fixture::write(book, folder.path());
    let run = bilayer(folder.path(), "test");
    let expected = "fees\n  ok   expect fee ~ 12.52 USD: computed 12.52 USD\n  ok   always fee > 0: at all 1005 points\n1 examples, 2 claims: 2 hold, 0 do not\n1 numbers in the text are tied to examples: 1 agree, 0 do not\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, expected), "{}", run.stderr);
    fixture::write(&book.replace("6%", "7%"), folder.path());
    let run = bilayer(folder.path(), "test fees --format json");
    let json: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!((run.status, &json["examples"][0]["claims"][0]["holds"]), (1, &Value::Bool(false)));
    let run = bilayer(folder.path(), "test");
    assert!(
        run.stdout.ends_with("1 agree, 0 do not\n") || run.stdout.ends_with("0 agree, 1 do not\n"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("`12.5 USD` is typed, but `fee` is 14.52"), "{}", run.stderr);
}
