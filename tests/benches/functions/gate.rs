//! The gate of the data APIs on pages of a thousand records, beside a scan that only skips them and beside parsing them into
//! structs that copy nothing: the same bytes, in this process and in turns.

use bytes::Bytes;
use ponte_records::{Ids, NotAKey, Product, Schema, accounts, pass};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::jose::{Compared, turns};
use super::{Fault, institution};

/// Records of a page.
const RECORDS: usize = 1_000;

/// An answer of the integration layer.
#[derive(Deserialize, Serialize)]
struct Answer<T> {
    data: Vec<T>,
    meta: Meta,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    total_records: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "names of the wire")]
struct Transaction<'a> {
    transaction_id: &'a str,
    completed_authorised_payment_type: &'a str,
    credit_debit_type: &'a str,
    transaction_name: &'a str,
    r#type: &'a str,
    #[serde(borrow)]
    transaction_amount: Amount<'a>,
    transaction_date_time: &'a str,
    partie_cnpj_cpf: Option<&'a str>,
    partie_person_type: Option<&'a str>,
    partie_compe_code: Option<&'a str>,
    partie_branch_code: Option<&'a str>,
    partie_number: Option<&'a str>,
    partie_check_digit: Option<&'a str>,
}

#[derive(Deserialize, Serialize)]
struct Amount<'a> {
    amount: &'a str,
    currency: &'a str,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    #[serde(borrow)]
    resource_legacy_id: [Pair<'a>; 1],
    brand_name: &'a str,
    company_cnpj: &'a str,
    r#type: &'a str,
    compe_code: &'a str,
    branch_code: Option<&'a str>,
    number: &'a str,
    check_digit: Option<&'a str>,
}

#[derive(Deserialize, Serialize)]
struct Pair<'a> {
    key: &'a str,
    value: &'a str,
}

/// The answers that are read.
pub(crate) struct Pages {
    transactions: Bytes,
    accounts: Bytes,
    /// The institution's keys of the accounts and their public ids.
    ids: Vec<(String, String)>,
}

impl Pages {
    pub(crate) fn make() -> Self {
        Self {
            transactions: institution::transactions(RECORDS),
            accounts: institution::accounts(RECORDS),
            ids: institution::keys(RECORDS).zip((0..).map(public_id)).collect(),
        }
    }

    /// Transactions, as they leave.
    pub(crate) fn transactions(&self) -> Result<usize, Fault> {
        gate(&self.transactions, &accounts::TRANSACTIONS, Ids::None { product: Some("accountId") })
    }

    /// A list of accounts, with their public ids.
    pub(crate) fn accounts(&self) -> Result<usize, Fault> {
        let products: Vec<Product<'_>> =
            self.ids.iter().map(|(key, public)| Product { key, public }).collect();
        let ids = Ids::Products { name: "accountId", products: &products, place: &|_| Err(NotAKey) };
        gate(&self.accounts, &accounts::LIST, ids)
    }
}

/// The gate on both.
pub(crate) fn compare() -> Result<Vec<Compared>, Fault> {
    let pages = Pages::make();
    let (transactions, accounts) = (&pages.transactions, &pages.accounts);
    Ok(vec![
        turns(
            ("gate: 1,000 transactions / skipping", 3.0),
            || pages.transactions(),
            || skipped(transactions),
        )?,
        turns(
            ("gate: 1,000 transactions / parsing", 1.0),
            || pages.transactions(),
            || parsed::<Transaction<'_>>(transactions),
        )?,
        turns(("gate: 1,000 accounts / skipping", 3.0), || pages.accounts(), || skipped(accounts))?,
        turns(
            ("gate: 1,000 accounts / parsing", 1.0),
            || pages.accounts(),
            || parsed::<Account<'_>>(accounts),
        )?,
    ])
}

fn public_id(number: usize) -> String {
    format!("c770aef3-6784-41f7-8e0e-{number:012}")
}

fn gate(body: &[u8], fields: &Schema, ids: Ids<'_>) -> Result<usize, Fault> {
    let passed = pass(body, fields, ids)?;
    if passed.findings.is_empty() && passed.left_out == 0 {
        Ok(passed.data.len())
    } else {
        Err(format!("the records are not valid: {}", passed.findings).into())
    }
}

fn skipped(body: &[u8]) -> Result<usize, Fault> {
    serde_json::from_slice::<IgnoredAny>(body)?;
    Ok(body.len())
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<usize, Fault> {
    Ok(serde_json::from_slice::<Answer<T>>(body)?.data.len())
}
