//! The author's editor, opened at a line; one that lives in a terminal, in a window of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What opens a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Editor {
    /// An address that the browser hands to the editor: `vscode://file/{path}:{line}:{column}`.
    Url(String),
    /// A command with its first arguments, and what gives it a window if it lives in a terminal.
    Command(Vec<String>, Terminal),
    /// Nobody said.
    Unknown,
}

/// What opens a window with a command in it: the words to put before that command. None, if nothing is at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal(Vec<String>);

/// Programs that give terminals windows: the variable that they set for what runs in them, and how they are asked.
const MULTIPLEXERS: [(&str, &str); 4] = [
    ("TMUX", "tmux new-window"),
    ("ZELLIJ", "zellij run --close-on-exit --"),
    ("WEZTERM_PANE", "wezterm cli spawn --"),
    ("STY", "screen"),
];

/// How an editor is told a line and a column, besides the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// `code --goto FILE:LINE:COLUMN`.
    Goto,
    /// `subl FILE:LINE:COLUMN`.
    Colons,
    /// `idea --line LINE --column COLUMN FILE`.
    Options,
    /// `emacsclient +LINE:COLUMN FILE`.
    PlusBoth,
    /// `gvim +LINE FILE`.
    Plus,
    /// `mate -l LINE:COLUMN FILE`.
    Dash,
}

