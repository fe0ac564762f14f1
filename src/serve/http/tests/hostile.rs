//! Bytes that no browser would send.

use std::io::{Read, Write};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Limits, Preview, Wire};

const SEEDS: [&str; 8] = [
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /zh/%E6%B1%87/a?b=%20 HTTP/1.1\r\nHost: localhost:8000\r\nAccept: */*\r\n\r\n",
    "HEAD /en/rollups HTTP/1.1\r\nHost: [::1]:80\r\nIf-None-Match: W/\"k1\", *\r\n\r\n",
    "GET /disk/film HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-18446744073709551615\r\nIf-Range: x\r\n\r\n",
    "GET /.bilayer/events?path=en%2F HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n",
    "POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 2\r\n\r\n{}",
    "POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "GET http://localhost/%2e%2e/ HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n",
];

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("less than a usize")
    }

    fn byte(&mut self) -> u8 {
        const LIKELY: &[u8] = b"%./\\:?#[]@ \r\n\0\x7f\xff-,=*\"";
        if self.below(2) == 0 { LIKELY[self.below(LIKELY.len())] } else { self.0.to_le_bytes()[3] }
    }

    /// A request with some bytes changed, put in, taken out or said twice; sometimes no request at all.
    fn request(&mut self) -> Vec<u8> {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        if self.below(10) == 0 {
            return (0..self.below(300)).map(|_| self.byte()).collect();
        }
        for _ in 0..=self.below(4) {
            let place = self.below(bytes.len());
            match self.below(4) {
                0 => bytes[place] = self.byte(),
                1 => bytes.insert(place, self.byte()),
                2 => drop(bytes.drain(place..(place + self.below(9)).min(bytes.len()))),
                _ => bytes.extend_from_within(place..),
            }
            bytes.push(b'\n');
        }
        bytes
    }
}

/// Counts the panics of the server's threads from now on.
fn count_panics() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let (seen, before) = (Arc::clone(&count), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some(crate::serve::http::THREADS) {
            seen.fetch_add(1, Ordering::Relaxed);
        }
        before(info);
    }));
    count
}

/// What comes until the connection is closed or an event stream has begun, which has no end.
fn start_of_answer(wire: &mut Wire) -> Vec<u8> {
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = wire.0.read(&mut piece) {
        answer.extend_from_slice(&piece[..count]);
        if answer.windows(6).any(|six| six == b"data: ") {
            break;
        }
    }
    answer
}

#[test]
fn no_bytes_upset_the_server() {
    let panics = count_panics();
    let preview = Preview::start("/", Limits::default());
    let mut dice = Dice(0x0b11_a7e4);
    for _ in 0..4000 {
        let mut wire = Wire::to(preview.server.address());
        let request = dice.request();
        // The server may have hung up before the end.
        let _ = wire.0.get_mut().write_all(&request);
        let _ = wire.0.get_ref().shutdown(std::net::Shutdown::Write);
        let answer = start_of_answer(&mut wire);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{}", request.escape_ascii());
    }
    for asked in preview.asked() {
        let path = asked.strip_prefix("state of ").unwrap_or(&asked);
        let is_unsafe = |part: &str| matches!(part, "." | "..") || part.contains(['\\', '\0']);
        assert!(
            asked.starts_with("edit ") || !path.starts_with('/') && !path.split('/').any(is_unsafe),
            "{asked:?}"
        );
    }
    assert_eq!(preview.get("/en/rollups/").status, 200);
    assert_eq!(panics.load(Ordering::Relaxed), 0);
}
