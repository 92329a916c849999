//! Rows that a newer release wrote, over a running stack: shown to nobody, in the way of nobody, named in the log (D8).

use std::path::Path;
use std::time::Duration;

use ponte_bank::customers::CUSTOMERS;
use ponte_machine::clock;
use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::{Cloud, Item};
use super::steps::{World, want};
use super::systems::{LIST, System};
use crate::stack::Stack;

const RESOURCES: &str = "/open-banking/resources/v3/resources";
/// A word of the newer release: nobody may see it, and no log may have it.
const WORD: &str = "NEXT_9F3B";

/// The consents table, as somebody with every right edits it.
struct Consents<'s> {
    cloud: &'s Cloud<'s>,
    table: &'s str,
}

impl Consents<'_> {
    async fn row(&self, consent: &str) -> Item {
        let rows = self.cloud.items(self.table).await;
        let of_it = |row: &&Item| {
            row["pk"]["S"].as_str().is_some_and(|pk| pk.ends_with(consent)) && row["sk"]["S"] == "META"
        };
        rows.iter().find(of_it).unwrap_or_else(|| panic!("no row of {consent}")).clone()
    }

    /// Writes the row of a consent again with another body, as `due` for the sweep if there is such a place.
    async fn write(&self, consent: &str, due: Option<&Value>, change: impl FnOnce(&mut Value)) {
        let mut row = self.row(consent).await;
        if let Some(partition) = due {
            row.insert("duepk".to_owned(), partition.clone());
            row.insert("due".to_owned(), json!({ "S": "2020-01-01T00:00:00.000Z" }));
        }
        let mut body: Value = serde_json::from_str(row["body"]["S"].as_str().expect("a body")).expect("JSON");
        body["schema"] = json!(2);
        change(&mut body);
        row.insert("body".to_owned(), json!({ "S": body.to_string() }));
        let put = json!({ "TableName": self.table, "Item": row });
        self.cloud.call("DynamoDB_20120810.PutItem", &put).await;
    }
}

/// Lines about rows that a function cannot read: the keys that they name.
fn unreadable(folder: &Path, function: &str) -> Vec<String> {
    let log = std::fs::read_to_string(folder.join(format!("logs/{function}.log"))).unwrap_or_default();
    assert!(!log.contains(WORD), "a log shows what is in a row: {log}");
    let fields = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // The field of the metric filter.
    fields.filter_map(|line| line["fields"]["unreadable"].as_str().map(str::to_owned)).collect()
}

/// The answers about a consent that only a newer release reads.
async fn is_an_answer_of_its_own(world: &World, office: &System, own: &str, consent: &str) {
    let receiver = &world.receiver;
    for reply in [
        receiver.read_consent(own, consent).await.expect("the consents API answers"),
        receiver.delete_consent(own, consent).await.expect("the consents API answers"),
        office.get(&format!("{LIST}/{consent}"), &[]).await,
    ] {
        let body = want(500, consent, reply).json();
        assert_eq!(body["errors"][0]["code"], "ERRO_INTERNO", "{body}");
        assert!(!body.to_string().contains(WORD), "{body}");
    }
}

