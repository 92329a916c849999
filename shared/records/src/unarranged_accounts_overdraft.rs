//! Unarranged accounts overdraft 2.5.0.

use crate::credit::{
    AMORTIZATIONS, CHARGE_TYPES, CHARGES, CONTRACT_REMAINING_UNITS, CONTRACTED_FEES, DISBURSEMENT_DATES,
    FEES, ID, INSTALMENT_PERIODICITIES, INTEREST_RATES, MONEY, NUMBER_OF_INSTALMENTS_UNITS, PERCENTAGE,
    SIGNED_MONEY, WARRANTY_SUB_TYPES, WARRANTY_TYPES,
};
use crate::field::{Kind, List, Object, Schema, UNBOUNDED, matching, number, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "unarranged-accounts-overdraft",
    version: "2.5.0",
    paths: &[
        ("/contracts", &LIST),
        ("/contracts/{contractId}", &FIND),
        ("/contracts/{contractId}/warranties", &WARRANTIES),
        ("/contracts/{contractId}/scheduled-instalments", &SCHEDULED_INSTALMENTS),
        ("/contracts/{contractId}/payments", &PAYMENTS),
    ],
};

/// The customer's overdraft contracts.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One overdraft contract.
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
        required("contractId", ID),
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        required("productSubType", Kind::OneOf(PRODUCT_TYPES)),
        required("ipocCode", text(22, 67)),
    ],
    closed: false,
};

const PRODUCT_TYPES: &[&str] = &["ADIANTAMENTO_A_DEPOSITANTES"];

static CONTRACT: Object = Object {
    fields: &[
        required("contractNumber", text(1, 100)),
        required("ipocCode", text(22, 67)),
        required("productName", matching(Pattern::Trimmed, 0, 140)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        required("productSubType", Kind::OneOf(PRODUCT_TYPES)),
        required("contractDate", Kind::Date),
        optional("disbursementDates", Kind::List(&DISBURSEMENT_DATES)),
        optional("settlementDate", Kind::Date),
        required("contractAmount", MONEY),
        optional("currency", matching(Pattern::Word(3), 0, 3)),
        optional("dueDate", Kind::Date),
        required("instalmentPeriodicity", Kind::OneOf(INSTALMENT_PERIODICITIES)),
        optional("instalmentPeriodicityAdditionalInfo", text(0, 50)),
        optional("firstInstalmentDueDate", Kind::Date),
        optional("CET", matching(Pattern::decimal((1, 6), (6, 6)), 8, 13)),
        required("amortizationScheduled", Kind::OneOf(AMORTIZATIONS)),
        optional("amortizationScheduledAdditionalInfo", text(0, 200)),
        required("interestRates", Kind::List(&INTEREST_RATES)),
        required("contractedFees", Kind::List(&CONTRACTED_FEES)),
        required("contractedFinanceCharges", Kind::List(&CONTRACTED_FINANCE_CHARGES)),
        optional("hasInsuranceContracted", Kind::Boolean),
    ],
    closed: false,
};

static CONTRACTED_FINANCE_CHARGES: List =
    List { item: Kind::Object(&CONTRACTED_FINANCE_CHARGE), least: 0, most: UNBOUNDED };

static CONTRACTED_FINANCE_CHARGE: Object = Object {
    fields: &[
        required("chargeType", Kind::OneOf(CHARGE_TYPES)),
        optional("chargeAdditionalInfo", matching(Pattern::Trimmed, 0, UNBOUNDED)),
        optional("chargeRate", PERCENTAGE),
    ],
    closed: false,
};

static WARRANTY: Object = Object {
    fields: &[
        required("currency", matching(Pattern::Word(3), 0, 3)),
        required("warrantyType", Kind::OneOf(WARRANTY_TYPES)),
        required("warrantySubType", Kind::OneOf(WARRANTY_SUB_TYPES)),
        required("warrantyAmount", SIGNED_MONEY),
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

static BALLOON_PAYMENTS: List = List { item: Kind::Object(&BALLOON_PAYMENT), least: 1, most: UNBOUNDED };

static BALLOON_PAYMENT: Object = Object {
    fields: &[required("dueDate", Kind::Date), required("amount", Kind::Object(&SIGNED_AMOUNT))],
    closed: false,
};

static SIGNED_AMOUNT: Object = Object {
    fields: &[required("amount", SIGNED_MONEY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static PAID: Object = Object {
    fields: &[
        optional("paidInstalments", number(999)),
        required("contractOutstandingBalance", SIGNED_MONEY),
        required("releases", Kind::List(&RELEASES)),
    ],
    closed: false,
};

static RELEASES: List = List { item: Kind::Object(&RELEASE), least: 0, most: UNBOUNDED };

static RELEASE: Object = Object {
    fields: &[
        required("paymentId", ID),
        required("isOverParcelPayment", Kind::Boolean),
        optional("instalmentId", ID),
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
