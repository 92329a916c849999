//! POST v1/payment-status-notification: what the core says of a payment without being asked. It is the same transition as an answer of
//! the core; after a final status it is recorded and changes nothing (P20, PB-G02).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CustomerScope, ManagerCall, ParameterFault, Refusal};
use ponte_payment::payment::{CoreReport, CoreStatus, Payment, Rejection, RejectionCode};
use ponte_payment::wire::Text;
use ponte_ports::LegacyId;
use ponte_values::{Moment, PaymentId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::ports::Ports;
use crate::worker::said;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    legacy_id: Box<RawValue>,
    payment_status: NotifiedStatus,
    payment_status_update_date_time: String,
    rejection_reason: Option<Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    code: RejectionCode,
    detail: Option<Text<2048>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum NotifiedStatus {
    Rcvd,
    /// As cores call one that waits for several people.
    Patc,
    Pdng,
    Accp,
    Acpd,
    Acsc,
    Canc,
    Rjct,
}

/// Keys of the pairs by which a core names a payment by our key.
const OURS: [&str; 2] = ["paymentId", "idempotencyKey"];

#[derive(Deserialize)]
struct Pair<'a> {
    #[serde(borrow)]
    key: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    value: std::borrow::Cow<'a, str>,
}

pub(super) async fn notify(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data } = call.json()?;
    let unreadable = |_| Refusal::invalid_parameter("legacyId", ParameterFault::UnknownValue);
    let legacy_id = LegacyId::parse(&data.legacy_id).map_err(unreadable)?;
    Moment::parse(&data.payment_status_update_date_time)
        .map_err(|_| Refusal::invalid_parameter("paymentStatusUpdateDateTime", ParameterFault::DateTime))?;
    let (payment, core_id) = named(&ports, legacy_id).await?.ok_or_else(Refusal::not_found)?;
    let status = match data.payment_status {
        NotifiedStatus::Rcvd => CoreStatus::Received,
        NotifiedStatus::Patc | NotifiedStatus::Pdng => CoreStatus::Held,
        NotifiedStatus::Accp => CoreStatus::Accepted,
        NotifiedStatus::Acpd => CoreStatus::Settling,
        NotifiedStatus::Acsc => CoreStatus::Settled,
        NotifiedStatus::Rjct => CoreStatus::Rejected(rejection(data.rejection_reason)),
        NotifiedStatus::Canc => {
            let consent = ports.consents.find(&payment.consent).await?.ok_or_else(Refusal::internal)?;
            CoreStatus::Cancelled(consent.person().clone())
        }
    };
    said(&ports, payment, CoreReport { status, core_id }, call.manager.actor()).await?;
    Ok(Answer::no_content())
}

/// The payment that a key names, ours or the core's; with the core's own, if that was told.
async fn named(ports: &Ports, key: LegacyId) -> Result<Option<(Payment, Option<LegacyId>)>, Refusal> {
    let pairs: Vec<Pair<'_>> = serde_json::from_str(key.as_str()).map_err(|_| Refusal::internal())?;
    if let Some(ours) = pairs.iter().find(|pair| OURS.contains(&pair.key.as_ref())) {
        let Ok(id) = PaymentId::parse(&ours.value) else { return Ok(None) };
        return Ok(ports.payments.find(&id).await?.map(|payment| (payment, None)));
    }
    let Some(id) = ports.payments.of_core(&key).await? else { return Ok(None) };
    Ok(ports.payments.find(&id).await?.map(|payment| (payment, Some(key))))
}

fn rejection(reason: Option<Reason>) -> Rejection {
    let (code, detail) =
        reason.map_or((RejectionCode::NaoInformado, None), |reason| (reason.code, reason.detail));
    let detail =
        detail.map_or_else(|| "Não informado pela instituição".to_owned(), |text| text.expose().to_owned());
    Rejection { code, detail }
}
