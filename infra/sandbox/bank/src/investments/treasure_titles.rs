//! Treasure titles 1.1.0.

use serde_json::{Value, json};

use crate::holdings::Family;
use crate::investments::api::{Investments, TRANSACTION_DATES, USUAL, nothing_more};
use crate::investments::bonds;
use crate::investments::position::{self, Interest, Move, Movement, Paper, Position};
use crate::records::decimal;

pub(crate) static API: Investments = Investments {
    family: Family { api: "treasure-titles", kind: "TREASURE_TITLE", prefix: "TES", ..USUAL },
    papers: PAPERS,
    moves: MOVES,
    days: TRANSACTION_DATES,
    listed: |position| position.held.listed(),
    detail,
    balance: bonds::balance,
    transaction,
    more: nothing_more,
};

static PAPERS: &[Paper] = &[
    Paper {
        name: "Tesouro Selic de exemplo",
        isin: "BREXMPLFT001",
        interest: Interest { indexer: "SELIC", fixed: None, floating: Some(1_000_000), more: None },
        price: 142_310_000,
        ..position::USUAL
    },
    Paper {
        name: "Tesouro Prefixado de exemplo",
        isin: "BREXMPLTN002",
        interest: Interest { indexer: "PRE_FIXADO", fixed: Some(112_500), floating: None, more: None },
        price: 7_450_600,
        ..position::USUAL
    },
    Paper {
        name: "Tesouro IPCA+ com juros semestrais de exemplo",
        isin: "BREXMPNTB003",
        interest: Interest { indexer: "IPCA", fixed: Some(64_000), floating: Some(1_000_000), more: None },
        price: 41_807_500,
        coupon: Some("SEMESTRAL"),
        ..position::USUAL
    },
];

static MOVES: &[Move] = &[
    Move::trade("COMPRA", true),
    Move::trade("VENDA", false),
    Move::trade("COMPRA", true),
    Move::yields("PAGAMENTO_JUROS", false),
    Move::other("Lançamento de exemplo"),
];

fn detail(position: &Position) -> Value {
    let paper = position.paper;
    let mut record = json!({
        "isinCode": paper.isin,
        "productName": paper.name,
        "remuneration": bonds::remuneration(&paper.interest),
        "purchaseDate": position.date(-2),
        "dueDate": position.date(3),
    });
    bonds::say_coupon(&mut record, paper.coupon);
    record
}

/// What comes in says its rate, also where it is none beside the index.
fn transaction(position: &Position, movement: &Movement) -> Value {
    let mut record = bonds::transaction(position, movement);
    if movement.made.incoming {
        let rate = position.paper.interest.fixed.unwrap_or_default();
        record["remunerationTransactionRate"] = decimal(rate, 6).into();
    }
    record
}
