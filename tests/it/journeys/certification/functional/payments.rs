//! Sections 11 and 12: payments v5 and v4. A consent is used up by its first payment, whatever comes of it, so that each case has a new one.

mod approvals;
mod day;
mod dynamic_codes;
mod instruments;
mod nfc;
mod plain;
mod requests;
mod schedules;
mod version_4;
mod withdrawals;

use ponte_bank::customers::CUSTOMERS;
use ponte_participant::{PaymentOrder, PaymentsApi};
use serde_json::Value;

use crate::journeys::payments::ANA;

const V5: PaymentsApi = PaymentsApi::V5;
const V4: PaymentsApi = PaymentsApi::V4;

const INVALID: &[&str] = &["PARAMETRO_INVALIDO"];
const MISSING: &[&str] = &["PARAMETRO_NAO_INFORMADO"];
const DETAIL: &[&str] = &["DETALHE_PAGAMENTO_INVALIDO"];
const DIFFERS: &[&str] = &["PAGAMENTO_DIVERGENTE_CONSENTIMENTO"];
const DAY: &[&str] = &["DATA_PAGAMENTO_INVALIDA"];
/// What the bank says to an amount above any balance.
const TOO_MUCH: &[&str] = &["SALDO_INSUFICIENTE", "VALOR_ACIMA_LIMITE"];

/// Ten reais of the first customer to the shop, written by hand.
fn order() -> PaymentOrder {
    order_in(V5)
}

fn order_in(api: PaymentsApi) -> PaymentOrder {
    PaymentOrder::manual(api, (CUSTOMERS[ANA].cpf, None), "10.00")
}

/// The items of an order with one member of the first changed; null takes it away.
fn items_with(order: &PaymentOrder, place: &str, value: Value) -> Value {
    let mut items = order.items();
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    let members = items[0].pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.to_owned(), value)),
    }
    items
}
