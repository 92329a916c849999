//! The natural persons.

use super::account::Account;
use super::card::Card;
use super::customer::Customer;
use super::profile::{Employer, Home, PersonProfile, Profile};

const FLAT: Home = Home {
    street: "Rua das Flores de Exemplo, 123",
    additional: Some("Apto 45"),
    district: "Centro",
    town: "São Paulo",
    ibge: "3550308",
    state: "SP",
    post_code: "01311000",
    coordinates: ("-23.5475000", "-46.6361100"),
    phone: ("11", "900001234"),
};

/// Nobody in particular.
const PERSON: PersonProfile = PersonProfile {
    social_name: None,
    birth: "1985-03-14",
    marital: ("SOLTEIRO", None),
    sex: "OUTRO",
    foreign: None,
    mother: None,
    home: Some(&FLAT),
    email: "cliente@exemplo.test",
    occupation: ("CBO", "252105"),
    income: 650_000,
    patrimony: 12_000_000,
    employer: None,
    salary_portability: false,
    procurator: None,
    since: "2018-05-02",
};

/// Everything, and a lot of it.
pub(super) const ANA: Customer = Customer {
    name: "Ana Exemplo da Silva",
    cpf: "76109277673",
    cnpj: None,
    accounts: &[
        Account {
            number: "00012345",
            check_digit: "6",
            transactions_a_day: 12,
            monthly_balance: 350_000,
            overdraft: Some(200_000),
            reserved: &[
                ("Viagem de exemplo", "reserva-1", 30_000),
                ("Emergência de exemplo", "reserva-2", 125_050),
            ],
            ..Account::PLAIN
        },
        Account {
            number: "00012346",
            check_digit: "4",
            kind: "CONTA_POUPANCA",
            label: "Poupança",
            transactions_a_day: 1,
            monthly_balance: 1_250_000,
            ..Account::PLAIN
        },
    ],
    cards: &[
        Card {
            number: "4000-0001",
            name: "Cartão Exemplo Platinum",
            product: ("PLATINUM", None),
            network: ("MASTERCARD", None),
            cards: &[("4453", false), ("4461", true)],
            limit: Some(4_500_000),
            purchases_a_day: 8,
            ..Card::PLAIN
        },
        Card {
            number: "4000-0002",
            name: "Cartão Exemplo Sem Limite",
            product: ("OUTROS", Some("Cartão de metal de exemplo")),
            network: ("OUTRAS", Some("Bandeira de exemplo")),
            cards: &[("9070", false)],
            limit: None,
            purchases_a_day: 1,
            ..Card::PLAIN
        },
    ],
    profile: Profile::Person(&PersonProfile {
        social_name: Some("Aninha Exemplo"),
        birth: "1987-04-09",
        marital: ("OUTRO", Some("Em união de exemplo")),
        sex: "FEMININO",
        mother: Some("Maria Exemplo da Silva"),
        email: "ana@exemplo.test",
        employer: Some(Employer { document: "EMPREG4D000150", name: "Empregadora Exemplo S.A." }),
        salary_portability: true,
        procurator: Some(("12345678909", "Bruno Exemplo de Souza")),
        since: "2009-11-23",
        ..PERSON
    }),
};

/// A joint account for which Ana must agree.
pub(super) const BRUNO: Customer = Customer {
    name: "Bruno Exemplo de Souza",
    cpf: "12345678909",
    cnpj: None,
    accounts: &[
        Account {
            branch: None,
            number: "00055501",
            kind: "CONTA_PAGAMENTO_PRE_PAGA",
            label: "Conta de pagamento",
            transactions_a_day: 4,
            monthly_balance: 80_000,
            ..Account::PLAIN
        },
        Account {
            branch: Some("0002"),
            number: "00055777",
            check_digit: "8",
            label: "Conta conjunta",
            subtype: "CONJUNTA_SIMPLES",
            transactions_a_day: 3,
            monthly_balance: 500_000,
            overdraft: Some(100_000),
            authorizer: Some(("76109277673", "Ana Exemplo da Silva")),
            ..Account::PLAIN
        },
    ],
    cards: &[Card {
        number: "4000-0101",
        name: "Cartão Exemplo Reavaliado",
        product: ("CLASSIC_INTERNACIONAL", None),
        network: ("ELO", None),
        cards: &[("0101", false)],
        ..Card::PLAIN
    }],
    profile: Profile::Person(&PersonProfile { sex: "MASCULINO", email: "bruno@exemplo.test", ..PERSON }),
};

/// No product at all; speaks for a company too.
pub(super) const CELIA: Customer = Customer {
    name: "Célia Exemplo Sem Produtos",
    cpf: "33344455508",
    cnpj: None,
    accounts: &[],
    cards: &[],
    profile: Profile::Person(&PersonProfile {
        home: None,
        occupation: ("OUTRO", "Consultora de exemplo"),
        since: "2026-01-05",
        ..PERSON
    }),
};

/// A thousand contracts, and an account with nothing in it.
pub(super) const DARIO: Customer = Customer {
    name: "Dário Exemplo dos Mil Contratos",
    cpf: "44455566619",
    cnpj: None,
    accounts: &[Account {
        branch: Some("0004"),
        number: "00040000",
        check_digit: "4",
        label: "Conta zerada",
        ..Account::PLAIN
    }],
    cards: &[],
    profile: Profile::Person(&PersonProfile { income: 0, patrimony: -3_500_000, ..PERSON }),
};

/// A name of seventy characters with everything that Portuguese and its neighbours write, and accounts of the awkward kinds.
pub(super) const JOAO: Customer = Customer {
    name: "João Antônio Conceição D'Ávila Ñuñez Übermeier Exemplo de Bragança Jr.",
    cpf: "55566677720",
    cnpj: None,
    accounts: &[
        Account {
            branch: Some("0005"),
            number: "00050001",
            check_digit: "X",
            label: "Conta conjunta",
            subtype: "CONJUNTA_SOLIDARIA",
            transactions_a_day: 2,
            monthly_balance: 900_000,
            last_second: true,
            ..Account::PLAIN
        },
        Account {
            branch: Some("0005"),
            number: "00050840",
            check_digit: "2",
            label: "Conta em dólares",
            currency: "USD",
            transactions_a_day: 1,
            monthly_balance: 700_000,
            ..Account::PLAIN
        },
        Account {
            branch: Some("0005"),
            number: "12345678901234567890",
            check_digit: "7",
            label: "Conta negativa",
            monthly_balance: -50_000,
            overdraft: Some(20_000),
            ..Account::PLAIN
        },
    ],
    cards: &[Card {
        number: "4000-0501",
        name: "Cartão Exemplo São João & Cia \"Ouro\" <Açaí> €",
        product: ("GOLD", None),
        network: ("AMERICAN_EXPRESS", None),
        cards: &[("0501", false)],
        limit: Some(1_000_000),
        purchases_a_day: 1,
        ..Card::PLAIN
    }],
    profile: Profile::Person(&PersonProfile {
        marital: ("UNIAO_ESTAVEL", None),
        sex: "MASCULINO",
        foreign: Some(("Íslensk", "A12345678")),
        mother: Some("Þórunn Exemplo de Bragança"),
        ..PERSON
    }),
};
