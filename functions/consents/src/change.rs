//! A change of a consent: decided, committed, and decided again if somebody else was faster.

use std::future::{Future, ready};

use ponte_data_consent::consent::{Consent, ConsentChange, ConsentFault};
use ponte_edge::{Call, Refusal};
use ponte_ports::CommitFault;

use crate::ports::Ports;

/// How often a change is decided again because somebody else changed the consent in between. A consent changes a few
/// times in its life, so more conflicts in a row than this are a fault of the store.
const ATTEMPTS: u32 = 6;

/// Commits the change that `decide` makes of a consent just read, if it makes one, and returns the outcome of `decide`.
/// After a conflict the consent is read and decided on again, racers apart from each other.
///
/// # Errors
/// The refusal of `decide`, a store that failed, or 409 after [`ATTEMPTS`] conflicts, which a row of the catalog answers
/// as overload (529).
pub(crate) async fn commit<T>(
    ports: &Ports,
    call: &Call,
    consent: Consent,
    decide: impl Fn(Consent) -> Result<(Option<ConsentChange>, T), Refusal>,
) -> Result<T, Refusal> {
    commit_after_reading(ports, call, consent, |consent| ready(decide(consent))).await
}

/// The same for a decision that reads more than the consent: at each attempt anew, after the consent.
///
/// # Errors
/// As [`commit`].
pub(crate) async fn commit_after_reading<T, D>(
    ports: &Ports,
    call: &Call,
    mut consent: Consent,
    decide: impl Fn(Consent) -> D,
) -> Result<T, Refusal>
where
    D: Future<Output = Result<(Option<ConsentChange>, T), Refusal>>,
{
    let mut attempt = 1;
    loop {
        let id = consent.id.clone();
        let (change, outcome) = decide(consent).await?;
        let Some(change) = change else { return Ok(outcome) };
        match ports.consents.commit(change.commit(call.uuid(), Some(call.interaction.to_string()))).await {
            Ok(()) => return Ok(outcome),
            Err(CommitFault::Conflict) if attempt < ATTEMPTS => {
                attempt += 1;
                call.pause_before(attempt).await;
            }
            Err(fault) => return Err(fault.into()),
        }
        consent = ports.consents.find(&id).await?.ok_or(ConsentFault::Unknown)?;
    }
}
