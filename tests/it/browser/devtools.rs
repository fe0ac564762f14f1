//! A conversation with a browser: commands and answers, and events in the order in which they came.
//!
//! The Chrome DevTools Protocol over one WebSocket, see <https://chromedevtools.github.io/devtools-protocol/>.
//! Knows how messages travel, not what they mean.

use std::fmt;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, Message, WebSocket};

/// On a busy machine an answer may take seconds; one that takes this long does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a command has no result.
#[derive(Debug)]
pub enum Fault {
    /// The browser cannot do it, or not now: the page may have gone on to another address.
    Refused(String),
    /// A script threw.
    Thrown(String),
    /// The browser or the page does not answer any more.
    Lost(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) => write!(formatter, "refused: {text}"),
            Self::Thrown(text) => write!(formatter, "thrown: {text}"),
            Self::Lost(text) => write!(formatter, "the browser is lost: {text}"),
        }
    }
}

/// A connection, first to the browser, then, attached, to one page.
pub struct DevTools {
    socket: WebSocket<TcpStream>,
    /// The page that commands go to.
    session: Option<String>,
    /// How many commands were sent; the number of the last.
    sent: u64,
    events: Vec<Value>,
}

impl DevTools {
    /// Connects to `ws://HOST:PORT/…`.
    pub fn connect(address: &str) -> Result<Self, Fault> {
        let lost = |error: String| Fault::Lost(format!("{address}: {error}"));
        let host = address.split('/').nth(2).ok_or_else(|| lost("not an address".to_owned()))?;
        let stream = TcpStream::connect(host).map_err(|error| lost(error.to_string()))?;
        let timeout = stream.set_read_timeout(Some(PATIENCE));
        timeout.and_then(|()| stream.set_nodelay(true)).map_err(|error| lost(error.to_string()))?;
        // Pictures of pages come in one message.
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (socket, _) = tungstenite::client::client_with_config(address, stream, Some(config))
            .map_err(|error| lost(error.to_string()))?;
        Ok(Self { socket, session: None, sent: 0, events: Vec::new() })
    }

    /// Directs all further commands to a target.
    pub fn attach(&mut self, target: &str) -> Result<(), Fault> {
        let reply = self.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }))?;
        self.session = reply["sessionId"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Gives a command and waits for its result.
    pub fn call(&mut self, method: &str, parameters: Value) -> Result<Value, Fault> {
        let deadline = Instant::now() + PATIENCE;
        let id = self.send(method, parameters)?;
        loop {
            let message = self.receive(deadline, method)?;
            if message["id"] != id {
                self.keep(message)?;
            } else if let Some(text) = message["error"]["message"].as_str() {
                return Err(Fault::Refused(text.to_owned()));
            } else {
                return Ok(message["result"].clone());
            }
        }
    }

    /// The value of a JavaScript expression as JSON, awaited if it is a promise; `null` for `undefined`.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value, Fault> {
        let parameters = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
        });
        let reply = self.call("Runtime.evaluate", parameters)?;
        match reply.get("exceptionDetails") {
            Some(details) => Err(Fault::Thrown(thrown(details))),
            None => Ok(reply["result"]["value"].clone()),
        }
    }

    /// Waits until `found` gives something for an event after the first `from` ones.
    pub fn wait_for<T>(
        &mut self,
        from: usize,
        what: &str,
        mut found: impl FnMut(&Value) -> Option<T>,
    ) -> Result<T, Fault> {
        let deadline = Instant::now() + PATIENCE;
        let mut next = from;
        loop {
            if let Some(found) = self.events[next..].iter().find_map(&mut found) {
                return Ok(found);
            }
            next = self.events.len();
            let message = self.receive(deadline, what)?;
            self.keep(message)?;
        }
    }

    /// All events that have come in.
    pub fn events(&self) -> &[Value] {
        &self.events
    }

    fn send(&mut self, method: &str, parameters: Value) -> Result<u64, Fault> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let sent = self.socket.send(Message::text(message.to_string()));
        sent.map_err(|error| Fault::Lost(format!("{method}: {error}")))?;
        Ok(self.sent)
    }

    /// Keeps an event. A dialog is answered, for until then nothing else in the page would be.
    fn keep(&mut self, message: Value) -> Result<(), Fault> {
        match message["method"].as_str() {
            None => return Ok(()), // the answer to a dialog's answer
            Some("Page.javascriptDialogOpening") => {
                self.send("Page.handleJavaScriptDialog", json!({ "accept": true }))?;
            }
            Some("Inspector.targetCrashed") => return Err(Fault::Lost("the page crashed".to_owned())),
            Some(_) => {}
        }
        self.events.push(message);
        Ok(())
    }

    fn receive(&mut self, deadline: Instant, what: &str) -> Result<Value, Fault> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::Lost(format!("{what}: no answer in {} s", PATIENCE.as_secs())));
            }
            let read = self.socket.get_ref().set_read_timeout(Some(left)).map_err(Error::Io);
            match read.and_then(|()| self.socket.read()) {
                Ok(Message::Text(text)) => {
                    return serde_json::from_str(&text)
                        .map_err(|error| Fault::Lost(format!("{what}: {error}")));
                }
                Ok(_) => {} // pings and farewells
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => return Err(Fault::Lost(format!("{what}: {error}"))),
            }
        }
    }
}

/// The text of `exceptionDetails`: of an error its message, of anything else that was thrown its value.
pub fn thrown(details: &Value) -> String {
    let exception = &details["exception"];
    let description = exception["description"].as_str().map(str::to_owned);
    let value = || exception.get("value").map(Value::to_string);
    let text = description.or_else(value).or_else(|| details["text"].as_str().map(str::to_owned));
    text.unwrap_or_default()
}
