//! Credit cards 2.4.0.

use crate::field::{
    Kind, List, Object, Precision, Schema, UNBOUNDED, matching, optional, required, text, whole,
};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "credit-cards-accounts",
    version: "2.4.0",
    paths: &[
        ("/accounts", &LIST),
        ("/accounts/{creditCardAccountId}", &FIND),
        ("/accounts/{creditCardAccountId}/bills", &BILLS),
        ("/accounts/{creditCardAccountId}/bills/{billId}/transactions", &BILL_TRANSACTIONS),
        ("/accounts/{creditCardAccountId}/limits", &LIMITS),
        ("/accounts/{creditCardAccountId}/transactions", &TRANSACTIONS),
        ("/accounts/{creditCardAccountId}/transactions-current", &TRANSACTIONS_CURRENT),
    ],
};

/// The customer's card accounts.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One card account.
pub static FIND: Schema = Kind::Object(&CARD_ACCOUNT);

/// Closed bills of a card account, by the day they are due.
pub static BILLS: Schema = Kind::List(&List { item: Kind::Object(&BILL), least: 0, most: UNBOUNDED });

/// Transactions of a bill.
pub static BILL_TRANSACTIONS: Schema =
    Kind::List(&List { item: Kind::Object(&BILL_TRANSACTION), least: 0, most: UNBOUNDED });

/// Limits of a card account: a list without pages.
pub static LIMITS: Schema = Kind::List(&List { item: Kind::Object(&LIMIT), least: 0, most: UNBOUNDED });

/// Transactions of a card account, twelve months back.
pub static TRANSACTIONS: Schema =
    Kind::List(&List { item: Kind::Object(&TRANSACTION), least: 0, most: UNBOUNDED });

/// Transactions of a card account in the last seven days.
pub static TRANSACTIONS_CURRENT: Schema = TRANSACTIONS;

const ID: Kind = matching(Pattern::Id, 1, 100);
const SIGNED_MONEY: Kind = matching(Pattern::signed((1, 15), (2, 4)), 4, 21);
const MONEY: Kind = matching(Pattern::decimal((1, 15), (2, 4)), 4, 20);

