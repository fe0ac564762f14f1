//! The server as a client sees it: real sockets, raw requests.

mod answers;
mod disk;
mod events;
mod hostile;
mod patience;
mod refusals;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::connection::Limits;
use super::{Server, Settings};
use crate::serve::question::{Answer, Question};

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server over a little book that answers at once, and what it was asked for.
struct Preview {
    server: Server,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Preview {
    fn start(base: &str, limits: Limits) -> Self {
        Self::over(base, limits, PathBuf::new())
    }

    fn over(base: &str, limits: Limits, disk: PathBuf) -> Self {
        let settings = Settings {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            base: base.to_owned(),
            script: "let bilayer;\n",
        };
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let ask = Arc::new(move |question| {
            heard.lock().expect("no test fails in here").push(book(question, &disk));
        });
        Self {
            server: Server::start_within(settings, ask, limits).expect("a server on any free port"),
            asked,
        }
    }

    /// Paths and posted texts that the book was asked for since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().expect("no test fails in here"))
    }

    /// The answer to `request`, a request line and headers, after which the connection is closed.
    fn send(&self, request: &str) -> Reply {
        let mut wire = Wire::to(self.server.address());
        wire.say(&format!("{}\r\nConnection: close\r\n\r\n", request.replace('\n', "\r\n")));
        Reply::read(&wire.rest())
    }

    /// The answer to a browser that asks for `target`.
    fn get(&self, target: &str) -> Reply {
        self.send(&format!("GET {target} HTTP/1.1\nHost: localhost"))
    }

    /// The answer to a page of the preview that posts `body` to its editor.
    fn post(&self, headers: &str, body: &str) -> Reply {
        let mut wire = Wire::to(self.server.address());
        let head = "POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nConnection: close";
        wire.say(&format!("{head}\r\nContent-Length: {}\r\n{headers}\r\n\r\n{body}", body.len()));
        Reply::read(&wire.rest())
    }

    /// A connection with an event stream of the page at `path`, whose first event has come.
    fn listen(&self, path: &str) -> Wire {
        let mut wire = Wire::to(self.server.address());
        wire.say(&format!("GET /.bilayer/events?path={path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        wire.until("\n\n\r\n");
        wire
    }
}

/// What the little book answers; gives back what was asked.
fn book(question: Question, disk: &std::path::Path) -> String {
    match question {
        Question::Get { path, reply } => {
            if let Some(answer) = answer(&path, disk) {
                // The other end may have gone.
                let _ = reply.send(answer);
            }
            path
        }
        Question::State { path, reply } => {
            let _ = reply.send(format!("{{\"state\":\"{path}\"}}").into());
            format!("state of {path}")
        }
        Question::Edit { request, reply } => {
            let _ = reply.send(format!("{{\"opened\":{request}}}"));
            format!("edit {request}")
        }
    }
}

fn answer(path: &str, disk: &std::path::Path) -> Option<Answer> {
    let bytes =
        |file: &str, body: &[u8]| Answer::Bytes { file: file.into(), body: body.into(), key: "k1".into() };
    Some(match path {
        "" => bytes("index.html", b"<p>home"),
        "en/rollups/" | "en/rollups/index.html" => bytes("en/rollups/index.html", "<p>卷叠</p>\n".as_bytes()),
        "en/rollups" => Answer::Moved("en/rollups/".into()),
        "汇 总" => Answer::Moved("zh/汇 总/".into()),
        "bilayer.0123.css" => bytes(path, b"p{}"),
        "logo.png" => bytes(path, b"\x89PNG"),
        "big.txt" => bytes(path, &vec![b'x'; 32 << 20]),
        "broken" => Answer::Broken(b"<p>broken".into()),
        "silent" => return None,
        _ if path.starts_with("disk/") => Answer::Disk(disk.join(&path["disk/".len()..])),
        _ => Answer::Missing(b"<p>missing".into()),
    })
}

/// One connection.
struct Wire(BufReader<TcpStream>);

impl Wire {
    fn to(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).expect("the server listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        Self(BufReader::new(socket))
    }

    /// Sends `text`; that the server has heard enough and hung up is seen in its answer.
    fn say(&mut self, text: &str) {
        let _ = self.0.get_mut().write_all(text.as_bytes());
    }

    /// All that comes until it is closed.
    fn rest(&mut self) -> Vec<u8> {
        let (begin, mut bytes, mut piece) = (Instant::now(), Vec::new(), vec![0; 1 << 16]);
        loop {
            match self.0.read(&mut piece) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("it is not closed"),
                Ok(0) | Err(_) => return bytes,
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
            }
            assert!(begin.elapsed() < PATIENCE, "it goes on and on");
        }
    }

    /// The lines that come until they end in `end`.
    fn until(&mut self, end: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(end.as_bytes()) {
            let count = self.0.read_until(b'\n', &mut text).expect("the server goes on");
            assert!(count > 0, "closed after {:?}", String::from_utf8_lossy(&text));
        }
        String::from_utf8(text).expect("the server speaks UTF-8")
    }

    fn hang_up(&self) {
        let _ = self.0.get_ref().shutdown(Shutdown::Both);
    }
}

/// A response in parts.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let border = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let border = border.unwrap_or_else(|| panic!("no response but {text:?}"));
        let head = String::from_utf8_lossy(&bytes[..border]).into_owned();
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        Self { status: status.expect("a status of three digits"), head, body: bytes[border + 4..].into() }
    }

    /// The values of a header, joined; empty if there is none.
    fn header(&self, name: &str) -> String {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of UTF-8")
    }
}
