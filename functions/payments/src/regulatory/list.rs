//! GET /consents/{consentId}/pix/payments, v5: the payments of a consent, those of a span of days if one is asked for (P02).

use std::sync::Arc;

use ponte_edge::{Answer, ClientCall, MalformedRequest, Refusal};
use ponte_payment::payment::Payment;
use ponte_values::Date;

use super::own;
use crate::ports::Ports;
use crate::view;

pub(super) async fn list(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    // Its file knows no 422.
    let filters = call.filters().map_err(|_| MalformedRequest::Invalid("startDate"))?;
    let day = |name| filters.iter().find(|(filter, _)| *filter == name).map(|(_, day)| Date::parse(day));
    // Whatever is no date was refused.
    let (from, to) = (day("startDate").and_then(Result::ok), day("endDate").and_then(Result::ok));
    let consent = own::consent(&ports, &call).await?;
    let payments = ports.payments.find_all(consent.payments()).await?;
    let within = |day: Date| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let payments = payments.iter().filter(|payment| within(day_of(payment)));
    let payments: Vec<_> = payments.map(view::payment).collect();
    call.value(200, &payments)
}

/// The day a payment takes place: of an immediate one that of its creation, in Brasília.
fn day_of(payment: &Payment) -> Date {
    payment.day.unwrap_or_else(|| payment.created_at.date_brasilia())
}
