//! Chapter 5: the receiver reads what the customer shared.

use std::collections::HashSet;

use ponte_machine::clock;
use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::Value;

use crate::expect::{CheckResult, list, require, served, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};
use crate::tokens::CustomerTokens;

pub(crate) const RESOURCES: &str = "/open-banking/resources/v3/resources";
pub(crate) const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
/// Days of the statement: enough for more than three pages.
const DAYS: i64 = 30;
const PAGES: usize = 3;
const PAGE_SIZE: usize = 25;

/// One read with its sentence.
struct Read<'a> {
    title: &'a str,
    call: &'a str,
    path: &'a str,
    template: &'a str,
}

/// Resources, accounts, one of them, its balances, three pages of its statement; the account's id.
pub(crate) async fn read(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
) -> Result<String, Aborted> {
    runner.chapter("The receiver reads the data");
    let one = Read {
        title: "It sees what was shared",
        call: "GET resources",
        path: RESOURCES,
        template: RESOURCES,
    };
    let reply = get(runner, participants, customer, &one, |body| {
        let shared = list(body, "/data")?;
        let available = shared.iter().all(|resource| resource["status"] == "AVAILABLE");
        require(available && !shared.is_empty(), || "resources that are all AVAILABLE (C60)".into())?;
        Ok(format!("{} accounts, all AVAILABLE", shared.len()))
    })
    .await?;
    let shared = ids(&reply.json(), "resourceId");

    let one =
        Read { title: "It lists the accounts", call: "GET accounts", path: ACCOUNTS, template: ACCOUNTS };
    let reply = get(runner, participants, customer, &one, |body| {
        let accounts = list(body, "/data")?;
        require(ids(body, "accountId") == shared, || "the accounts that resources showed (C62)".into())?;
        Ok(accounts.iter().filter_map(|account| account["type"].as_str()).collect::<Vec<_>>().join(", "))
    })
    .await?;
    let account = text(&reply.json(), "/data/0/accountId").map_err(|_| Aborted)?.to_owned();
    of_account(runner, participants, customer, &account).await?;
    statement(runner, participants, customer, &account).await?;
    Ok(account)
}

async fn of_account(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
    account: &str,
) -> Result<(), Aborted> {
    let path = format!("{ACCOUNTS}/{account}");
    let template = format!("{ACCOUNTS}/{{accountId}}");
    let one =
        Read { title: "It reads one of them", call: "GET accounts/{id}", path: &path, template: &template };
    get(runner, participants, customer, &one, |body| {
        let (number, currency) = (text(body, "/data/number")?, text(body, "/data/currency")?);
        Ok(format!("number {number}, {}, {currency}", text(body, "/data/subtype")?))
    })
    .await?;

    let (path, template) = (format!("{path}/balances"), format!("{template}/balances"));
    let one = Read {
        title: "It reads the balances of that account",
        call: "GET accounts/{id}/balances",
        path: &path,
        template: &template,
    };
    get(runner, participants, customer, &one, |body| {
        let available = text(body, "/data/availableAmount/amount")?;
        text(body, "/data/blockedAmount/amount")?;
        text(body, "/data/automaticallyInvestedAmount/amount")?;
        Ok(format!("BRL {available} available"))
    })
    .await
    .map(drop)
}

/// Three pages, each found by the `next` link of the one before (C52).
async fn statement(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
    account: &str,
) -> Result<(), Aborted> {
    let today = clock::now().date_brasilia();
    let mut path = format!(
        "{ACCOUNTS}/{account}/transactions?fromBookingDate={}&toBookingDate={today}&page=1&page-size={PAGE_SIZE}",
        today.plus_days(-DAYS)
    );
    let template = format!("{ACCOUNTS}/{{accountId}}/transactions");
    let mut seen = HashSet::new();
    for page in 1..=PAGES {
        let title = match page {
            1 => "It reads a month of transactions, page 1".to_owned(),
            _ => format!("It follows the link to page {page}"),
        };
        let call = format!("GET accounts/{{id}}/transactions {page}/{PAGES}");
        let one = Read { title: &title, call: &call, path: &path, template: &template };
        let reply = get(runner, participants, customer, &one, |body| {
            let records = ids(body, "transactionId");
            require(records.len() == PAGE_SIZE, || format!("{PAGE_SIZE} different transactions (C52)"))?;
            require(records.is_disjoint(&seen), || "transactions that were on no page before".into())?;
            require(body.pointer("/links/prev").is_some() == (page > 1), || {
                "links.prev off the first page only (C52)".into()
            })?;
            text(body, "/links/next")?;
            Ok(format!("{} transactions so far, each once", seen.len() + records.len()))
        })
        .await?;
        let body = reply.json();
        seen.extend(ids(&body, "transactionId"));
        text(&body, "/links/next").map_err(|_| Aborted)?.clone_into(&mut path);
    }
    Ok(())
}

async fn get(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
    one: &Read<'_>,
    holds: impl FnOnce(&Value) -> CheckResult,
) -> Result<Reply, Aborted> {
    let step = Step { title: one.title, from: "receiver", to: "ponte", call: one.call };
    let asked = DataRequest {
        path: one.path,
        template: one.template,
        token: &customer.access,
        consent: &customer.consent,
        without_interaction: false,
    };
    let result = participants.receiver.get(&asked).await;
    runner.answer(&step, result, |reply| {
        let body = served(reply, 200)?;
        text(&body, "/links/self")?;
        holds(&body)
    })
}

fn ids(body: &Value, name: &str) -> HashSet<String> {
    let records = body["data"].as_array().into_iter().flatten();
    records.filter_map(|record| record[name].as_str().map(str::to_owned)).collect()
}
