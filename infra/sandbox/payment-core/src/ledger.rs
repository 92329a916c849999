//! The books: balances in whole cents, and the entries that moved them, which are only ever added.

use std::collections::BTreeMap;

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use crate::account::Account;

/// A transfer from one account to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its place in the books, from 1.
    pub number: u64,
    /// Ponte's key of the payment; empty for money that came in otherwise.
    pub key: String,
    /// Name of the payment in the payment system.
    pub end_to_end_id: String,
    /// Cents.
    pub amount: u64,
    /// Where it came from.
    pub debtor: Account,
    /// Where it went.
    pub creditor: Account,
    /// When.
    pub at: Moment,
}

/// What an account says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Balance {
    /// Cents at the beginning.
    pub(crate) opening: i64,
    /// Cents now.
    pub(crate) now: i64,
}

/// Balances and entries.
#[derive(Default)]
pub(crate) struct Ledger {
    balances: BTreeMap<Account, Balance>,
    entries: Vec<Entry>,
}

/// The books added up: what the entries make of the opening balances, against what the accounts say.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Books {
    /// Number of entries.
    pub entries: usize,
    /// Sum of the amounts of all entries, cents.
    pub moved: i64,
    /// Sum of all opening balances, cents.
    pub opening: i64,
    /// Sum of all balances, cents; equal to `opening`, since money only moves.
    pub now: i64,
    /// Sum over the accounts of how far the balance is from opening balance, debits and credits, cents. 0 if the books add up.
    pub difference: i64,
    /// Number of accounts whose balance is not what it should be.
    pub wrong_accounts: usize,
}

impl Ledger {
    /// Opens an account; one that is open stays as it is.
    pub(crate) fn open(&mut self, account: Account, opening: i64) {
        self.balances.entry(account).or_insert(Balance { opening, now: opening });
    }

    /// Whether there is such an account.
    pub(crate) fn knows(&self, account: &Account) -> bool {
        self.balances.contains_key(account)
    }

    /// Cents on an account; none on one that is not open.
    pub(crate) fn balance(&self, account: &Account) -> i64 {
        self.balances.get(account).map_or(0, |balance| balance.now)
    }

    /// Debits one account and credits the other, which is opened if need be.
    pub(crate) fn transfer(&mut self, entry: Entry) {
        let cents = signed(entry.amount);
        for (account, change) in [(&entry.debtor, -cents), (&entry.creditor, cents)] {
            self.balances.entry(account.clone()).or_default().now += change;
        }
        let number = self.entries.len() as u64 + 1;
        self.entries.push(Entry { number, ..entry });
    }

    /// All entries, the oldest first.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All accounts.
    pub(crate) fn balances(&self) -> &BTreeMap<Account, Balance> {
        &self.balances
    }

    /// The books, added up from the first entry.
    pub(crate) fn books(&self) -> Books {
        let mut should: BTreeMap<&Account, i64> =
            self.balances.iter().map(|(account, balance)| (account, balance.opening)).collect();
        for entry in &self.entries {
            *should.entry(&entry.debtor).or_default() -= signed(entry.amount);
            *should.entry(&entry.creditor).or_default() += signed(entry.amount);
        }
        let off = should.iter().map(|(account, cents)| (self.balance(account) - cents).abs());
        let off: Vec<i64> = off.filter(|cents| *cents > 0).collect();
        Books {
            entries: self.entries.len(),
            moved: self.entries.iter().map(|entry| signed(entry.amount)).sum(),
            opening: self.balances.values().map(|balance| balance.opening).sum(),
            now: self.balances.values().map(|balance| balance.now).sum(),
            difference: off.iter().sum(),
            wrong_accounts: off.len(),
        }
    }
}

/// Cents that may be subtracted; an amount of the wire is below what 63 bits hold, or no account has it.
pub(crate) fn signed(cents: u64) -> i64 {
    i64::try_from(cents).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(from: &Account, to: &Account, amount: u64) -> Entry {
        Entry {
            number: 0,
            key: "k".into(),
            end_to_end_id: "E".into(),
            amount,
            debtor: from.clone(),
            creditor: to.clone(),
            at: Moment::from_seconds(0),
        }
    }

    #[test]
    fn books_add_up_and_say_so_when_they_do_not() {
        let mut ledger = Ledger::default();
        let (one, two) = (Account::new("1", None, "1", "TRAN"), Account::new("2", None, "2", "TRAN"));
        ledger.open(one.clone(), 1_000);
        ledger.transfer(entry(&one, &two, 307));
        ledger.open(one.clone(), 5);
        assert_eq!((ledger.balance(&one), ledger.balance(&two)), (693, 307));
        let books = ledger.books();
        assert_eq!((books.entries, books.moved, books.opening, books.now), (1, 307, 1_000, 1_000));
        assert_eq!((books.difference, books.wrong_accounts), (0, 0));
        // A cent that nobody booked.
        ledger.balances.get_mut(&two).unwrap().now += 1;
        assert_eq!((ledger.books().difference, ledger.books().wrong_accounts), (1, 1));
        // An entry that moved nothing.
        ledger.balances.get_mut(&two).unwrap().now -= 1;
        ledger.entries.push(entry(&one, &two, 5));
        assert_eq!((ledger.books().difference, ledger.books().wrong_accounts), (10, 2));
    }
}
