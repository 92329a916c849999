//! The payment core of the bank as its controls show it: how often it was called, what it has debited, whether its books add up.

use ponte_web::caller::{NoAnswer, Reply};
use serde_json::{Value, json};

use crate::expect::{CheckResult, list, require, status, text};
use crate::metrics::StackClient;
use crate::runner::{Aborted, Runner, Step};

/// The controls of the core.
pub(crate) struct CoreBooks {
    client: StackClient,
    control: String,
}

/// What the core has of some payments.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Debits {
    /// Calls of `/payments`.
    pub(crate) calls: u64,
    /// Transfers.
    pub(crate) entries: usize,
    /// Cents of all transfers.
    pub(crate) cents: u64,
}

impl CoreBooks {
    pub(crate) fn of(endpoints: &Value) -> Result<Self, String> {
        Ok(Self {
            client: StackClient::of(endpoints)?,
            control: text(endpoints, "/payment_core/control")?.to_owned(),
        })
    }

    /// The core executes the next payment and dies before it answers.
    pub(crate) async fn dies(&self) -> Result<Reply, NoAnswer> {
        let fault = json!({ "kind": "lose_reply", "path": "/payments", "times": 1 });
        self.client.order(&self.control, &fault).await
    }

    /// Fires the schedule that looks for payments that are due.
    pub(crate) async fn sweep(&self) -> Result<Reply, NoAnswer> {
        self.client.tick("payments").await
    }

    /// What the core has of payments with these ids, which are its keys of them.
    pub(crate) async fn debits(&self, ids: &[&str]) -> Result<Debits, String> {
        let (payments, entries) = (self.shown("payments").await?, self.shown("entries").await?);
        Debits::of(&payments, &entries, ids)
    }

    /// The books, added up from the first entry; `chapter` is what they must have of this chapter.
    pub(crate) async fn added_up(
        &self,
        runner: &mut Runner<'_>,
        ids: &[&str],
        chapter: Debits,
    ) -> Result<(), Aborted> {
        let step = Step {
            title: "The books of the bank add up, to the cent",
            from: "demo",
            to: "core",
            call: "GET sandbox/books, entries",
        };
        let debits = self.debits(ids).await;
        let books = self.client.look(format!("{}/sandbox/books", self.control)).await;
        let holds = |reply: &Reply| -> CheckResult {
            status(reply, 200)?;
            let debits = debits?;
            require(debits == chapter, || format!("{}, not {}", chapter.in_words(), debits.in_words()))?;
            let told = whole(&reply.json())?;
            Ok(format!("this chapter: {}; {told}", debits.in_words()))
        };
        runner.answer(&step, books, holds).map(drop)
    }

    async fn shown(&self, what: &str) -> Result<Value, String> {
        let reply = self.client.look(format!("{}/sandbox/{what}", self.control)).await;
        let reply = reply.map_err(|problem| problem.reason)?;
        status(&reply, 200)?;
        Ok(reply.json())
    }
}

impl Debits {
    fn of(payments: &Value, entries: &Value, ids: &[&str]) -> Result<Self, String> {
        let ours = |body: &Value, name: &str, key: &str| -> Result<Vec<Value>, String> {
            let all = list(body, name)?.iter();
            let ours = all.filter(|one| one[key].as_str().is_some_and(|id| ids.contains(&id)));
            Ok(ours.cloned().collect())
        };
        let (known, entries) =
            (ours(payments, "/payments", "idempotencyKey")?, ours(entries, "/entries", "key")?);
        Ok(Self {
            calls: known.iter().filter_map(|one| one["calls"].as_u64()).sum(),
            entries: entries.len(),
            cents: entries.iter().filter_map(|one| one["amount"].as_u64()).sum(),
        })
    }

    /// In a few words.
    pub(crate) fn in_words(&self) -> String {
        let Self { calls, entries, cents } = self;
        let plural = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let debits = plural(*entries as u64, "debit");
        format!("{} of /payments, {debits}, BRL {}.{:02}", plural(*calls, "call"), cents / 100, cents % 100)
    }
}

/// Books in which every balance is what the entries make of it, and no money came or went.
fn whole(books: &Value) -> CheckResult {
    require(books["difference"] == 0 && books["wrongAccounts"] == 0, || {
        "balances that are what the entries make of them".into()
    })?;
    require(books["opening"] == books["now"], || "as much money as at the beginning".into())?;
    Ok(format!("{} entries ever, difference 0.00", books["entries"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debits_count_calls_and_entries_of_the_payments_asked_for_alone() {
        let payments = json!({ "payments": [
            { "idempotencyKey": "a", "calls": 2 }, { "idempotencyKey": "b", "calls": 5 },
        ] });
        let entries = json!({ "entries": [{ "key": "a", "amount": 410 }, { "key": "b", "amount": 9 }] });
        let debits = Debits::of(&payments, &entries, &["a", "c"]).unwrap();
        assert_eq!(debits, Debits { calls: 2, entries: 1, cents: 410 });
        assert_eq!(debits.in_words(), "2 calls of /payments, 1 debit, BRL 4.10");
        assert!(Debits::of(&json!({}), &entries, &["a"]).is_err());
    }

    #[test]
    fn books_with_a_cent_too_many_are_not_whole() {
        let books = |difference: i64, now: i64| json!({ "entries": 3, "opening": 500, "now": now, "difference": difference, "wrongAccounts": 0 });
        assert!(whole(&books(0, 500)).is_ok());
        assert!(whole(&books(1, 500)).is_err());
        assert!(whole(&books(0, 501)).is_err());
        assert!(whole(&json!({})).is_err());
    }
}
