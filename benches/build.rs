//! Builds of generated books, cold and second ones, beside `cp -r` of the result and, if asked, beside Hugo.
//!
//! `cargo bench --bench build` makes books of 200, 2,000 and 10,000 pages (`benches/corpus.py`, Python 3), builds
//! each several times, and prints the medians. `BENCH_PAGES=200,2000` chooses sizes, `BENCH_RUNS=7` the number of
//! runs, `BENCH_HUGO=/path/to/hugo` adds cold builds of the same book by Hugo, in turn with ours. Compare what stands in
//! one table; seconds of different machines or days say little.
//!
//! Cold builds and those that find only the cache write into new folders. Nothing is deleted between the runs: some file
//! systems create files very slowly for minutes after many were removed. A build after a change of the template puts
//! every page in the place of an old one, which removes as many; so these come last of all, and `BENCH_PAUSE=300`
//! waits so many seconds before each. At the end all that was built is removed: wait as long before the next benchmark.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{
    corpus, cpu, median, memory, number, page_template, sizes, with_word, work_folder, working_copy,
};

/// What a table says above it.
const HEAD: &str = "\
Each in turn with `cp -r` of the site. Cold builds, those without output and all copies go into new folders, and nothing
is removed in between. With another template every file of a site is replaced by a new one: these builds come last of
all, in the order pause, copy, build. Where files are made slowly for minutes after many were removed, a pause that is
shorter than that is felt by the builds and by the copies alike.";

/// What one run of a program took.
struct Run {
    wall: f64,
    cpu: f64,
    peak_mb: f64,
    /// What it said of itself.
    said: String,
}

