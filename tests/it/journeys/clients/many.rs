//! A receiver with very many consents is removed: how many sweeps that takes, what it costs, that nothing is lost, and how
//! long the removal of another waits for it (T60).

use std::time::Duration;

use ponte_machine::clock;
use serde_json::{Value, json};

use super::clients;
use crate::journeys::callers::Callers;
use crate::journeys::cloud::{Cloud, Item};
use crate::journeys::steps::World;
use crate::processes;
use crate::stack::{self, Stack};

/// Rows of one `BatchWriteItem`.
const BATCH: usize = 25;
/// Sweeps after which the measurement gives up.
const MOST_SWEEPS: usize = 400;
/// What is left until no guard lets a token of the removed receiver create a consent.
const SETTLED: Duration = Duration::from_secs(91);

/// A row with other ids in the place of its own.
fn row_as(row: &Item, ids: &[(&str, &str)]) -> Item {
    let mut text = serde_json::to_string(row).expect("a row is JSON");
    for (own, other) in ids {
        text = text.replace(own, other);
    }
    serde_json::from_str(&text).expect("a row is JSON")
}

async fn put(cloud: &Cloud<'_>, table: &str, rows: &[Item]) {
    let puts: Vec<Value> = rows.iter().map(|row| json!({ "PutRequest": { "Item": row } })).collect();
    let written =
        cloud.call("DynamoDB_20120810.BatchWriteItem", &json!({ "RequestItems": { table: puts } })).await;
    assert!(written["UnprocessedItems"].as_object().is_none_or(serde_json::Map::is_empty), "{written}");
}

/// How many items of a table have this text in their body.
async fn count(cloud: &Cloud<'_>, table: &str, text: &str) -> u64 {
    let mut scan = json!({
        "TableName": table, "Select": "COUNT", "ConsistentRead": true,
        "FilterExpression": "contains(body, :text)",
        "ExpressionAttributeValues": { ":text": { "S": text } },
    });
    let mut found = 0;
    loop {
        let page = cloud.call("DynamoDB_20120810.Scan", &scan).await;
        found += page["Count"].as_u64().expect("a count");
        if page["LastEvaluatedKey"].is_null() {
            return found;
        }
        scan["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
}

/// Removes a receiver with so many consents, and says what it took.
async fn measure(consents: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let cloud = Cloud::of(&stack, &callers);
    let id = stack.text("/clients/0/client_id");
    let first = world.create_consent(&world.client_token().await).await;
    let [table, outbox] =
        ["CONSENTS_TABLE", "OUTBOX_TABLE"].map(|variable| cloud.table("consents", variable));
    let audit = cloud.table("audit", "AUDIT_TABLE");
    let pk = |row: &Item| row["pk"]["S"].as_str().unwrap_or_default().to_owned();
    let rows = cloud.items(table).await;
    let row = rows.iter().find(|row| pk(row).ends_with(&first)).expect("the consent is stored");

    let numbered = |number: usize| format!("{}{number:012}", &first[..first.len() - 12]);
    let copies: Vec<Item> = (1..consents).map(|number| row_as(row, &[(&first, &numbered(number))])).collect();
    for batch in copies.chunks(BATCH) {
        put(&cloud, table, batch).await;
    }
    // Another receiver has one consent, and goes as soon as the round for the first is under way.
    let other = "00000000-0000-4000-8000-0000000000aa";
    let its = row_as(row, &[(&first, &numbered(999_999_999_999)), (id, other)]);
    put(&cloud, table, std::slice::from_ref(&its)).await;

    clients(folder.path(), "remove", id).expect("the client is removed");
    tokio::time::sleep(SETTLED).await;
    let waiting = cloud.items(outbox).await;
    let removal = waiting.iter().find(|row| pk(row).ends_with("#GONE")).expect("word of the removal").clone();

    let cpu = processes::cpu_of_functions(&stack, "consents");
    let (mut sweeps, mut working, mut waited) = (0, 0, None);
    let all = u64::try_from(consents).expect("a number");
    loop {
        let sweep = clock::now().millis();
        let output = stack::run(folder.path(), &["tick", "expiry"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (sweeps, working) = (sweeps + 1, working + clock::now().millis() - sweep);
        if sweeps == 1 {
            put(&cloud, outbox, &[row_as(&removal, &[(id, other)])]).await;
        }
        let key = json!({ "pk": its["pk"], "sk": its["sk"] });
        let got = cloud.call("DynamoDB_20120810.GetItem", &json!({ "TableName": table, "Key": key })).await;
        if waited.is_none() && got["Item"]["status"]["S"] == "REJECTED" {
            waited = Some(sweeps);
        }
        let rows = count(&cloud, audit, "consent.withdrawn").await;
        if rows > all && waited.is_some() {
            break;
        }
        assert!(sweeps < MOST_SWEEPS, "without end");
    }
    let cpu = processes::cpu_of_functions(&stack, "consents").saturating_sub(cpu);
    let rows = count(&cloud, audit, "consent.withdrawn").await;
    let notices = count(&cloud, outbox, "INTERNAL_SECURITY_REASON").await;
    assert_eq!((rows, notices), (all + 1, all + 1), "an audit row and a notice for each consent, once");
    let left = cloud.items(table).await;
    let of_them = |row: &&Item| row["sk"]["S"] == "META" && row["status"]["S"] != "REJECTED";
    assert_eq!(left.iter().filter(of_them).count(), 0, "a consent stands");
    format!(
        "{consents} consents of one client: {sweeps} sweeps, {working} ms in them, {cpu:?} CPU of the function; \
         the other's ended in sweep {waited:?}"
    )
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: the consents of one receiver, 20,000"]
async fn t60_twenty_thousand_consents_of_a_removed_receiver_end_and_nothing_is_lost() {
    println!("{}", measure(20_000).await);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes: the consents of one receiver, 100,000"]
async fn t60_a_hundred_thousand_consents_of_a_removed_receiver_end_and_nothing_is_lost() {
    println!("{}", measure(100_000).await);
}
