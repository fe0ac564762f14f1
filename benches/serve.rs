//! The preview of generated books: how soon it shows the first page, and how soon what was saved; if asked, beside Hugo.
//!
//! `cargo bench --bench serve` serves books of 200, 2,000 and 10,000 pages (`benches/corpus.py`, Python 3), edits a page
//! of each, its title, its template and an example on it, and asks for the page over one connection until the new bytes
//! come. `BENCH_PAGES=200,2000` chooses sizes, `BENCH_RUNS=9` the number of edits of each kind, `BENCH_STARTS=5` that
//! of starts, `BENCH_HUGO=/path/to/hugo` adds `hugo server` with the same book and edits, in turn with ours. Compare
//! what stands in one table; seconds of different machines or days say little. The books are copies that are kept in
//! the target folder and brought back to their first state at each start.

#[path = "serve/client.rs"]
mod client;
mod common;
#[path = "serve/server.rs"]
mod server;
#[path = "serve/site.rs"]
mod site;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use common::{median, number, sizes, work_folder};
use server::Server;
use site::Site;

/// How long the preview waits in milliseconds, after the last event of the file system, for more of them
/// (`QUIET` in `src/serve/watch/settle.rs`).
const COALESCING: f64 = 20.0;

/// What a table says above it.
const HEAD: &str = "\
Starts: milliseconds from the start of the process until a page is served that is asked for at once and every 0.5 ms,
files in the system's cache. Edits: milliseconds from the end of the write until the new bytes are served, asked for
every 0.5 ms over one connection. After the last event of the file system bilayer waits 20 ms for others that belong to
it; the target counts from that event and without this wait, which the column `less 20` takes off. (Below zero: the look
at all files every 0.8 s found the change first.) Hugo's waits are in its figures. CPU: all that an edit costs, answers
to these requests and the search for mistakes on all pages included, what the server takes at rest not. Both servers run
at the same time and are edited in turn, each when it has come to rest; bilayer with its cache, Hugo as
`hugo server --bind 127.0.0.1 --port N --disableLiveReload=false --renderToMemory`.
";

/// The values of one kind.
struct Values(Vec<f64>);

/// A server with the book that it shows.
struct Subject<'a> {
    server: Server,
    site: &'a Site,
    /// What share of a core it takes at rest.
    at_rest: f64,
}

/// What edits of one kind took.
struct Edits {
    latency: Values,
    /// CPU milliseconds of one of them.
    cpu: f64,
}

fn main() {
    let work = work_folder();
    println!("{HEAD}");
    println!(
        "| pages | what | bilayer: median (min to max) | less 20 | Hugo: median (min to max) | Hugo / bilayer |"
    );
    println!("|---|---|---|---|---|---|");
    for pages in sizes() {
        measure(&work, pages);
    }
}

fn measure(work: &Path, pages: usize) {
    let book = Site::bilayer(work, pages);
    let hugo = std::env::var_os("BENCH_HUGO").map(|hugo| (Site::hugo(work, pages), hugo));
    let (cold, warm) = (book.bilayer_command(&["--no-cache"]), book.bilayer_command(&[]));
    let hugo_command = hugo.as_ref().map(|(site, hugo)| site.hugo_command(hugo.clone()));
    let mut servers: Vec<(&dyn Fn(u16) -> Command, &Site)> = vec![(&cold, &book), (&warm, &book)];
    if let (Some(command), Some((site, _))) = (&hugo_command, &hugo) {
        servers.push((command, site));
    }
    let starts = starts(&servers);
    let of_hugo = starts.get(2);
    print(pages, "start to first page, no cache, ms", &starts[0], false, of_hugo);
    print(pages, "start to first page, warm cache, ms", &starts[1], false, of_hugo);
    // Edits as an author makes them: with a cache.
    let mut subjects: Vec<_> = servers[1..].iter().map(|(command, site)| subject(command, site)).collect();
    for kind in 0..book.edits.len() {
        let what = book.edits[kind].what;
        let edits = edits(&mut subjects, kind);
        let of_hugo = edits.get(1).map(|edits| &edits.latency);
        print(pages, &format!("{what} edit, ms"), &edits[0].latency, true, of_hugo);
        let cpu: Vec<_> = edits.iter().map(|edits| Values(vec![edits.cpu])).collect();
        print(pages, &format!("{what} edit, CPU ms, mean"), &cpu[0], false, cpu.get(1));
    }
    print_costs(pages, &subjects);
}