static LISTED: Object = Object {
    fields: &[
        required("creditCardAccountId", ID),
        required("brandName", text(0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("name", text(0, 50)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        optional("productAdditionalInfo", text(0, 50)),
        required("creditCardNetwork", Kind::OneOf(CREDIT_CARD_NETWORKS)),
        optional("networkAdditionalInfo", text(0, 50)),
    ],
    closed: false,
};

const PRODUCT_TYPES: &[&str] = &[
    "CLASSIC_NACIONAL",
    "CLASSIC_INTERNACIONAL",
    "GOLD",
    "PLATINUM",
    "INFINITE",
    "ELECTRON",
    "STANDARD_NACIONAL",
    "STANDARD_INTERNACIONAL",
    "ELETRONIC",
    "BLACK",
    "REDESHOP",
    "MAESTRO_MASTERCARD_MAESTRO",
    "GREEN",
    "BLUE",
    "BLUEBOX",
    "PROFISSIONAL_LIBERAL",
    "CHEQUE_ELETRONICO",
    "CORPORATIVO",
    "EMPRESARIAL",
    "COMPRAS",
    "BASICO_NACIONAL",
    "BASICO_INTERNACIONAL",
    "NANQUIM",
    "GRAFITE",
    "MAIS",
    "OUTROS",
];

const CREDIT_CARD_NETWORKS: &[&str] = &[
    "VISA",
    "MASTERCARD",
    "AMERICAN_EXPRESS",
    "DINERS_CLUB",
    "HIPERCARD",
    "BANDEIRA_PROPRIA",
    "CHEQUE_ELETRONICO",
    "ELO",
    "OUTRAS",
];

static CARD_ACCOUNT: Object = Object {
    fields: &[
        required("name", text(0, 50)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        optional("productAdditionalInfo", text(0, 50)),
        required("creditCardNetwork", Kind::OneOf(CREDIT_CARD_NETWORKS)),
        optional("networkAdditionalInfo", text(0, 50)),
        required("paymentMethod", Kind::List(&PAYMENT_METHODS)),
    ],
    closed: false,
};

static PAYMENT_METHODS: List = List { item: Kind::Object(&PAYMENT_METHOD), least: 0, most: UNBOUNDED };

static PAYMENT_METHOD: Object = Object {
    fields: &[required("identificationNumber", ID), required("isMultipleCreditCard", Kind::Boolean)],
    closed: false,
};

static BILL: Object = Object {
    fields: &[
        required("billId", ID),
        required("dueDate", Kind::Date),
        required("billClosingDate", Kind::Date),
        required("billTotalAmount", Kind::Object(&SIGNED_AMOUNT)),
        required("billMinimumAmount", Kind::Object(&AMOUNT)),
        required("isInstalment", Kind::Boolean),
        optional("financeCharges", Kind::List(&FINANCE_CHARGES)),
        required("payments", Kind::List(&PAYMENTS)),
    ],
    closed: false,
};

static SIGNED_AMOUNT: Object = Object {
    fields: &[required("amount", SIGNED_MONEY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static AMOUNT: Object = Object {
    fields: &[required("amount", MONEY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static FINANCE_CHARGES: List = List { item: Kind::Object(&FINANCE_CHARGE), least: 1, most: UNBOUNDED };

static FINANCE_CHARGE: Object = Object {
    fields: &[
        required("type", Kind::OneOf(FINANCE_CHARGE_TYPES)),
        optional("additionalInfo", text(0, 140)),
        required("amount", MONEY),
        required("currency", matching(Pattern::Word(3), 0, 3)),
    ],
    closed: false,
};

const FINANCE_CHARGE_TYPES: &[&str] = &[
    "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA",
    "MULTA_ATRASO_PAGAMENTO_FATURA",
    "JUROS_MORA_ATRASO_PAGAMENTO_FATURA",
    "IOF",
    "OUTROS",
];

static PAYMENTS: List = List { item: Kind::Object(&PAYMENT), least: 0, most: UNBOUNDED };

static PAYMENT: Object = Object {
    fields: &[
        required("valueType", Kind::OneOf(VALUE_TYPES)),
        required("paymentDate", Kind::Date),
        required("paymentMode", Kind::OneOf(PAYMENT_MODES)),
        required("amount", MONEY),
        required("currency", matching(Pattern::Word(3), 0, 3)),
    ],
    closed: false,
};

const VALUE_TYPES: &[&str] =
    &["VALOR_PAGAMENTO_FATURA_PARCELADO", "VALOR_PAGAMENTO_FATURA_REALIZADO", "OUTRO_VALOR_PAGO_FATURA"];

const PAYMENT_MODES: &[&str] = &["DEBITO_CONTA_CORRENTE", "BOLETO_BANCARIO", "AVERBACAO_FOLHA", "PIX"];

static BILL_TRANSACTION: Object = Object {
    fields: &[
        required("transactionId", ID),
        required("identificationNumber", ID),
        required("transactionName", text(0, 200)),
        optional("billId", ID),
        required("creditDebitType", Kind::OneOf(CREDIT_DEBIT_TYPES)),
        required("transactionType", Kind::OneOf(TRANSACTION_TYPES)),
        optional("transactionalAdditionalInfo", matching(Pattern::NotIndented, 0, 140)),
        optional("paymentType", Kind::OneOf(PAYMENT_TYPES)),
        optional("feeType", Kind::OneOf(FEE_TYPES)),
        optional("feeTypeAdditionalInfo", matching(Pattern::NotIndented, 0, 140)),
        optional("otherCreditsType", Kind::OneOf(OTHER_CREDITS_TYPES)),
        optional("otherCreditsAdditionalInfo", matching(Pattern::NotIndented, 0, 50)),
        optional("chargeIdentificator", whole(1, 999)),
        optional("chargeNumber", whole(i64::MIN, 999)),
        required("brazilianAmount", Kind::Object(&AMOUNT)),
        required("amount", Kind::Object(&AMOUNT)),
        required("transactionDateTime", Kind::Moment(Precision::Milliseconds)),
        required("billPostDate", Kind::Date),
        optional("payeeMCC", whole(i64::MIN, 2_147_483_647)),
    ],
    closed: false,
};

const CREDIT_DEBIT_TYPES: &[&str] = &["CREDITO", "DEBITO"];

const TRANSACTION_TYPES: &[&str] = &[
    "PAGAMENTO",
    "PAGAMENTO_FATURA",
    "TARIFA",
    "OPERACOES_CREDITO_CONTRATADAS_CARTAO",
    "ESTORNO",
    "CASHBACK",
    "OUTROS",
];

const PAYMENT_TYPES: &[&str] = &["A_VISTA", "A_PRAZO"];

const FEE_TYPES: &[&str] = &[
    "ANUIDADE",
    "SAQUE_CARTAO_BRASIL",
    "SAQUE_CARTAO_EXTERIOR",
    "AVALIACAO_EMERGENCIAL_CREDITO",
    "EMISSAO_SEGUNDA_VIA",
    "TARIFA_PAGAMENTO_CONTAS",
    "SMS",
    "OUTRA",
];

const OTHER_CREDITS_TYPES: &[&str] = &["CREDITO_ROTATIVO", "PARCELAMENTO_FATURA", "EMPRESTIMO", "OUTROS"];

static LIMIT: Object = Object {
    fields: &[
        required("creditLineLimitType", Kind::OneOf(CREDIT_LINE_LIMIT_TYPES)),
        required("consolidationType", Kind::OneOf(&["CONSOLIDADO", "INDIVIDUAL"])),
        required("identificationNumber", ID),
        optional("lineName", Kind::OneOf(LINE_NAMES)),
        optional("lineNameAdditionalInfo", text(0, 50)),
        required("isLimitFlexible", Kind::Boolean),
        optional("limitAmount", Kind::Object(&LIMIT_AMOUNT)),
        required("usedAmount", Kind::Object(&SIGNED_AMOUNT)),
        optional("availableAmount", Kind::Object(&AVAILABLE_AMOUNT)),
        optional("customizedLimitAmount", Kind::Object(&AMOUNT)),
    ],
    closed: false,
};

const CREDIT_LINE_LIMIT_TYPES: &[&str] = &["LIMITE_CREDITO_TOTAL", "LIMITE_CREDITO_MODALIDADE_OPERACAO"];

const LINE_NAMES: &[&str] = &[
    "CREDITO_A_VISTA",
    "CREDITO_PARCELADO",
    "SAQUE_CREDITO_BRASIL",
    "SAQUE_CREDITO_EXTERIOR",
    "EMPRESTIMO_CARTAO_CONSIGNADO",
    "OUTROS",
];

static LIMIT_AMOUNT: Object = Object {
    fields: &[
        required("amount", MONEY),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
        optional("limitAmountReason", text(0, 200)),
    ],
    closed: false,
};

static AVAILABLE_AMOUNT: Object = Object {
    fields: &[optional("amount", SIGNED_MONEY), optional("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static TRANSACTION: Object = Object {
    fields: &[
        required("transactionId", ID),
        required("identificationNumber", ID),
        required("transactionName", text(0, 200)),
        optional("billId", ID),
        required("creditDebitType", Kind::OneOf(CREDIT_DEBIT_TYPES)),
        required("transactionType", Kind::OneOf(TRANSACTION_TYPES)),
        optional("transactionalAdditionalInfo", matching(Pattern::NotIndented, 0, 140)),
        optional("paymentType", Kind::OneOf(PAYMENT_TYPES)),
        optional("feeType", Kind::OneOf(FEE_TYPES)),
        optional("feeTypeAdditionalInfo", matching(Pattern::NotIndented, 0, 140)),
        optional("otherCreditsType", Kind::OneOf(OTHER_CREDITS_TYPES)),
        optional("otherCreditsAdditionalInfo", matching(Pattern::NotIndented, 0, 50)),
        optional("chargeIdentificator", whole(1, 999)),
        optional("chargeNumber", whole(i64::MIN, 999)),
        required("brazilianAmount", Kind::Object(&AMOUNT)),
        required("amount", Kind::Object(&AMOUNT)),
        required("transactionDateTime", Kind::Moment(Precision::Milliseconds)),
        required("billPostDate", Kind::Date),
        required("billForecastDate", matching(Pattern::YearMonth, 0, UNBOUNDED)),
        optional("payeeMCC", whole(i64::MIN, 2_147_483_647)),
    ],
    closed: false,
};
