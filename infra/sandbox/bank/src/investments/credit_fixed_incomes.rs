//! Credit fixed incomes 1.1.0.

use serde_json::Value;

use crate::holdings::Family;
use crate::investments::api::{Investments, TRANSACTION_DATES, USUAL, nothing_more};
use crate::investments::bonds;
use crate::investments::position::{self, Interest, Move, Paper, Position, money};

pub(crate) static API: Investments = Investments {
    family: Family { api: "credit-fixed-incomes", kind: "CREDIT_FIXED_INCOME", prefix: "RFC", ..USUAL },
    papers: PAPERS,
    moves: MOVES,
    days: TRANSACTION_DATES,
    listed: bonds::listed,
    detail,
    balance,
    transaction: bonds::fixed_income_transaction,
    more: nothing_more,
};

static PAPERS: &[Paper] = &[
    Paper {
        kind: "DEBENTURES",
        isin: "BREXMPDEB001",
        cnpj: "EXEMPL0D000136",
        coupon: Some("SEMESTRAL"),
        ..position::USUAL
    },
    Paper {
        kind: "CRI",
        isin: "BREXMPCRI002",
        cnpj: "11444777000161",
        interest: Interest { indexer: "IPCA", fixed: Some(72_000), floating: Some(1_000_000), more: None },
        coupon: Some("MENSAL"),
        exempt: true,
        ..position::USUAL
    },
    Paper {
        kind: "CRA",
        isin: "BREXMPCRA003",
        cnpj: "11444777000161",
        interest: Interest { indexer: "PRE_FIXADO", fixed: Some(125_000), floating: None, more: None },
        exempt: true,
        ..position::USUAL
    },
];

static MOVES: &[Move] = &[
    Move::trade("COMPRA", true),
    Move::trade("VENDA", false),
    Move::trade("COMPRA", true),
    Move::yields("AMORTIZACAO", false),
    Move::other("Lançamento de exemplo"),
];

fn detail(position: &Position) -> Value {
    let (paper, mut record) = (position.paper, bonds::detail(position));
    record["taxExemptProduct"] = if paper.exempt { "SIM" } else { "NAO" }.into();
    bonds::say_coupon(&mut record, paper.coupon);
    // Behind the papers of a securitiser stands whoever owes the money.
    if paper.kind != "DEBENTURES" {
        record["debtorCnpjNumber"] = "EXEMPL0A000100".into();
        record["debtorName"] = "Construções e Plantações de Exemplo S.A.".into();
    }
    record
}

fn balance(position: &Position) -> Value {
    let mut record = bonds::balance(position);
    bonds::say_rates(&mut record, &position.paper.interest);
    record["fine"] = money(0);
    record["latePayment"] = money(0);
    record
}
