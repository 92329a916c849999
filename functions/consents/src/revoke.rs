//! DELETE /consents/{consentId} (C04, C10).

use std::sync::Arc;

use ponte_domain::audit::Actor;
use ponte_domain::consent::RejectedBy;
use ponte_domain::ports::CommitFault;
use ponte_edge::{Admitted, Answer, Refusal};

use crate::{Ports, read};

/// How often a change is decided again because somebody else changed the consent in between. A consent changes a few
/// times in its life, so more conflicts in a row than this are a fault of the store.
pub(crate) const ATTEMPTS: u32 = 4;

pub(crate) async fn revoke(ports: Arc<Ports>, call: Admitted) -> Result<Answer, Refusal> {
    let mut attempt = 1;
    loop {
        match once(&ports, &call).await? {
            Ok(()) => return Ok(Answer::nothing()),
            Err(CommitFault::Conflict) if attempt < ATTEMPTS => attempt += 1,
            Err(fault) => return Err(fault.into()),
        }
    }
}

/// Reads, decides and commits; the inner result is the commit's.
async fn once(ports: &Ports, call: &Admitted) -> Result<Result<(), CommitFault>, Refusal> {
    let consent = read::own(ports, call).await?;
    let actor = Actor::Client(consent.client.to_string());
    // The client deletes at its customer's wish; the codes of C06 for it are the customer's.
    let change = consent.revoke(RejectedBy::User, actor, call.now)?;
    Ok(ports.consents.commit(change.commit(call.uuid(), Some(call.interaction.to_string()))).await)
}
