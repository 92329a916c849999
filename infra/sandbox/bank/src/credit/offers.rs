//! The credit contracts that the bank makes: kinds of contract that repeat from customer to customer.

/// A kind of contract. Money is in cents, rates in millionths.
pub(crate) struct Offer {
    /// Name of the product.
    pub(crate) name: &'static str,
    /// `productType` and `productSubType`.
    pub(crate) product: (&'static str, &'static str),
    /// `productSubTypeCategory` of loans.
    pub(crate) category: &'static str,
    /// Domain and sub-domain of the central bank's registry, part of the IPOC.
    pub(crate) modality: &'static str,
    /// What was borrowed.
    pub(crate) amount: i64,
    pub(crate) currency: &'static str,
    /// Signed this many years ago, in this month (0 to 11), so that a contract stays the same for a year.
    pub(crate) signed: (i64, i64),
    /// Monthly instalments; none of a product without a term.
    pub(crate) instalments: i64,
    /// Instalments that are due and not paid.
    pub(crate) overdue: i64,
    /// Interest a month.
    pub(crate) rate: i64,
    pub(crate) indexer: Indexer,
    /// Due with the last instalment, beside it.
    pub(crate) balloon: Option<i64>,
    /// `warrantyType`, `warrantySubType` and amount.
    pub(crate) warranties: &'static [(&'static str, &'static str, i64)],
    /// CNPJ of the employer who keeps back the instalments.
    pub(crate) consignor: Option<&'static str>,
}

