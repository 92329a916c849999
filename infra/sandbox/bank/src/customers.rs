//! The customers of the bank and their products: invented people with valid test documents. `docs/sandbox.md` says what each of
//! them is for.

use crate::call::legacy_id;
use crate::contract::LegacyId;

mod companies;
mod people;
mod profile;

pub use profile::{CompanyProfile, Employer, Home, Party, PersonProfile, Profile};

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
    /// Credit cards of the customer.
    pub cards: &'static [Card],
    /// What the customer told the bank about themselves.
    pub profile: Profile,
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
    /// Currency, ISO 4217.
    pub currency: &'static str,
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
    /// CNPJ that bills are paid to.
    pub payee: &'static str,
    /// Whether something is bought in the last second of each year.
    pub last_second: bool,
}

/// A credit card account.
pub struct Card {
    /// Number of the account at the bank.
    pub number: &'static str,
    /// How the bank calls the product.
    pub name: &'static str,
    /// Product type of the regulatory API, and what it is if `OUTROS`.
    pub product: (&'static str, Option<&'static str>),
    /// Network of the regulatory API, and which it is if `OUTRAS`.
    pub network: (&'static str, Option<&'static str>),
    /// The cards of the account: last digits (an identifier for companies), and whether more than one card has them.
    pub cards: &'static [(&'static str, bool)],
    /// Limit in cents; none where the limit is flexible.
    pub limit: Option<i64>,
    /// Purchases on an average day.
    pub purchases_a_day: u32,
    /// Another person who must agree: CPF and name.
    pub authorizer: Option<(&'static str, &'static str)>,
}

/// CNPJ of the bank itself.
pub const BANK_CNPJ: &str = "11444777000161";
/// Name of the bank's brand.
pub const BANK_NAME: &str = "Banco Ponte de Exemplo";
/// COMPE code of the bank, not assigned to anybody.
pub const COMPE_CODE: &str = "999";

/// Everybody. The first one has thousands of transactions, the second a joint account, the third is a company.
pub const CUSTOMERS: &[Customer] = &[
    people::ANA,
    people::BRUNO,
    companies::PADARIA,
    people::CELIA,
    people::DARIO,
    people::JOAO,
    companies::ESTUDIO,
];

impl Account {
    /// An ordinary account with nothing in it.
    const PLAIN: Self = Self {
        branch: Some("0001"),
        number: "00000000",
        check_digit: "0",
        kind: "CONTA_DEPOSITO_A_VISTA",
        label: "Conta corrente",
        subtype: "INDIVIDUAL",
        currency: "BRL",
        transactions_a_day: 0,
        monthly_balance: 0,
        overdraft: None,
        reserved: &[],
        authorizer: None,
        payee: BANK_CNPJ,
        last_second: false,
    };

    /// The bank's own identifier, as one text.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}", self.branch.unwrap_or("0000"), self.number)
    }

    /// The bank's own identifier, as the contract carries it.
    pub(crate) fn legacy_id(&self) -> LegacyId {
        legacy_id("accountId", self.id())
    }
}

impl Card {
    /// An ordinary card that nobody uses.
    const PLAIN: Self = Self {
        number: "0",
        name: "Cartão de exemplo",
        product: ("STANDARD_NACIONAL", None),
        network: ("VISA", None),
        cards: &[],
        limit: Some(0),
        purchases_a_day: 0,
        authorizer: None,
    };

    /// The bank's own identifier, as the contract carries it.
    pub(crate) fn legacy_id(&self) -> LegacyId {
        legacy_id("creditCardAccountId", self.number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use ponte_values::{Cnpj, Cpf, PersonName};

    /// Whether the last two characters of a document are what the others make of them: letters count 17 to 42.
    fn adds_up(document: &str, longest: u32) -> bool {
        let values: Vec<u32> = document.bytes().map(|byte| u32::from(byte) - 48).collect();
        (values.len() - 2..values.len()).all(|checked| {
            let weights = (2..=longest).cycle();
            let sum: u32 =
                values[..checked].iter().rev().zip(weights).map(|(value, weight)| value * weight).sum();
            let rest = sum % 11;
            values[checked] == if rest < 2 { 0 } else { 11 - rest }
        })
    }

    #[test]
    fn c25_documents_are_valid_and_identifiers_unique() {
        let (mut ids, mut documents) = (Vec::new(), Vec::new());
        for customer in CUSTOMERS {
            documents.push(format!("{} {:?}", customer.cpf, customer.cnpj));
            Cpf::parse(customer.cpf).unwrap();
            assert!(adds_up(customer.cpf, 11), "{}", customer.cpf);
            if let Some(cnpj) = customer.cnpj {
                Cnpj::parse(cnpj).unwrap();
                assert!(adds_up(cnpj, 9), "{cnpj}");
            }
            PersonName::parse(customer.name).unwrap();
            ids.extend(customer.accounts.iter().map(Account::id));
            ids.extend(customer.cards.iter().map(|card| card.number.to_owned()));
            let authorizers = customer.accounts.iter().filter_map(|account| account.authorizer);
            for (cpf, _) in authorizers.chain(customer.cards.iter().filter_map(|card| card.authorizer)) {
                assert!(CUSTOMERS.iter().any(|customer| customer.cpf == cpf), "{cpf} can agree");
            }
        }
        Cnpj::parse(BANK_CNPJ).unwrap();
        let unique = |texts: &[String]| texts.iter().collect::<HashSet<_>>().len() == texts.len();
        assert!(unique(&ids), "{ids:?}");
        assert!(unique(&documents), "{documents:?}");
        assert!(
            !adds_up("11222333000182", 9) && !adds_up("12ABC34501DE36", 9) && adds_up("12ABC34501DE35", 9)
        );
    }

    #[test]
    fn the_awkward_customers_are_there() {
        let accounts = || CUSTOMERS.iter().flat_map(|customer| customer.accounts);
        let nothing = |customer: &Customer| customer.accounts.is_empty() && customer.cards.is_empty();
        assert!(CUSTOMERS.iter().any(|customer| customer.cnpj.is_none() && nothing(customer)), "no product");
        assert!(CUSTOMERS.iter().any(|customer| customer.name.chars().count() == 70), "a long name");
        let letters = |cnpj: &str| cnpj.bytes().any(|byte| byte.is_ascii_uppercase());
        assert!(CUSTOMERS.iter().any(|customer| customer.cnpj.is_some_and(letters)), "CNPJ with letters");
        assert!(accounts().any(|account| account.currency != "BRL"), "foreign currency");
        assert!(accounts().any(|account| account.monthly_balance == 0), "zero balance");
        assert!(accounts().any(|account| account.monthly_balance < 0), "below zero");
        assert!(accounts().any(|account| account.last_second), "the last second of the year");
        for subtype in ["INDIVIDUAL", "CONJUNTA_SIMPLES", "CONJUNTA_SOLIDARIA"] {
            assert!(accounts().any(|account| account.subtype == subtype), "{subtype}");
        }
        let with_company = |customer: &&Customer| customer.cnpj.is_some();
        let also_alone = |company: &Customer| {
            CUSTOMERS.iter().any(|customer| customer.cnpj.is_none() && customer.cpf == company.cpf)
        };
        assert!(CUSTOMERS.iter().filter(with_company).any(also_alone), "one person, two customers");
    }
}
