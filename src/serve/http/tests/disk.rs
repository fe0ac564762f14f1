//! Files that are sent from disk.

use std::fs;

use super::{Limits, Preview, Reply};

fn preview() -> (tempfile::TempDir, Preview) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    fs::write(folder.path().join("film.mp4"), "0123456789").expect("a file for the test");
    fs::write(folder.path().join("empty.txt"), "").expect("a file for the test");
    fs::create_dir(folder.path().join("folder")).expect("a folder for the test");
    let preview = Preview::over("/", Limits::default(), folder.path().to_owned());
    (folder, preview)
}

fn film(preview: &Preview, header: &str) -> Reply {
    preview.send(&format!("GET /disk/film.mp4 HTTP/1.1\nHost: localhost\n{header}"))
}

#[test]
fn a_file_is_sent_whole() {
    let (_folder, preview) = preview();
    let reply = film(&preview, "Accept: */*");
    assert_eq!((reply.status, reply.text()), (200, "0123456789"));
    for (name, value) in [("content-type", "video/mp4"), ("content-length", "10"), ("accept-ranges", "bytes")]
    {
        assert_eq!(reply.header(name), value);
    }
    assert_eq!(reply.header("cache-control"), "no-cache");
    let head = preview.send("HEAD /disk/film.mp4 HTTP/1.1\nHost: localhost");
    assert_eq!((head.status, head.header("content-length").as_str(), head.text()), (200, "10", ""));
    let empty = preview.get("/disk/empty.txt");
    assert_eq!((empty.status, empty.header("content-length").as_str(), empty.text()), (200, "0", ""));
}

#[test]
fn a_range_of_a_file_is_sent() {
    let (_folder, preview) = preview();
    let check = |range: &str, body: &str, said: &str| {
        let reply = film(&preview, &format!("Range: bytes={range}"));
        assert_eq!(
            (reply.status, reply.text(), reply.header("content-range").as_str()),
            (206, body, said),
            "{range}"
        );
        assert_eq!(reply.header("content-length"), body.len().to_string());
    };
    check("2-5", "2345", "bytes 2-5/10");
    check("0-0", "0", "bytes 0-0/10");
    check("7-", "789", "bytes 7-9/10");
    check("-3", "789", "bytes 7-9/10");
    check("-99", "0123456789", "bytes 0-9/10");
    check("8-99999999999999999999", "89", "bytes 8-9/10");
    check("0-", "0123456789", "bytes 0-9/10");
}

#[test]
fn a_range_behind_the_end_is_refused() {
    let (_folder, preview) = preview();
    for range in ["10-", "10-20", "-0"] {
        let reply = film(&preview, &format!("Range: bytes={range}"));
        assert_eq!((reply.status, reply.header("content-range").as_str()), (416, "bytes */10"), "{range}");
    }
    let empty = preview.send("GET /disk/empty.txt HTTP/1.1\nHost: localhost\nRange: bytes=0-");
    assert_eq!((empty.status, empty.header("content-range").as_str()), (416, "bytes */0"));
}

#[test]
fn other_ranges_are_ignored() {
    let (_folder, preview) = preview();
    for range in
        ["bytes=5-2", "bytes=0-1,3-4", "bytes=-", "bytes=", "bytes=x-y", "bytes=+1-2", "lines=0-1", "0-1"]
    {
        assert_eq!(film(&preview, &format!("Range: {range}")).status, 200, "{range}");
    }
    assert_eq!(film(&preview, "Range: bytes=0-1\nIf-Range: \"x\"").status, 200);
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let (folder, preview) = preview();
    let tag = film(&preview, "Accept: */*").header("etag");
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = film(&preview, &format!("If-None-Match: {tag}"));
    assert_eq!((again.status, again.text(), again.header("etag")), (304, "", tag.clone()));
    fs::write(folder.path().join("film.mp4"), "another film").expect("a file for the test");
    assert_eq!(film(&preview, &format!("If-None-Match: {tag}")).text(), "another film");
}

#[test]
fn what_is_no_file_is_404() {
    let (folder, preview) = preview();
    assert_eq!(preview.get("/disk/vanished.png").status, 404);
    assert_eq!(preview.get("/disk/folder").status, 404);
    let pipe = folder.path().join("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        assert_eq!(preview.get("/disk/pipe").status, 404);
    }
}

#[test]
fn a_long_file_comes_unchanged() {
    let (folder, preview) = preview();
    let bytes: Vec<u8> = (0..3_000_001_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    fs::write(folder.path().join("long.zip"), &bytes).expect("a file for the test");
    assert!(preview.get("/disk/long.zip").body == bytes);
    let part = preview.send("GET /disk/long.zip HTTP/1.1\nHost: localhost\nRange: bytes=65535-2000000");
    assert!(part.body == bytes[65_535..=2_000_000]);
}
