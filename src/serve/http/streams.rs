//! The open event streams: who listens, and what each is still to be told.
//!
//! Every stream has room for one event. A newer one takes the place of one that was not sent yet, so a slow
//! reader costs no more than a fast one, and telling never waits. Nothing here knows what an event says.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use axum::body::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};

/// All open event streams; a clone is another handle to the same ones.
#[derive(Clone)]
pub struct Streams(Arc<Mutex<Table>>);

impl Streams {
    /// Room for `most` streams at a time.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Mutex::new(Table { most, next: 0, open: BTreeMap::new() })))
    }

    /// The paths of the pages that have an open event stream, sorted, each once.
    #[must_use]
    pub fn open(&self) -> Vec<String> {
        let mut paths: Vec<String> = lock(&self.0).open.keys().map(|(path, _)| path.clone()).collect();
        paths.dedup();
        paths
    }

    /// Sends `event`, which is JSON, to every open stream of the page at `path`. It never waits.
    pub fn tell(&self, path: &str, event: Arc<str>) {
        let of_path = (path.to_owned(), 0)..=(path.to_owned(), u64::MAX);
        // Readers are woken after the table is free again: the first thing they do may be to leave it.
        let slots: Vec<Arc<Slot>> =
            lock(&self.0).open.range(of_path).map(|(_, slot)| Arc::clone(slot)).collect();
        for slot in slots {
            slot.put(Arc::clone(&event));
        }
    }

    /// Opens a stream for the page at `path` that says something at least every `pause`; nothing if there is
    /// no room. The stream is forgotten when it is dropped.
    pub(super) fn join(&self, path: String, pause: Duration) -> Option<Events> {
        let mut table = lock(&self.0);
        if table.open.len() >= table.most {
            return None;
        }
        let (slot, key) = (Arc::<Slot>::default(), (path, table.next));
        table.next += 1;
        table.open.insert(key.clone(), Arc::clone(&slot));
        Some(Events { streams: self.clone(), key, slot, pause, silence: Box::pin(sleep(pause)) })
    }
}

/// What [`Streams`] knows.
struct Table {
    /// How many streams there may be.
    most: usize,
    /// The number of the next stream.
    next: u64,
    /// Page and number of each stream, and its room for an event.
    open: BTreeMap<(String, u64), Arc<Slot>>,
}

/// Room for one event.
#[derive(Default)]
struct Slot(Mutex<(Option<Arc<str>>, Option<Waker>)>);

impl Slot {
    fn put(&self, event: Arc<str>) {
        let mut slot = lock(&self.0);
        slot.0 = Some(event);
        if let Some(waker) = slot.1.take() {
            waker.wake();
        }
    }

    fn take(&self, cx: &Context<'_>) -> Option<Arc<str>> {
        let mut slot = lock(&self.0);
        let event = slot.0.take();
        slot.1 = Some(cx.waker().clone());
        event
    }
}

/// The events of one page, as the body of a response.
pub struct Events {
    /// The table that has it.
    streams: Streams,
    /// Its place there.
    key: (String, u64),
    /// Where its events are put.
    slot: Arc<Slot>,
    /// The longest silence.
    pause: Duration,
    /// Ends when there was silence for so long.
    silence: Pin<Box<Sleep>>,
}

impl Events {
    /// Puts in the event to begin with, unless a newer one has been told since the stream was opened.
    pub fn begin(&self, event: Arc<str>) {
        lock(&self.slot.0).0.get_or_insert(event);
    }
}

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let text = match this.slot.take(cx) {
            // A line break would end the event; to JSON it is a blank like any other.
            Some(event) => format!("data: {}\n\n", event.replace(['\r', '\n'], " ")),
            None => {
                // A comment, so that both ends and all that is between them notice a dead connection.
                ready!(this.silence.as_mut().poll(cx));
                ":\n\n".to_owned()
            }
        };
        this.silence.as_mut().reset(Instant::now() + this.pause);
        Poll::Ready(Some(Ok(text.into())))
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        lock(&self.streams.0).open.remove(&self.key);
    }
}

/// What is locked here is whole after every step, so a panic elsewhere is no reason not to go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn next(events: &mut Events) -> Bytes {
        match poll_fn(|cx| Pin::new(&mut *events).poll_next(cx)).await {
            Some(Ok(bytes)) => bytes,
            None => panic!("a stream has no end"),
        }
    }

    #[test]
    fn an_event_told_while_the_first_was_asked_for_is_the_newer_one() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let streams = Streams::new(1);
            let mut events = streams.join("en/".to_owned(), Duration::from_secs(9)).expect("room for one");
            assert!(streams.join("zh/".to_owned(), Duration::from_secs(9)).is_none());
            streams.tell("en/", "2".into());
            events.begin("1".into());
            assert_eq!(next(&mut events).await, "data: 2\n\n");
            streams.tell("en/", "3".into());
            assert_eq!(next(&mut events).await, "data: 3\n\n");
        });
    }
}
