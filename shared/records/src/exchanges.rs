//! Exchanges 1.1.0.

use crate::field::{Kind, List, Object, Precision, Schema, UNBOUNDED, matching, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "exchanges",
    version: "1.1.0",
    paths: &[
        ("/operations", &LIST),
        ("/operations/{operationId}", &FIND),
        ("/operations/{operationId}/events", &EVENTS),
    ],
};

/// The customer's exchange operations.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One exchange operation.
pub static FIND: Schema = Kind::Object(&OPERATION);

/// What changed an exchange operation.
pub static EVENTS: Schema = Kind::List(&List { item: Kind::Object(&EVENT), least: 0, most: UNBOUNDED });

static LISTED: Object = Object {
    fields: &[
        required("brandName", text(0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("operationId", matching(Pattern::Id, 0, 100)),
    ],
    closed: true,
};

static OPERATION: Object = Object {
    fields: &[
        required("authorizedInstitutionCnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        required("authorizedInstitutionName", text(0, 250)),
        optional("intermediaryInstitutionCnpjNumber", matching(Pattern::Cnpj, 0, 14)),
        optional("intermediaryInstitutionName", text(0, 250)),
        optional("operationNumber", matching(Pattern::Digits(12, 12), 0, 12)),
        required("operationType", Kind::OneOf(&["COMPRA", "VENDA"])),
        required("operationDate", Kind::Moment(Precision::Seconds)),
        required("dueDate", Kind::Date),
        required("localCurrencyOperationTax", Kind::Object(&RATE_AMOUNT)),
        required("localCurrencyOperationValue", Kind::Object(&AMOUNT)),
        required("foreignOperationValue", Kind::Object(&AMOUNT)),
        optional("operationOutstandingBalance", Kind::Object(&AMOUNT)),
        optional("vetAmount", Kind::Object(&FOREIGN_AMOUNT)),
        optional("localCurrencyAdvancePercentage", matching(Pattern::decimal((1, 1), (1, 6)), 3, 8)),
        required("deliveryForeignCurrency", Kind::OneOf(DELIVERY_FOREIGN_CURRENCIES)),
        required("operationCategoryCode", matching(Pattern::Digits(5, 5), 0, 5)),
    ],
    closed: true,
};

const DELIVERY_FOREIGN_CURRENCIES: &[&str] = &[
    "CONTA_DEPOSITO_MOEDA_ESTRANGEIRA_PAIS",
    "CONTA_DEPOSITO_OU_PAGAMENTO_EXPORTADOR_INSTITUICAO_EXTERIOR",
    "ESPECIE_CHEQUES_VIAGEM",
    "CARTAO_PREPAGO",
    "TELETRANSMISSAO",
    "SEM_MOVIMENTACAO_VALORES",
    "DEMAIS",
    "CARTA_CREDITO_A_VISTA",
    "CARTA_CREDITO_A_PRAZO",
    "CONTA_DEPOSITO",
    "CHEQUE",
    "TITULOS_VALORES",
    "SIMBOLICA",
    "CONTA_DEPOSITO_EXPORTADOR_MANTIDA_NO_EXTERIOR",
    "CONVENIO_PAGAMENTOS_E_CREDITOS_RECIPROCOS",
    "OUTRO_NAO_MAPEADO_OFB",
];

static RATE_AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::decimal((1, 15), (1, 15)), 0, 31)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::decimal((1, 17), (2, 2)), 0, 20)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static FOREIGN_AMOUNT: Object = Object {
    fields: &[
        required("amount", matching(Pattern::EndsInDecimal, 0, 31)),
        required("currency", matching(Pattern::Capitals(3), 0, 3)),
    ],
    closed: false,
};

static EVENT: Object = Object {
    fields: &[
        required("eventSequenceNumber", matching(Pattern::Digits(12, 12), 0, 12)),
        required("eventType", Kind::OneOf(&["1", "2", "3", "4", "5", "6", "9"])),
        required("eventDate", Kind::Moment(Precision::Seconds)),
        optional("dueDate", Kind::Date),
        optional("localCurrencyOperationTax", Kind::Object(&RATE_AMOUNT)),
        optional("localCurrencyOperationValue", Kind::Object(&AMOUNT)),
        optional("foreignOperationValue", Kind::Object(&AMOUNT)),
        optional("operationOutstandingBalance", Kind::Object(&AMOUNT)),
        optional("vetAmount", Kind::Object(&FOREIGN_AMOUNT)),
        optional("localCurrencyAdvancePercentage", matching(Pattern::decimal((1, 1), (1, 6)), 3, 8)),
        optional("deliveryForeignCurrency", Kind::OneOf(DELIVERY_FOREIGN_CURRENCIES)),
        optional("operationCategoryCode", matching(Pattern::Digits(5, 5), 0, 5)),
        optional("foreignPartie", Kind::Object(&FOREIGN_PARTIE)),
    ],
    closed: true,
};

static FOREIGN_PARTIE: Object = Object {
    fields: &[
        required("relationshipCode", matching(Pattern::Digits(2, 2), 0, 2)),
        required("foreignPartieName", text(0, 120)),
        required("foreignPartieCountryCode", matching(Pattern::Capitals(2), 0, 2)),
    ],
    closed: false,
};
