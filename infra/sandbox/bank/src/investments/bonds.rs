//! What bank fixed incomes, credit fixed incomes and treasure titles have in common.

use serde_json::{Value, json};

use crate::investments::position::{Interest, Movement, Position, money, price};
use crate::records::decimal;

/// What the list of a fixed income says.
pub(crate) fn listed(position: &Position) -> Value {
    let mut record = position.held.listed();
    record["investmentType"] = position.paper.kind.into();
    record
}

/// What both fixed incomes say of a paper.
pub(crate) fn detail(position: &Position) -> Value {
    let paper = position.paper;
    let mut remuneration = remuneration(&paper.interest);
    remuneration["rateType"] = "EXPONENCIAL".into();
    json!({
        "issuerInstitutionCnpjNumber": paper.cnpj,
        "isinCode": paper.isin,
        "investmentType": paper.kind,
        "remuneration": remuneration,
        "issueUnitPrice": price(paper.price),
        "issueDate": position.date(-3),
        "purchaseDate": position.date(-2),
        "gracePeriodDate": position.date(-1),
        "dueDate": position.date(3),
        "clearingCode": position.held.text(),
    })
}

/// `remuneration` as treasure titles have it; fixed incomes also say `rateType`.
pub(crate) fn remuneration(interest: &Interest) -> Value {
    let mut record =
        json!({ "indexer": interest.indexer, "ratePeriodicity": "ANUAL", "calculation": "DIAS_UTEIS" });
    say_rates(&mut record, interest);
    if let Some(more) = interest.more {
        record["indexerAdditionalInfo"] = more.into();
    }
    record
}

/// Adds what was agreed about interest.
pub(crate) fn say_rates(record: &mut Value, interest: &Interest) {
    if let Some(fixed) = interest.fixed {
        record["preFixedRate"] = decimal(fixed, 6).into();
    }
    if let Some(floating) = interest.floating {
        record["postFixedIndexerPercentage"] = decimal(floating, 6).into();
    }
}

/// Adds whether and how often interest is paid out.
pub(crate) fn say_coupon(record: &mut Value, coupon: Option<&str>) {
    record["voucherPaymentIndicator"] = if coupon.is_some() { "SIM" } else { "NAO" }.into();
    if let Some(coupon) = coupon {
        record["voucherPaymentPeriodicity"] = coupon.into();
    }
}

/// A balance as treasure titles have it; fixed incomes also say the rates.
pub(crate) fn balance(position: &Position) -> Value {
    let gross = position.gross();
    let tax = position.tax(gross);
    json!({
        "referenceDateTime": format!("{}T00:00:00Z", position.today),
        "quantity": decimal(position.quantity(), 2),
        "updatedUnitPrice": price(position.price(position.today)),
        "grossAmount": money(gross),
        "netAmount": money(gross - tax),
        "incomeTax": money(tax),
        "financialTransactionTax": money(0),
        "blockedBalance": money(0),
        "purchaseUnitPrice": price(position.paper.price),
    })
}

/// A movement, but for what it says of interest.
pub(crate) fn transaction(position: &Position, movement: &Movement) -> Value {
    let (mut record, gross) = (movement.record(), movement.gross());
    let tax = if movement.made.incoming { 0 } else { position.tax(gross) };
    record["transactionId"] = position.movement_id(movement).into();
    record["transactionDate"] = movement.day.to_string().into();
    record["transactionUnitPrice"] = price(movement.price);
    record["transactionQuantity"] = decimal(movement.quantity, 2).into();
    record["transactionGrossValue"] = money(gross);
    record["transactionNetValue"] = money(gross - tax);
    if !movement.made.incoming {
        record["incomeTax"] = money(tax);
        record["financialTransactionTax"] = money(0);
    }
    record
}

/// A movement of a fixed income: what comes in says the rates.
pub(crate) fn fixed_income_transaction(position: &Position, movement: &Movement) -> Value {
    let (mut record, interest) = (transaction(position, movement), &position.paper.interest);
    let rates = [("remunerationTransactionRate", interest.fixed), ("indexerPercentage", interest.floating)];
    for (name, rate) in rates {
        if let (true, Some(rate)) = (movement.made.incoming, rate) {
            record[name] = decimal(rate, 6).into();
        }
    }
    record
}
