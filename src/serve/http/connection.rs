//! Connections: how many there may be, and how long each may keep the server waiting.
//!
//! Nothing here knows what is asked on them.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Extension;
use axum::handler::Handler;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use super::answer::{Near, Site, answer};

/// What a client may take of the server. [`Limits::default`] is for people, tests are less patient.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request may take to arrive; also how long a connection may stay open without one.
    pub head: Duration,
    /// How long a client may take nothing of an answer that is ready for it.
    pub stall: Duration,
    /// The longest silence of an event stream.
    pub pause: Duration,
    /// How many connections may be open; further ones wait until one is closed.
    pub connections: usize,
    /// How many of them may be event streams; the rest is kept for requests.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { head: seconds(10), stall: seconds(30), pause: seconds(15), connections: 4096, streams: 2048 }
    }
}

impl Limits {
    /// The same, but no more than `room` connections, of which half are kept for requests.
    pub fn within(self, room: usize) -> Self {
        let connections = self.connections.min(room);
        Self { connections, streams: self.streams.min(connections / 2), ..self }
    }
}

/// Bytes that the request line and the headers may have together; the least that hyper can be told.
const HEAD_BYTES: usize = 8192;

/// How long to wait before the next try when the system has no room for a further connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(50);

/// Takes connections and answers on each, for ever.
pub async fn accept(listener: TcpListener, site: Arc<Site>) {
    let room = Arc::new(Semaphore::new(site.limits.connections));
    while let Ok(place) = Arc::clone(&room).acquire_owned().await {
        match listener.accept().await {
            Ok((socket, peer)) => {
                let is_near = is_near(&socket, peer);
                tokio::spawn(converse(socket, is_near, Arc::clone(&site), place));
            }
            // Mostly too many open files: an error at once again and again, until something is closed.
            Err(_) => sleep(NO_ROOM_PAUSE).await,
        }
    }
}

/// Whether the other end of a connection is on this machine.
fn is_near(socket: &TcpStream, peer: SocketAddr) -> bool {
    let peer = peer.ip().to_canonical();
    peer.is_loopback() || socket.local_addr().is_ok_and(|own| own.ip().to_canonical() == peer)
}

/// Answers the requests of one connection, one after the other, until it is closed; then gives back its
/// `place`. `is_near` says whether its other end is on this machine.
async fn converse(socket: TcpStream, is_near: bool, site: Arc<Site>, place: OwnedSemaphorePermit) {
    // Events are short and to be there at once; that they are not is no reason to refuse them.
    let _ = socket.set_nodelay(true);
    let Limits { head, stall, .. } = site.limits;
    let service = TowerToHyperService::new(answer.layer(Extension(Near(is_near))).with_state(site));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(HEAD_BYTES);
    // What goes wrong on a connection is its client's to know; the next request shows whether it matters.
    let _ = builder.serve_connection(TokioIo::new(Impatient::new(socket, stall)), service).await;
    drop(place);
}

/// A socket that fails when the other end takes nothing of what is written for too long.
struct Impatient {
    /// The socket itself.
    socket: TcpStream,
    /// How long is too long.
    patience: Duration,
    /// Runs while something waits to be taken.
    stall: Option<Pin<Box<Sleep>>>,
}

impl Impatient {
    fn new(socket: TcpStream, patience: Duration) -> Self {
        Self { socket, patience, stall: None }
    }

    /// Passes on the outcome of a write, unless the last progress is too long ago.
    fn judge(&mut self, outcome: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if outcome.is_ready() {
            self.stall = None;
            return outcome;
        }
        let patience = self.patience;
        let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(patience)));
        stall.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buf)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.judge(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write_vectored(cx, pieces);
        self.judge(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
