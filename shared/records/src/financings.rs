//! Financings 2.4.0.

use crate::field::{Kind, List, Object, Schema, UNBOUNDED, matching, number, optional, required, text};
use crate::pattern::Pattern;
use crate::tables::Tables;

/// Every endpoint of the file.
pub static TABLES: Tables = Tables {
    api: "financings",
    version: "2.4.0",
    paths: &[
        ("/contracts", &LIST),
        ("/contracts/{contractId}", &FIND),
        ("/contracts/{contractId}/warranties", &WARRANTIES),
        ("/contracts/{contractId}/scheduled-instalments", &SCHEDULED_INSTALMENTS),
        ("/contracts/{contractId}/payments", &PAYMENTS),
    ],
};

/// The customer's financings.
pub static LIST: Schema = Kind::List(&List { item: Kind::Object(&LISTED), least: 0, most: UNBOUNDED });

/// One financing.
pub static FIND: Schema = Kind::Object(&CONTRACT);

/// Warranties of a contract.
pub static WARRANTIES: Schema =
    Kind::List(&List { item: Kind::Object(&WARRANTY), least: 0, most: UNBOUNDED });

/// Instalments of a contract, as agreed.
pub static SCHEDULED_INSTALMENTS: Schema = Kind::Object(&INSTALMENTS);

/// What was paid on a contract.
pub static PAYMENTS: Schema = Kind::Object(&PAID);

const MONEY: Kind = matching(Pattern::decimal((1, 15), (2, 4)), 4, 20);
const INTEREST: Kind = matching(Pattern::decimal((1, 2), (6, 6)), 8, 9);
const PERCENTAGE: Kind = matching(Pattern::decimal((1, 1), (6, 6)), 8, 8);
const ID: Kind = matching(Pattern::Id, 1, 100);
const SIGNED_MONEY: Kind = matching(Pattern::signed((1, 15), (2, 4)), 4, 21);

static LISTED: Object = Object {
    fields: &[
        required("contractId", matching(Pattern::Id, 0, 100)),
        required("brandName", matching(Pattern::Trimmed, 0, 80)),
        required("companyCnpj", matching(Pattern::Cnpj, 0, 14)),
        required("productType", Kind::OneOf(PRODUCT_TYPES)),
        required("productSubType", Kind::OneOf(PRODUCT_SUB_TYPES)),
        required("ipocCode", text(22, 67)),
    ],
    closed: false,
};

const PRODUCT_TYPES: &[&str] = &["FINANCIAMENTOS", "FINANCIAMENTOS_RURAIS", "FINANCIAMENTOS_IMOBILIARIOS"];

