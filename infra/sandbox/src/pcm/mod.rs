//! The metrics platform (PCM), as faithful as the manual allows: tokens over mTLS, batches judged item by item, pairing
//! of both sides, the conversion funnel.
//!
//! One more kind of report = its fields in a file beside `report.rs` and `funnel.rs`, its path in `api.rs`. One more
//! endpoint that may be reported = one line in `endpoints.json`.

mod api;
mod check;
mod endpoints;
mod funnel;
mod members;
mod pairing;
mod report;
mod store;
mod summary;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock;
use crate::error::SandboxError;
use crate::organisation::Organisation;
use crate::web::{Answer, Request, Site};
use endpoints::EndpointList;
use members::Members;
use store::Store;
pub(crate) use token::Tokens;

/// Requests a second that are taken (product contracts 3.2).
const REQUESTS_A_SECOND: u32 = 300;

/// The platform: one state, two listeners.
pub(crate) struct Pcm {
    rules: Rules,
    tokens: Tokens,
    store: Mutex<Store>,
    issued: Mutex<BTreeMap<String, u64>>,
    this_second: Mutex<(i64, u32)>,
}

/// What intake judges by.
pub(crate) struct Rules {
    endpoints: EndpointList,
    members: Members,
}

/// The token server.
pub(crate) struct PcmAuth(pub(crate) Arc<Pcm>);

/// The reporting API.
pub(crate) struct PcmApi(pub(crate) Arc<Pcm>);

impl Pcm {
    /// Reads what was reported so far from `file`.
    pub(crate) fn open(
        file: &Path,
        tokens: Tokens,
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, SandboxError> {
        let rules = Rules { endpoints: EndpointList::built_in()?, members: Members::of(organisations) };
        Ok(Self {
            store: Mutex::new(Store::open(file, &rules)?),
            tokens,
            rules,
            issued: Mutex::default(),
            this_second: Mutex::default(),
        })
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_token(&self, client: &str) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        *issued.entry(client.to_owned()).or_default() += 1;
    }

    fn tokens_issued(&self) -> BTreeMap<String, u64> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a request; false when this second has had enough (429).
    fn admits_request(&self) -> bool {
        let now = clock::now().seconds();
        let mut second = self.this_second.lock().unwrap_or_else(PoisonError::into_inner);
        if second.0 != now {
            *second = (now, 0);
        }
        second.1 += 1;
        second.1 <= REQUESTS_A_SECOND
    }
}

impl Site for PcmAuth {
    async fn answer(&self, request: Request) -> Answer {
        token::answer(&self.0, &request)
    }
}

impl Site for PcmApi {
    async fn answer(&self, request: Request) -> Answer {
        api::answer(&self.0, &request)
    }
}
