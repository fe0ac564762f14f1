//! Readers that go away before the command has said all.

use super::{CLEAN, WARNING, book};
use crate::run::command;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;

/// Runs a command whose reader goes away after the first line, and gives its status.
fn read_one_line(folder: &Path, arguments: &str) -> Option<i32> {
    let mut child = command(folder, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command is built");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::with_capacity(1, stdout).read_line(&mut line).expect("the line is UTF-8");
    let stderr = child.wait_with_output().expect("it ends");
    assert_eq!(stderr.status.signal(), None, "{arguments}");
    assert_eq!(String::from_utf8_lossy(&stderr.stderr), "", "{arguments}");
    stderr.status.code()
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let pages: String = (0..700)
        .map(|n| format!("-- content/en/page-{n}.md --\n---\ntitle: Page {n} {}\n---\n", "x".repeat(80)))
        .collect();
    let book = book(&[CLEAN, &pages]);
    for arguments in ["list pages", "list pages --format json", "explain", "config", "completions bash"] {
        assert_eq!(read_one_line(book.path(), arguments), Some(0), "{arguments}");
    }
}

#[test]
fn a_closed_standard_error_changes_no_status() {
    let book = book(&[CLEAN, WARNING]);
    let status = |arguments: &str| {
        // `head -0` leaves at once; its reader is gone before the command speaks.
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut command = command(book.path(), arguments);
        command.stderr(writer).stdout(Stdio::null()).status().expect("the command is built").code()
    };
    assert_eq!(status("build"), Some(0));
    assert_eq!(status("check"), Some(0));
    assert_eq!(status("new fees"), Some(0));
    assert_eq!(status("build --strict"), Some(1));
    assert_eq!(status("clean"), Some(0));
    assert_eq!(status("init sub"), Some(0));
    assert_eq!(status("build nowhere"), Some(2));
}
