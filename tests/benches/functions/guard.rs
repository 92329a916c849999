//! The guard alone, in this process: token, certificate, scope and consent of a call that was read before.

use std::sync::Arc;

use async_trait::async_trait;
use ponte_authorization::block_list::BlockList;
use ponte_catalog::Access;
use ponte_catalog::accounts::LIST;
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{ConsentCommit, Consents};
use ponte_edge::{Guard, Request};
use ponte_fapi::jwk::KeySet;
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ConsentId, Moment};

use super::measure::{Bench, PAIRS, TURNS};
use super::multiple::{Multiple, alone};
use super::operations::{GET_ACCOUNTS, ONE_TOKEN};
use super::world::{GIVEN, ISSUER, given};
use super::{Fault, meter, now};

/// Calls in a turn.
const CALLS: u32 = 200;

/// A table with one consent, in memory: what the guard costs without the read.
struct Memory(Consent);

#[async_trait]
impl Consents for Memory {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        Ok((self.0.id == *id).then(|| self.0.clone()))
    }

    async fn commit(&self, _: ConsentCommit) -> Result<(), CommitFault> {
        Err(CommitFault::Conflict)
    }
}

/// A customer's `GET /accounts` past the guard, in turns with the one verification in it.
pub(crate) async fn measure(bench: &Bench) -> Result<Multiple, Fault> {
    let now = now();
    let keys = KeySet::parse(bench.world.server_keys())?;
    let guard = Guard::new(ISSUER.to_owned(), keys, BlockList::default());
    let authority = ConsentAuthority::new(Arc::new(Memory(given(GIVEN, now)?)));
    let event = (GET_ACCOUNTS.event)(&bench.world, now)?;
    let request = Request::read(serde_json::from_slice(&event)?, now);
    let mut multiple = Multiple::default();
    for _ in 0..PAIRS * TURNS {
        let cpu = turn(&guard, &authority, &request, now).await?;
        multiple.push(cpu, alone(&bench.rsa, ONE_TOKEN)?);
    }
    Ok(multiple)
}

/// CPU of one call, µs.
async fn turn(
    guard: &Guard,
    authority: &ConsentAuthority,
    request: &Request,
    now: Moment,
) -> Result<f64, Fault> {
    let Access::Customer(access) = &LIST.access else { return Err("a row for customers".into()) };
    let before = meter::own_cpu_nanos()?;
    for _ in 0..CALLS {
        let caller = guard.customer(access, authority, request, now).await;
        std::hint::black_box(caller.map_err(|_| "the guard refuses a good call")?);
    }
    Ok(meter::micros(meter::own_cpu_nanos()? - before) / f64::from(CALLS))
}
