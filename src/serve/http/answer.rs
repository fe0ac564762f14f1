//! One request, one answer: which address means what, and how the book's answers look as responses.
//!
//! Nothing here knows what a page is; it asks, and adds to the response what the preview needs.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::connection::Limits;
use super::path::Base;
use super::refusal::Refusal;
use super::streams::Streams;
use super::{disk, etag, guard, kind, path};
use crate::render::html::attribute;
use crate::serve::question::{Answer, Question};

/// Who answers the questions; it must not wait.
pub type Ask = Arc<dyn Fn(Question) + Send + Sync>;

/// All that a request needs besides itself.
pub struct Site {
    /// Who answers the questions.
    pub ask: Ask,
    /// The open event streams.
    pub streams: Streams,
    /// Where the site lives.
    pub base: Base,
    /// The text of the client script.
    pub script: &'static str,
    /// The address that the server is bound to.
    pub bound: IpAddr,
    /// What a client may take.
    pub limits: Limits,
}

/// Whether who asks is on this machine.
#[derive(Clone, Copy)]
pub struct Near(pub bool);

/// Bytes that a posted body may have.
const BODY_BYTES: usize = 4096;

/// Answers any request.
pub async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let response = site.respond(&request, body).await.unwrap_or_else(IntoResponse::into_response);
    dress(response, &request.method)
}

/// Gives a response the headers that all have, and takes the body from those to HEAD.
fn dress(mut response: Response, method: &Method) -> Response {
    // A preview that shows yesterday's page is wrong; asking each time costs a tag's length.
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let length = response.body().size_hint().exact();
    if let (Some(length), true) = (length, response.status() != StatusCode::NOT_MODIFIED) {
        response.headers_mut().entry(CONTENT_LENGTH).or_insert(length.into());
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

impl Site {
    async fn respond(&self, request: &Parts, body: Body) -> Result<Response, Refusal> {
        guard::check(request, self.bound)?;
        let path = path::target(request.uri.path()).ok_or(Refusal::Target)?;
        let Some(inside) = self.base.below(&path) else {
            check_is_read(&request.method)?;
            return if self.base.is_meant(&path) {
                Ok(self.moved("", request))
            } else {
                Err(Refusal::Outside)
            };
        };
        if inside == ".bilayer/edit" {
            return self.edit(request, body).await;
        }
        check_is_read(&request.method)?;
        match inside {
            ".bilayer/preview.js" => Ok(([(CONTENT_TYPE, kind::SCRIPT)], self.script).into_response()),
            ".bilayer/events" => self.events(request).await,
            _ => self.file(request, inside).await,
        }
    }

    async fn file(&self, request: &Parts, path: &str) -> Result<Response, Refusal> {
        match self.put(|reply| Question::Get { path: path.to_owned(), reply }).await? {
            Answer::Bytes { file, body, key } => {
                let known = etag::unchanged(&request.headers, &etag::of_key(&key));
                Ok(known.unwrap_or_else(|| self.bytes(&file, body, &key)))
            }
            Answer::Disk(place) => disk::send(request, place).await,
            Answer::Moved(to) => Ok(self.moved(&to, request)),
            Answer::Missing(html) => Ok((StatusCode::NOT_FOUND, self.page(path, html, "")).into_response()),
            Answer::Broken(html) => {
                Ok((StatusCode::SERVICE_UNAVAILABLE, self.page(path, html, "")).into_response())
            }
        }
    }

    fn bytes(&self, file: &str, body: Vec<u8>, key: &str) -> Response {
        let tag = [(ETAG, etag::of_key(key))];
        match kind::of(file) {
            kind::HTML => (tag, self.page(file, body, key)).into_response(),
            kind => (tag, [(CONTENT_TYPE, kind)], body).into_response(),
        }
    }

    /// A page with the client script's line behind it. It is known by its folder: `en/` for `en/index.html`.
    fn page(&self, path: &str, mut html: Vec<u8>, key: &str) -> Response {
        let page = match path.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => path,
        };
        let (script, page, key) = (self.base.link(".bilayer/preview.js"), attribute(page), attribute(key));
        let line =
            format!("<script src=\"{script}\" data-path=\"{page}\" data-key=\"{key}\" defer></script>\n");
        html.extend_from_slice(line.as_bytes());
        ([(CONTENT_TYPE, kind::HTML)], html).into_response()
    }

    fn moved(&self, to: &str, request: &Parts) -> Response {
        let query = request.uri.query().map(|query| format!("?{}", path::encode_query(query)));
        let place = self.base.link(to) + &query.unwrap_or_default();
        (StatusCode::FOUND, [(LOCATION, place)]).into_response()
    }

    async fn events(&self, request: &Parts) -> Result<Response, Refusal> {
        guard::check_fetch_site(&request.headers)?;
        let path = path::in_query(request.uri.query().unwrap_or_default(), "path").ok_or(Refusal::NoPage)?;
        let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
        if request.method == Method::HEAD {
            return Ok(headers.into_response());
        }
        // First listen, then ask: an event that is told in between is not lost.
        let events = self.streams.join(path.clone(), self.limits.pause).ok_or(Refusal::FullOfStreams)?;
        events.begin(self.put(|reply| Question::State { path, reply }).await?);
        Ok((headers, Body::from_stream(events)).into_response())
    }

    async fn edit(&self, request: &Parts, body: Body) -> Result<Response, Refusal> {
        if request.method != Method::POST {
            return Err(Refusal::Method("POST"));
        }
        if !request.extensions.get().is_some_and(|&Near(is_near)| is_near) {
            return Err(Refusal::Far);
        }
        guard::check_origin_is_said(&request.headers)?;
        guard::check_fetch_site(&request.headers)?;
        let body =
            timeout(self.limits.head, to_bytes(body, BODY_BYTES)).await.map_err(|_| Refusal::SlowBody)?;
        let body = body.map_err(|_| Refusal::LongBody)?;
        let text = String::from_utf8(body.into()).map_err(|_| Refusal::Body)?;
        let answer = self.put(|reply| Question::Edit { request: text, reply }).await?;
        Ok(([(CONTENT_TYPE, kind::JSON)], answer).into_response())
    }

    /// Asks a question and waits for its answer.
    async fn put<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Question) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        (self.ask)(question(reply));
        answer.await.map_err(|_| Refusal::NoAnswer)
    }
}

fn check_is_read(method: &Method) -> Result<(), Refusal> {
    if matches!(*method, Method::GET | Method::HEAD) { Ok(()) } else { Err(Refusal::Method("GET, HEAD")) }
}
