//! A folder as a website, for as long as a test needs it.
//!
//! Strict where a host may be strict: every answer forbids what does not come from the site itself, inline
//! scripts and styles included. One thread for a connection, one connection for a request.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// The longest head of a request that is read.
const LONGEST: u64 = 64 * 1024;

/// A server of one folder. Stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    stops: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder` on a free port of this machine, to nobody else.
    pub fn start(folder: &Path) -> Self {
        let root = folder.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("the port is bound");
        let stops = Arc::new(AtomicBool::new(false));
        let has_stopped = Arc::clone(&stops);
        let thread = thread::spawn(move || accept(&listener, &root, &has_stopped));
        Self { address, stops, thread: Some(thread) }
    }

    /// The address of a path, which begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stops.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The connections that are open, by number.
type Open = Mutex<BTreeMap<usize, TcpStream>>;

/// Answers connections until it shall stop, then cuts those that are open: browsers keep some in reserve.
fn accept(listener: &TcpListener, root: &Path, stops: &AtomicBool) {
    let open = Open::default();
    thread::scope(|scope| {
        for (number, stream) in listener.incoming().enumerate() {
            if stops.load(Ordering::SeqCst) {
                break;
            }
            let Ok((stream, copy)) = stream.and_then(|stream| Ok((stream.try_clone()?, stream))) else {
                continue;
            };
            lock(&open).insert(number, copy);
            let open = &open;
            scope.spawn(move || {
                // A browser that has gone away wants no answer.
                let _ = serve(&stream, root);
                let _ = stream.shutdown(Shutdown::Both);
                lock(open).remove(&number);
            });
        }
        for stream in lock(&open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    });
}

fn lock(open: &Open) -> MutexGuard<'_, BTreeMap<usize, TcpStream>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a request and answers it.
fn serve(mut stream: &TcpStream, root: &Path) -> io::Result<()> {
    let mut reader = BufReader::new(stream.take(LONGEST));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut header = String::from("-");
    while !header.trim_end().is_empty() {
        header.clear();
        reader.read_line(&mut header)?;
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method.is_empty() {
        return Ok(()); // opened in reserve, and not used
    }
    let answer = answer(root, method, target);
    let mut head = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        head = head + name + ": " + value + "\r\n";
    }
    head += "Content-Security-Policy: default-src 'self'\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&answer.body)?;
    }
    stream.flush()
}

struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// An answer that is its own text.
    fn plain(status: &'static str) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", kind(Path::new("a.txt")).to_owned())],
            body: status.into(),
        }
    }
}

fn answer(root: &Path, method: &str, target: &str) -> Answer {
    if !["GET", "HEAD"].contains(&method) {
        let mut answer = Answer::plain("405 Method Not Allowed");
        answer.headers.push(("Allow", "GET, HEAD".to_owned()));
        return answer;
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(mut file) = locate(root, path) else { return Answer::plain("403 Forbidden") };
    if file.is_dir() && !path.ends_with('/') {
        let mut answer = Answer::plain("301 Moved Permanently");
        answer.headers.push(("Location", format!("{path}/")));
        return answer;
    }
    if path.ends_with('/') {
        file.push("index.html");
    }
    let found = |status, file: &Path| {
        // Links that lead out of the folder are not followed.
        let file = file.canonicalize().ok().filter(|file| file.starts_with(root))?;
        let headers = vec![("Content-Type", kind(&file).to_owned())];
        Some(Answer { status, headers, body: fs::read(&file).ok()? })
    };
    found("200 OK", &file)
        .or_else(|| found("404 Not Found", &root.join("404.html")))
        .unwrap_or_else(|| Answer::plain("404 Not Found"))
}

/// The file of a path, `None` if the path is none or would lead elsewhere.
fn locate(root: &Path, path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let mut file = root.to_owned();
    for part in path.strip_suffix('/').unwrap_or(path).split('/').filter(|_| !path.is_empty()) {
        let part = decode(part)?;
        if matches!(part.as_str(), "" | "." | "..") || part.contains(['/', '\\', '\0']) {
            return None;
        }
        file.push(part);
    }
    Some(file)
}

/// Reads `%E6` and the like.
fn decode(part: &str) -> Option<String> {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// The type of a file's content, by its name.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

mod tests {
    use super::*;

    /// Sends a request as it is written, which no browser would; gives what comes back.
    fn ask(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address).expect("the server listens");
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: test\r\n\r\n").as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    #[test]
    fn files_are_served_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &&str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
            fs::write(path, format!("this is {name}")).expect("the file can be written");
        };
        ["secret.txt", "site/index.html", "site/汇/a b.css", "site/404.html"].iter().for_each(write);
        let link = folder.path().join("site/out.txt");
        std::os::unix::fs::symlink(folder.path().join("secret.txt"), link).expect("a link can be made");
        let server = Server::start(&folder.path().join("site"));
        let cases = [
            ("GET /", "200 OK", "text/html; charset=utf-8", "this is site/index.html"),
            ("GET /index.html?v=1#top", "200 OK", "text/html; charset=utf-8", "this is site/index.html"),
            ("HEAD /", "200 OK", "text/html; charset=utf-8", ""),
            ("GET /%E6%B1%87/a%20b.css", "200 OK", "text/css; charset=utf-8", "this is site/汇/a b.css"),
            ("GET /%E6%B1%87", "301 Moved Permanently", "text/plain; charset=utf-8", "301 Moved Permanently"),
            ("GET /none", "404 Not Found", "text/html; charset=utf-8", "this is site/404.html"),
            ("GET /index.html/", "404 Not Found", "text/html; charset=utf-8", "this is site/404.html"),
            ("GET /out.txt", "404 Not Found", "text/html; charset=utf-8", "this is site/404.html"),
            ("POST /", "405 Method Not Allowed", "text/plain; charset=utf-8", "405 Method Not Allowed"),
        ];
        for (request, status, kind, body) in cases {
            let answer = ask(&server, request);
            let (head, found) = answer.split_once("\r\n\r\n").expect("a head ends");
            assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request}: {head}");
            assert!(head.contains(&format!("\r\nContent-Type: {kind}\r\n")), "{request}: {head}");
            assert!(
                head.contains("\r\nContent-Security-Policy: default-src 'self'\r\n"),
                "{request}: {head}"
            );
            assert_eq!(found, body, "{request}");
        }
        assert!(ask(&server, "GET /%E6%B1%87").contains("\r\nLocation: /%E6%B1%87/\r\n"));
        assert!(ask(&server, "HEAD /").contains("\r\nContent-Length: 23\r\n"));
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let server = Server::start(folder.path());
        let paths = [
            "/../a",
            "/%2e%2e/a",
            "/a/..%2fb",
            "/..\\a",
            "//etc/passwd",
            "/%2Fetc",
            "/a//b",
            "/%zz",
            "/%ff",
            "etc",
            "*",
        ];
        for path in paths {
            assert!(ask(&server, &format!("GET {path}")).starts_with("HTTP/1.1 403 "), "{path}");
        }
    }

    #[test]
    fn a_server_stops_though_connections_are_open() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let server = Server::start(folder.path());
        let mut reserve = TcpStream::connect(server.address).expect("the server listens");
        drop(server); // waits for its threads
        assert_eq!(reserve.read(&mut [0]).unwrap_or(0), 0);
    }
}
