//! What the book's answers look like as responses.

use std::collections::BTreeSet;

use super::{Limits, Preview};

const LINE: &str =
    "<script src=\"/.bilayer/preview.js\" data-path=\"en/rollups/\" data-key=\"k1\" defer></script>\n";

fn preview() -> Preview {
    Preview::start("/", Limits::default())
}

#[test]
fn a_page_has_one_line_more() {
    let preview = preview();
    for target in ["/en/rollups/", "/en/rollups/index.html"] {
        let reply = preview.get(target);
        assert_eq!((reply.status, reply.text()), (200, format!("<p>卷叠</p>\n{LINE}").as_str()));
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        assert_eq!(reply.header("cache-control"), "no-cache");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("etag"), "\"k1\"");
    }
}

#[test]
fn the_line_is_escaped_and_names_the_base() {
    let preview = Preview::start("/%E4%B9%A6/", Limits::default());
    let reply = preview.get("/%E4%B9%A6/%22%3E%3Cb%3E&amp;");
    let line = "<script src=\"/%E4%B9%A6/.bilayer/preview.js\" data-path=\"&quot;&gt;&lt;b&gt;&amp;amp;\" data-key=\"\" defer>";
    assert_eq!((reply.status, reply.text()), (404, format!("<p>missing{line}</script>\n").as_str()));
}

#[test]
fn missing_and_broken_have_their_status_and_the_line() {
    let preview = preview();
    for (path, status, html) in [("none/index.html", 404, "<p>missing"), ("broken", 503, "<p>broken")] {
        let reply = preview.get(&format!("/{path}"));
        let page = path.trim_end_matches("index.html");
        let line = format!(
            "<script src=\"/.bilayer/preview.js\" data-path=\"{page}\" data-key=\"\" defer></script>\n"
        );
        assert_eq!((reply.status, reply.text()), (status, format!("{html}{line}").as_str()));
        assert_eq!((reply.header("etag").as_str(), reply.header("cache-control").as_str()), ("", "no-cache"));
    }
}

#[test]
fn other_files_are_as_they_are() {
    let preview = preview();
    let css = preview.get("/bilayer.0123.css");
    assert_eq!((css.text(), css.header("content-type").as_str()), ("p{}", "text/css; charset=utf-8"));
    let png = preview.get("/logo.png");
    assert_eq!((png.body.as_slice(), png.header("content-type").as_str()), (&b"\x89PNG"[..], "image/png"));
    let script = preview.get("/.bilayer/preview.js");
    assert_eq!(
        (script.text(), script.header("content-type").as_str()),
        ("let bilayer;\n", "text/javascript; charset=utf-8")
    );
}

#[test]
fn what_the_browser_has_is_not_sent_again() {
    let preview = preview();
    let check = |tags: &str, status| {
        let reply =
            preview.send(&format!("GET /en/rollups/ HTTP/1.1\nHost: localhost\nIf-None-Match: {tags}"));
        assert_eq!((reply.status, reply.body.is_empty()), (status, status == 304), "{tags}");
        assert_eq!(reply.header("etag"), "\"k1\"");
        assert_eq!(reply.header("cache-control"), "no-cache");
    };
    for tags in ["\"k1\"", "W/\"k1\"", "\"k0\", \"k1\"", "\"k0\",W/\"k1\"", "*"] {
        check(tags, 304);
    }
    for tags in ["\"k0\"", "k1", "\"k10\"", ""] {
        check(tags, 200);
    }
}

