//! `/sandbox/summary`: the content of the platform in numbers. GET for everything; POST `{"interactions":[..],
//! "correlations":[..],"consents":[..]}` for these alone.

use std::collections::{BTreeMap, HashSet};

use http::{Method, StatusCode};
use ponte_web::{Answer, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::funnel::STEPS;
use crate::pairing::{Kept, ROLES, Status};
use crate::platform::Pcm;
use crate::stock::KeptStock;
use crate::store::{Store, Tally};

/// So many open and discarded reports are shown in full.
const SHOWN: usize = 20;

/// Selection to count; all if absent.
#[derive(Default, Deserialize)]
struct Selection {
    interactions: Option<HashSet<String>>,
    /// Texts that stand somewhere in a report, such as its `correlationId`.
    correlations: Option<Vec<String>>,
    consents: Option<HashSet<String>>,
}

impl Selection {
    fn takes(&self, kept: &Kept) -> bool {
        let interaction = match (&self.interactions, kept.interaction()) {
            (None, _) => true,
            (Some(wanted), Some(one)) => wanted.contains(one),
            (Some(_), None) => false,
        };
        let item = kept.item.get();
        let correlation =
            || self.correlations.as_ref().is_none_or(|all| all.iter().any(|one| item.contains(one)));
        interaction && correlation()
    }
}

pub(crate) fn answer(pcm: &Pcm, request: &Request) -> Answer {
    let selection = match request.method {
        Method::GET => Selection::default(),
        Method::POST => match request.json::<Selection>() {
            Ok(selection) => selection,
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET or POST"),
    };
    let store = pcm.store();
    let counters = pcm.counters();
    Answer::json(
        StatusCode::OK,
        &json!({
            "private": private(&store, &selection),
            "funnel": funnel(&store, &selection),
            "openData": tally(&store.open_data),
            "payments": tally(&store.payment_tally),
            "stock": stock(&store),
            "repeatedOthers": store.repeated_others,
            "requests": counters.requests(),
            "tokensIssued": counters.tokens(),
            "tokenCalls": counters.token_calls(),
        }),
    )
}

fn tally(tally: &Tally) -> Value {
    let shown = tally.discarded.iter().take(SHOWN).collect::<Vec<_>>();
    json!({ "accepted": tally.accepted, "discarded": tally.discarded.len(), "messages": shown })
}

/// How stocks went, and the one that counts of each day and role.
fn stock(store: &Store) -> Value {
    let mut stock = tally(&store.stock_tally);
    let one = |kept: &KeptStock| {
        let (date, role) = kept.stock.day();
        json!({ "reportId": kept.id, "date": date, "role": role, "consents": kept.stock.consents() })
    };
    stock["days"] = store.stocks.iter().map(one).collect();
    stock
}

fn private(store: &Store, selection: &Selection) -> Value {
    let selected: Vec<&Kept> = store.pairs.all().iter().filter(|kept| selection.takes(kept)).collect();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_endpoint: BTreeMap<(&str, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for kept in &selected {
        *by_status.entry(kept.status.as_str()).or_default() += 1;
        if let Some(report) = &kept.report {
            *by_endpoint
                .entry((&report.endpoint, &report.method))
                .or_default()
                .entry(kept.status.as_str())
                .or_default() += 1;
        }
    }
    let by_role: Map<String, Value> = ROLES
        .iter()
        .map(|role| {
            let count = selected
                .iter()
                .filter(|kept| kept.report.as_ref().is_some_and(|report| report.role == *role))
                .count();
            (role.as_str().to_owned(), count.into())
        })
        .collect();
    let open = |kept: &&&Kept| matches!(kept.status, Status::Unpaired | Status::PairedInconsistent);
    json!({
        "received": selected.len(),
        "repeated": store.repeated,
        "byStatus": by_status,
        "byRole": by_role,
        "byEndpoint": by_endpoint.into_iter().map(|((endpoint, method), statuses)| json!({
            "endpoint": endpoint, "httpMethod": method, "statuses": statuses,
        })).collect::<Vec<_>>(),
        "open": selected.iter().filter(open).take(SHOWN).map(|kept| brief(kept)).collect::<Vec<_>>(),
        "discarded": selected.iter().filter(|kept| kept.status == Status::Discarded).take(SHOWN)
            .map(|kept| brief(kept)).collect::<Vec<_>>(),
    })
}

fn brief(kept: &Kept) -> Value {
    let item: Value = serde_json::from_str(kept.item.get()).unwrap_or_default();
    let field = |name: &str| item.get(name).cloned().unwrap_or(Value::Null);
    json!({
        "status": kept.status.as_str(),
        "message": kept.message,
        "fapiInteractionId": field("fapiInteractionId"),
        "role": field("role"),
        "httpMethod": field("httpMethod"),
        "endpoint": field("endpoint"),
        "statusCode": field("statusCode"),
        "clientOrgId": field("clientOrgId"),
        "serverOrgId": field("serverOrgId"),
    })
}

fn funnel(store: &Store, selection: &Selection) -> Value {
    let selected: Vec<_> = store
        .funnel
        .iter()
        .filter(|item| selection.consents.as_ref().is_none_or(|wanted| wanted.contains(&item.consent)))
        .collect();
    let by_step: Map<String, Value> = STEPS
        .iter()
        .map(|step| {
            let accepted = selected.iter().filter(|item| item.step == *step && item.discarded.is_none());
            (step.path.to_owned(), accepted.count().into())
        })
        .collect();
    // In the order of the journey: steps arrive in any order (M42).
    let mut accepted: Vec<_> = selected.iter().filter(|item| item.discarded.is_none()).collect();
    accepted.sort_by(|one, other| one.at.cmp(&other.at));
    let mut by_consent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in accepted {
        by_consent.entry(&item.consent).or_default().push(item.step.path);
    }
    let discarded: Vec<Value> = selected
        .iter()
        .filter_map(|item| {
            let message = item.discarded.as_ref()?;
            Some(json!({ "step": item.step.path, "message": message }))
        })
        .take(SHOWN)
        .collect();
    json!({ "byStep": by_step, "byConsent": by_consent, "discarded": discarded })
}
