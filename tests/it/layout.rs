//! The code keeps to the map: `ARCHITECTURE.md` is read, and every arrow in `src` must be on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms at the rim, which may know files, clocks, environment and threads.
const RIM: [&str; 5] = ["load", "write", "cache", "serve", "cli"];
/// What only the rim may name.
const EFFECTS: [&str; 6] = ["std::fs", "std::env", "std::net", "std::time", "std::process", "std::io"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the table whose head begins with `head`: first cell, names in backticks in the last cell.
fn table(text: &str, head: &str) -> BTreeMap<String, Vec<String>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(&format!("| {head} |"))).skip(2);
    let ticked = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').collect();
            let names = match cells.last().expect("a row has cells").trim() {
                "anything" => vec!["*".to_owned()],
                _ => ticked(cells[cells.len() - 1]),
            };
            (ticked(cells[0]).concat(), names)
        })
        .collect()
}

/// Every Rust file of `src` with the room it belongs to and its code, comments and tests left out.
fn code() -> Vec<(PathBuf, String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(root().join("src")).expect("below src").to_owned();
                let first = inside.iter().next().expect("a name").to_string_lossy();
                let room = first.trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).expect("a file can be read");
                let is_test = inside.iter().any(|part| part == "tests" || part == "tests.rs");
                if room != "lib" && !is_test {
                    files.push((inside, room, without_comments(&text)));
                }
            }
        }
    }
    files.sort();
    files
}

fn without_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// The rooms that a text names after `prefix`, single or in braces.
fn named(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let ends = |c: char| !(c.is_alphanumeric() || c == '_');
        let count = if rest.starts_with('{') { usize::MAX } else { 1 };
        names.extend(
            list.split(',')
                .take(count)
                .map(|part| part.trim().split(ends).next().unwrap_or_default().to_owned()),
        );
    }
    names.retain(|name| name.chars().next().is_some_and(char::is_lowercase));
    names
}

#[test]
fn every_arrow_between_rooms_is_on_the_map() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map is there");
    let allowed = table(&map, "place");
    let mut wrong = Vec::new();
    let mut rooms = BTreeSet::new();
    for (file, room, code) in code() {
        rooms.insert(room.clone());
        let Some(allowed) = allowed.get(&room) else {
            wrong.push(format!("{}: the room `{room}` is not on the map", file.display()));
            continue;
        };
        let prefix = if room == "cli" || room == "main" { "bilayer::" } else { "crate::" };
        for other in named(&code, prefix) {
            if other != room && !allowed.contains(&other) && allowed != &["*"] {
                wrong.push(format!("{}: `{room}` may not know `{other}`", file.display()));
            }
        }
    }
    wrong.extend(
        allowed.keys().filter(|room| !rooms.contains(*room)).map(|room| format!("no room `{room}` in src")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_outside_crate_stays_in_its_rooms() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map is there");
    let homes = table(&map, "crate");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is there");
    let mut wrong = Vec::new();
    for (name, rooms) in &homes {
        if !manifest.contains(&format!("\n{} =", name.replace('_', "-")))
            && !manifest.contains(&format!("\n{name} ="))
        {
            wrong.push(format!("`{name}` is on the map but not in Cargo.toml"));
        }
        for (file, room, code) in code() {
            if mentions(&code, name) && !rooms.contains(&room) {
                wrong.push(format!("{}: `{name}` has no home in `{room}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether code names the path `name::…`, and not `other_name::…` or `other::name::…`.
fn mentions(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        !(before.is_alphanumeric() || before == '_' || before == ':')
    })
}

#[test]
fn only_the_rim_touches_the_world() {
    let mut wrong = Vec::new();
    for (file, room, code) in code() {
        if code.contains("process::exit") {
            wrong.push(format!("{}: `process::exit` skips what is still open", file.display()));
        }
        if RIM.contains(&room.as_str()) || room == "main" {
            continue;
        }
        let found = EFFECTS.iter().filter(|effect| code.contains(**effect));
        wrong.extend(found.map(|effect| format!("{}: `{effect}` belongs to the rim", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_is_crowded() {
    let mut wrong = Vec::new();
    for (file, _, code) in code() {
        let lines = code.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > 400 {
            wrong.push(format!("{}: {lines} lines of code; 400 are enough for one thing", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_whole_default_theme_comes_with_the_program() {
    let folder = root().join("themes/default");
    let mut on_disk = BTreeSet::new();
    let mut folders = vec![folder.clone()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).expect("the theme can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name =
                    path.strip_prefix(&folder).expect("below the theme").to_string_lossy().into_owned();
                on_disk.insert(format!("built-in/{name}"));
            }
        }
    }
    let embedded: BTreeSet<_> = bilayer::load::built_in().into_iter().map(|file| file.path).collect();
    assert_eq!(on_disk, embedded);
}
