//! What the benchmarks share: the generated books, copies of them that may be edited, and what the system says of a
//! process. Knows nothing of what is measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The number in a variable of the environment, or `default`.
pub fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The sizes of books to measure, in pages: `BENCH_PAGES`, or all three.
pub fn sizes() -> Vec<usize> {
    let sizes = std::env::var("BENCH_PAGES").unwrap_or_else(|_| "200,2000,10000".to_owned());
    sizes.split(',').filter_map(|size| size.trim().parse().ok()).collect()
}

/// The folder for everything that benchmarks make.
pub fn work_folder() -> PathBuf {
    let work = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&work).expect("the folder for benchmarks can be made");
    work
}

/// The generated book of so many pages for a program (`bilayer`, `hugo`), made if it is not there yet. Nobody edits it.
pub fn corpus(work: &Path, pages: usize, kind: &str) -> PathBuf {
    let folder = work.join(format!("corpus-{kind}-{pages}"));
    if !folder.exists() {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/corpus.py");
        let topics = (pages / 2).to_string();
        let made = Command::new("python3")
            .args([script, "--pages", &topics, "--for", kind, "--out"])
            .arg(&folder)
            .stdout(Stdio::null())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "python3 and benches/corpus.py make the book");
    }
    folder
}

/// The copy of a generated book that the benchmark `user` may edit. It is made once and kept, for a file system may be
/// slow for minutes after so many files were removed; whoever edits it brings it back to a known state first.
pub fn working_copy(work: &Path, pages: usize, kind: &str, user: &str) -> PathBuf {
    let copy = work.join(format!("{user}-{kind}-{pages}"));
    if !copy.exists() {
        // Under another name until it is whole.
        let unfinished = work.join(format!("{user}-{kind}-{pages}.{}", std::process::id()));
        let copied = Command::new("cp").arg("-r").arg(corpus(work, pages, kind)).arg(&unfinished).status();
        assert!(copied.is_ok_and(|status| status.success()), "cp copies the book");
        fs::rename(&unfinished, &copy).expect("the copy can be given its name");
    }
    copy
}

/// The text of the theme's template for pages.
pub fn page_template() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/templates/page.html");
    fs::read_to_string(path).expect("the default theme has a template for pages")
}

/// The text of a template for pages with another word at the end of every page.
pub fn with_word(template: &str, word: &str) -> String {
    let end = "</article>";
    assert!(template.contains(end), "the template has an article");
    template.replacen(end, &format!("<p>{word}</p>\n{end}"), 1)
}

/// A line of what the system says of a process' memory (`VmHWM`, the most it has had; `VmRSS`, what it has), in MB; 0
/// where it does not say.
pub fn memory(id: u32, name: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// CPU seconds in /proc/PID/stat, of two fields that follow each other, in ticks of 10 ms: from field 14 on those of the
/// process itself, from 16 on those of its children that have ended. 0 where the system does not say.
pub fn cpu(id: u32, field: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name of the program, field 2, is in brackets and may have spaces.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(field - 3) + ticks(field - 2)) / 100.0
}

/// The value in the middle; sorts them.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
