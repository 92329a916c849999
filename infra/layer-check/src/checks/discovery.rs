//! Discovery of a kind of product: what later calls are about, the same at every call.

mod product;

use std::time::Duration;

use futures_util::future;
use ponte_values::ResourceKind;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::refusals;
use crate::answers::{self, Body};
use crate::customers::Customer;
use crate::inquiry::Inquiry;
use crate::layer::{Asked, PATIENCE};
use crate::legacy_id;
use crate::scene::Scene;
use crate::sheet::Check;

/// Not yet: the products are being looked for.
const NOT_READY: u16 = 202;
/// How long it is before a discovery that is not ready is asked again, where it does not say so itself.
const PAUSE: u64 = 1;
/// Longest wait that is read, in seconds: more than there is patience for.
const LONGEST_PAUSE: u64 = 3_600;

/// Where the key of a product is.
const PATH: &str = "data.resources[].resourceLegacyId";

/// The products of one customer.
pub(crate) struct Discovered {
    /// Place of the customer in the scene.
    pub(crate) customer: usize,
    /// The keys of those that later calls may name (C60).
    pub(crate) available: Vec<Value>,
    /// The keys of all.
    all: Vec<Value>,
}

/// The products of each customer of the scene; `None` where there is nothing that can be known of them.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, kind: ResourceKind) -> Option<Vec<Discovered>> {
    let scene = inquiry.scene;
    let mut found = Vec::new();
    let mut patience = PATIENCE;
    for (at, customer) in scene.customers.iter().enumerate() {
        let asked = ask(inquiry, kind, customer, patience).await;
        if asked.status() == Some(404) {
            continue;
        }
        let Some(asked) = ready(asked, inquiry) else {
            // One was waited for; the others are asked once each.
            patience = Duration::ZERO;
            continue;
        };
        inquiry.timed(asked.took);
        let Some(body) = answers::data(asked, Check::Answer, inquiry.sheet) else { continue };
        inquiry.sheet.made(Check::Answer);
        answers::meta(&body, Check::Answer, inquiry.sheet);
        let Some(resources) = body.data["resources"].as_array() else {
            inquiry.sheet.wrong_at(Check::Answer, "data.resources", "missing or no list", 1);
            continue;
        };
        for (path, what) in resources.iter().flat_map(|resource| product::faults(kind, resource)) {
            inquiry.sheet.wrong_at(Check::Answer, &format!("data.resources[].{path}"), what, 1);
        }
        let all = keys(&body);
        if all.iter().enumerate().any(|(place, id)| all[..place].contains(id)) {
            inquiry.sheet.wrong_at(Check::Answer, PATH, "one id for several products", 1);
        }
        let available = resources.iter().filter(|resource| product::is_available(kind, resource));
        found.push(Discovered { customer: at, available: available.map(legacy_id::of).collect(), all });
    }
    if found.is_empty() {
        if patience == PATIENCE {
            inquiry.sheet.note("not offered: the discovery knows none of the customers");
        }
        return None;
    }
    again(inquiry, kind, &found).await;
    nobody(inquiry, kind).await;
    let right = scene.requests.discovery(kind, &scene.customers[found[0].customer]);
    refusals::bodies(inquiry, &right).await;
    refusals::access(inquiry, &right).await;
    together(inquiry, kind, &found).await;
    Some(found)
}

/// The answer of a discovery; one that is not ready is asked again as long as there is patience (C61).
async fn ask(inquiry: &Inquiry<'_>, kind: ResourceKind, customer: &Customer, patience: Duration) -> Asked {
    let Scene { layer, requests, .. } = inquiry.scene;
    let until = Instant::now() + patience;
    loop {
        let asked = layer.ask(inquiry.operation.path, &requests.discovery(kind, customer)).await;
        let wait = match &asked.received {
            Ok(received) if received.status == NOT_READY => received.retry_after.unwrap_or(PAUSE),
            _ => return asked,
        };
        let wait = Duration::from_secs(wait.clamp(PAUSE, LONGEST_PAUSE));
        if Instant::now() + wait > until {
            return asked;
        }
        sleep(wait).await;
    }
}

/// The answer, unless the layer is still looking for the products, which is no fault of it.
fn ready(asked: Asked, inquiry: &mut Inquiry<'_>) -> Option<Asked> {
    if asked.status() == Some(NOT_READY) {
        let patience = PATIENCE.as_secs();
        inquiry.sheet.note(format!("not ready: the discovery still answers {NOT_READY} after {patience} s"));
        return None;
    }
    Some(asked)
}

fn keys(body: &Body) -> Vec<Value> {
    body.data["resources"].as_array().into_iter().flatten().map(legacy_id::of).collect()
}

/// The ids are the same at the next call: others keep what hangs on them.
async fn again(inquiry: &mut Inquiry<'_>, kind: ResourceKind, found: &[Discovered]) {
    for Discovered { customer, all, .. } in found {
        let asked = ask(inquiry, kind, &inquiry.scene.customers[*customer], PATIENCE).await;
        let Some(asked) = ready(asked, inquiry) else { return };
        let Some(body) = answers::data(asked, Check::Answer, inquiry.sheet) else { return };
        if keys(&body).iter().any(|id| !all.contains(id)) {
            let what = "another id for the same product at the next call";
            inquiry.sheet.wrong_at(Check::Answer, PATH, what, 1);
        }
    }
}

/// Somebody whom the institution does not know has nothing.
async fn nobody(inquiry: &mut Inquiry<'_>, kind: ResourceKind) {
    let asked = ask(inquiry, kind, &Customer::nobody(), PATIENCE).await;
    let Some(asked) = ready(asked, inquiry) else { return };
    let nothing =
        asked.received.as_ref().ok().filter(|received| received.status == 200).is_some_and(|received| {
            let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
            body["data"]["resources"].as_array().is_some_and(Vec::is_empty)
        });
    inquiry.sheet.made(Check::Empty);
    if !nothing {
        answers::refusal(asked, ("a person nobody knows", &[404]), Check::Empty, inquiry.sheet);
    }
}

async fn together(inquiry: &mut Inquiry<'_>, kind: ResourceKind, found: &[Discovered]) {
    let Some((one, other)) = found.iter().find_map(|one| {
        let other = found.iter().find(|other| other.all != one.all)?;
        Some((one, other))
    }) else {
        return;
    };
    let customers = &inquiry.scene.customers;
    let (first, second) = future::join(
        ask(inquiry, kind, &customers[one.customer], PATIENCE),
        ask(inquiry, kind, &customers[other.customer], PATIENCE),
    )
    .await;
    for (asked, Discovered { all, .. }) in [(first, one), (second, other)] {
        let Some(asked) = ready(asked, inquiry) else { return };
        let Some(body) = answers::data(asked, Check::Parallel, inquiry.sheet) else { return };
        inquiry.sheet.made(Check::Parallel);
        if keys(&body) != *all {
            inquiry.sheet.wrong_at(Check::Parallel, PATH, "another answer than to the same call alone", 1);
        }
    }
}
