//! Accounts 2.5.1.

use std::sync::Arc;

use http::StatusCode;
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::call::{Answered, Call};
use crate::contract::{Authorizer, Discovered, Pair};
use crate::customers::{Account, Customer};
use crate::daily::Daily;
use crate::institution::{BANK_CNPJ, BANK_NAME, COMPE_CODE};
use crate::ledger::{Booking, DAYS_AHEAD, DAYS_BACK, Ledger, amount};
use crate::refusal::Refusal;

const BOOKING_DATES: (&str, &str) = ("fromBookingDate", "toBookingDate");

/// Ledgers of today, made when first asked for.
#[derive(Default)]
pub(crate) struct Accounts {
    ledgers: Daily<Ledger>,
}

impl Accounts {
    /// Answers an operation below `/accounts/`.
    pub(crate) fn answer(&self, operation: &str, call: &Call<'_>) -> Answered {
        let of = |record: &dyn Fn(&'static Account) -> Value| {
            asked(call).map(|account| call.single(&record(account)))
        };
        Some(match operation {
            "account-discovery" => Ok(self.discovery(call)),
            "accounts" => list(call),
            "find" => of(&identification),
            "balances" => of(&|account| self.balances(account, call)),
            "overdraft-limits" => of(&|account| self.overdraft(account, call)),
            "reserved-balances" => reserved(call),
            "transactions" => self.transactions(call, -DAYS_BACK, 0),
            "transactions-current" => self.transactions(call, -6, DAYS_AHEAD),
            _ => return None,
        })
    }

    fn discovery(&self, call: &Call<'_>) -> Answer {
        let discovered = |account: &Account| Discovered {
            resource_legacy_id: account.legacy_id(),
            resource_name: shown(account),
            resource_balance_currency: Some(account.currency),
            resource_balance_amount: Some(amount(self.ledger(account, call).balance())),
            authorizers: authorizers(account.authorizer),
            default_selected: account.authorizer.is_none(),
        };
        let available = |account: &&Account| call.is_available("ACCOUNT", &account.legacy_id());
        let resources: Vec<Discovered> =
            call.customer.accounts.iter().filter(available).map(discovered).collect();
        let meta = call.meta(resources.len(), 1000);
        Answer::json(StatusCode::OK, &json!({ "data": { "resources": resources }, "meta": meta }))
    }

    fn balances(&self, account: &Account, call: &Call<'_>) -> Value {
        let money = |cents: i64| json!({ "amount": amount(cents), "currency": account.currency });
        json!({
            "availableAmount": money(self.ledger(account, call).balance()),
            "blockedAmount": money(0),
            "automaticallyInvestedAmount": money((account.monthly_balance / 10).max(0)),
            "updateDateTime": call.now.to_string(),
            "hasReservedBalance": !account.reserved.is_empty(),
        })
    }

    fn overdraft(&self, account: &Account, call: &Call<'_>) -> Value {
        let Some(limit) = account.overdraft else {
            return json!({});
        };
        let money = |cents: i64| json!({ "amount": amount(cents), "currency": account.currency });
        let below_zero = (-self.ledger(account, call).balance()).max(0);
        json!({
            "overdraftContractedLimit": money(limit),
            "overdraftUsedLimit": money(below_zero.min(limit)),
            "unarrangedOverdraftAmount": money((below_zero - limit).max(0)),
        })
    }

    fn transactions(&self, call: &Call<'_>, earliest: i64, latest: i64) -> Result<Answer, Refusal> {
        let account = asked(call)?;
        let (from, to) = call.days(BOOKING_DATES, earliest, latest)?;
        let wanted = call.word("creditDebitIndicator", &["CREDITO", "DEBITO"])?;
        let credit = wanted.map(|wanted| wanted == "CREDITO");
        let ledger = self.ledger(account, call);
        let selected: Vec<&Booking> = ledger
            .between(from, to)
            .iter()
            .filter(|booking| credit.is_none_or(|credit| credit == (booking.cents > 0)))
            .filter(|booking| latest > 0 || !booking.future)
            .collect();
        call.texts(selected.len(), selected.iter().map(|booking| &booking.json))
    }

    fn ledger(&self, account: &Account, call: &Call<'_>) -> Arc<Ledger> {
        self.ledgers.of(account.id(), call.today(), || Ledger::of(account, call.today()))
    }
}

/// Who must agree, as the discovery of a kind names them.
pub(crate) fn authorizers(authorizer: Option<(&str, &str)>) -> Vec<Authorizer> {
    let named = authorizer.map(|(cpf, name)| Authorizer { cpf: cpf.into(), name: name.into() });
    named.into_iter().collect()
}

fn of_customer(customer: &'static Customer) -> Vec<&'static Account> {
    customer.accounts.iter().collect()
}

/// The account asked for.
fn asked(call: &Call<'_>) -> Result<&'static Account, Refusal> {
    call.product(of_customer, |account| account.legacy_id())
}

fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let wanted = call.text("accountType")?;
    let shared = call.shared("ACCOUNT", of_customer, |account| account.legacy_id())?;
    let wanted = shared.into_iter().filter(|account| wanted.is_none_or(|wanted| wanted == account.kind));
    let records: Vec<Value> = wanted
        .map(|account| {
            let mut record = json!({
                "resourceLegacyId": account.legacy_id(),
                "brandName": BANK_NAME,
                "companyCnpj": BANK_CNPJ,
                "type": account.kind,
                "compeCode": COMPE_CODE,
                "number": account.number,
                "checkDigit": account.check_digit,
            });
            if let Some(branch) = account.branch {
                record["branchCode"] = branch.into();
            }
            record
        })
        .collect();
    call.list(&records)
}

fn identification(account: &'static Account) -> Value {
    let mut record = json!({
        "compeCode": COMPE_CODE,
        "number": account.number,
        "checkDigit": account.check_digit,
        "type": account.kind,
        "subtype": account.subtype,
        "currency": account.currency,
    });
    if let Some(branch) = account.branch {
        record["branchCode"] = branch.into();
    }
    record
}

fn reserved(call: &Call<'_>) -> Result<Answer, Refusal> {
    let account = asked(call)?;
    let record = |(name, identification, cents): &(&str, &str, i64)| {
        json!({
            "reservedName": name,
            "reservedIdentification": identification,
            "availableAmount": [{ "amount": amount(*cents), "currency": account.currency }],
        })
    };
    call.list(&account.reserved.iter().map(record).collect::<Vec<_>>())
}

fn shown(account: &Account) -> Vec<Pair> {
    let pair = |key: &str, value: String| Pair { key: key.into(), value };
    let mut shown = vec![pair("type", account.label.into())];
    shown.extend(account.branch.map(|branch| pair("branch", branch.into())));
    shown.push(pair("number", format!("{}-{}", account.number, account.check_digit)));
    shown
}
