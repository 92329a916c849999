//! `/payments`: where money moves.

use ponte_values::Moment;

use super::judgement::{Judged, Stage};
use crate::contract::{Execution, Item};
use crate::mode::Flaw;
use crate::order::{Behaviour, Call, Part};
use crate::payment::{Payment, Reason, Status, Step};
use crate::said::{Said, invalid};
use crate::state::{State, later};

/// Where the operation is.
const PATH: &str = "/payments";

/// Executes a payment, or says what became of it. `now` is the clock that Ponte sees, `course` the one that payments go by.
pub(crate) fn payments(
    state: &mut State,
    asked: &Execution,
    (now, course): (Moment, Moment),
    races: bool,
) -> Said {
    let key = asked.idempotency_key.as_str();
    let item: Item = match serde_json::from_value(asked.request_body.data.clone()) {
        Ok(item) => item,
        Err(problem) => return invalid(&problem.to_string()),
    };
    if state.mode.recognises()
        && !races
        && let Some(known) = state.known(key)
    {
        let same = known.asked == asked.request_body.data && known.consent == asked.consent.external_id;
        if !same && !state.flawed(Flaw::TakesOtherData) {
            return Said::refused(422, "ERRO_IDEMPOTENCIA", "chave usada com outros dados");
        }
        return answer(state, known);
    }
    if now >= asked.not_after && !state.flawed(Flaw::ExecutesLate) {
        return Said::refused(422, "NAO_EXECUTADO", "o prazo notAfter passou");
    }
    let call = Call { operation: PATH, key: Some(key), amount: Some(&item.payment.amount) };
    let payment = match state.judge(&Judged::payment(&asked.consent, &item, Stage::Execution), now) {
        Ok((holding, cents)) => {
            let (status, steps) = course_of(state, call, course);
            let lag = state.orders.strike(Part::Sight, call, &mut state.dice, course);
            let lag = if let Some(Behaviour::Lag { seconds }) = lag { seconds } else { 0 };
            Payment {
                amount: cents,
                debtor: holding.account,
                status,
                steps,
                visible_from: later(course, lag),
                ..blank(state, asked, &item, course)
            }
        }
        Err(reason) => {
            let debtor = asked.consent.resources.first().map(|chosen| chosen.debtor_account.clone());
            Payment {
                debtor: debtor.unwrap_or_else(|| item.creditor_account.clone()),
                status: Status::Rjct,
                reason: Some(reason),
                refused: true,
                ..blank(state, asked, &item, course)
            }
        }
    };
    let place = state.take(payment);
    state.advance(course);
    answer(state, &state.payments[place])
}

/// What the payment is told as.
fn answer(state: &State, payment: &Payment) -> Said {
    if let Some(reason) = payment.reason.as_ref().filter(|_| payment.refused) {
        return Said::refused(422, &reason.code, &reason.detail);
    }
    let mut data = payment.told();
    if state.flawed(Flaw::TellsOtherAmount) {
        data["payment"]["amount"] = other_amount(payment.amount).into();
    }
    Said::data(201, data)
}

/// A cent more.
fn other_amount(cents: u64) -> String {
    crate::payment::decimal(cents + 1)
}

/// A payment as it comes in.
fn blank(state: &State, asked: &Execution, item: &Item, at: Moment) -> Payment {
    Payment {
        number: state.payments.len() as u64 + 1,
        key: asked.idempotency_key.clone(),
        end_to_end_id: item.end_to_end_id.clone(),
        consent: asked.consent.external_id.clone(),
        amount: super::judgement::cents(&item.payment.amount).unwrap_or_default(),
        debtor: item.creditor_account.clone(),
        creditor: item.creditor_account.clone(),
        status: Status::Acpd,
        reason: None,
        cancelled_by: None,
        created: at,
        updated: at,
        refused: false,
        asked: asked.request_body.data.clone(),
        steps: Vec::new(),
        visible_from: at,
        told: None,
    }
}

/// How a payment begins and what becomes of it, as it is ordered: settled at once without an order.
fn course_of(state: &mut State, call: Call<'_>, at: Moment) -> (Status, Vec<(Moment, Step)>) {
    match state.orders.strike(Part::Course, call, &mut state.dice, at) {
        Some(Behaviour::Hold) => (Status::Pdng, Vec::new()),
        Some(Behaviour::SettleLate { seconds, pending: false }) => {
            (Status::Acpd, vec![(later(at, seconds), Step::Settle)])
        }
        Some(Behaviour::SettleLate { seconds, pending: true }) => {
            let steps = vec![(later(at, seconds / 2), Step::Send), (later(at, seconds), Step::Settle)];
            (Status::Pdng, steps)
        }
        Some(Behaviour::RejectLate { seconds, reason: Reason { code, detail } }) => {
            (Status::Acpd, vec![(later(at, seconds), Step::Reject(Reason { code, detail }))])
        }
        _ => (Status::Acpd, vec![(at, Step::Settle)]),
    }
}
