//! Two calls at once that take each other's answers.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ponte_web::Answer;
use tokio::sync::oneshot;

/// How long a call waits for another one.
const WAIT: Duration = Duration::from_millis(50);

/// A call that waits: its answer, and where it takes the other's.
type Waiting = (Answer, oneshot::Sender<Answer>);

/// The call that waits, if one does.
#[derive(Default)]
pub(super) struct Exchange(Mutex<Option<Waiting>>);

impl Exchange {
    /// The answer of the call that comes at the same time; this one's own if none comes.
    pub(super) async fn with_the_other(&self, answer: Answer) -> Answer {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((theirs, other)) = waiting {
            return match other.send(answer) {
                Ok(()) => theirs,
                // The other one is gone.
                Err(own) => own,
            };
        }
        let (send, receive) = oneshot::channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((answer, send));
        if let Ok(Ok(theirs)) = tokio::time::timeout(WAIT, receive).await {
            return theirs;
        }
        let own = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        own.map_or_else(|| Answer::message(http::StatusCode::INTERNAL_SERVER_ERROR, "lost"), |(own, _)| own)
    }
}
