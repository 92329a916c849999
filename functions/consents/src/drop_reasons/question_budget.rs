//! How many questions a tick may put to the institution, and the places that they wait for.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ponte_values::{Moment, OrganisationId};
use tokio::sync::{Semaphore, SemaphorePermit};

/// After so many questions of a client without an answer the rest of its customers wait for the next minute.
const MOST_FAILURES: u32 = 16;
/// When so many clients had none, and nobody had one, it is the institution that fails: it is left alone until the next minute.
const FAILING_CLIENTS: usize = 8;

/// How far a tick may go, and what it has heard so far.
pub(super) struct QuestionBudget {
    until: Moment,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    answered: bool,
    failures: HashMap<OrganisationId, u32>,
}

impl QuestionBudget {
    /// That of a tick that asks nothing from this time on.
    pub(super) fn until(until: Moment) -> Self {
        Self { until, heard: Mutex::default() }
    }

    /// Whether a question about a customer of this client may be put at `now`.
    pub(super) fn may_ask(&self, client: &OrganisationId, now: Moment) -> bool {
        let heard = self.lock();
        let own = heard.failures.get(client).copied().unwrap_or(0);
        let all_fail = !heard.answered && heard.failures.len() >= FAILING_CLIENTS;
        now < self.until && own < MOST_FAILURES && !all_fail
    }

    /// The institution answered.
    pub(super) fn answered(&self) {
        self.lock().answered = true;
    }

    /// A question about a customer of this client had no answer.
    pub(super) fn failed(&self, client: &OrganisationId) {
        *self.lock().failures.entry(client.clone()).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places of a shard; whoever waits longest has the next one.
pub(super) struct Place<'a> {
    places: &'a Semaphore,
    permit: Option<SemaphorePermit<'a>>,
}

impl<'a> Place<'a> {
    /// A place, once one is free.
    pub(super) async fn of(places: &'a Semaphore) -> Self {
        // Nobody closes them.
        Self { places, permit: places.acquire().await.ok() }
    }

    /// Leaves the place to others for this long, and takes another.
    pub(super) async fn leave_for(&mut self, pause: impl Future<Output = ()>) {
        self.permit = None;
        pause.await;
        *self = Self::of(self.places).await;
    }
}
