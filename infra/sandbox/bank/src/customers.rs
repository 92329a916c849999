//! The customers of the bank and their products: invented people with valid test documents. `docs/sandbox.md` says what each of
//! them is for.

pub use crate::institution::{BANK_CNPJ, BANK_NAME, COMPE_CODE};

mod account;
mod card;
mod companies;
mod customer;
mod people;
mod profile;

pub use account::Account;
pub use card::Card;
pub use customer::Customer;
pub use profile::{CompanyProfile, Employer, Home, Party, PersonProfile, Profile};

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
