//! Bank fixed incomes 1.1.0.

use serde_json::Value;

use crate::holdings::Family;
use crate::investments::api::{Investments, TRANSACTION_DATES, USUAL, nothing_more};
use crate::investments::bonds;
use crate::investments::position::{self, Interest, Move, Paper, Position};

pub(crate) static API: Investments = Investments {
    family: Family { api: "bank-fixed-incomes", kind: "BANK_FIXED_INCOME", prefix: "RFB", ..USUAL },
    papers: PAPERS,
    moves: MOVES,
    days: TRANSACTION_DATES,
    listed: bonds::listed,
    detail: bonds::detail,
    balance,
    transaction: bonds::fixed_income_transaction,
    more: nothing_more,
};

/// The issuer of the first one has letters in its CNPJ (Z-CNP-07).
static PAPERS: &[Paper] = &[
    Paper { kind: "CDB", isin: "BREXMPCDB001", cnpj: "EXEMPL0B000147", ..position::USUAL },
    Paper {
        kind: "LCI",
        isin: "BREXMPLCI002",
        cnpj: "11444777000161",
        interest: Interest { indexer: "PRE_FIXADO", fixed: Some(118_000), floating: None, more: None },
        exempt: true,
        ..position::USUAL
    },
    Paper {
        kind: "LCA",
        isin: "BREXMPLCA003",
        cnpj: "11444777000161",
        interest: Interest { indexer: "IPCA", fixed: Some(61_500), floating: Some(1_000_000), more: None },
        exempt: true,
        ..position::USUAL
    },
    Paper {
        kind: "RDB",
        isin: "BREXMPRDB004",
        cnpj: "EXEMPL0B000147",
        interest: Interest {
            indexer: "OUTROS",
            fixed: None,
            floating: Some(1_020_000),
            more: Some("Índice de exemplo"),
        },
        ..position::USUAL
    },
];

static MOVES: &[Move] = &[
    Move::trade("APLICACAO", true),
    Move::trade("RESGATE", false),
    Move::trade("APLICACAO", true),
    Move::yields("PAGAMENTO_JUROS", false),
    Move::other("Bônus de exemplo"),
];

fn balance(position: &Position) -> Value {
    let mut record = bonds::balance(position);
    bonds::say_rates(&mut record, &position.paper.interest);
    record
}
