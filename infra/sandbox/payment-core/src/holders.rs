//! The accounts of the bank's customers as its payment core knows them: who owns them, what may be debited, who must agree.

use ponte_bank::customers::{self, CUSTOMERS, Customer};
use serde_json::{Value, json};

use crate::account::Account;

/// ISPB of the bank: the first eight digits of its CNPJ.
pub const BANK_ISPB: &str = "11444777";

/// An account of a customer.
pub(crate) struct Holding {
    /// As the payment system names it.
    pub(crate) account: Account,
    /// The bank's own identifier.
    pub(crate) legacy_id: Value,
    /// Cents at the beginning.
    pub(crate) opening: i64,
    /// Cents below zero that it may go to.
    pub(crate) overdraft: i64,
    /// Whether it may pay: it is in reais and not below its overdraft.
    pub(crate) pays: bool,
    /// How the customer knows it.
    pub(crate) name: Value,
    /// The other person who must agree: CPF and name.
    pub(crate) authorizer: Option<(&'static str, &'static str)>,
}

/// The customer with these documents: by company where there is one, by person otherwise.
pub(crate) fn customer(cpf: &str, cnpj: Option<&str>) -> Option<&'static Customer> {
    CUSTOMERS.iter().find(|customer| customer.cnpj == cnpj && customer.cpf == cpf)
}

/// The accounts of a customer.
pub(crate) fn holdings(customer: &Customer) -> impl Iterator<Item = Holding> {
    customer.accounts.iter().map(Holding::of)
}

/// The account of any customer.
pub(crate) fn holding(account: &Account) -> Option<Holding> {
    CUSTOMERS.iter().flat_map(holdings).find(|holding| holding.account == *account)
}

impl Holding {
    fn of(account: &customers::Account) -> Self {
        // A check digit that is no digit is zero in the payment system, whose numbers have twenty digits at most.
        let check = if account.check_digit == "X" { "0" } else { account.check_digit };
        let number: String = format!("{}{check}", account.number).chars().take(20).collect();
        let kind = match account.kind {
            "CONTA_POUPANCA" => "SVGS",
            "CONTA_PAGAMENTO_PRE_PAGA" => "TRAN",
            _ => "CACC",
        };
        let overdraft = account.overdraft.unwrap_or_default();
        let legacy_id = format!("{}-{}", account.branch.unwrap_or("0000"), account.number);
        Self {
            account: Account::new(BANK_ISPB, account.branch, &number, kind),
            legacy_id: json!([{ "key": "accountId", "value": legacy_id }]),
            opening: account.monthly_balance,
            overdraft,
            pays: account.currency == "BRL" && account.monthly_balance >= -overdraft,
            name: json!([{ "key": account.label, "value": format!("{}-{}", account.number, account.check_digit) }]),
            authorizer: account.authorizer,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn p54_every_account_has_a_name_of_its_own_that_the_payment_system_takes() {
        let all: Vec<Holding> = CUSTOMERS.iter().flat_map(holdings).collect();
        let names: BTreeSet<&Account> = all.iter().map(|holding| &holding.account).collect();
        assert_eq!(names.len(), all.len());
        for Holding { account, .. } in &all {
            assert!((1..=20).contains(&account.number.len()), "{account}");
            assert!(account.number.bytes().all(|byte| byte.is_ascii_digit()), "{account}");
            assert_eq!(account.issuer.is_none(), account.account_type == "TRAN", "{account}");
        }
        let refused: Vec<&str> =
            all.iter().filter(|one| !one.pays).map(|one| one.account.number.as_str()).collect();
        assert_eq!(refused, ["000508402", "12345678901234567890"], "dollars, and far below zero");
        assert_eq!(ponte_bank::customers::BANK_CNPJ.get(..8), Some(BANK_ISPB));
    }
}
