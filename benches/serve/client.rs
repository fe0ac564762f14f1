//! One connection to a server on this machine, kept alive: plain HTTP/1.1, as much of it as a benchmark needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A connection that is made when it is needed, and anew when it broke.
pub struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of whoever listens at a port.
    pub fn new(port: u16) -> Self {
        Self { address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), stream: None }
    }

    /// The page at `path` as text; nothing if there is no answer, or another one than 200.
    pub fn page(&mut self, path: &str) -> Option<String> {
        let answer = self.ask(path);
        if answer.is_err() {
            self.stream = None;
        }
        let (status, body) = answer.ok()?;
        (status == 200).then(|| String::from_utf8_lossy(&body).into_owned())
    }

    fn ask(&mut self, path: &str) -> io::Result<(u16, Vec<u8>)> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(connect(self.address)?),
        };
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.get_mut().write_all(request.as_bytes())?;
        read(stream)
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

/// Reads an answer: its status and body.
fn read(stream: &mut impl BufRead) -> io::Result<(u16, Vec<u8>)> {
    let first = line(stream)?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(malformed)?;
    let (mut length, mut is_chunked) = (None, false);
    loop {
        let header = line(stream)?.to_ascii_lowercase();
        match header.split_once(':') {
            None => break,
            Some(("content-length", value)) => {
                length = Some(value.trim().parse::<usize>().map_err(|_| malformed())?);
            }
            Some(("transfer-encoding", value)) => is_chunked = value.trim() == "chunked",
            Some(_) => {}
        }
    }
    let body = if is_chunked { chunks(stream)? } else { exactly(stream, length.ok_or_else(malformed)?)? };
    Ok((status, body))
}

fn chunks(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(stream)?;
        let size = usize::from_str_radix(size.trim(), 16).map_err(|_| malformed())?;
        body.extend(exactly(stream, size)?);
        // The end of the chunk's line, or of the whole answer: nobody here sends trailers.
        line(stream)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn exactly(stream: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A line without its end.
fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn malformed() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
