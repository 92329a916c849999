//! Accounts 2.5.1.

use crate::field::{
    Field, Kind, List, Object, Precision, Schema, UNBOUNDED, matching, optional, required, text,
};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "accounts",
    version: "2.5.1",
    paths: &[
        ("/accounts", &LIST),
        ("/accounts/{accountId}", &FIND),
        ("/accounts/{accountId}/balances", &BALANCES),
        ("/accounts/{accountId}/transactions", &TRANSACTIONS),
        ("/accounts/{accountId}/transactions-current", &TRANSACTIONS_CURRENT),
        ("/accounts/{accountId}/overdraft-limits", &OVERDRAFT_LIMITS),
        ("/accounts/{accountId}/reserved-balances", &RESERVED_BALANCES),
    ],
};

/// The customer's accounts.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One account.
pub static FIND: Schema = Kind::Object(&ACCOUNT);

/// Balances of an account.
pub static BALANCES: Schema = Kind::Object(&BALANCE);

/// Transactions of an account, twelve months back.
pub static TRANSACTIONS: Schema =
    Kind::List(&List { item: Kind::Object(&TRANSACTION), least: 0, most: UNBOUNDED });

/// Recent and coming transactions of an account.
pub static TRANSACTIONS_CURRENT: Schema = TRANSACTIONS;

/// Overdraft limits of an account; `data` is `{}` where the account has none.
pub static OVERDRAFT_LIMITS: Schema = Kind::Object(&OVERDRAFT);

/// Money set aside within an account (C59).
pub static RESERVED_BALANCES: Schema =
    Kind::List(&List { item: Kind::Object(&RESERVED_BALANCE), least: 0, most: UNBOUNDED });

const ID: Kind = matching(Pattern::Id, 1, 100);
const COMPE_CODE: Kind = matching(Pattern::Digits(3, 3), 0, 3);
const BRANCH_CODE: Kind = matching(Pattern::Digits(4, 4), 0, 4);
const NUMBER: Kind = matching(Pattern::Digits(8, 20), 0, 20);
const CHECK_DIGIT: Kind = text(0, 1);
const CURRENCY: Kind = matching(Pattern::Capitals(3), 0, 3);
const RATE: Kind = matching(Pattern::decimal((1, 1), (6, 6)), 8, 8);
const ACCOUNT_TYPES: &[&str] = &["CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", "CONTA_PAGAMENTO_PRE_PAGA"];

static AMOUNT: Object = Object { fields: &[required("amount", UNSIGNED), CURRENCY_OF_AMOUNT], closed: false };
static SIGNED_AMOUNT: Object =
    Object { fields: &[required("amount", SIGNED), CURRENCY_OF_AMOUNT], closed: false };
const UNSIGNED: Kind = matching(Pattern::decimal((1, 15), (2, 4)), 4, 20);
const SIGNED: Kind = matching(Pattern::signed((1, 15), (2, 4)), 4, 21);
const CURRENCY_OF_AMOUNT: Field = required("currency", CURRENCY);

