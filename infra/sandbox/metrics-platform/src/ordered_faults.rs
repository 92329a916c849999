//! Faults that a test orders from the platform: good items that are discarded, endpoints that its list lacks.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::check::Discard;

/// Good items that are discarded all the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DiscardOrder {
    /// Every so manieth item of a batch, beginning with the first.
    every: usize,
    /// In these words.
    message: String,
    /// In so many batches.
    batches: u32,
}

impl DiscardOrder {
    /// The message for the item in this place.
    pub(crate) fn message_for(&self, place: usize) -> Option<Discard> {
        place.is_multiple_of(self.every.max(1)).then(|| self.message.clone())
    }
}

/// The order in force.
#[derive(Default)]
pub(crate) struct DiscardOrders(Mutex<Option<DiscardOrder>>);

impl DiscardOrders {
    /// The order for the next batch, counted down.
    pub(crate) fn next_batch(&self) -> Option<DiscardOrder> {
        let mut order = self.lock();
        let batches = &mut order.as_mut()?.batches;
        *batches = batches.checked_sub(1)?;
        order.clone()
    }

    /// The order itself, to be changed.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<DiscardOrder>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Endpoints that the platform's list lacks, as a list of another version would.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Withdrawn {
    withdrawn: BTreeSet<String>,
}

impl Withdrawn {
    /// Whether this endpoint is not in the platform's list.
    pub(crate) fn holds(&self, endpoint: &str) -> bool {
        self.withdrawn.contains(endpoint)
    }
}
