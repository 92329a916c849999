//! POST /consents (C01, C03, C08, C24, C25).

use std::sync::Arc;

use ponte_catalog::consents::{BusinessEntity, CreateConsent, CreateConsentData, LoggedUser};
use ponte_data_consent::consent::{Consent, ConsentFault, ConsentRequest, NewConsent};
use ponte_edge::{Answer, ClientCall, Refusal};
use ponte_values::{Cnpj, ConsentId, Cpf, Moment};

use crate::consent_data;
use crate::ports::Ports;

/// The date that version 2.2 wrote for an indefinite term: 2300-01-01T00:00:00Z (C07).
const INDEFINITE: Moment = Moment::from_seconds(10_413_792_000);

pub(crate) async fn create(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let CreateConsent { data } = call.json()?;
    let request = request_of(data)?;
    let new = NewConsent {
        id: ConsentId::mint(&ports.settings.institution, &call.uuid()).map_err(|_| Refusal::internal())?,
        client: call.client.id.clone(),
        organisation: call.client.organisation.clone(),
        search: ports.pseudonyms.search_keys(&request.logged_user, request.business.as_ref()),
    };
    let change = Consent::create(new, request, ports.settings.policy, call.now)?;
    let answer = call.value(201, &consent_data::summary(&change.consent, call.now))?;
    let consent = change.consent.id.clone();
    ports.consents.commit(change.commit(call.uuid(), Some(call.interaction.to_string()))).await?;
    Ok(answer.created(consent))
}

/// The requested end; `None` is an indefinite term, as is the dummy of version 2.2 (C07).
pub(crate) fn definite(end: Option<Moment>) -> Option<Moment> {
    end.filter(|end| *end != INDEFINITE)
}

/// The person and the company that a body names.
pub(crate) fn named(
    person: LoggedUser,
    company: Option<BusinessEntity>,
) -> Result<(Cpf, Option<Cnpj>), ConsentFault> {
    let person = person.cpf().ok_or(ConsentFault::DocumentKind)?;
    let company = company.map(|company| company.cnpj().ok_or(ConsentFault::DocumentKind)).transpose()?;
    Ok((person, company))
}

fn request_of(data: CreateConsentData) -> Result<ConsentRequest, ConsentFault> {
    let (logged_user, business) = named(data.logged_user, data.business_entity)?;
    Ok(ConsentRequest {
        logged_user,
        business,
        permissions: data.permissions,
        expires_at: definite(data.expiration_date_time),
        linked: data.is_linked.unwrap_or(false),
    })
}
