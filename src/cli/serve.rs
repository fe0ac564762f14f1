//! `serve`: the preview, and what it says on the terminal.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::told::{human, show};
use super::{Book, Ending, Voice, open_cache};
use bilayer::pipeline::{Options, Work};
use bilayer::report::{self, Count};
use bilayer::serve::{Editor, News, Rendered, Settings, Terminal, serve};
use bilayer::source::{FileId, Sources};

/// How many files are named in a line.
const NAMED: usize = 3;

/// How many texts may wait for a terminal that takes none; further ones are lost.
const UNSAID: usize = 256;

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    book: Book,
    /// The port; the next free one is taken if somebody has it
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The address to listen at; 0.0.0.0 lets other machines in
    #[arg(short = 'n', long, value_name = "HOST", default_value = "127.0.0.1", value_parser = host)]
    hostname: IpAddr,
    /// Open the book in a browser
    #[arg(short, long)]
    open: bool,
    /// Show drafts too
    #[arg(long)]
    drafts: bool,
    /// Go to the page that is being edited
    #[arg(long)]
    navigate: bool,
    /// What Alt-click on a text opens: a command (`code`), or an address (`vscode://file{path}:{line}:{column}`)
    /// [default: VISUAL or EDITOR]
    #[arg(long, value_name = "EDITOR")]
    editor: Option<String>,
    /// Look for changes every so often, where the system cannot tell of them (network drives)
    #[arg(long, value_name = "MS", num_args = 0..=1, default_missing_value = "500", value_parser = clap::value_parser!(u64).range(20..=60_000))]
    poll: Option<u64>,
    /// Make everything anew, and keep nothing for the next run
    #[arg(long)]
    no_cache: bool,
}

fn host(name: &str) -> Result<IpAddr, String> {
    match name {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        "::" => Ok(Ipv6Addr::UNSPECIFIED.into()),
        name => {
            let mut found =
                (name, 0).to_socket_addrs().map_err(|_| format!("`{name}` is no address of a machine"))?;
            found.next().map(|address| address.ip()).ok_or_else(|| format!("`{name}` has no address"))
        }
    }
}

impl Serve {
    pub fn run(&self, voice: Voice) -> Result<Ending> {
        let book = self.book.dir.clone();
        if !book.join(bilayer::config::FILE).is_file() && !book.join("content").is_dir() {
            bail!(
                "{} is no book: there is neither a book.toml nor a folder `content` in it; `bilayer init` starts one",
                book.display()
            );
        }
        let settings = Settings {
            book,
            host: self.hostname,
            port: self.port,
            options: Options { drafts: self.drafts, ..Options::default() },
            poll: self.poll.map(Duration::from_millis),
            navigates: self.navigate,
            editor: self.editor(),
            cache: if self.no_cache { None } else { open_cache(&self.book.dir) },
        };
        let (texts, said) = mpsc::sync_channel::<String>(UNSAID);
        // A terminal that was stopped (Ctrl+S) stops this thread, not the preview.
        let speaker = thread::spawn(move || said.iter().for_each(|text| show(&text)));
        let served = serve(&settings, &|news| drop(texts.try_send(self.words(&news, voice))));
        drop(texts);
        // If it panicked, it has said so.
        let _ = speaker.join();
        served.map(|()| Ending::Done)
    }

    fn editor(&self) -> Editor {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let written = self.editor.clone().or_else(|| set("VISUAL")).or_else(|| set("EDITOR"));
        Editor::parse(&written.unwrap_or_default(), Terminal::at_hand(set))
    }

    /// What there is to say of something new, with an end of line; nothing if it is not wanted.
    fn words(&self, news: &News<'_>, voice: Voice) -> String {
        let mut text = String::new();
        let mut say = |line: &dyn Display| text += &format!("{line}\n");
        match news {
            News::Started { url, note } => {
                note.iter().for_each(|note| say(note));
                if !voice.quiet {
                    let is_other = self.port != 0 && !url.contains(&format!(":{}/", self.port));
                    let taken =
                        if is_other { format!("; port {} is taken", self.port) } else { String::new() };
                    say(&format_args!("{} at {url} (Ctrl+C stops it{taken})", place(&self.book.dir)));
                }
                if self.open && open::that_detached(url).is_err() {
                    say(&format_args!("no browser could be started; open {url}"));
                }
            }
            News::Moved { base } if !voice.quiet => {
                say(&format_args!("the site lives at {base} now: start the preview again to see it there"));
            }
            News::Edition { build, work, changed, took, sources } if voice.verbose => {
                let changed: Vec<_> = changed.iter().map(String::as_str).collect();
                let why = match (*build, changed.as_slice()) {
                    (1, _) => "start".to_owned(),
                    (_, []) => "folders changed".to_owned(),
                    (_, changed) => format!("{} changed", list(changed)),
                };
                let milliseconds = took.as_secs_f64() * 1000.0;
                say(&format_args!("[{build}] {why}: {} ({milliseconds:.1} ms)", done(work, sources)));
            }
            News::Checked { rendered, problems, sources } => {
                if voice.verbose {
                    say(&format_args!("    looked for mistakes: {}", looked_at(rendered)));
                }
                let Some(problems) = problems else { return text };
                text += &human(sources, problems, voice);
                match report::count(problems) {
                    _ if voice.quiet => {}
                    count if count == Count::default() => text += "no mistakes\n",
                    count => text += &format!("{count}\n"),
                }
            }
            News::Edition { .. } | News::Moved { .. } => {}
        }
        text
    }
}

fn place(dir: &std::path::Path) -> String {
    if dir.as_os_str() == "." { "this book".to_owned() } else { dir.display().to_string() }
}

/// What had to be done for an edition.
fn done(work: &Work, sources: &Sources) -> String {
    let names = |files: &[FileId]| {
        let paths: Vec<_> = files.iter().map(|&file| sources.path(file)).collect();
        list(&paths)
    };
    let mut parts = Vec::new();
    if !work.parsed.is_empty() {
        parts.push(format!("parsed {}", names(&work.parsed)));
    }
    if !work.recalled.is_empty() {
        parts.push(format!("knew {} from before", names(&work.recalled)));
    }
    if !work.worked.is_empty() {
        parts.push(format!("worked {}", names(&work.worked)));
    }
    if work.theme {
        parts.push("loaded the theme".to_owned());
    }
    if work.linked {
        parts.push(format!("linked the book, resolved the links of {} pages", work.resolved));
    } else if work.resolved > 0 {
        parts.push(format!("resolved the links of {}", work.resolved));
    }
    if parts.is_empty() { "nothing to do".to_owned() } else { parts.join("; ") }
}

/// Which pages were rendered, and why: those of one reason together.
fn looked_at(rendered: &[Rendered]) -> String {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, why) in rendered {
        reasons.entry(why).or_default().push(if path.is_empty() { "/" } else { path });
    }
    let reason = |(why, paths): (&&str, &Vec<&str>)| format!("rendered {} ({why})", list(paths));
    match reasons.is_empty() {
        true => "nothing to render".to_owned(),
        false => reasons.iter().map(reason).collect::<Vec<_>>().join("; "),
    }
}

/// Some names as words, the rest as a number.
fn list(names: &[&str]) -> String {
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
