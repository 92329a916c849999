//! The companies.

use super::account::Account;
use super::card::Card;
use super::customer::Customer;
use super::profile::{CompanyProfile, Home, Party, Profile};

const SHOP: Home = Home {
    street: "Avenida do Comércio de Exemplo, 1000",
    additional: None,
    district: "Bom Retiro",
    town: "São João del-Rei",
    ibge: "3162500",
    state: "MG",
    post_code: "36300000",
    coordinates: ("-21.1355000", "-44.2615000"),
    phone: ("32", "33330000"),
};

/// A company with everything.
pub(super) const PADARIA: Customer = Customer {
    name: "Padaria Exemplo Ltda",
    cpf: "11122233396",
    cnpj: Some("11222333000181"),
    accounts: &[Account {
        branch: Some("0003"),
        number: "00090001",
        check_digit: "1",
        label: "Conta corrente da empresa",
        transactions_a_day: 20,
        monthly_balance: 4_800_000,
        overdraft: Some(1_000_000),
        ..Account::PLAIN
    }],
    cards: &[Card {
        number: "4000-0301",
        name: "Cartão Exemplo Empresarial",
        product: ("EMPRESARIAL", None),
        network: ("VISA", None),
        cards: &[("padaria-exemplo-1", true)],
        limit: Some(12_000_000),
        purchases_a_day: 6,
        ..Card::PLAIN
    }],
    profile: Profile::Company(&CompanyProfile {
        company_name: "Padaria Exemplo Ltda",
        trade_name: Some("Pão de Exemplo"),
        incorporated: "2001-09-17",
        parties: &[Party {
            role: "SOCIO",
            document: "11122233396",
            name: "Paulo Exemplo Padeiro",
            share: Some(1_000_000),
        }],
        home: &SHOP,
        email: "padaria@exemplo.test",
        activities: &["1091102", "4721102"],
        revenue: 240_000_000,
        patrimony: 80_000_000,
        procurators: &[("11122233396", "Paulo Exemplo Padeiro")],
        since: "2002-02-01",
    }),
};

/// A CNPJ with letters, partners with letters, and the longest company name that a file allows.
pub(super) const ESTUDIO: Customer = Customer {
    name: "Estúdio Exemplo Alfanumérico S.A.",
    cpf: "33344455508",
    cnpj: Some("EX3MPL0A000190"),
    accounts: &[Account {
        branch: Some("0006"),
        number: "00060001",
        check_digit: "5",
        label: "Conta corrente da empresa",
        transactions_a_day: 8,
        monthly_balance: 2_000_000,
        payee: "F4V0REC1D00120",
        last_second: true,
        ..Account::PLAIN
    }],
    cards: &[],
    profile: Profile::Company(&CompanyProfile {
        company_name: "Companhia Exemplo de Importação, Exportação, Comércio, Distribuição e Representação de Máquinas, \
                       Peças, Acessórios e Utensílios do Sertão S.A.",
        trade_name: None,
        incorporated: "2026-07-01",
        parties: &[
            Party {
                role: "SOCIO",
                document: "S0C10EXM000108",
                name: "Sócia Exemplo Participações Ltda",
                share: Some(750_000),
            },
            Party {
                role: "ADMINISTRADOR",
                document: "33344455508",
                name: "Célia Exemplo Sem Produtos",
                share: None,
            },
        ],
        home: &SHOP,
        email: "contato@estudio.exemplo.test",
        activities: &["6201501"],
        revenue: 0,
        patrimony: -1_250,
        procurators: &[
            ("PR0CUR4D000105", "Procuradora Exemplo Ltda"),
            ("33344455508", "Célia Exemplo Sem Produtos"),
        ],
        since: "2026-07-15",
    }),
};
