//! Saved rows as a later release would write them over: values that this one does not know stop no list, no sweep and no
//! count, open nothing, and are written back (D8).

use std::collections::{BTreeMap, BTreeSet};

use ponte_authorization::api_key::ApiKeyId;
use ponte_authorization::client::{Client, RegistrationChange};
use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::ports::{
    ApiKeys as _, Clients as _, Grants as _, InteractionChanges as _, InteractionCommit, Interactions as _,
    Targets as _,
};
use ponte_authorization::target::{Target, TargetStatus};
use ponte_data_consent::consent::{ConsentChange, ConsentPolicy, ExtensionRequest, RejectedBy};
use ponte_data_consent::ports::{
    ConsentIndex as _, Consents as _, DiscoveredResources as _, Extensions as _,
};
use ponte_kit::examples::client_id;
use ponte_metrics::ports::{
    Backlog as _, ConsentStock as _, HeldReports as _, Ledger as _, Settlements as _,
};
use ponte_ports::audit::Actor;
use ponte_ports::operation::Operations as _;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{History as _, PortError, Trail};
use ponte_values::{Cpf, TargetKind};
use serde_json::{Value, json};

use super::consents::{find, resource_table};
use super::registrations::{api_key, client_table, key_table};
use super::reports::{WORKER, day, operation_table, outbox, pcm, rows};
use super::rows::{Saved, body};
use super::sessions::{grants, interaction, request_uri};
use super::{DAY, consent_id, minute, payments};
use crate::history::AuditTable;
use crate::interactions::InteractionTable;
use crate::item::{Item, item, s, text};
use crate::keys::hash;
use crate::targets::TargetTable;
use crate::testing::consent_table;
use crate::trail::TrailTables;

/// What no release says today.
const NEXT: &str = "NEXT";

fn parsed(row: &Item) -> Option<Value> {
    serde_json::from_str(text(row, "body")?).ok().filter(Value::is_object)
}

/// The table of a row.
fn table_of(row: &Item) -> &'static str {
    let pk = text(row, "pk").unwrap().strip_prefix("I#banco#").unwrap();
    match pk.split('#').next().unwrap() {
        "C" | "RC" | "EN" => "consents",
        "PC" => "payment-consents",
        "P" | "IDEM" | "SPENT" => "payments",
        "N" | "H" => "interactions",
        "AUD" => "audit",
        "SEAL" => "seals",
        "PAR" | "CODE" | "RT" | "JTI" | "REG" => "grants",
        "BLOCKED" => "block-list",
        "LAYER" => "layer",
        "CLIENT" | "SOFTWARE" => "clients",
        "KEYS" => "api-keys",
        "CERT" => "certificates",
        "CALLS" => "limits",
        "PCM" => "pcm",
        "OP" => "operations",
        "QUALITY" => "quality",
        "RES" => "resources",
        "EV" | "OUT" | "HOLD" | "GONE" => "outbox",
        other => panic!("{other}"),
    }
}

/// The places in a body that hold a word, and those whose name is one: a variant with a payload. Elements of lists count
/// as one place.
fn places(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = format!("{place}/{name}");
                if name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_') {
                    found.insert(format!("{inner}!"));
                }
                places(member, &inner, found);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                places(element, &format!("{place}/*"), found);
            }
        }
        Value::String(_) => {
            found.insert(place.to_owned());
        }
        _ => {}
    }
}

/// The body with a word of a later release at a place.
fn with_next(value: &Value, place: &str) -> Value {
    let Some((name, rest)) =
        place.strip_prefix('/').map(|place| place.split_once('/').unwrap_or((place, "")))
    else {
        return value.as_str().map_or_else(|| value.clone(), |word| json!(format!("{word}_{NEXT}")));
    };
    let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
    match value {
        Value::Array(elements) => elements.iter().map(|element| with_next(element, &rest)).collect(),
        Value::Object(members) => {
            let member = |(key, member): (&String, &Value)| match name.strip_suffix('!') {
                Some(name) if key == name => (format!("{key}_{NEXT}"), member.clone()),
                _ if key == name => (key.clone(), with_next(member, &rest)),
                _ => (key.clone(), member.clone()),
            };
            members.iter().map(member).collect()
        }
        other => other.clone(),
    }
}

