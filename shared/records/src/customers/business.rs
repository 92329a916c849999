//! Companies.

use crate::field::{
    Kind, List, Object, Precision, Schema, UNBOUNDED, matching, number, optional, required, text,
};
use crate::pattern::Pattern;

/// Who the company is: names, documents and contacts.
pub static BUSINESS_IDENTIFICATIONS: Schema =
    Kind::List(&List { item: Kind::Object(&IDENTIFICATION), least: 1, most: UNBOUNDED });

/// Activity, revenue and patrimony of the company.
pub static BUSINESS_QUALIFICATIONS: Schema = Kind::Object(&QUALIFICATION);

/// Since when and with which products the company is a customer.
pub static BUSINESS_FINANCIAL_RELATIONS: Schema = Kind::Object(&RELATIONS);

static IDENTIFICATION: Object = Object {
    fields: &[
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        required("businessId", matching(Pattern::Id, 1, 100)),
        required("brandName", text(0, 80)),
        required("companyName", text(0, 144)),
        optional("tradeName", text(0, 70)),
        required("incorporationDate", Kind::Moment(Precision::Seconds)),
        required("cnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        required("companiesCnpj", Kind::List(&COMPANIES_CNPJS)),
        optional("otherDocuments", Kind::List(&OTHER_DOCUMENTS)),
        required("parties", Kind::List(&PARTIES)),
        required("contacts", Kind::Object(&CONTACTS)),
    ],
    closed: false,
};

static COMPANIES_CNPJS: List = List { item: matching(Pattern::Cnpj, 0, 14), least: 1, most: UNBOUNDED };

static OTHER_DOCUMENTS: List = List { item: Kind::Object(&OTHER_DOCUMENT), least: 1, most: UNBOUNDED };

static OTHER_DOCUMENT: Object = Object {
    fields: &[
        required("type", text(0, 20)),
        required("number", text(0, 20)),
        required("country", matching(Pattern::Word(3), 0, 3)),
        optional("expirationDate", Kind::Date),
    ],
    closed: false,
};

static PARTIES: List = List { item: Kind::Object(&PARTY), least: 0, most: UNBOUNDED };

static PARTY: Object = Object {
    fields: &[
        required("personType", Kind::OneOf(&["PESSOA_NATURAL", "PESSOA_JURIDICA"])),
        required("type", Kind::OneOf(&["SOCIO", "ADMINISTRADOR"])),
        optional("civilName", text(0, 70)),
        optional("socialName", text(0, 70)),
        optional("companyName", text(0, 144)),
        optional("tradeName", text(0, 70)),
        optional("startDate", Kind::Moment(Precision::Seconds)),
        optional("shareholding", matching(Pattern::Share, 8, 8)),
        required("documentType", Kind::OneOf(DOCUMENT_TYPES)),
        required("documentNumber", text(0, 20)),
        optional("documentAdditionalInfo", text(0, 100)),
        optional("documentCountry", text(0, 3)),
        optional("documentExpirationDate", Kind::Date),
        optional("documentIssueDate", Kind::Date),
    ],
    closed: false,
};

const DOCUMENT_TYPES: &[&str] = &["CPF", "PASSAPORTE", "OUTRO_DOCUMENTO_VIAGEM", "CNPJ"];

static CONTACTS: Object = Object {
    fields: &[
        required("postalAddresses", Kind::List(&POSTAL_ADDRESSES)),
        required("phones", Kind::List(&PHONES)),
        required("emails", Kind::List(&EMAILS)),
    ],
    closed: false,
};

static POSTAL_ADDRESSES: List = List { item: Kind::Object(&POSTAL_ADDRESS), least: 0, most: UNBOUNDED };

static POSTAL_ADDRESS: Object = Object {
    fields: &[
        required("isMain", Kind::Boolean),
        optional("address", text(2, 150)),
        optional("additionalInfo", text(0, 30)),
        optional("districtName", text(0, 50)),
        required("townName", text(2, 50)),
        optional("ibgeTownCode", matching(Pattern::EndsInDigits(7), 0, 7)),
        optional("countrySubDivision", Kind::OneOf(COUNTRY_SUB_DIVISIONS)),
        optional("postCode", matching(Pattern::Digits(8, 8), 0, 8)),
        required("country", text(0, 80)),
        required("countryCode", matching(Pattern::Capitals(3), 0, 3)),
        optional("geographicCoordinates", Kind::Object(&GEOGRAPHIC_COORDINATES)),
    ],
    closed: false,
};

const COUNTRY_SUB_DIVISIONS: &[&str] = &[
    "AC", "AL", "AP", "AM", "BA", "CE", "DF", "ES", "GO", "MA", "MT", "MS", "MG", "PA", "PB", "PR", "PE",
    "PI", "RJ", "RN", "RS", "RO", "RR", "SC", "SP", "SE", "TO",
];

static GEOGRAPHIC_COORDINATES: Object = Object {
    fields: &[
        required("latitude", matching(Pattern::signed((1, 2), (1, 9)), 0, 13)),
        required("longitude", matching(Pattern::signed((1, 3), (1, 8)), 0, 13)),
    ],
    closed: false,
};

static PHONES: List = List { item: Kind::Object(&PHONE), least: 0, most: UNBOUNDED };

static PHONE: Object = Object {
    fields: &[
        required("isMain", Kind::Boolean),
        required("type", Kind::OneOf(&["FIXO", "MOVEL", "OUTRO"])),
        optional("additionalInfo", text(0, 70)),
        optional("countryCallingCode", matching(Pattern::Digits(1, 4), 0, 4)),
        required("areaCode", matching(Pattern::Digits(2, 3), 2, 3)),
        required("number", matching(Pattern::Digits(6, 13), 0, 13)),
        optional("phoneExtension", matching(Pattern::Digits(1, 5), 0, 5)),
    ],
    closed: false,
};

static EMAILS: List = List { item: Kind::Object(&EMAIL), least: 0, most: UNBOUNDED };

static EMAIL: Object = Object {
    fields: &[required("isMain", Kind::Boolean), required("email", matching(Pattern::Email, 0, 320))],
    closed: false,
};

static QUALIFICATION: Object = Object {
    fields: &[
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        optional("economicActivities", Kind::List(&ECONOMIC_ACTIVITIES)),
        optional("informedRevenue", Kind::Object(&INFORMED_REVENUE)),
        optional("informedPatrimony", Kind::Object(&INFORMED_PATRIMONY)),
    ],
    closed: false,
};

static ECONOMIC_ACTIVITIES: List = List { item: Kind::Object(&ECONOMIC_ACTIVITY), least: 0, most: UNBOUNDED };

static ECONOMIC_ACTIVITY: Object = Object {
    fields: &[
        required("code", matching(Pattern::Digits(7, 7), 0, UNBOUNDED)),
        required("isMain", Kind::Boolean),
    ],
    closed: false,
};

static INFORMED_REVENUE: Object = Object {
    fields: &[
        optional("frequency", Kind::OneOf(FREQUENCIES)),
        optional("frequencyAdditionalInfo", text(0, 100)),
        required("amount", Kind::Object(&SIGNED_AMOUNT)),
        optional("year", number(9_999)),
    ],
    closed: false,
};

const FREQUENCIES: &[&str] =
    &["DIARIA", "SEMANAL", "QUINZENAL", "MENSAL", "BIMESTRAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL", "OUTROS"];

static SIGNED_AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::signed((1, 15), (2, 4)), 4, 21)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static INFORMED_PATRIMONY: Object = Object {
    fields: &[required("amount", Kind::Object(&SIGNED_AMOUNT)), required("date", Kind::Date)],
    closed: false,
};