#[test]
fn head_is_get_without_the_body() {
    let preview = preview();
    for target in [
        "/en/rollups/",
        "/bilayer.0123.css",
        "/none",
        "/broken",
        "/en/rollups",
        "/.bilayer/preview.js",
        "/a%00",
    ] {
        let [head, get] = ["HEAD", "GET"]
            .map(|method| preview.send(&format!("{method} {target} HTTP/1.1\nHost: localhost")));
        let lines =
            |head: &str| head.lines().map(str::to_owned).filter(|line| !line.starts_with("date:")).collect();
        let [of_head, of_get]: [BTreeSet<String>; 2] = [lines(&head.head), lines(&get.head)];
        assert_eq!(of_head, of_get, "{target}");
        assert_eq!(head.body, b"", "{target}");
        assert_eq!(head.header("content-length"), get.body.len().to_string(), "{target}");
    }
    let events = preview.send("HEAD /.bilayer/events?path= HTTP/1.1\nHost: localhost");
    assert_eq!((events.status, events.header("content-type").as_str()), (200, "text/event-stream"));
    assert_eq!(preview.server.streams().open(), Vec::<String>::new());
}

#[test]
fn what_has_moved_is_found_with_its_query() {
    let check = |base: &str, target: &str, place: &str| {
        let reply = Preview::start(base, Limits::default()).get(target);
        assert_eq!((reply.status, reply.header("location").as_str()), (302, place), "{target} below {base}");
    };
    check("/", "/en/rollups", "/en/rollups/");
    check("/", "/en/rollups?a=1&b=%20", "/en/rollups/?a=1&b=%20");
    check("/l2/", "/l2/en/rollups?", "/l2/en/rollups/?");
    check("/l2/", "/l2/%E6%B1%87%20%E6%80%BB", "/l2/zh/%E6%B1%87%20%E6%80%BB/");
    check("/l2/", "/", "/l2/");
    check("/l2/", "/l2?x=1", "/l2/?x=1");
    check("/%E4%B9%A6/", "/", "/%E4%B9%A6/");
}

#[test]
fn a_site_lives_below_its_base_only() {
    let preview = Preview::start("/l2/", Limits::default());
    let reply = preview.get("/l2/en/rollups/");
    assert_eq!((reply.status, preview.asked()), (200, vec!["en/rollups/".to_owned()]));
    assert!(reply.text().contains("src=\"/l2/.bilayer/preview.js\""));
    assert_eq!(preview.get("/l2/.bilayer/preview.js").status, 200);
    for target in
        ["/en/rollups/", "/l2x/", "/.bilayer/preview.js", "/.bilayer/events?path=", "/.bilayer/edit"]
    {
        assert_eq!((preview.get(target).status, preview.asked()), (404, vec![]), "{target}");
    }
    assert_eq!(preview.server.url(), format!("http://{}/l2/", preview.server.address()));
}

#[test]
fn the_editor_is_asked_with_what_was_posted() {
    let preview = preview();
    let reply = preview.post("Origin: http://localhost", "{\"path\":\"汇总\"}");
    assert_eq!((reply.status, reply.text()), (200, "{\"opened\":{\"path\":\"汇总\"}}"));
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(preview.asked(), ["edit {\"path\":\"汇总\"}"]);
    let mut wire = super::Wire::to(preview.server.address());
    let head =
        "POST /.bilayer/edit HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 2";
    std::io::Write::write_all(wire.0.get_mut(), &[head.as_bytes(), b"\r\n\r\n\xff\xfe"].concat())
        .expect("the server listens");
    assert!(wire.until("\r\n").starts_with("HTTP/1.1 400"));
}

#[test]
fn a_question_without_an_answer_is_503() {
    let reply = preview().get("/silent");
    assert_eq!((reply.status, reply.text()), (503, "The preview is stopping: reload when it runs again.\n"));
}

#[test]
fn one_connection_serves_many_requests() {
    let preview = preview();
    let mut wire = super::Wire::to(preview.server.address());
    for _ in 0..3 {
        wire.say("GET /en/rollups/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET /logo.png HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(wire.until(LINE).starts_with("HTTP/1.1 200 OK\r\n"));
        wire.until("\r\n\r\n");
        let mut png = [0; 4];
        std::io::Read::read_exact(&mut wire.0, &mut png).expect("the server goes on");
        assert_eq!(png, *b"\x89PNG");
    }
}
