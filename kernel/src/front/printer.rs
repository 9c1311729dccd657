//! Text on its way to the clients: collected, so that a cell which prints much sends few messages.
//!
//! Clients take some messages a second, not some thousand: JupyterLab drops what comes faster. So text waits for a
//! twentieth of a second for more of its kind; whatever has to come after it, as a chart or the end of the cell,
//! sends it on at once. Only so much is taken in that time; the cell waits with the rest.

use super::client::Client;
use jupyter_protocol::JupyterMessage;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// How long text waits for more, and the least time for each message.
const PERIOD: Duration = Duration::from_millis(50);
/// How much is taken in each period.
const TAKEN: usize = 1 << 20;
/// The same once the cell may send no more.
const TAKEN_IN_VAIN: usize = 64 << 10;
/// How many messages text becomes at most when it is sent on; more changes between the streams are not told apart.
const MOST_MESSAGES: usize = 6;
/// How much text and data one cell may send; what goes beyond is left out, which is said.
const LIMIT: usize = 16 << 20;

/// Text that waits, and how much has been sent.
pub struct Printer {
    waiting: Vec<(&'static str, String)>,
    /// When the text that waits is sent.
    due: Option<Instant>,
    /// When the next text may be sent, if nothing presses.
    next: Instant,
    /// What was taken in this period, and when it ends.
    taken: usize,
    period_ends: Instant,
    sent: usize,
    /// The request of the cell that is running, or else ran last.
    request: Option<JupyterMessage>,
}

impl Printer {
    /// A printer that has nothing to print.
    pub fn new() -> Printer {
        Printer {
            waiting: Vec::new(),
            due: None,
            next: Instant::now(),
            taken: 0,
            period_ends: Instant::now(),
            sent: 0,
            request: None,
        }
    }

    /// From now on, what is printed belongs to `request`.
    pub fn begin(&mut self, request: &JupyterMessage) {
        self.request = Some(request.clone());
        self.sent = 0;
    }

    /// Takes text of a stream.
    pub async fn print(&mut self, name: &'static str, text: &str, client: &mut Client) {
        if text.is_empty() || !self.may_send(text.len(), client).await {
            return;
        }
        match self.waiting.last_mut() {
            Some((last, waiting)) if *last == name => waiting.push_str(text),
            _ => self.waiting.push((name, text.to_owned())),
        }
        let due = (Instant::now() + PERIOD).max(self.next);
        self.due.get_or_insert(due);
    }

    /// Sends the text that waits.
    pub async fn flush(&mut self, client: &mut Client) {
        self.due = None;
        let mut waiting = std::mem::take(&mut self.waiting);
        if waiting.len() > MOST_MESSAGES {
            waiting = joined(&waiting);
        }
        for (name, text) in waiting {
            let content = json!({"name": name, "text": text});
            self.publish("stream", content, client).await;
            self.next = self.next.max(Instant::now()) + PERIOD;
        }
    }

    /// Sends something else than text, after the text before it.
    pub async fn show(&mut self, kind: &str, content: serde_json::Value, client: &mut Client) {
        self.flush(client).await;
        if self
            .may_send(content["data"].to_string().len(), client)
            .await
        {
            self.publish(kind, content, client).await;
        }
    }

    async fn publish(&self, kind: &str, content: serde_json::Value, client: &mut Client) {
        client.publish(self.request.as_ref(), kind, content).await;
    }

    /// Counts what is sent. At the limit it says once that the rest is left out.
    async fn may_send(&mut self, size: usize, client: &mut Client) -> bool {
        self.taken += size;
        let before = self.sent;
        self.sent = self.sent.saturating_add(size);
        if self.sent <= LIMIT {
            return true;
        }
        if before <= LIMIT {
            self.flush(client).await;
            let text = format!(
                "dsprep: this cell printed more than {} MiB; the rest is left out\n",
                LIMIT >> 20
            );
            let content = json!({"name": "stderr", "text": text});
            self.publish("stream", content, client).await;
        }
        false
    }

    /// Whether more should be read from the cell now.
    pub fn may_take(&mut self) -> bool {
        let now = Instant::now();
        if self.period_ends <= now {
            self.period_ends = now + PERIOD;
            self.taken = 0;
        }
        let most = if self.sent > LIMIT {
            TAKEN_IN_VAIN
        } else {
            TAKEN
        };
        self.taken < most
    }

    /// When something has to be done: text to be sent, or more to be taken.
    pub fn deadline(&self) -> Option<Instant> {
        let full = (self.taken > 0).then_some(self.period_ends);
        [self.due, full].into_iter().flatten().min()
    }

    /// Sends text that has waited long enough.
    pub async fn on_deadline(&mut self, client: &mut Client) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            self.flush(client).await;
        }
    }
}

/// The same text with one piece for each stream, in the order in which they began.
fn joined(pieces: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let mut joined: Vec<(&'static str, String)> = Vec::new();
    for (name, text) in pieces {
        match joined.iter_mut().find(|(other, _)| other == name) {
            Some((_, before)) => before.push_str(text),
            None => joined.push((name, text.clone())),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_between_the_streams_are_one_message_for_each() {
        let pieces: Vec<_> = (0..4)
            .flat_map(|i| [("stderr", format!("e{i}")), ("stdout", format!("o{i}"))])
            .collect();
        assert_eq!(
            joined(&pieces),
            [
                ("stderr", "e0e1e2e3".to_owned()),
                ("stdout", "o0o1o2o3".to_owned())
            ]
        );
    }
}
