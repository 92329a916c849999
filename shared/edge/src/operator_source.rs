//! What a function needs to take operator commands from a queue.

use std::sync::Arc;
use std::time::Duration;

use ponte_ports::operation::{OperationParts, Operations, TwoOperators};
use ponte_ports::{CLOCK_DIFFERENCE, DeadLetters, Ids};

use crate::clock_watch::AHEAD_OF_MESSAGE_MAX;

/// How long a part may run, of a function that ends at 28 s.
const SPAN: Duration = Duration::from_mins(1);

/// The operator queue of a function, and the records of what came by it.
#[derive(Clone)]
pub struct OperatorSource {
    /// Name of the function in the records: `pcm`.
    pub function: &'static str,
    /// Name of its operator queue in `infra/template.yaml`: `PcmOperatorQueue`.
    pub queue: &'static str,
    /// The records, of all functions.
    pub operations: Arc<dyn Operations>,
    /// The queue, to hand work on.
    pub parts: Arc<dyn OperationParts>,
    /// Its dead letters.
    pub dead_letters: Arc<dyn DeadLetters>,
    /// Commands that need a second operator.
    pub two_operators: TwoOperators,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// How long a part may run: longer than an invocation may take.
    pub span: Duration,
}

impl OperatorSource {
    /// The source of a function that ends at 28 s.
    #[must_use]
    pub fn new(
        (function, queue): (&'static str, &'static str),
        operations: Arc<dyn Operations>,
        parts: Arc<dyn OperationParts>,
        dead_letters: Arc<dyn DeadLetters>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let two_operators = TwoOperators::default();
        Self { function, queue, operations, parts, dead_letters, two_operators, ids, span: SPAN }
    }

    /// How long a message is hidden while it is worked on: until a lease on its part has ended.
    pub(crate) fn hidden(&self) -> Duration {
        self.lease() + Duration::from_mins(1)
    }

    /// Greatest age of a message that has only just come: it may wait for an environment as long as the queue hides it, six times
    /// what the function may take.
    pub(crate) fn message_age(&self) -> Duration {
        AHEAD_OF_MESSAGE_MAX.max(self.span * 6)
    }

    /// How long a part is leased: as long as it may run, by a clock that may be behind that of the next one.
    pub(crate) fn lease(&self) -> Duration {
        self.span + CLOCK_DIFFERENCE
    }

    /// The source where these commands need a second operator.
    #[must_use]
    pub fn approving(self, two_operators: TwoOperators) -> Self {
        Self { two_operators, ..self }
    }

    /// The source of a function whose invocations may take that long.
    #[must_use]
    pub fn lasting(self, span: Duration) -> Self {
        Self { span, ..self }
    }
}