async fn put(saved: &Saved, row: Item) {
    let request = saved.database.client.put_item().table_name(table_of(&row)).set_item(Some(row));
    request.send().await.unwrap();
}

fn with_body(row: &Item, body: &Value) -> Item {
    item(row.clone(), [("body", s(body.to_string()))])
}

/// What lists, sweeps, queues and counts find: each name stands for rows of a kind, with how many there were.
async fn listed(saved: &Saved) -> BTreeMap<&'static str, usize> {
    let consents = consent_table(&saved.database.dynamo);
    let mut found = BTreeMap::new();
    let listing = Listing { from: None, until: None, order: Order::Oldest, after: None, limit: 100 };
    let owners = ["key-of-bruno", "key-of-ana"].map(|key| ConsentOwner::Person(key.to_owned()));
    for owner in owners {
        *found.entry("consent").or_default() +=
            consents.of_owner(&owner, listing).await.unwrap().consents.len();
    }
    for shard in 0..SHARDS {
        *found.entry("due").or_default() += consents.due(shard, minute(400 * DAY), 100).await.unwrap().len();
        *found.entry("pending row").or_default() += rows(saved, shard).await.len();
        *found.entry("row that waits for the drop reason").or_default() +=
            outbox(saved).held(shard, 10).await.unwrap().len();
        single(pcm(saved).leases(shard).await.map(drop));
    }
    assert!(outbox(saved).waiting(day()).await.is_ok());
    found.insert("in force", usize::try_from(consents.in_force(minute(2)).await.unwrap().total()).unwrap());
    let renewals = consents.list(&consent_id("renewed"), 0, 10).await.unwrap();
    found.insert("renewal of a consent", renewals.len());
    let history = AuditTable::new(&saved.database.dynamo, "audit");
    for subject in ["authorised", "renewed", "ended-revoked"] {
        let page = history.of(&format!("urn:banco:{subject}"), None, 100).await.unwrap();
        *found.entry("audit row").or_default() += page.entries.len();
    }
    found.insert("API key", key_table(saved).list().await.unwrap().len());
    let ledger = pcm(saved);
    found.insert("line of the ledger", ledger.lines(day()).await.unwrap().len());
    found.insert("parked row", ledger.parked(None, None, 10).await.unwrap().found.len());
    found.insert("part of the archive", ledger.archive(day(), None).await.unwrap().found.len());
    single(ledger.check(day()).await.map(drop));
    let operations = operation_table(saved).of_day(minute(0).date_utc(), None, 100).await.unwrap().found;
    found.insert("operation of an operator", operations.len());
    let consent = consent_id("authorised");
    single(resource_table(saved).state(&consent).await.map(drop));
    let products = resource_table(saved).list(&consent, None, 10).await.unwrap();
    found.insert("discovered product", products.known.len());
    found
}

/// A read of one row: it may say that the row cannot be read, and nothing else.
fn single(outcome: Result<(), PortError>) {
    if let Err(error) = outcome {
        assert!(error.is_unreadable(), "{error}");
    }
}

