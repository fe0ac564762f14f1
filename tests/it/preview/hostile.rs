//! Requests that no browser of the author sends, over real sockets to the real command.

use std::net::SocketAddr;

use super::book::Book;
use super::client::{self, Reply};
use super::command::Preview;
use crate::random::Random;

/// Words that are in the book's folder and in no page.
const SECRET: &str = "source-language";

/// Sends the lines of a head and then a body.
#[track_caller]
fn send(server: SocketAddr, head: &str, body: &str) -> Reply {
    let head = head.replace("SELF", &server.to_string()).replace('\n', "\r\n");
    client::send(server, format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes())
}

#[track_caller]
fn is_well(preview: &Preview) {
    let reply = preview.get("zh/long/");
    assert_eq!(reply.status, 200);
    assert!(reply.page().is_ok() && reply.text().contains("最后的话。"));
}

#[test]
fn no_path_leads_out_of_the_site() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let server = preview.address();
    for target in [
        "/../book.toml",
        "/en/../../book.toml",
        "/%2e%2e/book.toml",
        "/.%2E/book.toml",
        "/..%2fbook.toml",
        "/..%5cbook.toml",
        "/en/..\\..\\book.toml",
        "//etc/passwd",
        "/./book.toml",
        "/en//long/",
        "/%00",
        "/book.toml%00.html",
        "/%c0%ae%c0%ae/book.toml",
        "../book.toml",
        "*",
        "http://evil.example/en/",
        "https://SELF/en/",
        "http://SELF/../book.toml",
        "file:///etc/passwd",
        "/%",
        "/%zz",
        "?",
    ] {
        let target = target.replace("SELF", &server.to_string());
        let reply = client::get(server, &target);
        // A head that is no HTTP at all is answered by the end of the connection or by 400.
        assert!(matches!(reply.status, 0 | 400 | 403 | 404), "{target}: {}", reply.head);
        assert!(
            !reply.text().contains(SECRET) && !reply.text().contains("root:"),
            "{target}: {}",
            reply.text()
        );
    }
    for target in [
        "/book.toml",
        "/content/en/long.md",
        "/.bilayer/",
        "/templates/page.html",
        "/%252e%252e/book.toml",
        "/...",
    ] {
        let reply = client::get(server, target);
        assert_eq!(reply.status, 404, "{target}: {}", reply.text());
        assert!(!reply.text().contains(SECRET), "{target}");
    }
    assert_eq!(client::get(server, &format!("http://{server}/en/long/")).status, 200);
    is_well(&preview);
}

#[test]
fn pages_of_others_get_nothing() {
    let book = Book::new();
    let note = book.path("note");
    let preview = Preview::start_with(
        book.folder(),
        &["--port", "0", "--editor", &format!("touch {}", note.display())],
    );
    let server = preview.address();
    for host in ["evil.example", "localhost.evil.example", "192.168.0.1", "127.0.0.1@evil.example", ""] {
        let reply = send(server, &format!("GET /en/long/ HTTP/1.1\nHost: {host}"), "");
        assert!(matches!(reply.status, 400 | 403), "{host}: {}", reply.head);
        assert!(!reply.text().contains("Last words"), "{host}");
    }
    assert_eq!(send(server, "GET /en/long/ HTTP/1.1", "").status, 400);
    assert_eq!(send(server, "GET /en/long/ HTTP/1.1\nHost: localhost\nHost: evil.example", "").status, 400);
    let body = "{\"file\":\"content/en/long.md\",\"line\":1,\"column\":1}";
    let post = format!("POST /.bilayer/edit HTTP/1.1\nHost: SELF\nContent-Length: {}", body.len());
    for origin in [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: https://SELF",
        "Origin: http://localhost:1",
        "Accept: */*",
        "Origin: http://SELF\nSec-Fetch-Site: cross-site",
    ] {
        let reply = send(server, &format!("{post}\n{origin}"), body);
        assert_eq!(reply.status, 403, "{origin}: {}", reply.text());
        assert!(!reply.head.to_lowercase().contains("access-control"), "{}", reply.head);
    }
    for request in ["GET /en/long/ HTTP/1.1", "GET /.bilayer/events?path=en/ HTTP/1.1"] {
        assert_eq!(
            send(server, &format!("{request}\nHost: SELF\nOrigin: http://evil.example"), "").status,
            403
        );
    }
    assert!(!note.exists(), "the editor was opened");
    let reply = send(server, &format!("{post}\nOrigin: http://SELF"), body);
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (200, "{\"file\":\"content/en/long.md\",\"line\":1,\"url\":null}")
    );
    is_well(&preview);
}

