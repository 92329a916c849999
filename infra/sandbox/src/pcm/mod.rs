//! The metrics platform (PCM), as faithful as the manual allows: tokens over mTLS, batches judged item by item, pairing
//! of both sides, the conversion funnel, stock of consents, payment status, open data.
//!
//! One more kind of report = its fields in a file beside `report.rs`, a variant of [`kind::Kind`], its path in
//! `api.rs`. One more endpoint that may be reported = one line in the list of `ponte_catalog::pcm`.

mod additional;
mod api;
mod batch;
mod check;
mod counters;
mod desk;
mod funnel;
mod intake;
mod kind;
mod members;
mod open_data;
mod pairing;
mod payment_status;
mod query;
mod report;
mod stock;
mod store;
mod summary;
#[cfg(test)]
mod tests;
mod token;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ponte_catalog::pcm::EndpointList;
use ponte_values::Moment;

use crate::error::SandboxError;
use crate::organisation::Organisation;
use crate::web::{Answer, Request, Site};
use counters::Counters;
use desk::{Orders, Withdrawn};
use intake::Intake;
use members::Members;
use store::Store;
pub(crate) use token::Tokens;

/// The platform: one state, two listeners.
pub(crate) struct Pcm {
    rules: Rules,
    tokens: Tokens,
    store: Mutex<Store>,
    counters: Mutex<Counters>,
    orders: Orders,
    withdrawn: Mutex<Withdrawn>,
}

/// What intake judges by.
pub(crate) struct Rules {
    endpoints: &'static EndpointList,
    members: Members,
}

/// The token server.
pub(crate) struct PcmAuth(pub(crate) Arc<Pcm>);

/// The reporting API.
pub(crate) struct PcmApi(pub(crate) Arc<Pcm>);

impl Rules {
    fn intake<'a>(&'a self, reporter: &'a str, now: Moment, withdrawn: Withdrawn) -> Intake<'a> {
        Intake { endpoints: self.endpoints, withdrawn, members: &self.members, reporter, now }
    }
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

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn withdrawn(&self) -> MutexGuard<'_, Withdrawn> {
        self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Site for PcmAuth {
    async fn answer(&self, request: Request) -> Answer {
        let answer = token::answer(&self.0, &request);
        self.0.counters().token_call(answer.status);
        answer
    }
}

impl Site for PcmApi {
    async fn answer(&self, request: Request) -> Answer {
        api::answer(&self.0, &request)
    }
}
