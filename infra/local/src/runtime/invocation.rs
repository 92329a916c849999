//! An invocation: its event, and what a direct one says besides.

use bytes::Bytes;

/// What a process is invoked with.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// The event, JSON.
    pub event: Bytes,
    /// The client context of a direct invocation, JSON.
    pub client_context: Option<String>,
}

impl From<Bytes> for Invocation {
    fn from(event: Bytes) -> Self {
        Self { event, client_context: None }
    }
}
