//! A server that was started to be measured: when it answers, what it costs, when it has come to rest.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::common::{cpu, memory};

/// How often a page is asked for.
const POLL: Duration = Duration::from_micros(500);
/// How long a server may take for anything.
const PATIENCE: Duration = Duration::from_secs(300);
/// A server is watched for so long at a time to see whether it rests: bilayer looks at all files once in it.
const WINDOW: Duration = Duration::from_millis(800);
/// It rests if it took no more CPU meanwhile than this, in seconds.
const LITTLE: f64 = 0.1;

/// A running server; it is ended when this is dropped.
pub struct Server {
    child: Child,
    client: Client,
    /// The path of the page that is asked for.
    path: String,
}

impl Server {
    /// Starts what `command` gives for a port and asks for the page at `path` at once and until it comes. Gives also
    /// the milliseconds from the start of the program until then.
    pub fn start(command: &dyn Fn(u16) -> Command, path: &str) -> (Self, f64) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        let mut command = command(port);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let child = command.spawn().expect("the server can be started");
        let mut server = Self { child, client: Client::new(port), path: path.to_owned() };
        server.wait(start, |_| true);
        (server, milliseconds(start))
    }

    /// Asks for the page again and again until `is_new` says that it is the one; `since` says when that began.
    fn wait(&mut self, since: Instant, is_new: impl Fn(&str) -> bool) {
        while !self.client.page(&self.path).is_some_and(|page| is_new(&page)) {
            let ended = self.child.try_wait().expect("it was started here");
            assert!(ended.is_none(), "the server ended by itself");
            assert!(since.elapsed() < PATIENCE, "{} is not served in time", self.path);
            thread::sleep(POLL);
        }
    }

    /// Does `write`, and gives the milliseconds from its end until `shown` is in the page that is served.
    pub fn latency(&mut self, shown: &str, write: impl FnOnce()) -> f64 {
        // Also makes a connection, should the last one have been closed meanwhile.
        self.wait(Instant::now(), |page| !page.contains(shown));
        write();
        let written = Instant::now();
        self.wait(written, |page| page.contains(shown));
        milliseconds(written)
    }

    /// Waits until the server has done all that it does after a change; `number` makes the waits differ, so that edits
    /// do not all meet the same moment of what it does regularly.
    pub fn rest(&self, number: usize) {
        let start = Instant::now();
        thread::sleep(Duration::from_millis(600 + 137 * (number as u64 % 5)));
        loop {
            let before = self.cpu();
            thread::sleep(WINDOW);
            if self.cpu() - before <= LITTLE {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not come to rest");
        }
    }

    /// CPU seconds so far.
    pub fn cpu(&self) -> f64 {
        cpu(self.child.id(), 14)
    }

    /// What share of a core a server takes that rests.
    pub fn cpu_at_rest(&self) -> f64 {
        let (start, before) = (Instant::now(), self.cpu());
        thread::sleep(WINDOW * 6);
        (self.cpu() - before) / start.elapsed().as_secs_f64()
    }

    /// A line of what the system says of its memory, in MB.
    pub fn memory(&self, name: &str) -> f64 {
        memory(self.child.id(), name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
