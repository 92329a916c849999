//! POST /consents (C01, C03, C08, C24, C25).

use std::sync::Arc;

use ponte_catalog::consents::{CreateConsent, CreateConsentData};
use ponte_domain::audit::AuditEntry;
use ponte_domain::consent::{Consent, ConsentRequest, NewConsent};
use ponte_domain::ports::Commit;
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::{ConsentId, Moment};

use crate::{Ports, outline};

/// The date that version 2.2 wrote for an indefinite term: 2300-01-01T00:00:00Z (C07).
const INDEFINITE: Moment = Moment::from_seconds(10_413_792_000);

pub(crate) async fn create(ports: Arc<Ports>, call: Admitted) -> Result<Answer, Refusal> {
    let CreateConsent { data } = call.json()?;
    if data.is_linked == Some(true) {
        return Err(Refusal::not_served("isLinked: a jornada otimizada não é atendida"));
    }
    let client = call.client()?;
    let new = NewConsent {
        id: ConsentId::mint(&ports.settings.institution, &call.uuid()).map_err(|_| Refusal::internal())?,
        client: client.id.clone(),
        organisation: client.organisation.clone(),
    };
    let change = Consent::create(new, asked(data), ports.settings.policy, call.now)?;
    let answer = call.value(201, &outline::of(&change.consent, call.now))?;
    let audit = AuditEntry { interaction: Some(call.interaction.to_string()), ..change.audit };
    let commit =
        Commit { id: call.uuid(), consent: Some(change.consent), audit: vec![audit], ..Commit::default() };
    ports.consents.commit(commit).await?;
    Ok(answer)
}

fn asked(data: CreateConsentData) -> ConsentRequest {
    ConsentRequest {
        logged_user: data.logged_user.document.identification,
        business: data.business_entity.map(|company| company.document.identification),
        permissions: data.permissions,
        expires_at: data.expiration_date_time.filter(|end| *end != INDEFINITE),
    }
}
