//! Persons.

use crate::field::{
    Kind, List, Object, Precision, Schema, UNBOUNDED, matching, number, optional, required, text,
};
use crate::pattern::Pattern;

/// Who the person is: names, documents and contacts.
pub static PERSONAL_IDENTIFICATIONS: Schema =
    Kind::List(&List { item: Kind::Object(&IDENTIFICATION), least: 1, most: UNBOUNDED });

/// Occupation, income and patrimony of the person.
pub static PERSONAL_QUALIFICATIONS: Schema = Kind::Object(&QUALIFICATION);

/// Since when and with which products the person is a customer.
pub static PERSONAL_FINANCIAL_RELATIONS: Schema = Kind::Object(&RELATIONS);

static IDENTIFICATION: Object = Object {
    fields: &[
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        required("personalId", matching(Pattern::Id, 1, 100)),
        required("brandName", text(0, 80)),
        required("civilName", text(0, 70)),
        optional("socialName", text(0, 70)),
        required("birthDate", Kind::Date),
        optional("maritalStatusCode", Kind::OneOf(MARITAL_STATUS_CODES)),
        optional("maritalStatusAdditionalInfo", text(0, 50)),
        optional("sex", Kind::OneOf(&["FEMININO", "MASCULINO", "OUTRO"])),
        required("companiesCnpj", Kind::List(&COMPANIES_CNPJS)),
        required("documents", Kind::Object(&DOCUMENTS)),
        optional("otherDocuments", Kind::List(&OTHER_DOCUMENTS)),
        required("hasBrazilianNationality", Kind::Boolean),
        optional("nationality", Kind::List(&NATIONALITIES)),
        optional("filiation", Kind::List(&FILIATIONS)),
        required("contacts", Kind::Object(&CONTACTS)),
    ],
    closed: false,
};

const MARITAL_STATUS_CODES: &[&str] =
    &["SOLTEIRO", "CASADO", "VIUVO", "SEPARADO_JUDICIALMENTE", "DIVORCIADO", "UNIAO_ESTAVEL", "OUTRO"];

static COMPANIES_CNPJS: List = List { item: matching(Pattern::Cnpj, 0, 14), least: 1, most: UNBOUNDED };

static DOCUMENTS: Object = Object {
    fields: &[
        optional("cpfNumber", matching(Pattern::Digits(11, 11), 0, 11)),
        optional("passport", Kind::Object(&PASSPORT)),
    ],
    closed: false,
};

static PASSPORT: Object = Object {
    fields: &[
        required("number", text(0, 20)),
        required("country", matching(Pattern::Word(3), 0, 3)),
        optional("expirationDate", Kind::Date),
        optional("issueDate", Kind::Date),
    ],
    closed: false,
};

static OTHER_DOCUMENTS: List = List { item: Kind::Object(&OTHER_DOCUMENT), least: 1, most: UNBOUNDED };

static OTHER_DOCUMENT: Object = Object {
    fields: &[
        required("type", Kind::OneOf(&["CNH", "RG", "NIF", "RNE", "OUTROS"])),
        optional("typeAdditionalInfo", text(0, 70)),
        required("number", text(0, 40)),
        optional("checkDigit", text(0, 2)),
        optional("additionalInfo", text(0, 50)),
        optional("expirationDate", Kind::Date),
    ],
    closed: false,
};

static NATIONALITIES: List = List { item: Kind::Object(&NATIONALITY), least: 1, most: UNBOUNDED };

static NATIONALITY: Object = Object {
    fields: &[
        required("otherNationalitiesInfo", matching(Pattern::NotIndented, 0, 40)),
        required("documents", Kind::List(&NATIONALITY_DOCUMENTS)),
    ],
    closed: false,
};

static NATIONALITY_DOCUMENTS: List = List { item: Kind::Object(&DOCUMENT), least: 0, most: UNBOUNDED };

static DOCUMENT: Object = Object {
    fields: &[
        required("type", text(0, 10)),
        required("number", text(0, 40)),
        optional("expirationDate", Kind::Date),
        optional("issueDate", Kind::Date),
        optional("country", text(0, 80)),
        optional("additionalInfo", text(0, 70)),
    ],
    closed: false,
};

static FILIATIONS: List = List { item: Kind::Object(&FILIATION), least: 1, most: UNBOUNDED };

