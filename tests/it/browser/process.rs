//! The browser as a process: started, and ended with everything that belongs to it.
//!
//! Values in statics are never dropped, and a test process may be killed. So a second process keeps watch: a
//! shell that reads from a pipe which only this process holds open. When the pipe ends, for whatever reason,
//! the keeper kills the browser's process group and removes its folder.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::chromium::{is_root, provide};

/// A first start from a cold disk takes seconds; one that takes this long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the keeper runs; its argument is the folder, its first line the group. Dying processes may still write
/// to the folder, hence more than one attempt.
const KEEPER: &str = r#"
read -r group && { read -r end; kill -s KILL -- "-$group"; }
for attempt in 1 2 3 4 5 6 7 8 9; do rm -rf -- "$1" && exit; done
"#;

/// What the browser is always started with. The later ones keep it from asking the network for anything, from
/// starting two more processes for the address bar of every page, and from slowing down what it takes for hidden.
const ARGUMENTS: [&str; 16] = [
    "--headless=new",
    "--remote-debugging-port=0",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--lang=en-US",
    "--password-store=basic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "about:blank",
];

/// A running browser. Ends when it is dropped, or when this process ends.
pub struct Process {
    address: String,
    browser: Child,
    keeper: Child,
    /// Holds the keeper back as long as it is open.
    pipe: Option<ChildStdin>,
}

impl Process {
    /// Starts a browser with an empty profile and waits until it listens.
    pub fn start() -> Result<Self> {
        let program = provide()?;
        let profile = tempfile::Builder::new().prefix("bilayer-").tempdir()?;
        let mut keeper = keeper(profile.path())?;
        let mut pipe = keeper.stdin.take().context("the keeper has no input")?;
        let profile = profile.keep(); // it is the keeper's now
        let mut browser = command(&program, &profile)?
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let told = writeln!(pipe, "{}", browser.id());
        let stderr = browser.stderr.take();
        let mut process = Self { address: String::new(), browser, keeper, pipe: Some(pipe) };
        told.context("the keeper has ended")?;
        let lines = lines(stderr.context("the browser has no standard error")?);
        process.address =
            address(&lines).with_context(|| format!("{} does not listen", program.display()))?;
        Ok(process)
    }

    /// Where it listens: `ws://127.0.0.1:PORT/devtools/browser/ID`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // Neither can fail but by having been waited for.
        let _ = self.keeper.wait();
        let _ = self.browser.wait();
    }
}

fn keeper(profile: &Path) -> Result<Child> {
    let mut command = Command::new("sh");
    command.args(["-c", KEEPER, "keeper"]).arg(profile);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // A group of its own: Ctrl-C ends the tests, and the keeper must outlive them.
    command.process_group(0).spawn().context("`sh` cannot be run")
}

fn command(program: &Path, profile: &Path) -> Result<Command> {
    let mut command = Command::new(program);
    command.args(ARGUMENTS).arg(format!("--user-data-dir={}", profile.display()));
    if is_root()? {
        command.arg("--no-sandbox"); // with it, Chromium refuses to run as root
    }
    // Whatever it writes goes to the profile.
    for name in ["TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
        command.env(name, profile);
    }
    command.env_remove("LANGUAGE").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    Ok(command)
}

/// The lines of a stream. It is read to its end even if nobody wants them: a full pipe would stop the browser.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    receiver
}

/// The address in the lines; if it does not come, all of them.
fn address(lines: &Receiver<String>) -> Result<String> {
    let deadline = Instant::now() + PATIENCE;
    let mut said = String::new();
    while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            return Ok(address.trim_end().to_owned());
        }
        said = said + &line + "\n";
    }
    bail!("it says:\n{said}")
}

mod tests {
    use std::time::{Duration, Instant};
    use std::{env, fs, thread};

    use super::*;

    /// Set in a process that this test starts: how that shall end, and a folder.
    const END: &str = "BILAYER_TEST_END";
    const FOLDER: &str = "BILAYER_TEST_FOLDER";

    /// The command lines of all processes, where there is `/proc`.
    fn command_lines() -> String {
        let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
        let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
        lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ") + "\n").collect()
    }

    /// The part of the started process.
    fn start_and_end(end: &str, folder: &Path) {
        let process = Process::start().expect("the browser starts");
        fs::write(folder.join("started"), process.address()).expect("the file can be written");
        match end {
            "exit" => std::process::exit(0), // nothing is dropped
            "panic" => panic!("as a test does that fails"),
            _ => drop(process),
        }
    }

    #[test]
    fn however_a_process_ends_nothing_of_its_browser_stays() {
        if let (Ok(end), Some(folder)) = (env::var(END), env::var_os(FOLDER)) {
            return start_and_end(&end, Path::new(&folder));
        }
        let name = "browser::process::tests::however_a_process_ends_nothing_of_its_browser_stays";
        for end in ["exit", "panic", "drop"] {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let temporary = folder.path().join("t");
            fs::create_dir(&temporary).expect("the folder can be made");
            let mut command = Command::new(env::current_exe().expect("this is a program"));
            command
                .args(["--exact", name])
                .env(END, end)
                .env(FOLDER, folder.path())
                .env("TMPDIR", &temporary);
            let output = command.output().expect("this program can be run");
            let address = fs::read_to_string(folder.path().join("started"));
            let address = address.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stdout)));
            let start = Instant::now();
            let is_there = || {
                let is_empty = fs::read_dir(&temporary).expect("the folder is ours").next().is_none();
                !is_empty || command_lines().contains(&temporary.display().to_string())
            };
            while is_there() {
                assert!(start.elapsed() < Duration::from_secs(60), "{end}: {address}\n{}", command_lines());
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}