impl Run {
    /// How many files bilayer said that it wrote.
    fn written(&self) -> usize {
        let before = self.said.split_once(" files written").map(|(before, _)| before);
        before.and_then(|before| before.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
    }
}

/// A program that is measured.
struct Subject {
    name: &'static str,
    /// The command that builds into the folder that is given last.
    command: Box<dyn Fn(&Path) -> Command>,
    runs: Vec<Run>,
}

fn main() {
    let work = work_folder();
    let runs = number("BENCH_RUNS", 5).max(1);
    let pause = number("BENCH_PAUSE", 0);
    println!("{HEAD}\nRuns: {runs}. BENCH_PAUSE: {pause} s.\n");
    println!(
        "| pages | what | wall, s: median (min to max) | CPU, s | peak, MB | ratio to cp -r | stages of the median run |"
    );
    println!("|---|---|---|---|---|---|---|");
    for pages in sizes() {
        measure_cold(&work, pages, runs);
    }
    let kept: Vec<_> = sizes().into_iter().map(|pages| (pages, measure_second(&work, pages, runs))).collect();
    for (pages, site) in kept {
        measure_template(&work, pages, runs, &site, Duration::from_secs(pause as u64));
    }
    let _ = fs::remove_dir_all(work.join("out"));
}

fn measure_cold(work: &Path, pages: usize, runs: usize) {
    let book = corpus(work, pages, "bilayer");
    let mut subjects = vec![bilayer("bilayer, cold (`--no-cache`)", &book, &["--no-cache"])];
    if let Some(hugo) = std::env::var_os("BENCH_HUGO") {
        subjects.push(hugo_site(hugo.into(), corpus(work, pages, "hugo")));
    }
    let mut copies = Vec::new();
    for run in 0..=runs {
        for (number, subject) in subjects.iter_mut().enumerate() {
            let out = fresh(work);
            let measured = timed((subject.command)(&out));
            // The first round warms the page cache and is not counted.
            if run > 0 {
                subject.runs.push(measured);
            }
            if number == 0 {
                copies.push(copied(work, &out));
            }
        }
    }
    print_all(pages, &mut subjects, &mut copies[1..], "cp -r of our site");
}

/// Measures builds that find what an earlier one made. Gives the site that they left.
fn measure_second(work: &Path, pages: usize, runs: usize) -> PathBuf {
    let book = second_copy(work, pages);
    change_template(&book, 0);
    let site = fresh(work);
    let mut unchanged = bilayer("bilayer, nothing changed", &book, &[]);
    let mut gone = bilayer("bilayer, output gone, cache kept", &book, &[]);
    timed((unchanged.command)(&site));
    let mut copies = Vec::new();
    for run in 0..=runs {
        let (same, anew) = (timed((unchanged.command)(&site)), timed((gone.command)(&fresh(work))));
        assert!(same.written() == 0 && anew.written() > pages, "{}{}", same.said, anew.said);
        copies.push(copied(work, &site));
        if run > 0 {
            unchanged.runs.push(same);
            gone.runs.push(anew);
        }
    }
    print_all(pages, &mut [unchanged, gone], &mut copies[1..], "cp -r in turn with these");
    site
}

/// Measures builds into `site` that change every page, for the template has another word each time.
fn measure_template(work: &Path, pages: usize, runs: usize, site: &Path, pause: Duration) {
    let book = second_copy(work, pages);
    let mut changed = bilayer("bilayer, template changed", &book, &[]);
    let mut copies = Vec::new();
    for run in 1..=runs {
        thread::sleep(pause);
        copies.push(copied(work, site));
        change_template(&book, run % 2);
        let run = timed((changed.command)(site));
        assert!(run.written() >= pages, "{}", run.said);
        changed.runs.push(run);
    }
    print_all(pages, &mut [changed], &mut copies, "cp -r before each of these");
}

fn bilayer(name: &'static str, book: &Path, flags: &'static [&'static str]) -> Subject {
    let book = book.to_owned();
    let command = move |out: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilayer"));
        command.args(["build", "-v"]).args(flags).arg(&book).arg("-d").arg(out);
        command
    };
    Subject { name, command: Box::new(command), runs: Vec::new() }
}

fn hugo_site(hugo: PathBuf, site: PathBuf) -> Subject {
    let command = move |out: &Path| {
        let mut command = Command::new(&hugo);
        command.arg("--quiet").arg("-s").arg(&site).arg("-d").arg(out);
        command
    };
    Subject { name: "Hugo, cold", command: Box::new(command), runs: Vec::new() }
}

/// The book of so many pages that has a cache and a template of its own.
fn second_copy(work: &Path, pages: usize) -> PathBuf {
    working_copy(work, pages, "bilayer", "second")
}

/// Gives a book the default template for pages with a word that no other version has.
fn change_template(book: &Path, version: usize) {
    let templates = book.join("templates");
    fs::create_dir_all(&templates).expect("the copy of the book can be changed");
    let text = with_word(&page_template(), &format!("version {version}"));
    fs::write(templates.join("page.html"), text).expect("the copy of the book can be changed");
}

/// A path in the working folder at which there is nothing.
fn fresh(work: &Path) -> PathBuf {
    let out = work.join("out");
    fs::create_dir_all(&out).expect("the folder can be made");
    (0..)
        .map(|n| out.join(n.to_string()))
        .find(|path| !path.exists())
        .expect("there is always another number")
}

/// How many seconds a copy of a site takes.
fn copied(work: &Path, site: &Path) -> f64 {
    let mut copy = Command::new("cp");
    copy.arg("-r").arg(site).arg(fresh(work));
    timed(copy).wall
}

fn timed(mut command: Command) -> Run {
    let before = children_cpu();
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the program can be started");
    let id = child.id();
    let waiting = thread::spawn(move || child.wait_with_output());
    let mut peak_mb: f64 = 0.0;
    while !waiting.is_finished() {
        peak_mb = peak_mb.max(memory(id, "VmHWM"));
        thread::sleep(Duration::from_millis(2));
    }
    let output = waiting.join().expect("the thread only waits").expect("the program ran");
    let wall = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    Run { wall, cpu: children_cpu() - before, peak_mb, said }
}

/// CPU seconds of all programs that were started here and have ended.
fn children_cpu() -> f64 {
    cpu(std::process::id(), 16)
}

/// Prints what was measured in turn, and the copies that were made meanwhile.
fn print_all(pages: usize, subjects: &mut [Subject], copies: &mut [f64], name: &str) {
    let copy = median(copies);
    for subject in subjects {
        print(pages, subject, copy);
    }
    let (fastest, slowest) = (copies[0], copies[copies.len() - 1]);
    println!("| {pages} | {name} | {copy:.3} ({fastest:.3} to {slowest:.3}) | | | 1.0 | |");
}

fn print(pages: usize, subject: &mut Subject, copy: f64) {
    subject.runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    let middle = &subject.runs[subject.runs.len() / 2];
    let (fastest, slowest) = (subject.runs[0].wall, subject.runs[subject.runs.len() - 1].wall);
    let mut cpu: Vec<_> = subject.runs.iter().map(|run| run.cpu).collect();
    let peak = subject.runs.iter().map(|run| run.peak_mb).fold(0.0, f64::max);
    let stages = middle.said.lines().last().filter(|line| line.starts_with("load")).unwrap_or("");
    println!(
        "| {pages} | {} | {:.3} ({fastest:.3} to {slowest:.3}) | {:.2} | {peak:.0} | {:.1} | {stages} |",
        subject.name,
        middle.wall,
        median(&mut cpu),
        middle.wall / copy,
    );
}
