//! What is answered to a request that is not followed: a status and one plain sentence.
//!
//! The sentence is for a person who meets it in the browser or in a terminal, and says what to do.

use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Why a request is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no `Host` header, or there are several.
    NoHost,
    /// The `Host` header names a machine that this server does not speak for.
    StrangeHost,
    /// The target is another host's, or its path is not safe.
    Target,
    /// Another site's page sent the request.
    StrangeOrigin,
    /// The method is not one of these.
    Method(&'static str),
    /// The path lies outside the base.
    Outside,
    /// The file is not on disk any more, or is not a regular file.
    Vanished,
    /// The asked range of bytes lies behind the end of a file of this length.
    Range(u64),
    /// The events of no page are asked for.
    NoPage,
    /// Somebody on another machine wants to open the author's editor.
    Far,
    /// As many event streams are open as there may be.
    FullOfStreams,
    /// The posted body is too long.
    LongBody,
    /// The posted body did not come in time.
    SlowBody,
    /// The posted body is not UTF-8.
    Body,
    /// Whoever owns the book went away without an answer.
    NoAnswer,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::NoHost | Self::Target | Self::NoPage | Self::Body => StatusCode::BAD_REQUEST,
            Self::StrangeHost | Self::StrangeOrigin | Self::Far => StatusCode::FORBIDDEN,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Outside | Self::Vanished => StatusCode::NOT_FOUND,
            Self::Range(_) => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::LongBody => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::FullOfStreams | Self::NoAnswer => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::NoHost => "The request must have exactly one Host header.",
            Self::StrangeHost => {
                "The preview answers only to localhost and to the number of the address it is bound to, \
                 not to other names: to open it from elsewhere, start it with `bilayer serve -n 0.0.0.0` \
                 and use this machine's number, as in http://192.168.1.7:3000/."
            }
            Self::Target => "The address of this request is not a path of the site.",
            Self::StrangeOrigin => {
                "The preview answers only to its own pages: open its address in the browser."
            }
            Self::Method(_) => "The preview answers only to GET and HEAD, and to a POST of its own pages.",
            Self::Outside => "The site lives below another path: open / to get there.",
            Self::Vanished => "The file is not on disk any more.",
            Self::Range(_) => "The file is shorter than the range of bytes asked for.",
            Self::NoPage => "Say which page's events to send: ?path=en/.",
            Self::Far => "The editor opens only for who sits at the machine of the preview.",
            Self::FullOfStreams => "Too many pages of the preview are open: close some and reload this one.",
            Self::LongBody => "The posted text is longer than 4 KB.",
            Self::SlowBody => "The posted text did not come in time.",
            Self::Body => "The posted text is not UTF-8.",
            Self::NoAnswer => "The preview is stopping: reload when it runs again.",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        let mut response = (self.status(), kind, format!("{}\n", self.sentence())).into_response();
        match self {
            Self::Method(allowed) => {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Range(length) => super::disk::say_length(response.headers_mut(), length),
            _ => {}
        }
        response
    }
}