static FILIATION: Object = Object {
    fields: &[
        required("type", Kind::OneOf(&["MAE", "PAI"])),
        required("civilName", text(0, 70)),
        optional("socialName", text(0, 70)),
    ],
    closed: false,
};

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
        required("address", text(0, 150)),
        optional("additionalInfo", text(0, 30)),
        optional("districtName", text(0, 50)),
        required("townName", text(0, 50)),
        optional("ibgeTownCode", matching(Pattern::EndsInDigits(7), 0, 7)),
        optional("countrySubDivision", Kind::OneOf(COUNTRY_SUB_DIVISIONS)),
        required("postCode", matching(Pattern::Digits(8, 8), 0, 8)),
        required("country", text(0, 80)),
        optional("countryCode", matching(Pattern::Capitals(3), 0, 3)),
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
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        optional("occupationCode", Kind::OneOf(&["RECEITA_FEDERAL", "CBO", "OUTRO"])),
        optional("occupationDescription", text(0, 100)),
        optional("informedIncome", Kind::Object(&INFORMED_INCOME)),
        optional("informedPatrimony", Kind::Object(&INFORMED_PATRIMONY)),
        optional("employers", Kind::List(&EMPLOYERS)),
    ],
    closed: false,
};

static INFORMED_INCOME: Object = Object {
    fields: &[
        required("frequency", Kind::OneOf(FREQUENCIES)),
        required("amount", Kind::Object(&AMOUNT)),
        required("date", Kind::Date),
    ],
    closed: false,
};

const FREQUENCIES: &[&str] =
    &["DIARIA", "SEMANAL", "QUINZENAL", "MENSAL", "BIMESTRAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL", "OUTROS"];

static AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::decimal((1, 15), (2, 4)), 4, 20)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static INFORMED_PATRIMONY: Object = Object {
    fields: &[required("amount", Kind::Object(&SIGNED_AMOUNT)), required("year", number(9_999))],
    closed: false,
};

static SIGNED_AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::signed((1, 15), (2, 4)), 4, 21)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static EMPLOYERS: List = List { item: Kind::Object(&EMPLOYER), least: 1, most: UNBOUNDED };

static EMPLOYER: Object = Object {
    fields: &[
        optional("cnpjCpf", matching(Pattern::CpfOrCnpj, 0, UNBOUNDED)),
        optional("name", matching(Pattern::Trimmed, 0, UNBOUNDED)),
    ],
    closed: false,
};

static RELATIONS: Object = Object {
    fields: &[
        required("updateDateTime", Kind::Moment(Precision::Seconds)),
        required("startDate", Kind::Moment(Precision::Seconds)),
        required("productsServicesType", Kind::List(&PRODUCTS_SERVICES_TYPES)),
        optional("productsServicesTypeAdditionalInfo", text(0, 100)),
        required("procurators", Kind::List(&PROCURATORS)),
        required("accounts", Kind::List(&ACCOUNTS)),
        optional("portabilitiesReceived", Kind::List(&PORTABILITIES)),
        optional("paychecksBankLink", Kind::List(&PAYCHECKS_BANK_LINKS)),
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
        required("cpfNumber", matching(Pattern::Digits(11, 11), 0, 11)),
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
        required("subtype", Kind::OneOf(&["INDIVIDUAL", "CONJUNTA_SIMPLES", "CONJUNTA_SOLIDARIA"])),
    ],
    closed: false,
};

const ACCOUNT_TYPES: &[&str] = &["CONTA_DEPOSITO_A_VISTA", "CONTA_POUPANCA", "CONTA_PAGAMENTO_PRE_PAGA"];

static PORTABILITIES: List = List { item: Kind::Object(&PORTABILITY), least: 1, most: UNBOUNDED };

static PORTABILITY: Object = Object {
    fields: &[
        required("employerName", matching(Pattern::Trimmed, 0, 80)),
        required("employerCnpjCpf", matching(Pattern::CpfOrCnpj, 0, 14)),
        required("paycheckBankDetainerCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("paycheckBankDetainerIspb", matching(Pattern::Ispb, 0, 8)),
        required("portabilityApprovalDate", Kind::Date),
    ],
    closed: false,
};

static PAYCHECKS_BANK_LINKS: List =
    List { item: Kind::Object(&PAYCHECKS_BANK_LINK), least: 1, most: UNBOUNDED };

static PAYCHECKS_BANK_LINK: Object = Object {
    fields: &[
        required("employerName", matching(Pattern::Trimmed, 0, 80)),
        required("employerCnpjCpf", matching(Pattern::CpfOrCnpj, 0, 14)),
        required("paycheckBankCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("paycheckBankIspb", matching(Pattern::Ispb, 0, 8)),
        required("accountOpeningDate", Kind::Date),
    ],
    closed: false,
};
