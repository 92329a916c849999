//! Variable incomes 1.3.0.

use crate::field::{Kind, List, Object, Schema, UNBOUNDED, matching, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "variable-incomes",
    version: "1.3.0",
    paths: &[
        ("/investments", &LIST),
        ("/investments/{investmentId}", &FIND),
        ("/investments/{investmentId}/balances", &BALANCES),
        ("/investments/{investmentId}/transactions", &TRANSACTIONS),
        ("/investments/{investmentId}/transactions-current", &TRANSACTIONS_CURRENT),
        ("/broker-notes/{brokerNoteId}", &BROKER_NOTE),
    ],
};

/// The customer's investments.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One investment.
pub static FIND: Schema = Kind::Object(&INVESTMENT);

/// Position of an investment.
pub static BALANCES: Schema = Kind::Object(&BALANCE);

/// Transactions of an investment, twelve months back.
pub static TRANSACTIONS: Schema =
    Kind::List(&List { item: Kind::Object(&TRANSACTION), least: 0, most: UNBOUNDED });

/// Transactions of an investment in the last seven days.
pub static TRANSACTIONS_CURRENT: Schema = TRANSACTIONS;

/// A broker's note, named by a transaction; its path names no product.
pub static BROKER_NOTE: Schema = Kind::Object(&NOTE);

const ID: Kind = matching(Pattern::Id, 0, 100);
const QUANTITY: Kind = matching(Pattern::decimal((1, 15), (2, 8)), 0, 24);

static LISTED: Object = Object {
    fields: &[
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("investmentId", ID),
    ],
    closed: true,
};

static INVESTMENT: Object = Object {
    fields: &[
        optional("issuerInstitutionCnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        required("isinCode", matching(Pattern::Isin, 0, 12)),
        required("ticker", text(0, 35)),
    ],
    closed: true,
};

static BALANCE: Object = Object {
    fields: &[
        required("referenceDate", Kind::Date),
        required("priceFactor", QUANTITY),
        required("grossAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("blockedBalance", Kind::Object(&AMOUNT)),
        required("quantity", matching(Pattern::signed((1, 15), (2, 8)), 0, 25)),
        required("closingPrice", Kind::Object(&SIGNED_AMOUNT)),
    ],
    closed: false,
};

static SIGNED_AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::signed((1, 15), (2, 4)), 0, 21)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::decimal((1, 15), (2, 4)), 0, 20)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static TRANSACTION: Object = Object {
    fields: &[
        required("type", Kind::OneOf(&["ENTRADA", "SAIDA"])),
        required("transactionType", Kind::OneOf(TRANSACTION_TYPES)),
        optional("transactionTypeAdditionalInfo", text(0, 100)),
        required("transactionDate", Kind::Date),
        optional("priceFactor", QUANTITY),
        optional("transactionUnitPrice", Kind::Object(&SIGNED_AMOUNT)),
        optional("transactionQuantity", QUANTITY),
        required("transactionValue", Kind::Object(&AMOUNT)),
        required("transactionId", ID),
        optional("brokerNoteId", ID),
    ],
    closed: true,
};

const TRANSACTION_TYPES: &[&str] = &[
    "COMPRA",
    "VENDA",
    "DIVIDENDOS",
    "JCP",
    "ALUGUEIS",
    "TRANSFERENCIA_CUSTODIA",
    "TRANSFERENCIA_TITULARIDADE",
    "OUTROS",
];

static NOTE: Object = Object {
    fields: &[
        required("brokerNoteNumber", matching(Pattern::Digits(1, 16), 0, 16)),
        required("grossValue", Kind::Object(&SIGNED_AMOUNT)),
        required("brokerageFee", Kind::Object(&SIGNED_AMOUNT)),
        required("clearingSettlementFee", Kind::Object(&SIGNED_AMOUNT)),
        required("clearingRegistrationFee", Kind::Object(&SIGNED_AMOUNT)),
        required("stockExchangeAssetTradeNoticeFee", Kind::Object(&SIGNED_AMOUNT)),
        required("stockExchangeFee", Kind::Object(&SIGNED_AMOUNT)),
        required("clearingCustodyFee", Kind::Object(&SIGNED_AMOUNT)),
        required("taxes", Kind::Object(&SIGNED_AMOUNT)),
        required("incomeTax", Kind::Object(&SIGNED_AMOUNT)),
        required("netValue", Kind::Object(&SIGNED_AMOUNT)),
    ],
    closed: true,
};