/// The milliseconds until each of the servers shows a page, started in turn.
fn starts(servers: &[(&dyn Fn(u16) -> Command, &Site)]) -> Vec<Values> {
    let mut taken: Vec<_> = servers.iter().map(|_| Values(Vec::new())).collect();
    for run in 0..=number("BENCH_STARTS", 5).max(1) {
        for ((command, site), values) in servers.iter().zip(&mut taken) {
            let (server, milliseconds) = Server::start(command, &site.path);
            // The first round fills the caches, the system's and ours, and is not counted.
            if run == 0 {
                server.rest(0);
            } else {
                values.0.push(milliseconds);
            }
        }
    }
    taken
}

fn subject<'a>(command: &dyn Fn(u16) -> Command, site: &'a Site) -> Subject<'a> {
    let (server, _) = Server::start(command, &site.path);
    server.rest(0);
    let at_rest = server.cpu_at_rest();
    Subject { server, site, at_rest }
}

/// What the edits of a kind took, for each subject that has it, made in turn.
fn edits(subjects: &mut [Subject<'_>], kind: usize) -> Vec<Edits> {
    let runs = number("BENCH_RUNS", 9).max(1);
    let mut taken = Vec::new();
    for run in 1..=runs {
        let able = subjects.iter_mut().filter(|subject| kind < subject.site.edits.len());
        for (at, subject) in able.enumerate() {
            if taken.len() == at {
                taken.push(Edits { latency: Values(Vec::new()), cpu: 0.0 });
            }
            let (latency, cpu) = subject.edit(kind, run);
            taken[at].latency.0.push(latency);
            taken[at].cpu += cpu / runs as f64;
        }
    }
    for subject in subjects {
        if let Some(edit) = subject.site.edits.get(kind) {
            edit.undo();
            subject.server.rest(0);
        }
    }
    taken
}

impl Subject<'_> {
    /// Makes an edit. Gives the milliseconds until it is shown, and those of CPU until all is done.
    fn edit(&mut self, kind: usize, number: usize) -> (f64, f64) {
        let (write, shown) = self.site.edits[kind].change(number);
        let (start, before) = (Instant::now(), self.server.cpu());
        let latency = self.server.latency(&shown, write);
        self.server.rest(number);
        let cpu = self.server.cpu() - before - self.at_rest * start.elapsed().as_secs_f64();
        (latency, cpu * 1000.0)
    }
}

fn print_costs(pages: usize, subjects: &[Subject<'_>]) {
    type Cost = fn(&Subject<'_>) -> f64;
    let costs: [(&str, Cost); 3] = [
        ("most memory so far (VmHWM), MB", |subject| subject.server.memory("VmHWM")),
        ("memory after all edits (VmRSS), MB", |subject| subject.server.memory("VmRSS")),
        ("CPU at rest, % of a core", |subject| subject.at_rest * 100.0),
    ];
    for (what, cost) in costs {
        let costs: Vec<_> = subjects.iter().map(|subject| Values(vec![cost(subject)])).collect();
        print(pages, what, &costs[0], false, costs.get(1));
    }
}

/// Prints a row; with `waits`, the values of bilayer also without the time that it waits for more changes.
fn print(pages: usize, what: &str, ours: &Values, waits: bool, hugo: Option<&Values>) {
    let less = if waits { ours.less(COALESCING).text() } else { String::new() };
    let (hugo, ratio) = match hugo {
        Some(hugo) if ours.median().min(hugo.median()) > 0.0 => {
            (hugo.text(), format!("{:.1}", hugo.median() / ours.median()))
        }
        Some(hugo) => (hugo.text(), String::new()),
        None => Default::default(),
    };
    println!("| {pages} | {what} | {} | {less} | {hugo} | {ratio} |", ours.text());
}

impl Values {
    fn median(&self) -> f64 {
        median(&mut self.0.clone())
    }

    fn less(&self, by: f64) -> Self {
        Self(self.0.iter().map(|value| value - by).collect())
    }

    /// The median, and where there are several, the limits.
    fn text(&self) -> String {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let median = self.median();
        if self.0.len() == 1 {
            format!("{median:.1}")
        } else {
            format!("{median:.1} ({least:.1} to {most:.1})")
        }
    }
}
