//! Broker notes of variable incomes 1.3.0: one for all that a customer bought and sold on a day.

use ponte_values::Date;
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::call::Call;
use crate::holdings::{Held, Holder};
use crate::investments::api::{DAYS_BACK, Investments};
use crate::investments::position::{Movement, money};
use crate::refusal::{Refusal, invalid, not_found};

/// The identifier of the note of a day.
pub(crate) fn id(holder: &Holder, day: Date) -> String {
    format!("NOTA-{}-{day}", holder.code)
}

/// `broker-notes`: a note of the product asked for or, without one, of any product that the consent shares.
pub(crate) fn answer(api: &'static Investments, call: &Call<'_>) -> Result<Answer, Refusal> {
    let products = match call.request.resource_legacy_id {
        Some(_) => vec![api.family.asked(call)?],
        None => api.family.shared(call)?,
    };
    let wanted = call.text("brokerNoteId")?.ok_or_else(|| invalid("brokerNoteId é obrigatório"))?;
    let unknown = || not_found("brokerNoteId desconhecido");
    let day = day_of(wanted).ok_or_else(unknown)?;
    let known = call.today().plus_days(-DAYS_BACK)..=call.today();
    let on_it = |held: &Held| id(held.holder, day) == wanted && !trades(api, call, *held, day).is_empty();
    if !known.contains(&day) || !products.iter().any(on_it) {
        return Err(unknown());
    }
    let of_day = api.family.of(call.customer).into_iter().flat_map(|held| trades(api, call, held, day));
    Ok(call.single(&note(day, &of_day.collect::<Vec<_>>())))
}

/// The day at the end of an identifier.
fn day_of(id: &str) -> Option<Date> {
    let start = id.len().checked_sub("2026-03-02".len())?;
    Date::parse(id.get(start..)?).ok()
}

fn trades(api: &'static Investments, call: &Call<'_>, held: Held, day: Date) -> Vec<Movement> {
    let mut moved = api.position(held, call).movements(api.moves, day, day);
    moved.retain(|movement| movement.made.traded);
    moved
}

/// The record: what was sold less what was bought, and the costs of both.
fn note(day: Date, trades: &[Movement]) -> Value {
    let turnover: i64 = trades.iter().map(Movement::gross).sum();
    let sold: i64 = trades.iter().filter(|trade| !trade.made.incoming).map(Movement::gross).sum();
    let gross = sold - (turnover - sold);
    let costs = [
        ("brokerageFee", 490),
        ("clearingSettlementFee", turnover * 25 / 100_000),
        ("clearingRegistrationFee", turnover * 7 / 100_000),
        ("stockExchangeAssetTradeNoticeFee", turnover * 3 / 100_000),
        ("stockExchangeFee", turnover * 5 / 100_000),
        ("clearingCustodyFee", 0),
        ("taxes", 25),
        ("incomeTax", sold * 5 / 100_000),
    ];
    let mut record = json!({
        "brokerNoteNumber": day.to_string().replace('-', ""),
        "grossValue": money(gross),
        "netValue": money(gross - costs.iter().map(|(_, cents)| cents).sum::<i64>()),
    });
    for (name, cents) in costs {
        record[name] = money(cents);
    }
    record
}
