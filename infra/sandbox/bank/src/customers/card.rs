//! Credit cards, as data.

use crate::contract::{LegacyId, legacy_id};

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

impl Card {
    /// An ordinary card that nobody uses.
    pub(super) const PLAIN: Self = Self {
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