/// The rows of a kind that are read one by one.
async fn looked_at(saved: &Saved, kind: &str) {
    let dynamo = &saved.database.dynamo;
    for row in saved.of(kind).into_iter().filter(|_| kind == "consent") {
        let id = consent_id(text(row, "pk").unwrap().rsplit_once(':').unwrap().1);
        single(consent_table(dynamo).find(&id).await.map(drop));
        let target = Target { kind: TargetKind::Consent, id };
        single(TargetTable::new(dynamo, "consents").find(&target, minute(5)).await.map(drop));
    }
    for row in saved.of(kind).into_iter().filter(|_| kind == "interaction") {
        let id = text(row, "pk").unwrap().rsplit_once('#').unwrap().1;
        single(InteractionTable::new(dynamo, "interactions").find(id).await.map(drop));
    }
    if ["payment consent", "payment", "idempotency key"].contains(&kind) {
        payments::looked_at(saved).await.into_iter().for_each(single);
    }
    if ["consent", "interaction", "audit row", "notice"].contains(&kind) {
        return;
    }
    for name in ["login", "granted"] {
        single(grants(saved).pushed(&request_uri(name)).await.map(drop));
    }
    for name in ["unspent", "spent"] {
        single(grants(saved).code(&hash(&format!("code-{name}"))).await.map(drop));
        single(grants(saved).refresh_token(&hash(&format!("refresh-{name}"))).await.map(drop));
    }
    single(client_table(saved).find(&client_id()).await.map(drop));
    single(client_table(saved).registration(&client_id()).await.map(drop));
    for number in 1..=3 {
        let id = ApiKeyId::parse(&format!("{number:016}")).unwrap();
        single(key_table(saved).find(&id).await.map(drop));
    }
}

#[tokio::test]
async fn d8_a_word_of_a_later_release_in_any_body_stops_no_list() {
    let saved = Saved::open().await;
    let before = listed(&saved).await;
    let mut walked = 0;
    // Notices have no reader.
    for kind in saved.kinds().into_iter().filter(|kind| *kind != "notice") {
        let bodies =
            saved.of(kind).into_iter().filter_map(|row| Some((row, parsed(row)?))).collect::<Vec<_>>();
        let mut found = BTreeSet::new();
        for (_, body) in &bodies {
            places(body, "", &mut found);
        }
        for place in found {
            let next = bodies.iter().map(|(row, body)| (*row, body, with_next(body, &place)));
            let next = next.filter(|(_, body, next)| *body != next).collect::<Vec<_>>();
            // Every other one, so that a list has both.
            let spoiled = next.iter().step_by(2).collect::<Vec<_>>();
            for (row, _, next) in &spoiled {
                put(&saved, with_body(row, next)).await;
            }
            let now = listed(&saved).await;
            for (name, count) in &before {
                // A body says nothing about when a consent is due, or of a count of attributes.
                let lost = if *name == kind { spoiled.len() } else { 0 };
                assert!(now[name] + lost >= *count, "{kind}{place}: {name} {} of {count}", now[name]);
            }
            looked_at(&saved, kind).await;
            for (row, ..) in spoiled {
                put(&saved, (*row).clone()).await;
            }
            walked += 1;
        }
    }
    assert_eq!(listed(&saved).await, before);
    assert!(walked > 150, "{walked}");
}

#[tokio::test]
async fn d8_a_consent_of_an_unknown_status_opens_nothing() {
    let saved = Saved::open().await;
    let row = saved.row("consent", ":authorised");
    for (place, word) in [("/state/AUTHORISED!", "status"), ("/state/AUTHORISED/at", "time")] {
        put(&saved, with_body(row, &with_next(&body(row), place))).await;
        let target = Target { kind: TargetKind::Consent, id: consent_id("authorised") };
        let found = TargetTable::new(&saved.database.dynamo, "consents").find(&target, minute(5)).await;
        assert!(found.unwrap_err().is_unreadable(), "{word}");
    }
    let row = saved.row("recurring consent, enrolment", "recurring-authorised");
    put(&saved, with_body(row, &with_next(&body(row), "/standing/AUTHORISED!"))).await;
    let target = Target { kind: TargetKind::RecurringConsent, id: consent_id("recurring-authorised") };
    let found = TargetTable::new(&saved.database.dynamo, "consents").find(&target, minute(5)).await;
    assert!(!matches!(found, Ok(Some(state)) if matches!(state.status, TargetStatus::Authorised { .. })));
}

