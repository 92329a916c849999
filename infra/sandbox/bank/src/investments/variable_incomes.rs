//! Variable incomes 1.3.0.

use serde_json::{Value, json};

use crate::holdings::Family;
use crate::investments::api::{Investments, TRANSACTION_DATES, USUAL};
use crate::investments::broker_notes;
use crate::investments::position::{self, Move, Movement, Paper, Position, money, price};
use crate::records::decimal;

pub(crate) static API: Investments = Investments {
    family: Family { api: "variable-incomes", kind: "VARIABLE_INCOME", prefix: "REN", ..USUAL },
    papers: PAPERS,
    moves: MOVES,
    days: TRANSACTION_DATES,
    listed: |position| position.held.listed(),
    detail,
    balance,
    transaction,
    more: |api, operation, call| (operation == "broker-notes").then(|| broker_notes::answer(api, call)),
};

/// The issuer of the first one has letters in its CNPJ (Z-CNP-08).
static PAPERS: &[Paper] = &[
    share("EXMP3", "BREXMPACN001", "EXEMPL0I000169", 284_100),
    share("PNTE4", "BRPNTEACN002", "11444777000161", 97_300),
    share("XPTO11", "BRXPTOCTF003", "11444777000161", 1_024_500),
];

const fn share(name: &'static str, isin: &'static str, cnpj: &'static str, price: i64) -> Paper {
    Paper { name, isin, cnpj, price, ..position::USUAL }
}

static MOVES: &[Move] = &[
    Move::trade("COMPRA", true),
    Move::trade("VENDA", false),
    Move::trade("COMPRA", true),
    Move::yields("DIVIDENDOS", true),
    Move::other("Bonificação de exemplo"),
];

fn detail(position: &Position) -> Value {
    let paper = position.paper;
    json!({ "issuerInstitutionCnpjNumber": paper.cnpj, "isinCode": paper.isin, "ticker": paper.name })
}

fn balance(position: &Position) -> Value {
    json!({
        "referenceDate": position.today.to_string(),
        "priceFactor": "1.00",
        "grossAmount": money(position.gross()),
        "blockedBalance": money(0),
        "quantity": decimal(position.quantity(), 2),
        "closingPrice": price(position.price(position.today)),
    })
}

fn transaction(position: &Position, movement: &Movement) -> Value {
    let mut record = movement.record();
    record["transactionId"] = position.movement_id(movement).into();
    record["transactionDate"] = movement.day.to_string().into();
    record["transactionValue"] = money(movement.gross());
    if movement.made.traded {
        record["priceFactor"] = "1.00".into();
        record["transactionUnitPrice"] = price(movement.price);
        record["transactionQuantity"] = decimal(movement.quantity, 2).into();
        record["brokerNoteId"] = broker_notes::id(position.held.holder, movement.day).into();
    }
    record
}
