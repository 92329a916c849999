//! Programmable faults: tests order them from each server of the sandbox.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// How long a call hangs by order.
const HANG: Duration = Duration::from_mins(10);
/// `Retry-After` of a server that is asked too often, in seconds.
const THROTTLED_FOR: u32 = 1;

/// The effect of a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// The answer comes later.
    Delay {
        /// How much later.
        milliseconds: u64,
    },
    /// No answer at all, the connection stays open (10 minutes at most).
    Hang,
    /// This status instead of the answer; the request has no effect.
    Status {
        /// HTTP status.
        status: u16,
        /// Body; without it the error body of the server family's gateway: `{"message":".."}`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// `Retry-After` in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// Too many requests, in the words of this server; the request has no effect.
    Throttle,
    /// The true status with another body.
    Body {
        /// The body, as `application/json` whatever it is.
        body: String,
    },
    /// The connection closes before the request has any effect.
    Close,
    /// The request has its effect, then the connection closes: the reply is lost.
    LoseReply,
    /// The request has its effect, then no answer comes (10 minutes at most).
    HangAfter,
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
pub struct Closed;

/// What answers a request instead of the server.
pub struct StatusFault {
    /// HTTP status.
    pub status: StatusCode,
    /// Body, if one was ordered.
    pub body: Option<String>,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u32>,
}

impl Effect {
    /// The same where a server has words of its own for too many requests: `answer` instead of 429.
    #[must_use]
    pub fn throttling(self, answer: impl FnOnce() -> Self) -> Self {
        if self == Self::Throttle { answer() } else { self }
    }

    /// Has its effect on a request: `answer` is what the server would answer, and is asked for only where the request has its
    /// effect; `instead` makes the answer of a status, and `with_body` puts another body into a true one.
    pub async fn apply<A>(
        self,
        answer: impl Future<Output = A>,
        instead: impl FnOnce(StatusFault) -> A,
        with_body: impl FnOnce(A, String) -> A,
    ) -> Result<A, Closed> {
        match self {
            Self::Delay { milliseconds } => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                Ok(answer.await)
            }
            Self::Hang => {
                tokio::time::sleep(HANG).await;
                Err(Closed)
            }
            Self::Status { status, body, retry_after } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Ok(instead(StatusFault { status, body, retry_after }))
            }
            Self::Throttle => {
                let (status, retry_after) = (StatusCode::TOO_MANY_REQUESTS, Some(THROTTLED_FOR));
                Ok(instead(StatusFault { status, body: None, retry_after }))
            }
            Self::Body { body } => Ok(with_body(answer.await, body)),
            Self::Close => Err(Closed),
            Self::LoseReply => {
                answer.await;
                Err(Closed)
            }
            Self::HangAfter => {
                answer.await;
                tokio::time::sleep(HANG).await;
                Err(Closed)
            }
        }
    }
}

/// One fault and when it applies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Its effect.
    #[serde(flatten)]
    pub effect: Effect,
    /// Only paths that begin so; empty for all.
    #[serde(default)]
    pub path: String,
    /// Only this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// So many requests; until cleared when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Fault {
    /// A fault for every path and method, until cleared.
    #[must_use]
    pub fn always(effect: Effect) -> Self {
        Self { effect, path: String::new(), method: None, times: None }
    }

    /// Only for the next `times` requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only for paths that begin with `path`.
    #[must_use]
    pub fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }
}

/// The faults of one server, first match first. Clones share the list.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Adds a fault behind those already there.
    pub fn add(&self, fault: Fault) {
        self.list_mut().push(fault);
    }

    /// Everything works again.
    pub fn clear(&self) {
        self.list_mut().clear();
    }

    /// The faults that are still in force.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.list_mut().clone()
    }

    /// Whether everything works.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list_mut().is_empty()
    }

    /// The effect for this request, counted down.
    #[must_use]
    pub fn strike(&self, method: &str, path: &str) -> Option<Effect> {
        let mut faults = self.list_mut();
        let position = faults.iter().position(|fault| {
            path.starts_with(&fault.path)
                && fault.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
        })?;
        let effect = faults[position].effect.clone();
        if let Some(times) = &mut faults[position].times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                faults.remove(position);
            }
        }
        Some(effect)
    }

    fn list_mut(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_counts_down_and_ends() {
        let faults = Faults::default();
        faults.add(Fault::always(Effect::Close).times(2).at("/accounts"));
        assert_eq!(faults.strike("POST", "/login"), None);
        assert_eq!(faults.strike("POST", "/accounts/find"), Some(Effect::Close));
        assert_eq!(faults.strike("POST", "/accounts/find"), Some(Effect::Close));
        assert_eq!(faults.strike("POST", "/accounts/find"), None);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn a_fault_without_times_lasts_until_cleared() {
        let faults = Faults::default();
        faults.add(serde_json::from_str(r#"{"kind":"delay","milliseconds":5,"method":"get"}"#).unwrap());
        for _ in 0..3 {
            assert!(faults.strike("GET", "/x").is_some());
            assert!(faults.strike("POST", "/x").is_none());
        }
        faults.clear();
        assert!(faults.strike("GET", "/x").is_none());
    }

    #[test]
    fn the_json_form_is_stable() {
        for text in [
            r#"{"kind":"hang","path":""}"#,
            r#"{"kind":"status","status":503,"retry_after":2,"path":"/a","times":1}"#,
            r#"{"kind":"body","body":"<html>","path":""}"#,
            r#"{"kind":"throttle","path":""}"#,
            r#"{"kind":"close","path":""}"#,
            r#"{"kind":"lose_reply","path":"","method":"POST"}"#,
            r#"{"kind":"hang_after","path":""}"#,
        ] {
            let fault: Fault = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&fault).unwrap(), text);
        }
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"explode"}"#).is_err());
    }
}
