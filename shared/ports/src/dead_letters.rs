//! Dead letters: messages that can never be worked on are put aside with the reason, where an alarm tells of them (T68).

use async_trait::async_trait;

use crate::PortError;

/// A message that can never be worked on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeadLetter<'a> {
    /// Its body, as it came; the beginning of one that is too long to be put aside.
    pub body: &'a str,
    /// Why it can never be worked on: 256 characters at most, without personal data, and nothing of the body.
    pub reason: &'a str,
    /// Id that it had in its queue.
    pub id: &'a str,
    /// Its sender as the queue named it; empty if it named none.
    pub sender: &'a str,
}

impl DeadLetter<'_> {
    /// Longest reason in characters.
    pub const LONGEST_REASON: usize = 256;
}

/// The dead letters of one queue.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Puts a message among them. After an error it may or may not be there.
    async fn put(&self, letter: DeadLetter<'_>) -> Result<(), PortError>;
}
