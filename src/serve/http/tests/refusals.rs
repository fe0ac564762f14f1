//! Requests that are not followed, and never reach the book.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::{Limits, Preview, Reply, Server, Settings, Wire};

fn preview() -> Preview {
    Preview::start("/", Limits::default())
}

#[test]
fn only_own_hosts_are_answered() {
    let preview = preview();
    let port = preview.server.address().port();
    for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
        assert_eq!(preview.send(&format!("GET / HTTP/1.1\nHost: {host}")).status, 200, "{host}");
        assert_eq!(preview.send(&format!("GET / HTTP/1.1\nHost: {host}:{port}")).status, 200, "{host}");
    }
    preview.asked();
    for host in
        ["evil.example", "localhost.evil.example", "192.168.1.5", "[fe80::1]", "", "a b", "localhost:x"]
    {
        let reply = preview.send(&format!("GET / HTTP/1.1\nHost: {host}"));
        assert_eq!((reply.status, preview.asked()), (403, vec![]), "{host}");
        assert!(reply.text().contains("`bilayer serve -n 0.0.0.0`"), "{reply:?}");
        assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
    for headers in ["", "\nHost: localhost\nHost: localhost", "\nHost: localhost\nHost: evil.example"] {
        assert_eq!(preview.send(&format!("GET / HTTP/1.1{headers}\nAccept: */*")).status, 400, "{headers}");
    }
    assert_eq!(preview.asked(), Vec::<String>::new());
}

#[test]
fn an_unspecified_address_answers_to_any_ip_but_to_no_name() {
    let settings = Settings { host: Ipv4Addr::UNSPECIFIED.into(), port: 0, base: "/".into(), script: "" };
    let server = Server::start(settings, Arc::new(|_| {})).expect("a server on any free port");
    let port = server.address().port();
    assert_eq!(server.url(), format!("http://127.0.0.1:{port}/"));
    for (host, status) in
        [("192.168.1.5", 200), ("[fe80::1]:80", 200), ("localhost", 200), ("evil.example", 403)]
    {
        let mut wire = Wire::to(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port));
        let request = "GET /.bilayer/preview.js HTTP/1.1\r\nConnection: close";
        wire.say(&format!("{request}\r\nHost: {host}\r\n\r\n"));
        assert_eq!(Reply::read(&wire.rest()).status, status, "{host}");
    }
}

#[test]
fn foreign_origins_are_refused() {
    let preview = preview();
    let foreign = [
        "http://evil.example",
        "https://localhost",
        "http://localhost:1",
        "null",
        "",
        "localhost",
        "http://",
    ];
    for target in ["/", "/.bilayer/events?path=", "/.bilayer/preview.js"] {
        for origin in foreign {
            let reply = preview.send(&format!("GET {target} HTTP/1.1\nHost: localhost\nOrigin: {origin}"));
            assert_eq!(reply.status, 403, "{target} from {origin}");
        }
    }
    for origin in foreign {
        assert_eq!(preview.post(&format!("Origin: {origin}"), "{}").status, 403, "{origin}");
    }
    assert_eq!(preview.post("Origin: http://localhost\r\nOrigin: http://evil.example", "{}").status, 403);
    assert_eq!(preview.post("Accept: */*", "{}").status, 403, "a POST must say where it is from");
    assert_eq!(preview.asked(), Vec::<String>::new());
    let own = "GET / HTTP/1.1\nHost: 127.0.0.1:8000\nOrigin: http://127.0.0.1:8000";
    assert_eq!(preview.send(own).status, 200);
    assert_eq!(preview.post("Origin: http://localhost", "{}").status, 200);
}

#[test]
fn cross_site_fetches_are_refused() {
    let preview = preview();
    for site in ["cross-site", "same-site", "nonsense"] {
        let events = "GET /.bilayer/events?path= HTTP/1.1\nHost: localhost\nSec-Fetch-Site";
        assert_eq!(preview.send(&format!("{events}: {site}")).status, 403, "{site}");
        let headers = format!("Origin: http://localhost\r\nSec-Fetch-Site: {site}");
        assert_eq!(preview.post(&headers, "{}").status, 403, "{site}");
    }
    assert_eq!(preview.asked(), Vec::<String>::new());
    // A link on another site may lead to a page of the preview.
    assert_eq!(preview.send("GET / HTTP/1.1\nHost: localhost\nSec-Fetch-Site: cross-site").status, 200);
    assert_eq!(preview.post("Origin: http://localhost\r\nSec-Fetch-Site: same-origin", "{}").status, 200);
}