static LISTED: Object = Object {
    fields: &[
        required("brandName", text(0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("type", Kind::OneOf(ACCOUNT_TYPES)),
        required("compeCode", COMPE_CODE),
        optional("branchCode", BRANCH_CODE),
        required("number", NUMBER),
        optional("checkDigit", CHECK_DIGIT),
        required("accountId", ID),
    ],
    closed: false,
};

static ACCOUNT: Object = Object {
    fields: &[
        required("compeCode", COMPE_CODE),
        optional("branchCode", BRANCH_CODE),
        required("number", NUMBER),
        optional("checkDigit", CHECK_DIGIT),
        required("type", Kind::OneOf(ACCOUNT_TYPES)),
        required("subtype", Kind::OneOf(&["INDIVIDUAL", "CONJUNTA_SIMPLES", "CONJUNTA_SOLIDARIA"])),
        required("currency", matching(Pattern::Word(3), 0, 3)),
    ],
    closed: false,
};

static BALANCE: Object = Object {
    fields: &[
        required("availableAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("blockedAmount", Kind::Object(&AMOUNT)),
        required("automaticallyInvestedAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        optional("hasReservedBalance", Kind::Boolean),
    ],
    closed: false,
};

static TRANSACTION: Object = Object {
    fields: &[
        required("transactionId", ID),
        required("completedAuthorisedPaymentType", Kind::OneOf(TRANSACTION_STATES)),
        required("creditDebitType", Kind::OneOf(&["CREDITO", "DEBITO"])),
        required("transactionName", text(0, 200)),
        required("type", Kind::OneOf(TRANSACTION_TYPES)),
        optional("typeAdditionalInfo", text(0, 144)),
        required("transactionAmount", Kind::Object(&AMOUNT)),
        required("transactionDateTime", Kind::Moment(Precision::Milliseconds)),
        optional("partieCnpjCpf", matching(Pattern::CpfOrCnpj, 0, 14)),
        optional("partiePersonType", Kind::OneOf(&["PESSOA_NATURAL", "PESSOA_JURIDICA"])),
        optional("partieCompeCode", COMPE_CODE),
        optional("partieBranchCode", BRANCH_CODE),
        optional("partieNumber", NUMBER),
        optional("partieCheckDigit", CHECK_DIGIT),
        optional("codeISPB", matching(Pattern::Ispb, 0, UNBOUNDED)),
    ],
    closed: false,
};

const TRANSACTION_STATES: &[&str] = &["TRANSACAO_EFETIVADA", "LANCAMENTO_FUTURO", "TRANSACAO_PROCESSANDO"];

const TRANSACTION_TYPES: &[&str] = &[
    "TED",
    "DOC",
    "PIX",
    "TRANSFERENCIA_MESMA_INSTITUICAO",
    "BOLETO",
    "CONVENIO_ARRECADACAO",
    "PACOTE_TARIFA_SERVICOS",
    "TARIFA_SERVICOS_AVULSOS",
    "FOLHA_PAGAMENTO",
    "DEPOSITO",
    "SAQUE",
    "CARTAO",
    "ENCARGOS_JUROS_CHEQUE_ESPECIAL",
    "RENDIMENTO_APLIC_FINANCEIRA",
    "PORTABILIDADE_SALARIO",
    "APLICACAO_FINANCEIRA",
    "RESGATE_APLIC_FINANCEIRA",
    "OPERACAO_CREDITO",
    "TRANSFERENCIA_SALDO_RESERVADO",
    "OUTROS",
];

static OVERDRAFT: Object = Object {
    fields: &[
        optional("overdraftContractedLimit", Kind::Object(&AMOUNT)),
        optional("overdraftUsedLimit", Kind::Object(&AMOUNT)),
        optional("unarrangedOverdraftAmount", Kind::Object(&AMOUNT)),
    ],
    closed: false,
};

static RESERVED_BALANCE: Object = Object {
    fields: &[
        optional("reservedName", matching(Pattern::TrimmedLines, 5, 248)),
        required("reservedIdentification", matching(Pattern::Uuid, 1, 36)),
        required("availableAmount", Kind::List(&RESERVED_AMOUNTS)),
    ],
    closed: false,
};

static RESERVED_AMOUNTS: List = List { item: Kind::Object(&RESERVED_AMOUNT), least: 0, most: UNBOUNDED };

static RESERVED_AMOUNT: Object = Object {
    fields: &[
        required("amount", UNSIGNED),
        CURRENCY_OF_AMOUNT,
        optional("remuneration", Kind::Object(&REMUNERATION)),
    ],
    closed: false,
};

static REMUNERATION: Object = Object {
    fields: &[
        optional("preFixedRate", RATE),
        optional("postFixedIndexerPercentage", RATE),
        required("rateType", Kind::OneOf(&["LINEAR", "EXPONENCIAL"])),
        required("indexer", Kind::OneOf(INDEXERS)),
        required("calculation", Kind::OneOf(&["DIAS_UTEIS", "DIAS_CORRIDOS"])),
        required("ratePeriodicity", Kind::OneOf(&["MENSAL", "ANUAL", "DIARIO", "SEMESTRAL"])),
        optional("indexerAdditionalInfo", text(0, 50)),
    ],
    closed: false,
};

const INDEXERS: &[&str] =
    &["CDI", "DI", "TR", "IPCA", "IGP_M", "IGP_DI", "INPC", "BCP", "TLC", "SELIC", "PRE_FIXADO", "OUTROS"];
