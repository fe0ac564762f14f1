//! Cold builds of generated books, beside `cp -r` of the result and, if asked, beside Hugo.
//!
//! `cargo bench --bench build` makes books of 200, 2,000 and 10,000 pages (`benches/corpus.py`, Python 3), builds
//! each several times into new folders, and prints the medians. `BENCH_PAGES=200,2000` chooses sizes, `BENCH_RUNS=7`
//! the number of runs, `BENCH_HUGO=/path/to/hugo` adds the same book built by Hugo, in turn with ours. Compare what
//! stands in one table; seconds of different machines or days say little. Nothing is deleted between the runs: some
//! file systems create files very slowly just after many were removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What one run of a program took.
struct Run {
    wall: f64,
    cpu: f64,
    peak_mb: f64,
    /// What it said of itself.
    said: String,
}

/// A program that is measured.
struct Subject {
    name: &'static str,
    /// The command that builds into the folder that is given last.
    command: Box<dyn Fn(&Path) -> Command>,
    runs: Vec<Run>,
}

fn main() {
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let sizes = std::env::var("BENCH_PAGES").unwrap_or_else(|_| "200,2000,10000".to_owned());
    let work = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    fs::create_dir_all(&work).expect("the folder for benchmarks can be made");
    println!(
        "| pages | what | wall, s: median (min to max) | CPU, s | peak, MB | ratio to cp -r | stages of the median run |"
    );
    println!("|---|---|---|---|---|---|---|");
    for pages in sizes.split(',').filter_map(|size| size.trim().parse::<usize>().ok()) {
        measure(&work, pages, number("BENCH_RUNS", 5));
    }
    let _ = fs::remove_dir_all(work.join("out"));
}

fn measure(work: &Path, pages: usize, runs: usize) {
    let book = corpus(work, pages, "bilayer");
    let mut subjects = vec![bilayer(&book)];
    if let Some(hugo) = std::env::var_os("BENCH_HUGO") {
        subjects.push(hugo_site(hugo.into(), corpus(work, pages, "hugo")));
    }
    let mut copies = Vec::new();
    for run in 0..=runs {
        for subject in &mut subjects {
            let out = fresh(work);
            let measured = timed((subject.command)(&out));
            // The first round warms the page cache and is not counted.
            if run > 0 {
                subject.runs.push(measured);
            }
            if subject.name == "bilayer" {
                let mut copy = Command::new("cp");
                copy.arg("-r").arg(&out).arg(fresh(work));
                copies.push(timed(copy).wall);
            }
        }
    }
    let copy = median(&mut copies[1..]);
    for subject in &mut subjects {
        print(pages, subject, copy);
    }
    println!("| {pages} | cp -r of our site | {copy:.3} | | | 1.0 | |");
}

fn bilayer(book: &Path) -> Subject {
    let book = book.to_owned();
    let command = move |out: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilayer"));
        command.args(["build", "-v"]).arg(&book).arg("-d").arg(out);
        command
    };
    Subject { name: "bilayer", command: Box::new(command), runs: Vec::new() }
}

fn hugo_site(hugo: PathBuf, site: PathBuf) -> Subject {
    let command = move |out: &Path| {
        let mut command = Command::new(&hugo);
        command.arg("--quiet").arg("-s").arg(&site).arg("-d").arg(out);
        command
    };
    Subject { name: "Hugo", command: Box::new(command), runs: Vec::new() }
}

/// The generated book of so many pages, made if it is not there yet.
fn corpus(work: &Path, pages: usize, kind: &str) -> PathBuf {
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

/// A path in the working folder at which there is nothing.
fn fresh(work: &Path) -> PathBuf {
    let out = work.join("out");
    fs::create_dir_all(&out).expect("the folder can be made");
    (0..)
        .map(|n| out.join(n.to_string()))
        .find(|path| !path.exists())
        .expect("there is always another number")
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
        peak_mb = peak_mb.max(peak(id));
        thread::sleep(Duration::from_millis(2));
    }
    let output = waiting.join().expect("the thread only waits").expect("the program ran");
    let wall = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    Run { wall, cpu: children_cpu() - before, peak_mb, said }
}

/// The most memory that a process has had so far, in MB; 0 where the system does not say.
fn peak(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// CPU seconds of all children that have ended (fields 16 and 17 of /proc/self/stat, in ticks of 10 ms).
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) / 100.0
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
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