/// The body with a member that nobody knows in every object, and the number of the next schema.
fn grown(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (name.clone(), grown(member)));
            members.chain([("next".to_owned(), json!({"word": NEXT}))]).collect()
        }
        Value::Array(elements) => elements.iter().map(grown).collect(),
        other => other.clone(),
    }
}

fn next_schema(row: &Item) -> Value {
    let mut body = grown(&body(row));
    // The keys of products are the institution's own text, and the pairs of a state are one of its kind.
    body["schema"] = json!(2);
    if let Some(permissions) = body.get_mut("permissions").and_then(Value::as_array_mut) {
        permissions.insert(1, json!("NEXT_READ"));
    }
    if let Some(scopes) = body.get_mut("scopes").and_then(Value::as_array_mut) {
        scopes.push(json!("next:read"));
    }
    if let Some(products) = body.pointer_mut("/state/AUTHORISED/resources").and_then(Value::as_array_mut) {
        let product =
            json!({"id": "card", "kind": "CREDIT_CARD_ACCOUNT_NEXT", "legacyId": [], "status": "AVAILABLE"});
        products.insert(1, product);
    }
    // A variant has one member: its payload.
    for variant in ["/state", "/stage", "/stage/DECIDED/outcome"] {
        if let Some(variant) = body.pointer_mut(variant).and_then(Value::as_object_mut) {
            variant.remove("next");
        }
    }
    body
}

/// How many members of a later release are in a body.
fn members(value: &Value) -> usize {
    match value {
        Value::Object(inner) => {
            inner.iter().map(|(name, member)| usize::from(name == "next") + members(member)).sum()
        }
        Value::Array(inner) => inner.iter().map(members).sum(),
        _ => 0,
    }
}

/// A row as it lies in its table now.
async fn stored(saved: &Saved, row: &Item) -> Value {
    let key = |name| text(row, name).unwrap();
    body(&saved.database.item(table_of(row), key("pk"), key("sk")).await.unwrap())
}

async fn commit(saved: &Saved, number: u32, change: ConsentChange) {
    let change = change.commit(format!("30000000-0000-4000-8000-{number:012}"), None);
    consent_table(&saved.database.dynamo).commit(change).await.unwrap();
}

#[tokio::test]
async fn d8_a_consent_that_is_written_again_keeps_what_a_later_release_put_there() {
    let saved = Saved::open().await;
    let (operator, bruno) = (Actor::Operator, "authorised");
    for name in [bruno, "near-its-end", "awaiting"] {
        let row = saved.row("consent", &format!(":{name}"));
        put(&saved, with_body(row, &next_schema(row))).await;
    }
    let row = saved.row("consent", &format!(":{bruno}"));
    let before = stored(&saved, row).await;
    let shared = before.pointer("/state/AUTHORISED/resources").unwrap().clone();
    // Shown to nobody: the product is in no list, and the permission opens nothing.
    let consent = find(&saved, bruno).await;
    assert!(consent.resources().iter().all(|product| product.id != "card"));
    assert_eq!((consent.resources().len(), consent.permissions.iter().count()), (4, 34));
    let carla = Cpf::parse("98765432100").unwrap();
    let answered =
        consent.in_force(minute(30)).unwrap().answer(&carla, None, true, operator.clone()).unwrap();
    commit(&saved, 1, answered).await;
    let after = stored(&saved, row).await;
    assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&before)));
    assert_eq!(after["permissions"], before["permissions"]);
    assert_eq!(after.pointer("/state/AUTHORISED/resources/1"), shared.get(1));
    assert_eq!(after.pointer("/state/AUTHORISED/resources/2/status"), Some(&json!("AVAILABLE")));
    // Its end keeps the authorisation as it was.
    let yes = after.pointer("/state/AUTHORISED").unwrap().clone();
    let revoked = find(&saved, bruno).await.revoke(RejectedBy::User, operator.clone(), minute(40)).unwrap();
    commit(&saved, 2, revoked).await;
    let after = stored(&saved, row).await;
    assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&before)));
    assert_eq!(after.pointer("/state/REJECTED/authorisation"), Some(&yes));
    renewed_and_expired(&saved, operator).await;
}

