//! Invoice financings 2.4.0.

use crate::credit::{
    AMORTIZATIONS, BALLOON_PAYMENTS, CHARGE_TYPES, CHARGES, CONTRACT_REMAINING_UNITS, DISBURSEMENT_DATES,
    INSTALMENT_PERIODICITIES, INTEREST_RATES, MONEY, NUMBER_OF_INSTALMENTS_UNITS, PERCENTAGE, SIGNED_MONEY,
    WARRANTY,
};
use crate::field::{Kind, List, Object, Schema, UNBOUNDED, matching, number, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "invoice-financings",
    version: "2.4.0",
    paths: &[
        ("/contracts", &LIST),
        ("/contracts/{contractId}", &FIND),
        ("/contracts/{contractId}/warranties", &WARRANTIES),
        ("/contracts/{contractId}/scheduled-instalments", &SCHEDULED_INSTALMENTS),
        ("/contracts/{contractId}/payments", &PAYMENTS),
    ],
};

/// The customer's advances on receivables.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One advance on receivables.
pub static FIND: Schema = Kind::Object(&CONTRACT);

/// Warranties of a contract.
pub static WARRANTIES: Schema =
    Kind::List(&List { item: Kind::Object(&WARRANTY), least: 0, most: UNBOUNDED });

/// Instalments of a contract, as agreed.
pub static SCHEDULED_INSTALMENTS: Schema = Kind::Object(&INSTALMENTS);

/// What was paid on a contract.
pub static PAYMENTS: Schema = Kind::Object(&PAID);

static LISTED: Object = Object {
    fields: &[
        required("contractId", matching(Pattern::Id, 1, 100)),
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        required("productSubType", Kind::OneOf(PRODUCT_SUB_TYPES)),
        required("ipocCode", text(22, 67)),
    ],
    closed: false,
};

const PRODUCT_TYPES: &[&str] = &["DIREITOS_CREDITORIOS_DESCONTADOS"];

const PRODUCT_SUB_TYPES: &[&str] = &[
    "DESCONTO_DUPLICATAS",
    "DESCONTO_CHEQUES",
    "ANTECIPACAO_FATURA_CARTAO_CREDITO",
    "OUTROS_DIREITOS_CREDITORIOS_DESCONTADOS",
    "OUTROS_TITULOS_DESCONTADOS",
];

static CONTRACT: Object = Object {
    fields: &[
        required("contractNumber", text(1, 100)),
        required("ipocCode", text(22, 67)),
        required("productName", matching(Pattern::Trimmed, 0, 140)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        required("productSubType", Kind::OneOf(PRODUCT_SUB_TYPES)),
        required("contractDate", Kind::Date),
        optional("disbursementDates", Kind::List(&DISBURSEMENT_DATES)),
        optional("settlementDate", Kind::Date),
        required("contractAmount", MONEY),
        optional("currency", matching(Pattern::Word(3), 0, 3)),
        optional("dueDate", Kind::Date),
        required("instalmentPeriodicity", Kind::OneOf(INSTALMENT_PERIODICITIES)),
        optional("instalmentPeriodicityAdditionalInfo", matching(Pattern::Trimmed, 0, 50)),
        optional("firstInstalmentDueDate", Kind::Date),
        required("CET", matching(Pattern::decimal((1, 6), (6, 6)), 8, 13)),
        required("amortizationScheduled", Kind::OneOf(AMORTIZATIONS)),
        optional("amortizationScheduledAdditionalInfo", matching(Pattern::Trimmed, 0, 200)),
        required("interestRates", Kind::List(&INTEREST_RATES)),
        required("contractedFees", Kind::List(&CONTRACTED_FEES)),
        required("contractedFinanceCharges", Kind::List(&CONTRACTED_FINANCE_CHARGES)),
        optional("hasInsuranceContracted", Kind::Boolean),
    ],
    closed: false,
};

static CONTRACTED_FEES: List = List { item: Kind::Object(&CONTRACTED_FEE), least: 0, most: UNBOUNDED };

static CONTRACTED_FEE: Object = Object {
    fields: &[
        required("feeName", text(2, 140)),
        required("feeCode", text(2, 140)),
        required("feeChargeType", Kind::OneOf(&["UNICA", "POR_PARCELA"])),
        required("feeCharge", Kind::OneOf(&["MINIMO", "MAXIMO", "FIXO", "PERCENTUAL"])),
        optional("feeAmount", MONEY),
        optional("feeRate", PERCENTAGE),
    ],
    closed: false,
};

static CONTRACTED_FINANCE_CHARGES: List =
    List { item: Kind::Object(&CONTRACTED_FINANCE_CHARGE), least: 0, most: UNBOUNDED };

static CONTRACTED_FINANCE_CHARGE: Object = Object {
    fields: &[
        required("chargeType", Kind::OneOf(CHARGE_TYPES)),
        optional("chargeAdditionalInfo", matching(Pattern::Trimmed, 0, 50)),
        optional("chargeRate", PERCENTAGE),
    ],
    closed: false,
};

static INSTALMENTS: Object = Object {
    fields: &[
        required("typeNumberOfInstalments", Kind::OneOf(NUMBER_OF_INSTALMENTS_UNITS)),
        optional("totalNumberOfInstalments", number(999_999)),
        required("typeContractRemaining", Kind::OneOf(CONTRACT_REMAINING_UNITS)),
        optional("contractRemainingNumber", number(999_999)),
        required("paidInstalments", number(999_999)),
        required("dueInstalments", number(999_999)),
        required("pastDueInstalments", number(999_999)),
        optional("balloonPayments", Kind::List(&BALLOON_PAYMENTS)),
    ],
    closed: false,
};

static PAID: Object = Object {
    fields: &[
        optional("paidInstalments", number(999)),
        required("contractOutstandingBalance", MONEY),
        required("releases", Kind::List(&RELEASES)),
    ],
    closed: false,
};

static RELEASES: List = List { item: Kind::Object(&RELEASE), least: 0, most: UNBOUNDED };

static RELEASE: Object = Object {
    fields: &[
        optional("paymentId", matching(Pattern::Id, 0, 100)),
        required("isOverParcelPayment", Kind::Boolean),
        optional("instalmentId", matching(Pattern::Trimmed, 0, 100)),
        required("paidDate", Kind::Date),
        required("currency", matching(Pattern::Word(3), 0, 3)),
        required("paidAmount", SIGNED_MONEY),
        optional("overParcel", Kind::Object(&OVER_PARCEL)),
    ],
    closed: false,
};

static OVER_PARCEL: Object = Object {
    fields: &[required("fees", Kind::List(&FEES)), required("charges", Kind::List(&CHARGES))],
    closed: false,
};

static FEES: List = List { item: Kind::Object(&FEE), least: 0, most: UNBOUNDED };

static FEE: Object = Object {
    fields: &[
        required("feeName", text(2, 140)),
        required("feeCode", text(2, 140)),
        required("feeAmount", SIGNED_MONEY),
    ],
    closed: false,
};
