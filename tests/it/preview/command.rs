//! The real `bilayer serve`, running over a folder until it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::client::{self, Reply};
use crate::run;
use crate::run::wait;

/// A running preview.
pub struct Preview {
    child: Child,
    /// `http://127.0.0.1:PORT/BASE/`.
    url: String,
    said: Arc<Mutex<String>>,
    /// Reads what it says, until it has ended.
    reader: Option<JoinHandle<()>>,
}

impl Preview {
    /// Starts it over the book in `folder` on any free port, with flags that are parted by spaces, and waits until
    /// it answers.
    #[track_caller]
    pub fn start(folder: &Path, flags: &str) -> Self {
        let flags = ["--port", "0"].into_iter().chain(flags.split_whitespace());
        Self::start_with(folder, &flags.collect::<Vec<_>>())
    }

    /// The same with nothing said of the port, and flags that may have spaces in them.
    #[track_caller]
    pub fn start_with(folder: &Path, flags: &[&str]) -> Self {
        let mut command = run::command(folder, "serve");
        command.args(flags).env_remove("VISUAL").env_remove("EDITOR");
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command is built");
        let stderr = child.stderr.take().expect("its standard error is piped");
        let said = Arc::<Mutex<String>>::default();
        let reader = Some(listen(stderr, Arc::clone(&said)));
        let mut preview = Self { child, url: String::new(), said, reader };
        preview.url = wait("the address", || {
            let said = preview.said();
            let rest = said.split_once(" at http://").map(|(_, rest)| rest);
            let address = rest.and_then(|rest| rest.split_once(" (Ctrl+C"));
            address.map(|(address, _)| format!("http://{address}")).ok_or(said)
        });
        preview
    }

    /// The address of a path in the site, which does not begin with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let host = self.url.split('/').nth(2).expect("an address has a host");
        host.parse().expect("the host is an address and a port")
    }

    /// What it answers to a browser that asks for a path in the site, which does not begin with `/`.
    pub fn get(&self, path: &str) -> Reply {
        let base = self.url.splitn(4, '/').nth(3).expect("an address has a path");
        client::get(self.address(), &format!("/{base}{path}"))
    }

    /// What it has said on standard error.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        // It fails if it has ended by itself, which a caller sees in what it said.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let is_running = self.child.try_wait().is_ok_and(|status| status.is_none());
        let was_killed = self.reader.is_none();
        self.kill();
        let said = self.said();
        if thread::panicking() {
            eprintln!("the preview said:\n{said}");
        } else {
            assert!(is_running || was_killed, "the preview has ended by itself: {said}");
            assert!(!said.contains("panicked"), "the preview panicked: {said}");
        }
    }
}

fn listen(stderr: impl Read + Send + 'static, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&String::from_utf8_lossy(&line));
            said.push('\n');
        }
    })
}
