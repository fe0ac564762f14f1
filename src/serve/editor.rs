//! The author's editor, opened at a line.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What opens a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Editor {
    /// An address that the browser hands to the editor: `vscode://file/{path}:{line}:{column}`.
    Url(String),
    /// A command with its first arguments.
    Command(Vec<String>),
    /// Nobody said.
    Unknown,
}

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
    /// It runs in a terminal, and this one is taken.
    Terminal,
}

const HABITS: [(Habit, &[&str]); 7] = [
    (Habit::Goto, &["code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "positron"]),
    (Habit::Colons, &["subl", "sublime_text", "zed", "zeditor", "lapce"]),
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
    (Habit::PlusBoth, &["emacsclient", "gedit", "xed", "pluma", "gnome-text-editor"]),
    (Habit::Plus, &["gvim", "mvim", "nvim-qt", "neovide", "geany", "mousepad", "featherpad", "xemacs"]),
    (Habit::Dash, &["mate", "bbedit"]),
    (
        Habit::Terminal,
        &[
            "vi", "vim", "nvim", "nano", "pico", "micro", "hx", "helix", "kak", "joe", "ne", "ed", "emacs",
            "mcedit",
        ],
    ),
];

impl Editor {
    /// Reads what an author wrote: an address with `{path}` in it, or a command.
    #[must_use]
    pub fn parse(written: &str) -> Self {
        if written.contains("{path}") {
            return Self::Url(written.to_owned());
        }
        let words: Vec<_> = written.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() { Self::Unknown } else { Self::Command(words) }
    }

    /// Opens a file at a line and column, from 1. Gives the address that the browser is to open, if it is to.
    ///
    /// # Errors
    /// Why it cannot be opened and what to do, in a sentence.
    pub fn open(&self, file: &Path, line: usize, column: usize) -> Result<Option<String>, String> {
        let file = std::path::absolute(file).map_err(|error| error.to_string())?;
        let file = file.to_string_lossy();
        match self {
            Self::Unknown => Err("no editor is known: set VISUAL, or start with `--editor code`".to_owned()),
            Self::Url(template) => Ok(Some(address(template, &file, line, column))),
            Self::Command(words) => {
                let arguments = arguments(words, &file, line, column)?;
                start(&words[0], &arguments).map(|()| None)
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

/// The arguments for a command that was given with its first words.
fn arguments(words: &[String], file: &str, line: usize, column: usize) -> Result<Vec<String>, String> {
    let program = words.first().map_or("", String::as_str);
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe").to_lowercase();
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
        Habit::Terminal => {
            return Err(format!(
                "{name} needs a terminal of its own: name an editor with a window, as in `--editor code`"
            ));
        }
    };
    Ok(words[1..].iter().cloned().chain(place).collect())
}

fn start(program: &str, arguments: &[String]) -> Result<(), String> {
    let quiet = || Stdio::null();
    let mut command = Command::new(program);
    command.args(arguments).stdin(quiet()).stdout(quiet()).stderr(quiet());
    let mut child = command.spawn().map_err(|error| format!("{program} cannot be started: {error}"))?;
    // Somebody has to wait for it, or it stays as a zombie when it ends.
    thread::spawn(move || drop(child.wait()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(editor: &str) -> String {
        let Editor::Command(words) = Editor::parse(editor) else { panic!("{editor} is a command") };
        arguments(&words, "/b/a.md", 7, 3).map_or_else(|error| error, |arguments| arguments.join(" "))
    }

    #[test]
    fn each_editor_is_told_in_its_own_way() {
        assert_eq!(line("code"), "--goto /b/a.md:7:3");
        assert_eq!(line("/usr/local/bin/code --reuse-window"), "--reuse-window --goto /b/a.md:7:3");
        assert_eq!(line("subl"), "/b/a.md:7:3");
        assert_eq!(line("idea"), "--line 7 --column 3 /b/a.md");
        assert_eq!(line("emacsclient -n"), "-n +7:3 /b/a.md");
        assert_eq!(line("something-else"), "+7 /b/a.md");
        assert!(line("vim").starts_with("vim needs a terminal of its own"));
    }

    #[test]
    fn an_address_is_filled_in() {
        let editor = Editor::parse("vscode://file{path}:{line}:{column}");
        let url = editor.open(Path::new("/b/a b.md"), 7, 3).expect("an address can always be made");
        assert_eq!(url.as_deref(), Some("vscode://file/b/a%20b.md:7:3"));
        assert_eq!(Editor::parse("  "), Editor::Unknown);
        assert!(Editor::Unknown.open(Path::new("/a"), 1, 1).is_err());
    }
}