/// What interest follows.
pub(crate) enum Indexer {
    /// Nothing: it was agreed.
    Fixed,
    /// An index on top: `referentialRateIndexerType`, `…SubType`, text where one of them is a kind of OTHERS.
    Floating(&'static str, &'static str, Option<&'static str>),
    /// There is no interest.
    Without,
}

/// Where most offers agree.
const USUAL: Offer = Offer {
    name: "",
    product: ("EMPRESTIMOS", ""),
    category: "OUTRO",
    modality: "0299",
    amount: 1_500_000,
    currency: "BRL",
    signed: (1, 2),
    instalments: 48,
    overdue: 0,
    rate: 18_500,
    indexer: Indexer::Fixed,
    balloon: None,
    warranties: &[],
    consignor: None,
};

/// Employers whose CNPJ has letters (Z-CNP-04).
const EMPLOYER: &str = "EXEMPL0E000180";

/// Loans of natural persons. What portability needs is on the first two (Z-CRE-06, Z-CRE-07); the third is paid off.
pub(crate) static PERSONAL_LOANS: &[Offer] = &[
    Offer {
        name: "Crédito pessoal de exemplo",
        product: ("EMPRESTIMOS", "CREDITO_PESSOAL_SEM_CONSIGNACAO"),
        category: "CREDITO_PESSOAL_CLEAN",
        modality: "0203",
        ..USUAL
    },
    Offer {
        name: "Consignado de exemplo para servidores públicos",
        product: ("EMPRESTIMOS", "CREDITO_PESSOAL_COM_CONSIGNACAO"),
        category: "CONSIGNADO_SIAPE",
        modality: "0202",
        amount: 4_200_000,
        signed: (2, 6),
        instalments: 96,
        rate: 13_900,
        consignor: Some(EMPLOYER),
        ..USUAL
    },
    Offer {
        name: "Crédito pessoal de exemplo, já quitado",
        product: ("EMPRESTIMOS", "CREDITO_PESSOAL_SEM_CONSIGNACAO"),
        modality: "0203",
        amount: 600_000,
        signed: (3, 3),
        instalments: 12,
        ..USUAL
    },
    Offer {
        name: "Empréstimo com garantia de imóvel de exemplo: avaliação, averbação, apólice e \
               amortizações à escolha, condições e prestações só de exemplo",
        product: ("EMPRESTIMOS", "HOME_EQUITY"),
        modality: "0211",
        amount: 25_000_000,
        signed: (2, 0),
        instalments: 180,
        overdue: 2,
        rate: 9_200,
        indexer: Indexer::Floating("INDICES_PRECOS", "IPCA", None),
        warranties: &[
            ("ALIENACAO_FIDUCIARIA", "IMOVEIS_RESIDENCIAIS", 60_000_000),
            ("SEGUROS_ASSEMELHADOS", "OUTROS_SEGUROS_ASSEMELHADOS", 25_000_000),
        ],
        ..USUAL
    },
    Offer {
        name: "Cheque especial de exemplo",
        product: ("EMPRESTIMOS", "CHEQUE_ESPECIAL"),
        modality: "0213",
        amount: 80_000,
        instalments: 0,
        rate: 79_900,
        ..USUAL
    },
];

/// Loans of companies.
pub(crate) static BUSINESS_LOANS: &[Offer] = &[
    Offer {
        name: "Capital de giro de exemplo",
        product: ("EMPRESTIMOS", "CAPITAL_GIRO_PRAZO_VENCIMENTO_SUPERIOR_365_DIAS"),
        modality: "0215",
        amount: 30_000_000,
        rate: 14_200,
        indexer: Indexer::Floating("FLUTUANTES", "CDI", None),
        warranties: &[("CESSAO_DIREITOS_CREDITORIOS", "DUPLICATAS", 20_000_000)],
        ..USUAL
    },
    Offer {
        name: "Capital de giro de exemplo em moeda estrangeira",
        product: ("EMPRESTIMOS", "CAPITAL_GIRO_PRAZO_VENCIMENTO_SUPERIOR_365_DIAS"),
        modality: "0215",
        amount: 9_000_000,
        currency: "USD",
        instalments: 36,
        rate: 6_100,
        indexer: Indexer::Floating(
            "OUTROS_INDEXADORES",
            "OUTROS_INDEXADORES",
            Some("Variação do dólar de exemplo"),
        ),
        ..USUAL
    },
    Offer {
        name: "Capital de giro de exemplo, já quitado",
        product: ("EMPRESTIMOS", "CAPITAL_GIRO_PRAZO_VENCIMENTO_ATE_365_DIAS"),
        modality: "0214",
        amount: 5_000_000,
        signed: (3, 4),
        instalments: 10,
        ..USUAL
    },
];

/// Financings.
pub(crate) static FINANCINGS: &[Offer] = &[
    Offer {
        name: "Financiamento de veículo de exemplo",
        product: ("FINANCIAMENTOS", "AQUISICAO_BENS_VEICULOS_AUTOMOTORES"),
        modality: "0401",
        amount: 6_500_000,
        rate: 16_800,
        balloon: Some(1_000_000),
        warranties: &[("ALIENACAO_FIDUCIARIA", "VEICULOS_AUTOMOTORES", 8_000_000)],
        ..USUAL
    },
    Offer {
        name: "Financiamento habitacional de exemplo",
        product: ("FINANCIAMENTOS_IMOBILIARIOS", "FINANCIAMENTO_HABITACIONAL_SFH"),
        modality: "0902",
        amount: 38_000_000,
        signed: (2, 8),
        instalments: 360,
        rate: 7_900,
        indexer: Indexer::Floating("POS_FIXADO", "TR_TBF", None),
        warranties: &[("ALIENACAO_FIDUCIARIA", "IMOVEIS_RESIDENCIAIS", 52_000_000)],
        ..USUAL
    },
    Offer {
        name: "Financiamento de eletrodomésticos de exemplo, já quitado",
        product: ("FINANCIAMENTOS", "AQUISICAO_BENS_OUTROS_BENS"),
        modality: "0402",
        amount: 320_000,
        signed: (3, 9),
        instalments: 10,
        ..USUAL
    },
];

/// Discounted receivables.
pub(crate) static INVOICE_FINANCINGS: &[Offer] = &[
    Offer {
        name: "Desconto de cheques de exemplo",
        product: ("DIREITOS_CREDITORIOS_DESCONTADOS", "DESCONTO_CHEQUES"),
        modality: "0302",
        amount: 900_000,
        instalments: 36,
        rate: 21_000,
        warranties: &[("CESSAO_DIREITOS_CREDITORIOS", "CHEQUES", 950_000)],
        ..USUAL
    },
    Offer {
        name: "Desconto de duplicatas de exemplo",
        product: ("DIREITOS_CREDITORIOS_DESCONTADOS", "DESCONTO_DUPLICATAS"),
        modality: "0301",
        amount: 2_400_000,
        instalments: 36,
        overdue: 1,
        rate: 0,
        indexer: Indexer::Without,
        warranties: &[("CESSAO_DIREITOS_CREDITORIOS", "DUPLICATAS", 2_400_000)],
        ..USUAL
    },
    Offer {
        name: "Antecipação de faturas de exemplo, já quitada",
        product: ("DIREITOS_CREDITORIOS_DESCONTADOS", "ANTECIPACAO_FATURA_CARTAO_CREDITO"),
        modality: "0303",
        amount: 150_000,
        signed: (2, 1),
        instalments: 6,
        ..USUAL
    },
];

/// Overdrafts beyond the agreed limit: the first has no term.
pub(crate) static OVERDRAFTS: &[Offer] = &[
    Offer {
        name: "Adiantamento a depositantes de exemplo",
        product: ("ADIANTAMENTO_A_DEPOSITANTES", "ADIANTAMENTO_A_DEPOSITANTES"),
        modality: "0101",
        amount: 45_050,
        instalments: 0,
        rate: 79_900,
        ..USUAL
    },
    Offer {
        name: "Adiantamento a depositantes de exemplo, parcelado",
        product: ("ADIANTAMENTO_A_DEPOSITANTES", "ADIANTAMENTO_A_DEPOSITANTES"),
        modality: "0101",
        amount: 120_000,
        instalments: 36,
        rate: 60_000,
        // A guarantee by a person has no amount of its own.
        warranties: &[("GARANTIA_FIDEJUSSORIA", "PESSOA_FISICA", 0)],
        ..USUAL
    },
    Offer {
        name: "Adiantamento a depositantes de exemplo, já quitado",
        product: ("ADIANTAMENTO_A_DEPOSITANTES", "ADIANTAMENTO_A_DEPOSITANTES"),
        modality: "0101",
        amount: 30_000,
        signed: (2, 5),
        instalments: 2,
        ..USUAL
    },
];