const PRODUCT_SUB_TYPES: &[&str] = &[
    "AQUISICAO_BENS_VEICULOS_AUTOMOTORES",
    "AQUISICAO_BENS_OUTROS_BENS",
    "MICROCREDITO",
    "CUSTEIO",
    "INVESTIMENTO",
    "INDUSTRIALIZACAO",
    "COMERCIALIZACAO",
    "FINANCIAMENTO_HABITACIONAL_SFH",
    "FINANCIAMENTO_HABITACIONAL_EXCETO_SFH",
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

const INSTALMENT_PERIODICITIES: &[&str] = &[
    "SEM_PERIODICIDADE_REGULAR",
    "SEMANAL",
    "QUINZENAL",
    "MENSAL",
    "BIMESTRAL",
    "TRIMESTRAL",
    "SEMESTRAL",
    "ANUAL",
    "OUTROS",
];

const AMORTIZATIONS: &[&str] = &["SAC", "PRICE", "SAM", "SEM_SISTEMA_AMORTIZACAO", "OUTROS"];

static DISBURSEMENT_DATES: List = List { item: Kind::Date, least: 1, most: UNBOUNDED };

static INTEREST_RATES: List = List { item: Kind::Object(&INTEREST_RATE), least: 0, most: UNBOUNDED };

static INTEREST_RATE: Object = Object {
    fields: &[
        required("taxType", Kind::OneOf(&["NOMINAL", "EFETIVA"])),
        required("interestRateType", Kind::OneOf(&["SIMPLES", "COMPOSTO"])),
        required("taxPeriodicity", Kind::OneOf(&["AM", "AA"])),
        required("calculation", Kind::OneOf(&["21/252", "30/360", "30/365"])),
        required("referentialRateIndexerType", Kind::OneOf(REFERENTIAL_RATE_INDEXER_TYPES)),
        optional("referentialRateIndexerSubType", Kind::OneOf(REFERENTIAL_RATE_INDEXER_SUB_TYPES)),
        optional("referentialRateIndexerAdditionalInfo", matching(Pattern::Trimmed, 0, 140)),
        optional("preFixedRate", INTEREST),
        optional("postFixedRate", INTEREST),
        optional("additionalInfo", matching(Pattern::Trimmed, 0, 1_200)),
    ],
    closed: false,
};

const REFERENTIAL_RATE_INDEXER_TYPES: &[&str] = &[
    "SEM_TIPO_INDEXADOR",
    "PRE_FIXADO",
    "POS_FIXADO",
    "FLUTUANTES",
    "INDICES_PRECOS",
    "CREDITO_RURAL",
    "OUTROS_INDEXADORES",
];

const REFERENTIAL_RATE_INDEXER_SUB_TYPES: &[&str] = &[
    "SEM_SUB_TIPO_INDEXADOR",
    "PRE_FIXADO",
    "TR_TBF",
    "TJLP",
    "LIBOR",
    "TLP",
    "OUTRAS_TAXAS_POS_FIXADAS",
    "CDI",
    "SELIC",
    "OUTRAS_TAXAS_FLUTUANTES",
    "IGPM",
    "IPCA",
    "IPCC",
    "OUTROS_INDICES_PRECO",
    "TCR_PRE",
    "TCR_POS",
    "TRFC_PRE",
    "TRFC_POS",
    "OUTROS_INDEXADORES",
];

static CONTRACTED_FEES: List = List { item: Kind::Object(&CONTRACTED_FEE), least: 0, most: UNBOUNDED };

static CONTRACTED_FEE: Object = Object {
    fields: &[
        required("feeName", matching(Pattern::Trimmed, 0, 140)),
        required("feeCode", matching(Pattern::Trimmed, 0, 140)),
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

const CHARGE_TYPES: &[&str] = &[
    "JUROS_REMUNERATORIOS_POR_ATRASO",
    "MULTA_ATRASO_PAGAMENTO",
    "JUROS_MORA_ATRASO",
    "IOF_CONTRATACAO",
    "IOF_POR_ATRASO",
    "SEM_ENCARGO",
    "OUTROS",
];

static WARRANTY: Object = Object {
    fields: &[
        required("currency", matching(Pattern::Word(3), 0, 3)),
        required("warrantyType", Kind::OneOf(WARRANTY_TYPES)),
        required("warrantySubType", Kind::OneOf(WARRANTY_SUB_TYPES)),
        required("warrantyAmount", MONEY),
    ],
    closed: false,
};

const WARRANTY_TYPES: &[&str] = &[
    "CESSAO_DIREITOS_CREDITORIOS",
    "CAUCAO",
    "PENHOR",
    "ALIENACAO_FIDUCIARIA",
    "HIPOTECA",
    "OPERACOES_GARANTIDAS_PELO_GOVERNO",
    "OUTRAS_GARANTIAS_NAO_FIDEJUSSORIAS",
    "SEGUROS_ASSEMELHADOS",
    "GARANTIA_FIDEJUSSORIA",
    "BENS_ARRENDADOS",
    "GARANTIAS_INTERNACIONAIS",
    "OPERACOES_GARANTIDAS_OUTRAS_ENTIDADES",
    "ACORDOS_COMPENSACAO",
];

const WARRANTY_SUB_TYPES: &[&str] = &[
    "ACOES_DEBENTURES",
    "ACORDOS_COMPENSACAO_LIQUIDACAO_OBRIGACOES",
    "APLICACOES_FINANCEIRAS_RENDA_FIXA",
    "APLICACOES_FINANCEIRAS_RENDA_VARIAVEL",
    "APOLICES_CREDITO_EXPORTACAO",
    "CCR_CONVENIO_CREDITOS_RECIPROCOS",
    "CHEQUES",
    "CIVIL",
    "DIREITOS_SOBRE_ALUGUEIS",
    "DEPOSITOS_A_VISTA_A_PRAZO_POUPANCA_OURO_TITULOS_PUBLICOS_FEDERAIS_ART_36",
    "DEPOSITO_TITULOS_EMITIDOS_ENTIDADES_ART_23",
    "DUPLICATAS",
    "EMD_ENTIDADES_MULTILATERAIS_DESENVOLVIMENTO_ART_37",
    "EQUIPAMENTOS",
    "ESTADUAL_OU_DISTRITAL",
    "FATURA_CARTAO_CREDITO",
    "FEDERAL",
    "FCVS_FUNDO_COMPENSACAO_VARIACOES_SALARIAIS",
    "FGI_FUNDO_GARANTIDOR_INVESTIMENTOS",
    "FGPC_FUNDO_GARANTIA_PROMOCAO_COMPETIT",
    "FGTS_FUNDO_GARANTIA_TEMPO_SERVICO",
    "FUNDO_GARANTIDOR_AVAL",
    "GARANTIA_PRESTADA_FGPC_LEI_9531_ART_37",
    "GARANTIA_PRESTADA_FUNDOS_QUAISQUER_OUTROS_MECANISMOS_COBERTURA_RISCO_CREDITO_ART_37",
    "GARANTIA_PRESTADA_TESOURO_NACIONAL_OU_BACEN_ART_37_BENS_DIREITOS_INTEGRANTES_PATRIMONIO_AFETACAO",
    "IMOVEIS",
    "IMOVEIS_RESIDENCIAIS",
    "MITIGADORAS",
    "MUNICIPAL",
    "NAO_MITIGADORAS",
    "NOTAS_PROMISSORIAS_OUTROS_DIREITOS_CREDITO",
    "OUTRAS",
    "OUTROS",
    "OUTROS_BENS",
    "OUTROS_GRAUS",
    "OUTROS_IMOVEIS",
    "OUTROS_SEGUROS_ASSEMELHADOS",
    "PESSOA_FISICA",
    "PESSOA_FISICA_EXTERIOR",
    "PESSOA_JURIDICA",
    "PESSOA_JURIDICA_EXTERIOR",
    "PRIMEIRO_GRAU_BENS_DIREITOS_INTEGRANTES_PATRIMONIO_AFETACAO",
    "PRIMEIRO_GRAU_IMOVEIS_RESIDENCIAIS",
    "PRIMEIRO_GRAU_OUTROS",
    "PROAGRO",
    "PRODUTOS_AGROPECUARIOS_COM_WARRANT",
    "PRODUTOS_AGROPECUARIOS_SEM_WARRANT",
    "SBCE_SOCIEDADE_BRASILEIRA_CREDITO_EXPORTAÇÃO",
    "SEGURO_RURAL",
    "SEM_SUB_TIPO_GARANTIA",
    "TRIBUTOS_RECEITAS_ORCAMENTARIAS",
    "VEICULOS",
    "VEICULOS_AUTOMOTORES",
];

static INSTALMENTS: Object = Object {
    fields: &[
        required("typeNumberOfInstalments", Kind::OneOf(NUMBER_OF_INSTALMENTS_UNITS)),
        optional("totalNumberOfInstalments", number(999_999)),
        required("typeContractRemaining", Kind::OneOf(CONTRACT_REMAINING_UNITS)),
        optional("contractRemainingNumber", number(999_999)),
        required("paidInstalments", number(999_999)),
        optional("dueInstalments", number(999_999)),
        optional("pastDueInstalments", number(999_999)),
        optional("balloonPayments", Kind::List(&BALLOON_PAYMENTS)),
    ],
    closed: false,
};

const NUMBER_OF_INSTALMENTS_UNITS: &[&str] = &["DIA", "SEMANA", "MES", "ANO", "SEM_PRAZO_TOTAL"];

const CONTRACT_REMAINING_UNITS: &[&str] = &["DIA", "SEMANA", "MES", "ANO", "SEM_PRAZO_REMANESCENTE"];

static BALLOON_PAYMENTS: List = List { item: Kind::Object(&BALLOON_PAYMENT), least: 1, most: UNBOUNDED };

static BALLOON_PAYMENT: Object = Object {
    fields: &[required("dueDate", Kind::Date), required("amount", Kind::Object(&AMOUNT))],
    closed: false,
};

static AMOUNT: Object = Object {
    fields: &[required("amount", MONEY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

static PAID: Object = Object {
    fields: &[
        optional("paidInstalments", number(2_147_483_647)),
        required("contractOutstandingBalance", MONEY),
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

static FEES: List = List { item: Kind::Object(&FEE), least: 0, most: UNBOUNDED };

static FEE: Object = Object {
    fields: &[
        required("feeName", matching(Pattern::Trimmed, 0, 140)),
        required("feeCode", matching(Pattern::Trimmed, 0, 140)),
        required("feeAmount", SIGNED_MONEY),
    ],
    closed: false,
};

static CHARGES: List = List { item: Kind::Object(&CHARGE), least: 0, most: UNBOUNDED };

static CHARGE: Object = Object {
    fields: &[
        required("chargeType", Kind::OneOf(CHARGE_TYPES)),
        required("chargeAmount", SIGNED_MONEY),
        optional("chargeAdditionalInfo", matching(Pattern::Trimmed, 0, 140)),
    ],
    closed: false,
};
