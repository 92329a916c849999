//! Funds 1.1.0.

use serde_json::{Value, json};

use crate::holdings::Family;
use crate::investments::api::{Investments, USUAL, nothing_more};
use crate::investments::position::{self, Move, Movement, Paper, Position, money, price};
use crate::records::decimal;

pub(crate) static API: Investments = Investments {
    family: Family { api: "funds", kind: "FUND", prefix: "FUN", ..USUAL },
    papers: PAPERS,
    moves: MOVES,
    days: ("fromTransactionConversionDate", "toTransactionConversionDate"),
    listed,
    detail,
    balance,
    transaction,
    more: nothing_more,
};

/// The first one has letters in its CNPJ (Z-CNP-06).
static PAPERS: &[Paper] = &[
    Paper {
        name: "Fundo de Investimento de Exemplo Renda Fixa",
        kind: "RENDA_FIXA",
        isin: "BREXMPCTF001",
        cnpj: "EXEMPL0F000125",
        price: 23_456_789,
        ..position::USUAL
    },
    Paper {
        name: "Fundo de Exemplo em Ações de Companhias Inventadas, com um nome comprido e acentuado: Operações, \
               Participações e Aplicações sem Preocupações",
        kind: "ACOES",
        isin: "BREXMPCTF002",
        cnpj: "11444777000161",
        price: 1_987_654,
        ..position::USUAL
    },
    Paper {
        name: "Fundo Cambial de Exemplo",
        kind: "CAMBIAL",
        isin: "BREXMPCTF003",
        cnpj: "11444777000161",
        price: 5_432_100,
        ..position::USUAL
    },
];

static MOVES: &[Move] = &[
    Move::trade("APLICACAO", true),
    Move::trade("RESGATE", false),
    Move::trade("APLICACAO", true),
    Move::yields("COME_COTAS", false),
    Move::other("Ajuste de exemplo"),
];

fn listed(position: &Position) -> Value {
    let mut record = position.held.listed();
    say_category(&mut record, position.paper);
    record
}

fn detail(position: &Position) -> Value {
    let paper = position.paper;
    let mut record = json!({ "name": paper.name, "cnpjNumber": paper.cnpj, "isinCode": paper.isin });
    say_category(&mut record, paper);
    record
}

fn say_category(record: &mut Value, paper: &Paper) {
    record["anbimaCategory"] = paper.kind.into();
    record["anbimaClass"] = "Classe de exemplo".into();
    record["anbimaSubclass"] = "Subclasse de exemplo".into();
}

fn balance(position: &Position) -> Value {
    let gross = position.gross();
    let tax = position.tax(gross);
    json!({
        "referenceDate": position.today.to_string(),
        "grossAmount": money(gross),
        "netAmount": money(gross - tax),
        "incomeTaxProvision": money(tax),
        "financialTransactionTaxProvision": money(0),
        "blockedAmount": money(0),
        "quotaQuantity": decimal(position.quantity(), 2),
        "quotaGrossPriceValue": price(position.price(position.today)),
    })
}

fn transaction(position: &Position, movement: &Movement) -> Value {
    let (mut record, gross) = (movement.record(), movement.gross());
    record["transactionId"] = position.movement_id(movement).into();
    record["transactionConversionDate"] = movement.day.to_string().into();
    record["transactionQuotaPrice"] = price(movement.price);
    record["transactionQuotaQuantity"] = decimal(movement.quantity, 2).into();
    record["transactionValue"] = money(gross);
    record["transactionGrossValue"] = money(gross);
    if !movement.made.incoming {
        let tax = position.tax(gross);
        record["incomeTax"] = money(tax);
        record["financialTransactionTax"] = money(0);
        record["transactionExitFee"] = money(0);
        record["transactionNetValue"] = money(gross - tax);
    }
    record
}
