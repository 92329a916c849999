//! The trait of handlers for HTTP events.

use async_trait::async_trait;

use crate::answer::Answer;
use crate::event::HttpEvent;

/// A handler of HTTP events; the [`Router`](crate::Router) is one.
#[async_trait]
pub trait Serve: Send + Sync {
    /// Answers one event. A fault becomes an error body, so there is always an answer.
    async fn serve(&self, event: HttpEvent) -> Answer;
}
