//! The platform's one state, behind both listeners.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ponte_catalog::pcm::EndpointList;

use super::counters::Counters;
use super::members::Members;
use super::orders::{Orders, Withdrawn};
use super::rules::Rules;
use super::store::Store;
use super::tokens::Tokens;
use crate::error::SandboxError;
use crate::organisation::Organisation;

/// The platform: one state, two listeners.
pub(crate) struct Pcm {
    pub(crate) rules: Rules,
    pub(crate) tokens: Tokens,
    store: Mutex<Store>,
    counters: Mutex<Counters>,
    pub(crate) orders: Orders,
    withdrawn: Mutex<Withdrawn>,
}

impl Pcm {
    /// Reads what was reported so far from `file`.
    pub(crate) fn open(
        file: &Path,
        tokens: Tokens,
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, SandboxError> {
        let rules = Rules { endpoints: EndpointList::built_in(), members: Members::of(organisations) };
        Ok(Self {
            store: Mutex::new(Store::open(file, &rules)?),
            tokens,
            rules,
            counters: Mutex::default(),
            orders: Orders::default(),
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
