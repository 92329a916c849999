//! Questions about payments, their cancellation, and the books of a day.

use ponte_values::Moment;
use serde_json::{Value, json};

use crate::contract::{Cancellation, Day, Question};
use crate::mode::{Dedupe, Flaw};
use crate::payment::{Payment, Status};
use crate::said::{Said, invalid};
use crate::state::State;

/// Payments on a page of a day.
const PAGE: usize = 500;

/// `/find`.
pub(crate) fn find(state: &State, asked: &Question, now: Moment) -> Said {
    let key = asked.idempotency_key.as_str();
    let known = match &asked.payment_id {
        // Its own identifier names a payment, whatever it knows of keys.
        Some(_) if state.flawed(Flaw::ForgetsPaymentIds) => None,
        Some(id) => state.payments.iter().find(|one| one.key == key && one.is(id)),
        None if state.mode.dedupe == Dedupe::None => {
            return Said::refused(422, "CONSULTA_NAO_SUPORTADA", "sem consulta por chave");
        }
        None => state.known(key),
    };
    let known = known.filter(|one| one.consent == asked.consent.external_id);
    match known.filter(|one| one.visible_from <= now && !state.flawed(Flaw::ForgetsPayments)) {
        Some(payment) => Said::data(200, payment.told()),
        None => unknown(state),
    }
}

fn unknown(state: &State) -> Said {
    let signed = !state.flawed(Flaw::PlainNotFound);
    Said { signed, ..Said::refused(404, "PAGAMENTO_NAO_ENCONTRADO", "chave desconhecida") }
}

/// `/cancellation`: what is held may be cancelled, and what is cancelled stays so.
pub(crate) fn cancellation(state: &mut State, asked: &Cancellation, now: Moment) -> Said {
    let data = &asked.request_body.data;
    if data.status != "CANC" {
        return invalid("status é CANC");
    }
    let of_consent = |one: &Payment| one.consent == asked.consent.external_id;
    let Some(payment) = state.known(&asked.idempotency_key).filter(|one| of_consent(one)) else {
        return unknown(state);
    };
    let settled = payment.status == Status::Acsc && state.flawed(Flaw::CancelsSettled);
    let held = payment.status == Status::Pdng && state.flawed(Flaw::CancelsInWords);
    if payment.status == Status::Canc {
        return Said::data(200, payment.told());
    }
    if payment.status != Status::Pdng && !settled {
        return Said::refused(422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO", "o pagamento não está pendente");
    }
    let place = usize::try_from(payment.number - 1).unwrap_or_default();
    let by = Some(data.cancellation.cancelled_by.document.identification.clone());
    if settled || held {
        let told = Payment { status: Status::Canc, cancelled_by: by, ..state.payments[place].clone() };
        return Said::data(200, told.told());
    }
    state.payments[place].cancelled_by = by;
    state.become_of(place, Status::Canc, None, now);
    Said::data(200, state.payments[place].told())
}

/// `/payments-of-day`, in the order in which they came; the cursor is the number of the last one seen.
pub(crate) fn books(state: &State, asked: &Day, now: Moment) -> Said {
    let page = &asked.request_body.data;
    let after = match page.cursor.as_deref().map(str::parse::<u64>) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => return invalid("cursor desconhecido"),
    };
    let counts =
        |payment: &&Payment| payment.created.date_brasilia() == page.day && payment.visible_from <= now;
    let mut of_day: Vec<&Payment> = state.payments.iter().filter(counts).collect();
    if state.flawed(Flaw::LeavesOut) && !of_day.is_empty() {
        of_day.remove(0);
    }
    let rest: Vec<&Payment> = of_day.into_iter().filter(|payment| payment.number > after).collect();
    let mut shown: Vec<Value> = rest.iter().take(PAGE).map(|payment| payment.told()).collect();
    if state.flawed(Flaw::BooksOtherAmount)
        && let Some(first) = shown.first_mut()
    {
        first["payment"]["amount"] = json!("0.02");
    }
    let mut data = json!({ "payments": shown });
    if rest.len() > PAGE {
        data["nextCursor"] = rest[PAGE - 1].number.to_string().into();
    }
    Said::data(200, data)
}
