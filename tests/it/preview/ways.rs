//! The ways in which programs save a file.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// A way to make `text` what is in the file at a path.
pub type Way = fn(&Path, &str);

/// The file itself is written, from its start.
pub fn in_place(path: &Path, text: &str) {
    fs::write(path, text).expect("the file can be written");
}

/// A new file takes the place of the old one.
pub fn rename_over(path: &Path, text: &str) {
    let new = hidden(path);
    write_through(&new, text);
    fs::rename(new, path).expect("the file can be renamed");
}

/// Vim, with a backup: looks whether the folder takes new files, puts the old file out of the way, writes a new one,
/// and removes the old one.
pub fn vim(path: &Path, text: &str) {
    let probe = path.with_file_name("4913");
    in_place(&probe, "");
    fs::remove_file(probe).expect("the probe is there");
    let old = with(path, "~");
    fs::rename(path, &old).expect("the file can be renamed");
    write_through(path, text);
    fs::remove_file(old).expect("the old file is there");
}

/// The old file is copied beside, then a new one takes its place.
pub fn with_backup(path: &Path, text: &str) {
    fs::copy(path, with(path, ".bak")).expect("the file can be copied");
    rename_over(path, text);
}

/// The file is emptied, and the text comes when a slow disk has it.
pub fn truncate_then_write(path: &Path, text: &str) {
    let mut file = File::create(path).expect("the file can be written");
    thread::sleep(Duration::from_millis(50));
    file.write_all(text.as_bytes()).expect("the file can be written");
}

/// The folder of the file is removed with all that is in it, and written anew.
pub fn folder_anew(path: &Path, text: &str) {
    let folder = path.parent().expect("a file has a folder");
    let files: Vec<_> =
        walkdir::WalkDir::new(folder).into_iter().flatten().map(|entry| entry.path().to_owned()).collect();
    let read = |path: PathBuf| fs::read(&path).ok().map(|bytes| (path, bytes));
    let files: Vec<_> = files.into_iter().filter_map(read).collect();
    fs::remove_dir_all(folder).expect("the folder can be removed");
    for (file, bytes) in files {
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("the folder can be made");
        let bytes = if file == path { text.as_bytes() } else { &bytes };
        fs::write(file, bytes).expect("the file can be written");
    }
}

fn write_through(path: &Path, text: &str) {
    let mut file = File::create(path).expect("the file can be written");
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).expect("the file can be written");
}

fn hidden(path: &Path) -> PathBuf {
    let name = path.file_name().expect("a file has a name");
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".tmp-1");
    path.with_file_name(hidden)
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
