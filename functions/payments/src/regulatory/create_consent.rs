//! POST /consents (P01, P05, P09, P30, P40 to P43).

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, Refusal, SignedCall};
use ponte_payment::consent::{NewPaymentConsent, PaymentConsent};
use ponte_payment::consent_rules;
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::ports::{ConsentCreation, PaymentWriteFault};
use ponte_payment::wire::{ApiVersion, PaymentConsentRequest};
use ponte_values::ConsentId;

use super::asked::{Asked, version};
use super::replay::{Replayed, replay};
use crate::ports::Ports;
use crate::view;

pub(super) async fn create(ports: Arc<Ports>, call: SignedCall<ClientCall>) -> Result<Answer, Refusal> {
    let asked = Asked::of(&call, call.row, &call.client.id, call.data_hash()?)?;
    let api = version(call.row);
    // A key that was used is met when this is written. Before that only who would be refused is asked for it: what was judged once is not
    // judged anew (P42).
    let request = match judged(&ports, &call, api) {
        Ok(request) => request,
        Err(refusal) => {
            let outcome = asked.replayed(&ports, &call).await?.ok_or(refusal)?;
            return again(&ports, &call, outcome).await;
        }
    };
    let (person, company) = (&request.logged_user.document.identification, &request.business_entity);
    let company = company.as_ref().map(|company| &company.document.identification);
    let institution = &ports.settings.institution;
    let new = NewPaymentConsent {
        id: ConsentId::mint_payment(institution, &call.uuid()).map_err(|_| Refusal::internal())?,
        client: call.client.id.clone(),
        organisation: call.client.organisation.clone(),
        api,
        search: ports.pseudonyms.search_keys(person, company),
    };
    let change = PaymentConsent::create(new, request, call.now);
    let answer = call.value(201, &view::consent(&change.consent, call.now))?;
    let id = change.consent.id.clone();
    let commit = change.commit(call.uuid(), Some(call.interaction.to_string()));
    let idempotency = asked.record(IdempotentOutcome::Consent(id.clone()), &call);
    let creation = ConsentCreation { consent: commit.consent, idempotency, trail: commit.trail };
    match ports.payments.create_consent(creation).await {
        Ok(()) => Ok(answer.created(id)),
        // It was sent before, perhaps a moment ago by another call that was faster (PB-B02).
        Err(PaymentWriteFault::KeyUsed) => {
            let outcome = asked.replayed(&ports, &call).await?.ok_or_else(Refusal::overloaded)?;
            again(&ports, &call, outcome).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The request, if its form and what it asks for are good.
fn judged(
    ports: &Ports,
    call: &SignedCall<ClientCall>,
    api: ApiVersion,
) -> Result<PaymentConsentRequest, Refusal> {
    let request: PaymentConsentRequest = call.data()?;
    consent_rules::judge(api, &request, &ports.settings.rules, call.now)?;
    Ok(request)
}

async fn again(ports: &Ports, call: &ClientCall, outcome: IdempotentOutcome) -> Result<Answer, Refusal> {
    match replay(ports, outcome).await? {
        Replayed::Consent(consent) => call.value(201, &view::consent(&consent, call.now)),
        Replayed::Payments(_) => Err(Refusal::internal()),
    }
}
