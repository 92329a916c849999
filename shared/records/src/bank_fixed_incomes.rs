//! Bank fixed incomes 1.1.0.

use crate::field::{Kind, List, Object, Precision, Schema, UNBOUNDED, matching, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "bank-fixed-incomes",
    version: "1.1.0",
    paths: &[
        ("/investments", &LIST),
        ("/investments/{investmentId}", &FIND),
        ("/investments/{investmentId}/balances", &BALANCES),
        ("/investments/{investmentId}/transactions", &TRANSACTIONS),
        ("/investments/{investmentId}/transactions-current", &TRANSACTIONS_CURRENT),
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

const ID: Kind = matching(Pattern::Id, 0, 100);
const QUANTITY: Kind = matching(Pattern::decimal((1, 15), (2, 8)), 0, 24);
const RATE: Kind = matching(Pattern::signed((1, 1), (6, 6)), 8, 9);
const LONG_QUANTITY: Kind = matching(Pattern::decimal((1, 15), (2, 10)), 0, 26);

static LISTED: Object = Object {
    fields: &[
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("investmentType", Kind::OneOf(INVESTMENT_TYPES)),
        required("investmentId", ID),
    ],
    closed: true,
};

const INVESTMENT_TYPES: &[&str] = &["CDB", "RDB", "LCI", "LCA"];

static INVESTMENT: Object = Object {
    fields: &[
        required("issuerInstitutionCnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        optional("isinCode", matching(Pattern::Isin, 12, 12)),
        required("investmentType", Kind::OneOf(INVESTMENT_TYPES)),
        required("remuneration", Kind::Object(&REMUNERATION)),
        required("issueUnitPrice", Kind::Object(&PRICE)),
        required("dueDate", Kind::Date),
        required("issueDate", Kind::Date),
        optional("clearingCode", text(0, 30)),
        required("purchaseDate", Kind::Date),
        required("gracePeriodDate", Kind::Date),
    ],
    closed: true,
};

static REMUNERATION: Object = Object {
    fields: &[
        optional("preFixedRate", RATE),
        optional("postFixedIndexerPercentage", RATE),
        required("rateType", Kind::OneOf(&["LINEAR", "EXPONENCIAL"])),
        required("ratePeriodicity", Kind::OneOf(&["MENSAL", "ANUAL", "DIARIO", "SEMESTRAL"])),
        required("calculation", Kind::OneOf(&["DIAS_UTEIS", "DIAS_CORRIDOS"])),
        required("indexer", Kind::OneOf(INDEXERS)),
        optional("indexerAdditionalInfo", text(0, 50)),
    ],
    closed: true,
};

const INDEXERS: &[&str] =
    &["CDI", "DI", "TR", "IPCA", "IGP_M", "IGP_DI", "INPC", "BCP", "TLC", "SELIC", "PRE_FIXADO", "OUTROS"];

static PRICE: Object = Object {
    fields: &[required("amount", QUANTITY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static BALANCE: Object = Object {
    fields: &[
        required("referenceDateTime", Kind::Moment(Precision::Seconds)),
        required("quantity", LONG_QUANTITY),
        required("updatedUnitPrice", Kind::Object(&LONG_PRICE)),
        required("grossAmount", Kind::Object(&AMOUNT)),
        required("netAmount", Kind::Object(&AMOUNT)),
        required("incomeTax", Kind::Object(&AMOUNT)),
        required("financialTransactionTax", Kind::Object(&AMOUNT)),
        required("blockedBalance", Kind::Object(&AMOUNT)),
        required("purchaseUnitPrice", Kind::Object(&PRICE)),
        optional("preFixedRate", RATE),
        optional("postFixedIndexerPercentage", RATE),
    ],
    closed: false,
};

static LONG_PRICE: Object = Object {
    fields: &[required("amount", LONG_QUANTITY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
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
        required("transactionUnitPrice", Kind::Object(&PRICE)),
        required("transactionQuantity", QUANTITY),
        required("transactionGrossValue", Kind::Object(&AMOUNT)),
        optional("incomeTax", Kind::Object(&AMOUNT)),
        optional("financialTransactionTax", Kind::Object(&AMOUNT)),
        required("transactionNetValue", Kind::Object(&AMOUNT)),
        optional("remunerationTransactionRate", RATE),
        optional("indexerPercentage", matching(Pattern::decimal((1, 1), (6, 6)), 8, 8)),
        required("transactionId", ID),
    ],
    closed: true,
};

const TRANSACTION_TYPES: &[&str] = &[
    "APLICACAO",
    "RESGATE",
    "CANCELAMENTO",
    "VENCIMENTO",
    "PAGAMENTO_JUROS",
    "AMORTIZACAO",
    "TRANSFERENCIA_TITULARIDADE",
    "TRANSFERENCIA_CUSTODIA",
    "OUTROS",
];
