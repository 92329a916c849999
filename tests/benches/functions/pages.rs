//! Pages of records by what their CPU goes into: the token, the store, the layer, the gate, and what is left, which is reading the
//! call and writing the answer.

use std::cell::LazyCell;
use std::collections::HashMap;

use bytes::Bytes;
use ponte_records::{Ids, NotAKey, Product, Schema, accounts, credit_cards_accounts, loans, pass};

use super::figures::Figures;
use super::measure::Measured;
use super::parts::{Part, RARE, cost_of};
use super::recipe::Call;
use super::report::{Hello, PageRow};
use super::{Fault, institution, meter};

/// Turns and readings of a page in a turn.
const TURNS: usize = 15;
const READINGS: u32 = 40;

/// The institution's key of a product, and its public id.
type Named = (String, String);

/// Records that come in pages.
pub(crate) struct PageOf {
    fields: &'static Schema,
    /// Name of the public id of the product.
    product: &'static str,
    /// An answer of the layer with so many.
    body: fn(usize) -> Bytes,
    /// Keys of the records with public ids, where they are products themselves, in the order in which the layer is told of them.
    products: Option<fn(usize) -> Vec<Named>>,
}

/// Transactions of an account.
pub(crate) static TRANSACTIONS: PageOf = PageOf {
    fields: &accounts::TRANSACTIONS,
    product: "accountId",
    body: institution::transactions,
    products: None,
};

/// Transactions of a credit card.
pub(crate) static CARD_TRANSACTIONS: PageOf = PageOf {
    fields: &credit_cards_accounts::TRANSACTIONS,
    product: "creditCardAccountId",
    body: institution::card_transactions,
    products: None,
};

/// Accounts of a customer.
pub(crate) static ACCOUNTS: PageOf = PageOf {
    fields: &accounts::LIST,
    product: "accountId",
    body: institution::accounts,
    products: Some(|size| {
        institution::keys(size).zip((0..).map(|number| format!("{number:032x}"))).collect()
    }),
};

/// Loans of a customer.
pub(crate) static LOANS: PageOf = PageOf {
    fields: &loans::LIST,
    product: "contractId",
    body: institution::loans,
    products: Some(|size| {
        let mut loans: Vec<_> = institution::loan_keys(size).zip((0..).map(institution::loan_id)).collect();
        loans.sort_by(|one, other| one.1.cmp(&other.1));
        loans
    }),
};

impl PageOf {
    /// The gate over so many records, once and then in so many turns: what leaves of them, in bytes, and CPU of one reading, µs.
    pub(crate) fn gate(&self, size: usize, turns: usize) -> Result<(usize, Figures), Fault> {
        let body = (self.body)(size);
        let products = self.products.map(|products| products(size)).unwrap_or_default();
        let products: Vec<Product<'_>> =
            products.iter().map(|(key, public)| Product { key, public }).collect();
        let once = || -> Result<usize, Fault> {
            // As the function has them: looked up where they come in another order.
            let places = LazyCell::new(|| {
                products.iter().enumerate().map(|(place, product)| (product.key, place)).collect()
            });
            let place = |own: &str| {
                let places: &HashMap<&str, usize> = &places;
                places.get(own).copied().map(Some).ok_or(NotAKey)
            };
            let ids = match self.products {
                Some(_) => Ids::Products { name: self.product, products: &products, place: &place },
                None => Ids::None { product: Some(self.product) },
            };
            let passed = pass(&body, self.fields, ids)?;
            if passed.findings.is_empty() && passed.left_out == 0 {
                Ok(passed.data.len())
            } else {
                Err(format!("the records are not valid: {}", passed.findings).into())
            }
        };
        let (leaves, mut cpu) = (once()?, Figures::default());
        for _ in 0..turns {
            let before = meter::own_cpu_nanos()?;
            for _ in 0..READINGS {
                std::hint::black_box(once()?);
            }
            cpu.push(meter::micros(meter::own_cpu_nanos()? - before) / f64::from(READINGS));
        }
        Ok((leaves, cpu))
    }
}

/// The pages among what was measured; `token` is what the guard of a call costs, µs.
pub(crate) fn split(
    measured: &[Measured],
    parts: &[Part],
    hello: &Hello,
    token: f64,
) -> Result<Vec<PageRow>, Fault> {
    let mut rows = Vec::new();
    for measured in measured {
        let Some((page, size)) = measured.operation.page else { continue };
        let over = |wanted: fn(&Call) -> bool| -> f64 {
            let calls = measured.each.iter().filter(|(call, times)| *times >= RARE && wanted(call));
            calls.map(|(call, times)| (cost_of(parts, call) - hello.cpu_us.median) * times).sum()
        };
        let whole = measured.ours.cpu.median();
        let store = over(|call| matches!(call, Call::Aws { .. }));
        let layer = over(|call| matches!(call, Call::Institution { .. }));
        let gate = page.gate(size, TURNS)?.1.median();
        rows.push(PageRow {
            name: measured.operation.name,
            cpu_us: whole,
            runtime_us: hello.cpu_us.median,
            token_us: token,
            store_us: store,
            layer_us: layer,
            gate_us: gate,
            rest_us: whole - hello.cpu_us.median - token - store - layer - gate,
            requests: requests(measured, |_| true),
            limit_writes: requests(measured, |target| target.ends_with(".UpdateItem")),
            bytes_in: (page.body)(size).len(),
            bytes_out: measured.bytes,
            peak_mib: measured.peak_mib,
        });
    }
    Ok(rows)
}

/// Requests of an invocation to the store.
fn requests(measured: &Measured, counted: fn(&str) -> bool) -> f64 {
    let of_store = measured.each.iter().filter(|(call, _)| match call {
        Call::Aws { target, .. } => counted(target),
        Call::Institution { .. } => false,
    });
    of_store.map(|(_, times)| times).sum()
}
