//! Accounts, as data.

use crate::contract::{LegacyId, legacy_id};
use crate::institution::BANK_CNPJ;

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

impl Account {
    /// An ordinary account with nothing in it.
    pub(super) const PLAIN: Self = Self {
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