async fn listed(office: &System) -> Vec<String> {
    let customer = [("x-customer-cpf", CUSTOMERS[0].cpf)];
    let body = want(200, "list", office.get(LIST, &customer).await).json();
    assert!(!body.to_string().contains(WORD), "{body}");
    let ids = body["data"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
    ids.map(str::to_owned).collect()
}

async fn resources(world: &World, token: &str, consent: &str) -> Reply {
    let asked =
        DataRequest { path: RESOURCES, template: RESOURCES, token, consent, without_interaction: false };
    world.receiver.get(&asked).await.expect("the resources API answers")
}

#[tokio::test]
async fn d8_rows_of_a_newer_release_are_shown_to_nobody_and_stop_nothing() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let cloud = Cloud::of(&stack, &callers);
    let table = Consents { cloud: &cloud, table: cloud.table("consents", "CONSENTS_TABLE") };
    let office = System::named(&stack, "backoffice");
    let own = world.client_token().await;
    let [shared, status, reason, plain, overdue] = {
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(world.create_consent(&own).await);
        }
        <[String; 5]>::try_from(ids).expect("five")
    };
    let tokens = world.agree(&world.log_in(&shared).await).await;
    let opened = world.agree(&world.log_in(&status).await).await;
    let ended = world.receiver.delete_consent(&own, &reason).await.expect("the consents API answers");
    want(204, "delete", ended);
    let before = want(200, "resources", resources(&world, &tokens.access, &shared).await).json();

    let product = |body: &mut Value| {
        let product = json!({ "id": WORD, "kind": WORD, "legacyId": [], "status": "AVAILABLE" });
        body["state"]["AUTHORISED"]["resources"].as_array_mut().expect("products").push(product);
    };
    table.write(&shared, None, product).await;
    // The sweep meets these first, and one of ours that is overdue behind them in the same shard.
    let due = &table.row(&overdue).await["duepk"];
    table
        .write(&status, Some(due), |body| body["state"] = json!({ WORD: body["state"]["AUTHORISED"] }))
        .await;
    table.write(&reason, Some(due), |body| body["state"]["REJECTED"]["reason"] = json!(WORD)).await;
    let two_hours_ago = clock::now().minus(Duration::from_hours(2));
    let long_ago = |body: &mut Value| body["createdAt"] = json!(two_hours_ago.with_millis());
    table.write(&overdue, Some(due), long_ago).await;
    let stored = [table.row(&status).await, table.row(&reason).await];

    // A product that is not known is in no answer; all else of its consent is.
    let after = want(200, "resources", resources(&world, &tokens.access, &shared).await).json();
    assert_eq!(after["data"], before["data"]);
    assert!(!after.to_string().contains(WORD));
    want(200, "accounts", world.accounts(&tokens.access, &shared).await);
    assert!(!world.consent(&own, &shared).await.to_string().contains(WORD));
    assert_eq!(unreadable(folder.path(), "consents"), Vec::<String>::new(), "that row is read");

    // A status or a reason that is not known makes a row that opens nothing and changes nothing.
    for consent in [&status, &reason] {
        is_an_answer_of_its_own(&world, &office, &own, consent).await;
    }
    let refused = world.accounts(&opened.access, &status).await;
    assert_eq!(want(500, "accounts", refused).json()["errors"][0]["code"], "ERRO_INTERNO");
    let refresh = opened.refresh.as_deref().expect("a refresh token");
    let renewed = world.receiver.refresh(refresh, &status).await.expect("the token endpoint answers");
    assert!(renewed.status >= 400, "no fresh token: {}", renewed.excerpt());

    // Lists go on without them.
    let mut ids = listed(&office).await;
    ids.sort();
    let mut readable = vec![shared.clone(), plain.clone(), overdue.clone()];
    readable.sort();
    assert_eq!(ids, readable);

    // Sweep, seal and count go on, and write none of them.
    for schedule in ["expiry", "stock", "seal", "sweep"] {
        world.tick(schedule).await;
    }
    assert_eq!(world.status(&own, &plain).await, "AWAITING_AUTHORISATION");
    let swept = table.row(&overdue).await;
    assert!(swept["body"]["S"].as_str().is_some_and(|body| body.contains("REJECTED")), "{swept:?}");
    assert_eq!([table.row(&status).await, table.row(&reason).await], stored);
    let kept = table.row(&shared).await;
    assert!(kept["body"]["S"].as_str().is_some_and(|body| body.contains(WORD)), "and the product is kept");

    // What the alarm counts: a line for each meeting, with the key alone.
    for (function, consents) in
        [("consents", vec![&status, &reason]), ("data", vec![&status]), ("oauth", vec![&status])]
    {
        let named = unreadable(folder.path(), function);
        for consent in consents {
            assert!(named.iter().any(|key| key.contains(consent.as_str())), "{function}: {named:?}");
        }
        assert!(named.iter().all(|key| !key.contains(&shared) && !key.contains(&plain)), "{named:?}");
    }
}