static RELATIONS: Object = Object {
    fields: &[
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        required("startDate", Kind::Moment(Precision::Seconds)),
        required("productsServicesType", Kind::List(&PRODUCTS_SERVICES_TYPES)),
        required("procurators", Kind::List(&PROCURATORS)),
        required("accounts", Kind::List(&ACCOUNTS)),
    ],
    closed: false,
};

static PRODUCTS_SERVICES_TYPES: List = List { item: Kind::OneOf(PRODUCTS_AND_SERVICES), least: 1, most: 12 };

const PRODUCTS_AND_SERVICES: &[&str] = &[
    "CONTA_DEPOSITO_A_VISTA",
    "CONTA_POUPANCA",
    "CONTA_PAGAMENTO_PRE_PAGA",
    "CARTAO_CREDITO",
    "OPERACAO_CREDITO",
    "SEGURO",
    "PREVIDENCIA",
    "INVESTIMENTO",
    "OPERACOES_CAMBIO",
    "CONTA_SALARIO",
    "CREDENCIAMENTO",
    "OUTROS",
];

static PROCURATORS: List = List { item: Kind::Object(&PROCURATOR), least: 0, most: UNBOUNDED };

static PROCURATOR: Object = Object {
    fields: &[
        required("type", Kind::OneOf(&["REPRESENTANTE_LEGAL", "PROCURADOR"])),
        required("cnpjCpfNumber", matching(Pattern::CpfOrCnpj, 0, 14)),
        required("civilName", text(0, 70)),
        optional("socialName", text(0, 70)),
    ],
    closed: false,
};

static ACCOUNTS: List = List { item: Kind::Object(&ACCOUNT), least: 0, most: UNBOUNDED };

static ACCOUNT: Object = Object {
    fields: &[
        required("compeCode", matching(Pattern::Digits(3, 3), 0, 3)),
        optional("branchCode", matching(Pattern::Digits(4, 4), 0, 4)),
        required("number", matching(Pattern::Digits(8, 20), 0, 20)),
        required("checkDigit", text(0, 1)),
        required("type", Kind::OneOf(ACCOUNT_TYPES)),
    ],
    closed: false,
};

const ACCOUNT_TYPES: &[&str] = &["CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", "CONTA_PAGAMENTO_PRE_PAGA"];
