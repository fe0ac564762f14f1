//! How long a client may take, how many there may be, and how the server ends.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Limits, Preview, Server, Settings, Wire};

const SHORT: Duration = Duration::from_millis(150);

fn hasty(connections: usize) -> Preview {
    Preview::start("/", Limits { head: SHORT, stall: SHORT, connections, ..Limits::default() })
}

#[test]
fn the_limits_are_as_documented() {
    let Limits { head, stall, pause, connections, streams } = Limits::default();
    assert_eq!([head, stall, pause].map(|time| time.as_secs()), [10, 30, 15]);
    assert_eq!((connections, streams), (4096, 2048));
    let tight = Limits::default().within(100);
    assert_eq!((tight.connections, tight.streams), (100, 50));
}

#[test]
fn a_slow_request_is_cut() {
    let preview = hasty(10);
    for part in ["", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
        let mut wire = Wire::to(preview.server.address());
        let begin = Instant::now();
        wire.say(part);
        assert_eq!(wire.rest(), b"", "{part}");
        assert!(begin.elapsed() >= SHORT, "{part}");
    }
    assert_eq!(preview.get("/en/rollups/").status, 200);
}

#[test]
fn a_request_in_drops_is_cut_all_the_same() {
    let preview = hasty(10);
    let mut wire = Wire::to(preview.server.address());
    let begin = Instant::now();
    wire.0.get_ref().set_read_timeout(Some(Duration::from_millis(10))).expect("a socket has a timeout");
    wire.say("GET / HTTP/1.1\r\nX: ");
    while wire.0.get_ref().peek(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
        wire.say("x");
        assert!(begin.elapsed() < Duration::from_secs(5), "still open");
    }
    assert!(begin.elapsed() >= SHORT);
}

#[test]
fn a_slow_body_is_cut() {
    let preview = hasty(10);
    let mut wire = Wire::to(preview.server.address());
    wire.say("POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 9\r\n\r\n{");
    assert!(wire.until("\r\n").starts_with("HTTP/1.1 408"));
    wire.rest();
    assert_eq!(preview.asked(), Vec::<String>::new());
}

#[test]
fn a_client_that_takes_nothing_is_cut() {
    // With room for one connection, the second client's turn comes when the first one has been cut.
    let preview = hasty(1);
    let mut first = Wire::to(preview.server.address());
    first.say("GET /big.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
    first.until("\r\n\r\n");
    let begin = Instant::now();
    assert_eq!(preview.get("/en/rollups/").status, 200);
    assert!(begin.elapsed() >= SHORT / 2);
    assert!(first.rest().len() < 32 << 20);
}

#[test]
fn a_client_that_is_slow_but_takes_is_not_cut() {
    let preview = hasty(1);
    let mut wire = Wire::to(preview.server.address());
    wire.say("GET /big.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let (begin, mut count, mut piece) = (Instant::now(), 0, vec![0; 1 << 20]);
    while let Ok(more @ 1..) = std::io::Read::read(&mut wire.0, &mut piece) {
        count += more;
        std::thread::sleep(Duration::from_millis(15));
    }
    assert!(begin.elapsed() > SHORT * 2, "this was not slow");
    assert!(count > 32 << 20, "cut after {count}");
}

#[test]
fn a_silent_stream_is_not_cut() {
    let preview = hasty(10);
    let mut wire = preview.listen("en/");
    std::thread::sleep(SHORT * 3);
    preview.server.streams().tell("en/", "1".into());
    assert!(wire.until("\n\n\r\n").ends_with("data: 1\n\n\r\n"));
}

#[test]
fn connections_beyond_the_limit_wait() {
    let preview = hasty(3);
    let idle: Vec<Wire> = (0..3).map(|_| Wire::to(preview.server.address())).collect();
    assert_eq!(preview.get("/en/rollups/").status, 200);
    drop(idle);
}

#[test]
fn stopping_takes_no_time_and_closes_everything() {
    let preview = Preview::start("/", Limits::default());
    let address = preview.server.address();
    let mut wires: Vec<Wire> = (0..50).map(|_| preview.listen("en/")).collect();
    for part in ["", "GET / HTTP/1.1\r\nHo", "GET /big.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        let mut wire = Wire::to(address);
        wire.say(part);
        wires.push(wire);
    }
    let streams = preview.server.streams().clone();
    let begin = Instant::now();
    drop(preview);
    assert!(begin.elapsed() < Duration::from_millis(100), "{:?}", begin.elapsed());
    for wire in &mut wires {
        wire.rest();
    }
    assert_eq!(streams.open(), Vec::<String>::new());
    TcpListener::bind(address).expect("the port is free again");
}

#[test]
fn a_taken_port_gives_way_to_the_next() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("any free port");
    let port = taken.local_addr().expect("it is bound").port();
    let start = |port| {
        let settings = Settings { host: Ipv4Addr::LOCALHOST.into(), port, base: "/".into(), script: "" };
        Server::start(settings, Arc::new(|_| {}))
    };
    let server = start(port).expect("one of a hundred ports is free");
    assert!((port + 1..=port.saturating_add(100)).contains(&server.address().port()));
    let elsewhere = Settings { host: Ipv4Addr::new(192, 0, 2, 1).into(), port, base: "/".into(), script: "" };
    let error = Server::start(elsewhere, Arc::new(|_| {})).err().expect("no machine has this address");
    assert_eq!(error.to_string(), format!("cannot listen at 192.0.2.1:{port}"));
    let settings = Settings { host: Ipv4Addr::LOCALHOST.into(), port, base: "l2".into(), script: "" };
    let error = Server::start(settings, Arc::new(|_| {})).err().expect("this is no base");
    assert_eq!(error.to_string(), "the base path `l2` must begin and end with `/`, like `/l2/`");
}
