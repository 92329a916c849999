//! What loans, financings, invoice financings and overdrafts have in common: words, forms and objects that three of their OpenAPI files at
//! least write alike. Where one of them differs, its own file has its own; a test compares each table with its official file, so
//! that a file which changes alone is told, and takes its part back.

use crate::field::{Kind, List, Object, UNBOUNDED, matching, optional, required};
use crate::pattern::Pattern;

pub(crate) const ID: Kind = matching(Pattern::Id, 1, 100);
pub(crate) const MONEY: Kind = matching(Pattern::decimal((1, 15), (2, 4)), 4, 20);
pub(crate) const INTEREST: Kind = matching(Pattern::decimal((1, 2), (6, 6)), 8, 9);
pub(crate) const PERCENTAGE: Kind = matching(Pattern::decimal((1, 1), (6, 6)), 8, 8);
pub(crate) const SIGNED_MONEY: Kind = matching(Pattern::signed((1, 15), (2, 4)), 4, 21);

pub(crate) const INSTALMENT_PERIODICITIES: &[&str] = &[
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

pub(crate) const AMORTIZATIONS: &[&str] = &["SAC", "PRICE", "SAM", "SEM_SISTEMA_AMORTIZACAO", "OUTROS"];

pub(crate) static DISBURSEMENT_DATES: List = List { item: Kind::Date, least: 1, most: UNBOUNDED };

pub(crate) static INTEREST_RATES: List =
    List { item: Kind::Object(&INTEREST_RATE), least: 0, most: UNBOUNDED };

pub(crate) static INTEREST_RATE: Object = Object {
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

pub(crate) const REFERENTIAL_RATE_INDEXER_TYPES: &[&str] = &[
    "SEM_TIPO_INDEXADOR",
    "PRE_FIXADO",
    "POS_FIXADO",
    "FLUTUANTES",
    "INDICES_PRECOS",
    "CREDITO_RURAL",
    "OUTROS_INDEXADORES",
];

pub(crate) const REFERENTIAL_RATE_INDEXER_SUB_TYPES: &[&str] = &[
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

pub(crate) static CONTRACTED_FEES: List =
    List { item: Kind::Object(&CONTRACTED_FEE), least: 0, most: UNBOUNDED };

pub(crate) static CONTRACTED_FEE: Object = Object {
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

pub(crate) const CHARGE_TYPES: &[&str] = &[
    "JUROS_REMUNERATORIOS_POR_ATRASO",
    "MULTA_ATRASO_PAGAMENTO",
    "JUROS_MORA_ATRASO",
    "IOF_CONTRATACAO",
    "IOF_POR_ATRASO",
    "SEM_ENCARGO",
    "OUTROS",
];

pub(crate) static WARRANTY: Object = Object {
    fields: &[
        required("currency", matching(Pattern::Word(3), 0, 3)),
        required("warrantyType", Kind::OneOf(WARRANTY_TYPES)),
        required("warrantySubType", Kind::OneOf(WARRANTY_SUB_TYPES)),
        required("warrantyAmount", MONEY),
    ],
    closed: false,
};

pub(crate) const WARRANTY_TYPES: &[&str] = &[
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

pub(crate) const WARRANTY_SUB_TYPES: &[&str] = &[
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

pub(crate) const NUMBER_OF_INSTALMENTS_UNITS: &[&str] = &["DIA", "SEMANA", "MES", "ANO", "SEM_PRAZO_TOTAL"];
pub(crate) const CONTRACT_REMAINING_UNITS: &[&str] =
    &["DIA", "SEMANA", "MES", "ANO", "SEM_PRAZO_REMANESCENTE"];

pub(crate) static BALLOON_PAYMENTS: List =
    List { item: Kind::Object(&BALLOON_PAYMENT), least: 1, most: UNBOUNDED };

pub(crate) static BALLOON_PAYMENT: Object = Object {
    fields: &[required("dueDate", Kind::Date), required("amount", Kind::Object(&AMOUNT))],
    closed: false,
};

pub(crate) static AMOUNT: Object = Object {
    fields: &[required("amount", MONEY), required("currency", matching(Pattern::Capitals(3), 0, 3))],
    closed: false,
};

pub(crate) static FEES: List = List { item: Kind::Object(&FEE), least: 0, most: UNBOUNDED };

pub(crate) static FEE: Object = Object {
    fields: &[
        required("feeName", matching(Pattern::Trimmed, 0, 140)),
        required("feeCode", matching(Pattern::Trimmed, 0, 140)),
        required("feeAmount", SIGNED_MONEY),
    ],
    closed: false,
};

pub(crate) static CHARGES: List = List { item: Kind::Object(&CHARGE), least: 0, most: UNBOUNDED };

pub(crate) static CHARGE: Object = Object {
    fields: &[
        required("chargeType", Kind::OneOf(CHARGE_TYPES)),
        optional("chargeAdditionalInfo", matching(Pattern::Trimmed, 0, 140)),
        required("chargeAmount", SIGNED_MONEY),
    ],
    closed: false,
};
