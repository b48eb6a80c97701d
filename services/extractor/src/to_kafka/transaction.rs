//! What is committed together.

use contract::topics::{BATCHES, CURSORS};
use contract::{Cursor, Money, Started, WireError, encode};

/// One Kafka message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub topic: &'static str,
    /// Decides the partition.
    pub key: String,
    /// Framed Avro.
    pub value: Vec<u8>,
    /// Names of `contract::headers`.
    pub headers: Vec<(String, String)>,
}

/// Messages that become visible together or not at all. It holds at least one record of the cursor topic, by which a
/// restart tells whether it was committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    messages: Vec<Message>,
}

/// Keys of cursors begin so.
pub(super) const CURSOR: &str = "cursor/";

/// Key of a rule's cursor.
pub fn cursor_key(rule: &str) -> String {
    format!("{CURSOR}{rule}")
}

/// Key of an identity's money.
pub fn money_key(identity: &str) -> String {
    format!("money/{identity}")
}

/// Key of an identity's start record.
pub fn started_key(identity: &str) -> String {
    format!("started/{identity}")
}

impl Transaction {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A rule's cursor.
    ///
    /// # Errors
    /// A record that does not fit its schema: a mistake of this program.
    pub fn cursor(self, cursor: &Cursor) -> Result<Self, WireError> {
        Ok(self.state(cursor_key(&cursor.rule), encode(cursor)?))
    }

    /// An identity's money.
    ///
    /// # Errors
    /// A record that does not fit its schema: a mistake of this program.
    pub fn money(self, money: &Money) -> Result<Self, WireError> {
        Ok(self.state(money_key(&money.identity), encode(money)?))
    }

    /// A process starts.
    ///
    /// # Errors
    /// A record that does not fit its schema: a mistake of this program.
    pub fn started(self, started: &Started) -> Result<Self, WireError> {
        Ok(self.state(started_key(&started.identity), encode(started)?))
    }

    /// A batch or a part of one.
    #[must_use]
    pub fn batch(mut self, key: String, value: Vec<u8>, headers: Vec<(String, String)>) -> Self {
        self.messages.push(Message { topic: BATCHES, key, value, headers });
        self
    }

    /// Everything, in the order it was added.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A record of the cursor topic that tells this transaction from any other.
    pub fn witness(&self) -> Option<&Message> {
        self.messages.iter().find(|message| message.topic == CURSORS)
    }

    fn state(mut self, key: String, value: Vec<u8>) -> Self {
        self.messages.push(Message { topic: CURSORS, key, value, headers: Vec::new() });
        self
    }
}
