//! How a question reaches a system of the institution, the integration layer or the payment connector: what every way there takes and
//! brings back.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_ports::{InstitutionFault, PortError};
use ponte_values::SecretText;
use tokio::time::Instant;

use crate::http::Resend;

/// Largest answer that is read, in bytes: more does not fit into the answer of a function either.
pub const LIMIT: usize = 6 * 1024 * 1024;
/// Largest body that is read of an answer other than 200: of an error, its code is read.
pub const ERROR_LIMIT: usize = 64 * 1024;

/// What a body is, both ways.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// JSON.
    Json,
    /// A signed JWT, as compact text.
    Jwt,
}

/// Names by which a question and its answer find each other where they go by queues.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// New with every question.
    pub(crate) request: &'a str,
    /// Correlation id.
    pub(crate) correlation: &'a str,
}

/// A question on its way.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The system that is asked, as errors name it.
    pub(crate) what: &'static str,
    /// Path of the operation below the base of the system.
    pub(crate) operation: &'a str,
    pub(crate) body: &'a Bytes,
    pub(crate) media: Media,
    /// Shown as Bearer.
    pub(crate) credential: Option<&'a SecretText>,
    /// `None` where no way by queues is.
    pub(crate) names: Option<Names<'a>>,
    /// Whether it may go out twice.
    pub(crate) resend: Resend,
    /// When its answer, the body included, must be there.
    pub(crate) until: Instant,
}

impl Media {
    /// `Content-Type` of it.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Jwt => "application/jwt",
        }
    }
}

impl Question<'_> {
    /// The time it has left.
    pub(crate) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// An answer, as every way brings it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `Retry-After`.
    pub(crate) wait: Option<Duration>,
    /// Of the question's media, if the system keeps its contract.
    pub(crate) body: Vec<u8>,
}

/// Nobody answered. Whoever asks for something with an effect must know whether it may have arrived all the same.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// Surely nothing arrived.
    NotSent(PortError),
    /// It may have arrived.
    Unknown(PortError),
}

impl From<Unanswered> for PortError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::NotSent(error) | Unanswered::Unknown(error) => error,
        }
    }
}

impl From<Unanswered> for InstitutionFault {
    fn from(unanswered: Unanswered) -> Self {
        Self::Port(unanswered.into())
    }
}

/// A way to a system of the institution. An error is of the way: nobody answered.
#[async_trait]
pub(crate) trait Carry: Send + Sync {
    async fn carry(&self, question: Question<'_>) -> Result<Reply, Unanswered>;
}

/// A way to a system of an institution.
pub struct Way(pub(crate) Box<dyn Carry>);
