//! State of the platform, shared by both listeners.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ponte_catalog::pcm::EndpointList;
use ponte_machine::SandboxError;

use crate::counters::Counters;
use crate::members::{Member, Members};
use crate::ordered_faults::{DiscardOrders, Withdrawn};
use crate::rules::Rules;
use crate::store::Store;
use crate::tokens::Tokens;

/// The platform: one state, two listeners.
pub struct Pcm {
    pub(crate) rules: Rules,
    pub(crate) tokens: Tokens,
    store: Mutex<Store>,
    counters: Mutex<Counters>,
    pub(crate) discards: DiscardOrders,
    withdrawn: Mutex<Withdrawn>,
}

impl Pcm {
    /// Reads what was reported so far from `file`.
    pub fn open(file: &Path, tokens: Tokens, members: Vec<Member>) -> Result<Self, SandboxError> {
        let rules = Rules { endpoints: EndpointList::built_in(), members: Members(members) };
        Ok(Self {
            store: Mutex::new(Store::open(file, &rules)?),
            tokens,
            rules,
            counters: Mutex::default(),
            discards: DiscardOrders::default(),
            withdrawn: Mutex::default(),
        })
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn withdrawn(&self) -> MutexGuard<'_, Withdrawn> {
        self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn counters(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
