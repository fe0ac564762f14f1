//! The preview's server: takes requests, asks the book, and keeps open pages told of what is new.
//!
//! This is the only asynchronous room of the program. It knows nothing of books: it passes on a
//! [`Question`](super::question::Question) and shapes what comes back. It trusts no request: see `guard` for
//! who may ask, `path` for what may be asked for, `connection` for how much of it and how slowly.

mod answer;
mod connection;
mod disk;
mod etag;
mod files;
mod guard;
mod kind;
mod path;
mod refusal;
mod streams;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};

pub use answer::Ask;
pub use streams::Streams;

use answer::Site;
use connection::Limits;
use path::Base;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen at.
    pub host: IpAddr,
    /// The port to begin with; 0 for any that is free.
    pub port: u16,
    /// The path below which the site lives: `/` or `/l2/`.
    pub base: String,
    /// The text of the script that is appended to pages.
    pub script: &'static str,
}

/// A running server; dropping it stops it and closes all connections at once.
pub struct Server {
    /// Where it listens.
    address: SocketAddr,
    /// Where the site lives.
    base: Base,
    /// The open pages.
    streams: Streams,
    /// Its threads. Always there but while the server is dropped.
    runtime: Option<Runtime>,
}

/// How many ports to try after the first.
const FURTHER_PORTS: u16 = 100;

/// The name of its threads.
const THREADS: &str = "preview-http";

/// How long to wait for what is being done when the server is stopped.
const LAST_STEPS: Duration = Duration::from_millis(80);

impl Server {
    /// Binds host:port, or the next free one of the following 100 ports if that is taken, and begins to
    /// answer with what `ask` is told.
    ///
    /// # Errors
    /// If no such port can be had, the base is no path, or the system gives no threads.
    pub fn start(settings: Settings, ask: Ask) -> Result<Self> {
        Self::start_within(settings, ask, Limits::default().within(files::room()))
    }

    fn start_within(settings: Settings, ask: Ask, limits: Limits) -> Result<Self> {
        let Settings { host, port, base, script } = settings;
        let form = || format!("the base path `{base}` must begin and end with `/`, like `/l2/`");
        let base = Base::new(&base).with_context(form)?;
        let listener = bind(host, port)?;
        let address = listener.local_addr().context("cannot tell which port was bound")?;
        let streams = Streams::new(limits.streams);
        let site = Site { ask, streams: streams.clone(), base: base.clone(), script, bound: host, limits };
        let runtime = runtime().context("cannot start the threads of the server")?;
        let listener = register(listener, &runtime).context("cannot listen")?;
        runtime.spawn(connection::accept(listener, Arc::new(site)));
        Ok(Self { address, base, streams, runtime: Some(runtime) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to open in a browser on this machine: `http://127.0.0.1:8000/l2/`.
    #[must_use]
    pub fn url(&self) -> String {
        let host: IpAddr = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}{}", SocketAddr::new(host, self.address.port()), self.base.link(""))
    }

    /// The open pages.
    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.streams
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(LAST_STEPS);
        }
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_name(THREADS)
        .enable_io()
        .enable_time()
        .build()
}

fn bind(host: IpAddr, first: u16) -> Result<TcpListener> {
    let last = if first == 0 { 0 } else { first.saturating_add(FURTHER_PORTS) };
    for port in first..=last {
        match TcpListener::bind((host, port)) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            bound => {
                return bound.with_context(|| format!("cannot listen at {}", SocketAddr::new(host, port)));
            }
        }
    }
    anyhow::bail!("all ports of {host} from {first} to {last} are taken")
}

fn register(listener: TcpListener, runtime: &Runtime) -> io::Result<tokio::net::TcpListener> {
    // Tokio's sockets belong to the runtime that is entered when they are made.
    let _entered = runtime.enter();
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}
