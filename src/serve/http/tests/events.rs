//! Event streams.

use std::fs;
use std::time::{Duration, Instant};

use super::{Limits, Preview, Wire};

fn preview() -> Preview {
    Preview::start("/", Limits::default())
}

/// Waits for what the server does on its own.
fn eventually(what: impl Fn() -> bool) {
    let begin = Instant::now();
    while !what() {
        assert!(begin.elapsed() < Duration::from_secs(10), "it does not happen");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn the_state_comes_first_and_what_is_told_after_it() {
    let preview = preview();
    let mut wire = Wire::to(preview.server.address());
    wire.say("GET /.bilayer/events?path=en%2Frollups/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\r\n");
    let head = wire.until("\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for line in [
        "content-type: text/event-stream\r\n",
        "cache-control: no-store\r\n",
        "x-content-type-options: nosniff\r\n",
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert!(wire.until("\n\n\r\n").ends_with("\r\ndata: {\"state\":\"en/rollups/\"}\n\n\r\n"));
    assert_eq!(preview.asked(), ["state of en/rollups/"]);
    preview.server.streams().tell("en/", "{\"to\":\"another page\"}".into());
    preview.server.streams().tell("en/rollups/", "{\"build\":\n2}".into());
    assert!(wire.until("\n\n\r\n").ends_with("\r\ndata: {\"build\": 2}\n\n\r\n"));
}

#[test]
fn the_open_pages_are_known_and_closed_ones_forgotten() {
    let preview = preview();
    let streams = preview.server.streams();
    let wires = ["zh/", "en/", "zh/", ""].map(|path| preview.listen(path));
    assert_eq!(streams.open(), ["", "en/", "zh/"]);
    wires[1].hang_up();
    eventually(|| streams.open() == ["", "zh/"]);
    drop(wires);
    eventually(|| streams.open().is_empty());
    streams.tell("zh/", "{}".into());
}

#[test]
fn a_slow_reader_gets_the_newest_event_only() {
    let preview = preview();
    let mut wire = preview.listen("en/");
    let streams = preview.server.streams();
    // Longer than all buffers on the way, so that what is told later has to wait.
    streams.tell("en/", "x".repeat(16 << 20).into());
    wire.until("\r\n");
    for build in 0..1000 {
        streams.tell("en/", format!("{{\"build\":{build}}}").into());
    }
    assert!(wire.until("\n\n\r\n").ends_with("xxx\n\n\r\n"));
    assert!(wire.until("\n\n\r\n").ends_with("data: {\"build\":999}\n\n\r\n"));
    streams.tell("en/", "\"last\"".into());
    assert!(wire.until("\n\n\r\n").ends_with("data: \"last\"\n\n\r\n"));
}

#[test]
fn a_quiet_stream_says_that_it_lives() {
    let preview = Preview::start("/", Limits { pause: Duration::from_millis(20), ..Limits::default() });
    let mut wire = preview.listen("en/");
    for _ in 0..3 {
        assert!(wire.until("\n\n\r\n").ends_with("\r\n:\n\n\r\n"));
    }
}

#[test]
fn streams_leave_room_for_requests() {
    let preview = Preview::start("/", Limits { connections: 6, streams: 4, ..Limits::default() });
    let wires: Vec<Wire> = (0..4).map(|_| preview.listen("en/")).collect();
    let reply = preview.get("/.bilayer/events?path=en/");
    assert_eq!(reply.status, 503, "{reply:?}");
    assert_eq!(preview.get("/en/rollups/").status, 200);
    wires[0].hang_up();
    let has_room = || preview.send("HEAD / HTTP/1.1\nHost: localhost").status == 200;
    eventually(has_room);
    preview.listen("zh/");
}

#[test]
fn a_thousand_streams_all_get_the_event() {
    let preview = preview();
    let mut wires: Vec<Wire> = (0..streams_to_try()).map(|_| preview.listen("en/")).collect();
    preview.server.streams().tell("en/", "{\"build\":2}".into());
    assert_eq!(preview.get("/en/rollups/").status, 200);
    for wire in &mut wires {
        assert!(wire.until("\n\n\r\n").ends_with("\r\ndata: {\"build\":2}\n\n\r\n"));
    }
    drop(wires);
    eventually(|| preview.server.streams().open().is_empty());
}

/// A thousand, or less where the system does not let one process have both ends of so many connections.
fn streams_to_try() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok());
    let most: usize = files.unwrap_or(256);
    (most.saturating_sub(200) / 2).clamp(20, 1000)
}
