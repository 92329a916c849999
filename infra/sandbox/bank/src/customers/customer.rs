//! Customers, as data.

use super::account::Account;
use super::card::Card;
use super::profile::Profile;

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