#[test]
fn no_answer_speaks_of_cors() {
    let preview = preview();
    let headers = "Host: localhost\nOrigin: http://localhost\nAccess-Control-Request-Method: POST";
    for request in ["GET /", "OPTIONS /.bilayer/edit", "OPTIONS /", "GET /.bilayer/preview.js"] {
        let reply = preview.send(&format!("{request} HTTP/1.1\n{headers}"));
        assert!(!reply.head.to_lowercase().contains("access-control"), "{reply:?}");
    }
}

#[test]
fn other_methods_are_refused() {
    let preview = preview();
    let check = |request: &str, allowed: &str| {
        let reply = preview.send(&format!("{request} HTTP/1.1\nHost: localhost"));
        assert_eq!((reply.status, reply.header("allow").as_str()), (405, allowed), "{request}");
    };
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get"] {
        check(&format!("{method} /"), "GET, HEAD");
        check(&format!("{method} /.bilayer/events?path="), "GET, HEAD");
        check(&format!("{method} /.bilayer/preview.js"), "GET, HEAD");
    }
    for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
        check(&format!("{method} /.bilayer/edit"), "POST");
    }
    assert_eq!(preview.asked(), Vec::<String>::new());
}

#[test]
fn unsafe_targets_are_never_passed_on() {
    let preview = preview();
    for target in
        ["//", "/en//x", "/./x", "/en/.", "/../etc/passwd", "/en/..", "/%2e%2e/x", "/.%2E/x", "/a%2Fb"]
    {
        assert_eq!(preview.get(target).status, 400, "{target}");
    }
    for target in
        ["/a\\b", "/..\\x", "/a%5Cb", "/a%00", "/a%0D%0Ab", "/a%7F", "/%", "/%zz", "/%ff", "/%c0%ae%c0%ae/x"]
    {
        assert_eq!(preview.get(target).status, 400, "{target}");
    }
    for target in
        ["*", "x", "http://evil.example/", "https://localhost/", "http://localhost:1/", "evil.example:80"]
    {
        assert_eq!(preview.get(target).status, 400, "{target}");
    }
    assert_eq!(preview.send("CONNECT evil.example:80 HTTP/1.1\nHost: localhost").status, 400);
    for query in ["", "?", "?path=/en/", "?path=..", "?path=a%2F%2Fb", "?path=a%00", "?path=%ff", "?other=x"]
    {
        assert_eq!(preview.get(&format!("/.bilayer/events{query}")).status, 400, "{query}");
    }
    assert_eq!(preview.asked(), Vec::<String>::new());
}

#[test]
fn safe_targets_are_passed_on_decoded_once() {
    let preview = preview();
    let check = |target: &str, path: &str| {
        preview.get(target);
        assert_eq!(preview.asked(), [path], "{target}");
    };
    check("/", "");
    check("/?x=1", "");
    check("/en/rollups/", "en/rollups/");
    check("http://localhost/en/", "en/");
    check("/zh/%E6%B1%87%E6%80%BB/a%20b", "zh/汇总/a b");
    check("/%252e%252e/x", "%2e%2e/x");
    check("/.../x%3Fy%23z", ".../x?y#z");
    check("/.well-known/x", ".well-known/x");
}

#[test]
fn long_requests_are_refused() {
    let preview = preview();
    let fits = "x".repeat(8000);
    assert_eq!(preview.get(&format!("/{fits}")).status, 404);
    assert_eq!(preview.asked(), [fits]);
    for length in [8300, 20_000, 70_000] {
        let long = "x".repeat(length);
        let status = preview.get(&format!("/{long}")).status;
        assert!(matches!(status, 414 | 431), "{status} for {length}");
        assert_eq!(
            preview.send(&format!("GET / HTTP/1.1\nHost: localhost\nX-Long: {long}")).status,
            431,
            "{length}"
        );
    }
    let many = "\nx: y".repeat(500);
    assert_eq!(preview.send(&format!("GET / HTTP/1.1\nHost: localhost{many}")).status, 431);
    assert_eq!(preview.asked(), Vec::<String>::new());
}

#[test]
fn long_bodies_are_refused() {
    let preview = preview();
    let own = "Origin: http://localhost";
    assert_eq!(preview.post(own, &"x".repeat(4096)).status, 200);
    preview.asked();
    assert_eq!(preview.post(own, &"x".repeat(4097)).status, 413);
    assert_eq!(preview.post(own, &"x".repeat(1_000_000)).status, 413);
    let mut wire = Wire::to(preview.server.address());
    let head = "POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked";
    wire.say(&format!("{head}\r\n{own}\r\n\r\n1001\r\n{}\r\n0\r\n\r\n", "x".repeat(0x1001)));
    assert!(wire.until("\r\n").starts_with("HTTP/1.1 413"));
    assert_eq!(preview.asked(), Vec::<String>::new());
}