const HABITS: [(Habit, &[&str]); 6] = [
    (Habit::Goto, &["code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "positron"]),
    (Habit::Colons, &["subl", "sublime_text", "zed", "zeditor", "lapce", "hx", "helix"]),
    (
        Habit::Options,
        &[
            "idea",
            "pycharm",
            "webstorm",
            "rustrover",
            "clion",
            "goland",
            "phpstorm",
            "rubymine",
            "fleet",
            "kate",
        ],
    ),
    (
        Habit::PlusBoth,
        &["emacs", "emacsclient", "gedit", "xed", "pluma", "gnome-text-editor", "micro", "kak"],
    ),
    (Habit::Plus, &["gvim", "mvim", "nvim-qt", "neovide", "geany", "mousepad", "featherpad", "xemacs"]),
    (Habit::Dash, &["mate", "bbedit"]),
];

/// Editors that live in a terminal.
const IN_TERMINAL: [&str; 12] =
    ["vi", "vim", "nvim", "nano", "pico", "micro", "hx", "helix", "kak", "joe", "ne", "mcedit"];

impl Terminal {
    /// What is at hand: a further window of what this program runs in, or the desktop's terminal. `set` gives the
    /// value of a variable of the environment, if it has one.
    #[must_use]
    pub fn at_hand(set: impl Fn(&str) -> Option<String>) -> Self {
        let words = |written: &str| Self(written.split_whitespace().map(str::to_owned).collect());
        if let Some((_, asked)) = MULTIPLEXERS.iter().find(|(variable, _)| set(variable).is_some()) {
            return words(asked);
        }
        if set("DISPLAY").or_else(|| set("WAYLAND_DISPLAY")).is_none() {
            return Self::default();
        }
        let terminal = set("TERMINAL").unwrap_or_else(|| "x-terminal-emulator".to_owned());
        // GNOME's terminals take only one word behind `-e`.
        let run = if ["gnome-terminal", "ptyxis", "kgx"].contains(&name(&terminal)) { "--" } else { "-e" };
        words(&format!("{terminal} {run}"))
    }
}

impl Editor {
    /// Reads what an author wrote: an address with `{path}` in it, or a command, which may need the `terminal`.
    #[must_use]
    pub fn parse(written: &str, terminal: Terminal) -> Self {
        if written.contains("{path}") {
            return Self::Url(written.to_owned());
        }
        let words: Vec<_> = written.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() { Self::Unknown } else { Self::Command(words, terminal) }
    }

    /// Opens a file at a line and column, from 1. Gives the address that the browser is to open, if it is to.
    ///
    /// # Errors
    /// Why it cannot be opened and what to do, in a sentence.
    pub fn open(&self, file: &Path, line: usize, column: usize) -> Result<Option<String>, String> {
        let file = std::path::absolute(file).map_err(|error| error.to_string())?;
        let file = file.to_string_lossy();
        match self {
            Self::Unknown => Err("no editor is set: set VISUAL, or start with `--editor code`".to_owned()),
            Self::Url(template) => Ok(Some(address(template, &file, line, column))),
            Self::Command(words, terminal) => {
                start(&command(words, terminal, &file, line, column)?).map(|()| None)
            }
        }
    }
}

fn address(template: &str, file: &str, line: usize, column: usize) -> String {
    let mut path = String::new();
    crate::link::route::encode(file, &mut path);
    template
        .replace("{path}", &path)
        .replace("{line}", &line.to_string())
        .replace("{column}", &column.to_string())
}

/// The name of a program, without its folder.
fn name(program: &str) -> &str {
    program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe")
}

/// The words of the command that opens a file, of which the first were given.
fn command(
    words: &[String],
    terminal: &Terminal,
    file: &str,
    line: usize,
    column: usize,
) -> Result<Vec<String>, String> {
    let name = name(words.first().map_or("", String::as_str)).to_lowercase();
    let is_told = || words.iter().any(|word| ["-nw", "-t", "--tty"].contains(&word.as_str()));
    let needs_terminal = IN_TERMINAL.contains(&name.as_str()) || (name.starts_with("emacs") && is_told());
    if needs_terminal && terminal.0.is_empty() {
        return Err(format!(
            "{name} needs a terminal of its own: start the preview in tmux, or name an editor with a window, as in `--editor code`"
        ));
    }
    let known = HABITS.iter().find(|(_, names)| names.contains(&name.as_str()));
    let place = match known.map_or(Habit::Plus, |(habit, _)| *habit) {
        Habit::Goto => vec!["--goto".to_owned(), format!("{file}:{line}:{column}")],
        Habit::Colons => vec![format!("{file}:{line}:{column}")],
        Habit::Options => {
            let (line, column) = (line.to_string(), column.to_string());
            vec!["--line".to_owned(), line, "--column".to_owned(), column, file.to_owned()]
        }
        Habit::PlusBoth => vec![format!("+{line}:{column}"), file.to_owned()],
        Habit::Plus => vec![format!("+{line}"), file.to_owned()],
        Habit::Dash => vec!["-l".to_owned(), format!("{line}:{column}"), file.to_owned()],
    };
    let window = if needs_terminal { terminal.0.as_slice() } else { &[] };
    Ok(window.iter().chain(words).cloned().chain(place).collect())
}

fn start(words: &[String]) -> Result<(), String> {
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    let quiet = || Stdio::null();
    let mut command = Command::new(program);
    command.args(arguments).stdin(quiet()).stdout(quiet()).stderr(quiet());
    // Ctrl+C stops the preview, not an editor with unsaved text.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| format!("{program} cannot be started: {error}"))?;
    // Somebody has to wait for it, or it stays as a zombie when it ends.
    thread::spawn(move || drop(child.wait()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is started for an editor, in this environment.
    #[track_caller]
    fn check(environment: &str, editor: &str, expected: &str) {
        let set = |name: &str| {
            let mut variables = environment.split_whitespace().filter_map(|part| part.split_once('='));
            variables.find(|(variable, _)| *variable == name).map(|(_, value)| value.to_owned())
        };
        let Editor::Command(words, terminal) = Editor::parse(editor, Terminal::at_hand(set)) else {
            panic!("{editor} is a command")
        };
        let started = command(&words, &terminal, "/b/a.md", 7, 3);
        assert_eq!(started.map_or_else(|error| error, |words| words.join(" ")), expected);
    }

    #[test]
    fn each_editor_is_told_in_its_own_way() {
        check("", "code", "code --goto /b/a.md:7:3");
        check("", "/usr/local/bin/code -r", "/usr/local/bin/code -r --goto /b/a.md:7:3");
        check("", "subl", "subl /b/a.md:7:3");
        check("", "idea", "idea --line 7 --column 3 /b/a.md");
        check("TMUX=x", "emacsclient -n", "emacsclient -n +7:3 /b/a.md");
        check("", "something-else", "something-else +7 /b/a.md");
    }

    #[test]
    fn an_editor_that_lives_in_a_terminal_gets_a_window() {
        check("TMUX=/tmp/tmux-0/default,1,0 DISPLAY=:0", "vim", "tmux new-window vim +7 /b/a.md");
        check("ZELLIJ=0", "hx", "zellij run --close-on-exit -- hx /b/a.md:7:3");
        check("STY=1.pts-0", "nano -l", "screen nano -l +7 /b/a.md");
        check("DISPLAY=:0", "emacs -nw", "x-terminal-emulator -e emacs -nw +7:3 /b/a.md");
        check("WAYLAND_DISPLAY=wayland-0 TERMINAL=foot", "micro", "foot -e micro +7:3 /b/a.md");
        check(
            "DISPLAY=:0 TERMINAL=/usr/bin/gnome-terminal",
            "vi",
            "/usr/bin/gnome-terminal -- vi +7 /b/a.md",
        );
        check(
            "",
            "vim",
            "vim needs a terminal of its own: start the preview in tmux, or name an editor with a window, as in `--editor code`",
        );
    }

    #[test]
    fn an_address_is_filled_in() {
        let editor = Editor::parse("vscode://file{path}:{line}:{column}", Terminal::default());
        let url = editor.open(Path::new("/b/a b.md"), 7, 3).expect("an address can always be made");
        assert_eq!(url.as_deref(), Some("vscode://file/b/a%20b.md:7:3"));
        assert_eq!(Editor::parse("  ", Terminal::default()), Editor::Unknown);
        assert!(Editor::Unknown.open(Path::new("/a"), 1, 1).is_err());
    }
}
