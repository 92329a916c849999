//! Funds 1.1.0.

use crate::field::{Kind, List, Object, Schema, UNBOUNDED, matching, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "funds",
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

static LISTED: Object = Object {
    fields: &[
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        optional("anbimaCategory", Kind::OneOf(ANBIMA_CATEGORIES)),
        optional("anbimaClass", text(0, 70)),
        optional("anbimaSubclass", text(0, 70)),
        required("investmentId", ID),
    ],
    closed: true,
};

const ANBIMA_CATEGORIES: &[&str] = &["RENDA_FIXA", "ACOES", "MULTIMERCADO", "CAMBIAL"];

static INVESTMENT: Object = Object {
    fields: &[
        required("name", text(0, 250)),
        required("cnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        optional("isinCode", matching(Pattern::Isin, 12, 12)),
        optional("anbimaCategory", Kind::OneOf(ANBIMA_CATEGORIES)),
        optional("anbimaClass", text(0, 70)),
        optional("anbimaSubclass", text(0, 70)),
    ],
    closed: true,
};

static BALANCE: Object = Object {
    fields: &[
        required("referenceDate", Kind::Date),
        required("grossAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("netAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("incomeTaxProvision", Kind::Object(&AMOUNT)),
        required("financialTransactionTaxProvision", Kind::Object(&AMOUNT)),
        required("blockedAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("quotaQuantity", QUANTITY),
        required("quotaGrossPriceValue", Kind::Object(&SIGNED_PRICE)),
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

static SIGNED_PRICE: Object = Object {
    fields: &[
        required("amount", matching(Pattern::signed((1, 15), (2, 8)), 0, 25)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static TRANSACTION: Object = Object {
    fields: &[
        required("transactionId", ID),
        required("type", Kind::OneOf(&["ENTRADA", "SAIDA"])),
        required("transactionType", Kind::OneOf(TRANSACTION_TYPES)),
        optional("transactionTypeAdditionalInfo", text(0, 100)),
        required("transactionConversionDate", Kind::Date),
        required("transactionQuotaPrice", Kind::Object(&SIGNED_PRICE)),
        required("transactionQuotaQuantity", QUANTITY),
        required("transactionValue", Kind::Object(&SIGNED_AMOUNT)),
        required("transactionGrossValue", Kind::Object(&SIGNED_AMOUNT)),
        optional("incomeTax", Kind::Object(&SIGNED_AMOUNT)),
        optional("financialTransactionTax", Kind::Object(&SIGNED_AMOUNT)),
        optional("transactionExitFee", Kind::Object(&AMOUNT)),
        optional("transactionNetValue", Kind::Object(&SIGNED_AMOUNT)),
    ],
    closed: true,
};

const TRANSACTION_TYPES: &[&str] =
    &["AMORTIZACAO", "TRANSFERENCIA_COTAS", "APLICACAO", "RESGATE", "COME_COTAS", "OUTROS"];
