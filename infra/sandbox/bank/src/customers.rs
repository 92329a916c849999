//! The customers of the bank and their accounts: invented people with valid test documents.

use crate::call::legacy_id;
use crate::contract::LegacyId;

/// A customer.
#[derive(Clone, Copy)]
pub struct Customer {
    /// Name of the person or company.
    pub name: &'static str,
    /// CPF of the person who logs in.
    pub cpf: &'static str,
    /// CNPJ when the customer is a company.
    pub cnpj: Option<&'static str>,
    /// Accounts of the customer.
    pub accounts: &'static [Account],
}

/// An account.
pub struct Account {
    /// Branch, four digits; none for prepaid payment accounts.
    pub branch: Option<&'static str>,
    /// Number, eight digits.
    pub number: &'static str,
    /// Check digit.
    pub check_digit: &'static str,
    /// Type of the regulatory API.
    pub kind: &'static str,
    /// How people call that type.
    pub label: &'static str,
    /// INDIVIDUAL, `CONJUNTA_SIMPLES`, `CONJUNTA_SOLIDARIA`.
    pub subtype: &'static str,
    /// Transactions on an average day.
    pub transactions_a_day: u32,
    /// Balance on the first day of every month, in cents.
    pub monthly_balance: i64,
    /// Contracted overdraft in cents; none where there is no overdraft.
    pub overdraft: Option<i64>,
    /// Reserved balances: name, identification, cents.
    pub reserved: &'static [(&'static str, &'static str, i64)],
    /// Another person who must agree: CPF and name.
    pub authorizer: Option<(&'static str, &'static str)>,
}

/// CNPJ of the bank itself.
pub const BANK_CNPJ: &str = "11444777000161";
/// Name of the bank's brand.
pub const BANK_NAME: &str = "Banco Ponte de Exemplo";
/// COMPE code of the bank, not assigned to anybody.
pub const COMPE_CODE: &str = "999";

/// Everybody. The first one has thousands of transactions, the last one is a company.
pub const CUSTOMERS: &[Customer] = &[
    Customer {
        name: "Ana Exemplo da Silva",
        cpf: "76109277673",
        cnpj: None,
        accounts: &[
            Account {
                branch: Some("0001"),
                number: "00012345",
                check_digit: "6",
                kind: "CONTA_DEPOSITO_A_VISTA",
                label: "Conta corrente",
                subtype: "INDIVIDUAL",
                transactions_a_day: 12,
                monthly_balance: 350_000,
                overdraft: Some(200_000),
                reserved: &[
                    ("Viagem de exemplo", "reserva-1", 30_000),
                    ("Emergência de exemplo", "reserva-2", 125_050),
                ],
                authorizer: None,
            },
            Account {
                branch: Some("0001"),
                number: "00012346",
                check_digit: "4",
                kind: "CONTA_POUPANCA",
                label: "Poupança",
                subtype: "INDIVIDUAL",
                transactions_a_day: 1,
                monthly_balance: 1_250_000,
                overdraft: None,
                reserved: &[],
                authorizer: None,
            },
        ],
    },
    Customer {
        name: "Bruno Exemplo de Souza",
        cpf: "12345678909",
        cnpj: None,
        accounts: &[
            Account {
                branch: None,
                number: "00055501",
                check_digit: "0",
                kind: "CONTA_PAGAMENTO_PRE_PAGA",
                label: "Conta de pagamento",
                subtype: "INDIVIDUAL",
                transactions_a_day: 4,
                monthly_balance: 80_000,
                overdraft: None,
                reserved: &[],
                authorizer: None,
            },
            Account {
                branch: Some("0002"),
                number: "00055777",
                check_digit: "8",
                kind: "CONTA_DEPOSITO_A_VISTA",
                label: "Conta conjunta",
                subtype: "CONJUNTA_SIMPLES",
                transactions_a_day: 3,
                monthly_balance: 500_000,
                overdraft: Some(100_000),
                reserved: &[],
                authorizer: Some(("76109277673", "Ana Exemplo da Silva")),
            },
        ],
    },
    Customer {
        name: "Padaria Exemplo Ltda",
        cpf: "11122233396",
        cnpj: Some("11222333000181"),
        accounts: &[Account {
            branch: Some("0003"),
            number: "00090001",
            check_digit: "1",
            kind: "CONTA_DEPOSITO_A_VISTA",
            label: "Conta corrente da empresa",
            subtype: "INDIVIDUAL",
            transactions_a_day: 20,
            monthly_balance: 4_800_000,
            overdraft: Some(1_000_000),
            reserved: &[],
            authorizer: None,
        }],
    },
];

impl Account {
    /// The bank's own identifier, as one text.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.branch.unwrap_or("0000"), self.number)
    }

    /// The bank's own identifier, as the contract carries it.
    pub(crate) fn legacy_id(&self) -> LegacyId {
        legacy_id("accountId", self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_values::{Cnpj, Cpf};

    #[test]
    fn c25_documents_are_valid_and_identifiers_unique() {
        let mut ids = Vec::new();
        for customer in CUSTOMERS {
            Cpf::parse(customer.cpf).unwrap();
            customer.cnpj.map(|cnpj| Cnpj::parse(cnpj).unwrap());
            for account in customer.accounts {
                ids.push(account.id());
                if let Some((cpf, _)) = account.authorizer {
                    Cpf::parse(cpf).unwrap();
                }
            }
        }
        Cnpj::parse(BANK_CNPJ).unwrap();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(CUSTOMERS.len() >= 3 && CUSTOMERS.iter().any(|customer| customer.cnpj.is_some()));
    }
}
