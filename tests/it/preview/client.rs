//! What asks the preview over a socket: one request for a connection, and whoever asks all the time.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status; 0 if there was none.
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    /// All behind them.
    pub body: Vec<u8>,
}

impl Reply {
    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body without the line that the preview appends to a page. Fails if it is a page and has none, or is
    /// less than all of it.
    pub fn page(&self) -> Result<&[u8], String> {
        let length = self.head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let is_whole = length.is_none_or(|length| length == self.body.len().to_string());
        let fault = |why: &str| Err(format!("{why}: {}\n{}", self.head, self.text()));
        if !is_whole {
            return fault("a part of it is missing");
        }
        if !self.head.contains("content-type: text/html") {
            return Ok(&self.body);
        }
        let body = self.body.strip_suffix(b" defer></script>\n").unwrap_or_default();
        let start = body.windows(8).rposition(|bytes| bytes == b"<script ");
        match start.map(|start| body.split_at(start)) {
            Some((page, line)) if is_own_line(line) && page.trim_ascii_end().ends_with(b"</html>") => {
                Ok(page)
            }
            _ => fault("it does not end as a page in the preview"),
        }
    }
}

fn is_own_line(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    line.starts_with("<script src=\"/")
        && line.contains(".bilayer/preview.js\" data-path=\"")
        && !line.contains('\n')
}

/// What is answered to a browser that asks for `target`.
#[track_caller]
pub fn get(server: SocketAddr, target: &str) -> Reply {
    send(server, format!("GET {target} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n").as_bytes())
}

/// What is answered to a request, given whole.
#[track_caller]
pub fn send(server: SocketAddr, request: &[u8]) -> Reply {
    try_send(server, request).expect("the preview listens")
}

/// The same, unless nobody listens.
pub fn try_send(server: SocketAddr, request: &[u8]) -> std::io::Result<Reply> {
    let mut stream = connect(server)?;
    // It may close the connection before it has read all of a bad request.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Ok(Reply::of(&bytes))
}

/// Sends bytes after which nothing comes, and reads what is answered.
pub fn blurt(server: SocketAddr, bytes: &[u8]) {
    let mut stream = connect(server).expect("the preview listens");
    let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
    let _ = stream.read_to_end(&mut Vec::new());
}

fn connect(server: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Asks for some pages again and again until it is stopped.
pub struct Fetcher {
    stops: Arc<AtomicBool>,
    thread: JoinHandle<Result<usize, String>>,
}

impl Fetcher {
    /// Begins to ask for `targets`.
    pub fn start(server: SocketAddr, targets: &[&str]) -> Self {
        let targets: Vec<String> = targets.iter().copied().map(str::to_owned).collect();
        let stops = Arc::new(AtomicBool::new(false));
        let has_stopped = Arc::clone(&stops);
        let ask = move |target: &String| {
            let reply = get(server, target);
            let is_found = reply.status == 200;
            let page = if is_found { reply.page() } else { Err(reply.head.clone()) };
            page.map(drop).map_err(|why| format!("{target}: {why}"))
        };
        let thread = thread::spawn(move || {
            let mut asked = 0;
            while !has_stopped.load(Ordering::Relaxed) {
                targets.iter().try_for_each(&ask)?;
                asked += targets.len();
            }
            Ok(asked)
        });
        Self { stops, thread }
    }

    /// Stops asking. Fails if there was an answer that was no whole page.
    #[track_caller]
    pub fn stop(self) {
        self.stops.store(true, Ordering::Relaxed);
        match self.thread.join().expect("no thread of these panics") {
            Ok(asked) => assert!(asked > 0, "nothing was asked for"),
            Err(why) => panic!("while files were being saved: {why}"),
        }
    }
}
