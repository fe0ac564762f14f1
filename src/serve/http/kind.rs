//! The content type of a file, by its ending.

/// The value of `Content-Type` for the file at `path`; text is UTF-8, as everything that bilayer writes.
pub fn of(path: &str) -> &'static str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => SCRIPT,
        // JSON is UTF-8 by definition and knows no charset.
        "json" => JSON,
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "xml" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// The content type of a script.
pub const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The content type of JSON.
pub const JSON: &str = "application/json";

#[cfg(test)]
mod tests {
    #[test]
    fn endings() {
        let check = |path, expected| assert_eq!(super::of(path), expected, "{path}");
        check("en/rollups/index.html", "text/html; charset=utf-8");
        check("bilayer.0123.css", "text/css; charset=utf-8");
        check("search/worker.mjs", "text/javascript; charset=utf-8");
        check("IMAGE.JPEG", "image/jpeg");
        check("a.tar.zip", "application/zip");
        check("film.webm", "video/webm");
        check("CNAME", "application/octet-stream");
        check("v1.2/LICENSE", "application/octet-stream");
        check("", "application/octet-stream");
    }
}