#[test]
fn the_editor_opens_files_of_the_book_alone() {
    let book = Book::new();
    let preview = Preview::start_with(book.folder(), &["--port", "0", "--editor", "false"]);
    for body in [
        "{\"file\":\"../../etc/passwd\",\"line\":1,\"column\":1}",
        "{\"file\":\"/etc/passwd\",\"line\":1,\"column\":1}",
        "{\"file\":\"content/en/../../book.toml\",\"line\":1,\"column\":1}",
        "{\"example\":\"../../book\"}",
        "{\"example\":\"\"}",
        "{\"path\":\"../\",\"tag\":\"p\",\"nth\":0,\"under\":\"\"}",
        "{\"path\":\"en/none/\",\"tag\":\"p\",\"nth\":99999999,\"under\":\"\"}",
        "{\"file\":\"content/en/long.md\",\"line\":-1,\"column\":1}",
        "{}",
        "[]",
        "",
        "no JSON",
        "{\"file\":",
    ] {
        let head = format!(
            "POST /.bilayer/edit HTTP/1.1\nHost: SELF\nOrigin: http://SELF\nContent-Length: {}",
            body.len()
        );
        let reply = send(preview.address(), &head, body);
        assert_eq!(reply.status, 200, "{body}: {}", reply.text());
        assert!(reply.text().starts_with("{\"error\":"), "{body}: {}", reply.text());
    }
    is_well(&preview);
}

#[test]
fn nothing_may_be_too_long() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let server = preview.address();
    let long = "x".repeat(20_000);
    let reply = client::get(server, &format!("/{long}"));
    assert!(matches!(reply.status, 0 | 414 | 431), "{}", reply.head);
    let reply = send(server, &format!("GET /en/ HTTP/1.1\nHost: SELF\nX-Long: {long}"), "");
    assert!(matches!(reply.status, 0 | 431), "{}", reply.head);
    let head = format!(
        "POST /.bilayer/edit HTTP/1.1\nHost: SELF\nOrigin: http://SELF\nContent-Length: {}",
        long.len()
    );
    let reply = send(server, &head, &long);
    assert!(matches!(reply.status, 0 | 413), "{}", reply.head);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let reply = send(server, &format!("{method} /en/long/ HTTP/1.1\nHost: SELF\nContent-Length: 0"), "");
        assert_eq!(reply.status, 405, "{method}: {}", reply.head);
    }
    is_well(&preview);
}

#[test]
fn random_bytes_are_survived() {
    let book = Book::new();
    let preview = Preview::start(book.folder(), "");
    let server = preview.address();
    let good = format!("GET /en/long/ HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    let mut random = Random::new(7);
    for number in 0..200 {
        // Every other one is a good request with some bytes changed.
        let mut bytes = match number % 2 {
            0 => vec![0; random.below(300)],
            _ => good.clone().into_bytes(),
        };
        let changes = if number % 2 == 0 { bytes.len() } else { 1 + random.below(4) };
        for n in 0..changes {
            let at = if number % 2 == 0 { n } else { random.below(bytes.len()) };
            bytes[at] = u8::try_from(random.below(256)).expect("it is below 256");
        }
        client::blurt(server, &bytes);
    }
    is_well(&preview);
}