async fn renewed_and_expired(saved: &Saved, operator: Actor) {
    let row = saved.row("consent", ":near-its-end");
    let consent = find(saved, "near-its-end").await;
    let request = ExtensionRequest {
        logged_user: consent.logged_user.clone(),
        business: None,
        expires_at: Some(minute(40 * DAY)),
        ip_address: "203.0.113.8".to_owned(),
        user_agent: "Invented/2.0".to_owned(),
    };
    let before = stored(saved, row).await;
    let in_force = consent.in_force(minute(DAY + 2)).unwrap();
    commit(saved, 3, in_force.extend(request, None, ConsentPolicy::default(), operator).unwrap()).await;
    let after = stored(saved, row).await;
    assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&before)));
    let row = saved.row("consent", ":awaiting");
    let before = stored(saved, row).await;
    commit(saved, 4, find(saved, "awaiting").await.expire(minute(61)).unwrap()).await;
    let after = stored(saved, row).await;
    assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&before)));
    assert_eq!(after["permissions"], before["permissions"]);
}

#[tokio::test]
async fn d8_clients_keys_leases_and_interactions_keep_what_a_later_release_put_there() {
    let saved = Saved::open().await;
    let changed = [
        saved.row("client", "client-1"),
        saved.row("registration of a client", "client-1"),
        saved.row("API key", "01"),
        saved.row("leases of a shard", "BOARD"),
    ];
    for row in changed {
        put(&saved, with_body(row, &next_schema(row))).await;
    }
    let table = client_table(&saved);
    let registered = table.registration(&client_id()).await.unwrap().unwrap();
    let renamed = Client { name: "Nova Inventada".to_owned(), ..registered.client.clone() };
    let replaced = registered.replaced(renamed, "{}".to_owned());
    let audit = replaced.audit(RegistrationChange::Replaced, minute(9), "interaction".to_owned());
    table.replace(&replaced, &audit).await.unwrap();
    let rotated = api_key(&saved, 1).await.rotate(hash("new"), std::time::Duration::ZERO, minute(9)).unwrap();
    key_table(&saved).commit(rotated, "30000000-0000-4000-8000-000000000009".to_owned()).await.unwrap();
    let ledger = pcm(&saved);
    let leases = ledger.leases(0).await.unwrap().with_parts(WORKER, &[]).unwrap();
    assert!(ledger.replace_leases(0, &leases).await.unwrap());
    for row in changed {
        let (before, after) = (next_schema(row), stored(&saved, row).await);
        assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&before)), "{after}");
        assert_ne!(after, before, "nothing was changed");
    }
    assert_eq!(stored(&saved, changed[0]).await["name"], "Nova Inventada");
    let scopes = stored(&saved, changed[2]).await["scopes"].clone();
    assert!(scopes.as_array().unwrap().contains(&json!("next:read")), "{scopes}");

    let row = saved.row("interaction", "-login");
    put(&saved, with_body(row, &next_schema(row))).await;
    let denied = interaction(&saved, "login").await.deny(hash("ticket"), minute(5)).unwrap();
    let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    let table = InteractionTable::committing(&saved.database.dynamo, "interactions", tables);
    let trail = Trail::new("30000000-0000-4000-8000-000000000010".to_owned());
    table.commit(InteractionCommit { interaction: denied, trail }).await.unwrap();
    let after = stored(&saved, row).await;
    assert_eq!((after["schema"].clone(), members(&after)), (json!(2), members(&next_schema(row))));
}
