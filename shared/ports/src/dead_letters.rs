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

/// A message among the dead letters, hidden from others for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TakenLetter {
    /// Id of the message.
    pub id: String,
    /// Its body.
    pub body: String,
    /// What removes it.
    pub receipt: String,
}

/// The dead letters of one queue as an operator has them sent again.
#[async_trait]
pub trait LettersToRedrive: Send + Sync {
    /// At most ten of them, which are hidden for some minutes; none at the end. The same one may come twice.
    async fn take(&self) -> Result<Vec<TakenLetter>, PortError>;
    /// Removes one that was taken.
    async fn remove(&self, letter: &TakenLetter) -> Result<(), PortError>;
}

/// The dead letters of one queue.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Puts a message among them. After an error it may or may not be there.
    async fn put(&self, letter: DeadLetter<'_>) -> Result<(), PortError>;
}
