//! Rules: which request, and at which moment of its way, a connection is held.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::SandboxError;

/// Kafka's requests by their key in the protocol (<https://kafka.apache.org/protocol#protocol_api_keys>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i16)]
#[expect(missing_docs, reason = "the protocol's own names")]
pub enum Api {
    Produce = 0,
    Fetch = 1,
    Metadata = 3,
    OffsetCommit = 8,
    FindCoordinator = 10,
    JoinGroup = 11,
    LeaveGroup = 13,
    InitProducerId = 22,
    AddPartitionsToTxn = 24,
    AddOffsetsToTxn = 25,
    EndTxn = 26,
    TxnOffsetCommit = 28,
    ConsumerGroupHeartbeat = 68,
}

/// A moment on the way of a request through the proxy.
#[derive(Debug, Clone)]
pub struct Rule {
    what: What,
    containing: Option<String>,
    number: u32,
    point: Point,
}

#[derive(Debug, Clone)]
enum What {
    Kafka(Api),
    Mysql(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    BeforeRequest,
    InFlight,
    AfterAnswer,
}

impl Rule {
    /// Requests of Kafka with this key; held before they are forwarded, unless said otherwise.
    pub fn kafka(api: Api) -> Self {
        Self { what: What::Kafka(api), containing: None, number: 1, point: Point::BeforeRequest }
    }

    /// MySQL statements (queries, and executions of prepared statements) that begin so, in any case of letters;
    /// held before they are forwarded, unless said otherwise.
    pub fn mysql(beginning: &str) -> Self {
        let beginning = beginning.to_lowercase();
        Self { what: What::Mysql(beginning), containing: None, number: 1, point: Point::BeforeRequest }
    }

    /// Only requests whose bytes hold `text`, such as a topic's or a table's name.
    #[must_use]
    pub fn containing(mut self, text: &str) -> Self {
        self.containing = Some(text.to_owned());
        self
    }

    /// The request number `number` (from 1) that matches after the rule was given, instead of the first.
    #[must_use]
    pub fn number(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    /// The moment at which the request was forwarded; its answer is held when it comes.
    #[must_use]
    pub fn in_flight(mut self) -> Self {
        self.point = Point::InFlight;
        self
    }

    /// The moment at which the server has answered; the answer is held.
    #[must_use]
    pub fn after_answer(mut self) -> Self {
        self.point = Point::AfterAnswer;
        self
    }

    fn matches(&self, request: &Request<'_>) -> bool {
        let kind = match (&self.what, request) {
            (What::Kafka(api), Request::Kafka { key, .. }) => *api as i16 == *key,
            (What::Mysql(beginning), Request::Mysql { statement }) => {
                statement.trim_start().to_lowercase().starts_with(beginning.as_str())
            }
            _ => false,
        };
        let holds = |text: &String| match request {
            Request::Kafka { frame, .. } => frame.windows(text.len()).any(|window| window == text.as_bytes()),
            Request::Mysql { statement } => statement.contains(text),
        };
        kind && self.containing.as_ref().is_none_or(holds)
    }
}

/// A request as the proxy reads it.
pub(super) enum Request<'a> {
    Kafka { key: i16, frame: &'a [u8] },
    Mysql { statement: &'a str },
}

/// What was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Kafka: the request's key as a number; MySQL: the statement.
    pub request: String,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Go {
    On,
    Cut,
}

/// The test's end of a rule. Dropped without a word, it lets the connection go on.
#[derive(Debug)]
pub struct Moment {
    rule: String,
    reached: oneshot::Receiver<Seen>,
    go: oneshot::Sender<Go>,
}

impl Moment {
    /// Waits for the moment; from then on the connection is held.
    ///
    /// # Errors
    /// It did not come within the limit, or was awaited before.
    pub async fn reached(&mut self, limit: Duration) -> Result<Seen, SandboxError> {
        match tokio::time::timeout(limit, &mut self.reached).await {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(_)) | Err(_) => Err(SandboxError::NoMoment { what: self.rule.clone(), limit }),
        }
    }

    /// Lets the connection go on.
    pub fn release(self) {
        // A connection that is gone needs no word.
        let _gone = self.go.send(Go::On);
    }

    /// Cuts the connection on both sides; what is held is never forwarded.
    pub fn cut(self) {
        let _gone = self.go.send(Go::Cut);
    }
}

/// A rule that has met its request.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) point: Point,
    seen: Seen,
    reached: oneshot::Sender<Seen>,
    go: oneshot::Receiver<Go>,
}

impl Hit {
    /// Tells the test that the moment is there and waits for its word.
    pub(super) async fn hold(self) -> Go {
        let _nobody_waits = self.reached.send(self.seen);
        self.go.await.unwrap_or(Go::On)
    }
}

#[derive(Debug)]
struct Waiting {
    rule: Rule,
    left: u32,
    reached: oneshot::Sender<Seen>,
    go: oneshot::Receiver<Go>,
}

/// The rules that wait for their moment.
#[derive(Debug, Default)]
pub(super) struct Rules {
    waiting: Mutex<Vec<Waiting>>,
}

impl Rules {
    pub(super) fn add(&self, rule: Rule) -> Moment {
        let (tell, reached) = oneshot::channel();
        let (say, go) = oneshot::channel();
        let moment = Moment { rule: format!("{rule:?}"), reached, go: say };
        let left = rule.number;
        let waiting = Waiting { rule, left, reached: tell, go };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
        moment
    }

    /// Counts the request for every rule it matches; the first rule whose number is full is taken out and returned.
    pub(super) fn meet(&self, request: &Request<'_>) -> Option<Hit> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut full = None;
        for (index, candidate) in waiting.iter_mut().enumerate() {
            if candidate.rule.matches(request) {
                candidate.left = candidate.left.saturating_sub(1);
                if candidate.left == 0 && full.is_none() {
                    full = Some(index);
                }
            }
        }
        let Waiting { rule, reached, go, .. } = waiting.remove(full?);
        let request = match request {
            Request::Kafka { key, .. } => key.to_string(),
            Request::Mysql { statement } => (*statement).to_owned(),
        };
        Some(Hit { point: rule.point, seen: Seen { request }, reached, go })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_rule_meets_the_request_of_its_number_once() {
        let rules = Rules::default();
        let mut moment = rules.add(Rule::mysql("commit").number(2).after_answer());
        let commit = Request::Mysql { statement: " COMMIT" };
        assert!(rules.meet(&Request::Mysql { statement: "BEGIN" }).is_none());
        assert!(rules.meet(&commit).is_none());
        let hit = rules.meet(&commit).expect("the second commit");
        assert_eq!(hit.point, Point::AfterAnswer);
        let held = tokio::spawn(hit.hold());
        moment.reached(Duration::from_secs(1)).await.expect("reached");
        moment.cut();
        assert!(matches!(held.await.expect("no panic"), Go::Cut));
        assert!(rules.meet(&commit).is_none());
    }

    #[test]
    fn a_rule_tells_requests_by_the_bytes_they_hold() {
        let rules = Rules::default();
        let _moment = rules.add(Rule::kafka(Api::Produce).containing("batches"));
        assert!(rules.meet(&Request::Kafka { key: 0, frame: b"..cursors.." }).is_none());
        assert!(rules.meet(&Request::Kafka { key: 1, frame: b"..batches.." }).is_none());
        assert!(rules.meet(&Request::Kafka { key: 0, frame: b"..batches.." }).is_some());
    }
}
