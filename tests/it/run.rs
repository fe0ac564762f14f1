//! The real command, run as a person would run it, and what it left in a folder.
//!
//! Every run is held to what must be true of all of them: it ends by itself, soon, with a status of the
//! three there are, and it does not panic.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// No book of these tests takes this long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a run ended and what it said.
#[derive(Debug)]
pub struct Run {
    /// The exit status.
    pub status: i32,
    /// What it gave to standard output.
    pub stdout: String,
    /// What it gave to standard error.
    pub stderr: String,
}

/// A command that has not been started: `arguments` are parted by spaces, the current folder is `folder`.
/// Nothing of the environment can change how it speaks.
pub fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilayer"));
    command.current_dir(folder).args(arguments.split_whitespace()).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// What `found` gives first; fails, saying for what it waited and why in vain, when it never gives anything.
#[track_caller]
pub fn wait<T>(what: &str, mut found: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match found() {
            Ok(value) => return value,
            Err(why) => assert!(start.elapsed() < PATIENCE, "waited in vain for {what}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs `bilayer ARGUMENTS` in `folder`.
pub fn bilayer(folder: &Path, arguments: &str) -> Run {
    finish(command(folder, arguments))
}

/// Runs a command to its end.
pub fn finish(mut command: Command) -> Run {
    // Files, because a pipe that nobody reads would stop the command when it is full.
    let mut files = [(); 2].map(|()| tempfile::tempfile().expect("a temporary file can be made"));
    let [stdout, stderr] = [&files[0], &files[1]].map(|file| file.try_clone().expect("a file can be shared"));
    let mut child = command.stdout(stdout).stderr(stderr).spawn().expect("the command is built");
    let start = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                child.kill().expect("a child can be killed");
                panic!("{command:?} hangs");
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let [stdout, stderr] = [0, 1].map(|at| text(&mut files[at]));
    assert!(!stderr.contains("panicked"), "{command:?} panicked: {stderr}");
    let status = status.code().unwrap_or_else(|| panic!("{command:?} ended by {status}: {stderr}"));
    assert!((0..=2).contains(&status), "{command:?} ended with {status}: {stderr}");
    Run { status, stdout, stderr }
}

/// All files below `folder` but the program's own records: path to bytes.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("a folder can be listed")) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("an entry has a type");
        if kind.is_dir() && entry.file_name() != ".bilayer" {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if kind.is_file() {
            files.insert(name, fs::read(entry.path()).expect("a file can be read"));
        }
    }
}

/// The paths of a tree, for messages that fit a screen.
pub fn paths(tree: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    tree.keys().map(String::as_str).collect()
}

/// Fails, naming the paths alone, unless two trees are the same.
pub fn assert_same(found: &BTreeMap<String, Vec<u8>>, wanted: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert_eq!(paths(found), paths(wanted), "{what}");
    let differ: Vec<_> = found.iter().filter(|(path, bytes)| wanted[*path] != **bytes).collect();
    let differ: Vec<_> = differ.into_iter().map(|(path, _)| path).collect();
    assert!(differ.is_empty(), "{what}: {differ:?}");
}

fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("a temporary file can be read");
    String::from_utf8(bytes).expect("the command speaks UTF-8")
}
