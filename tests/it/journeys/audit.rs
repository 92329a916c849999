//! The proof of the audit through the running stack: its schedule seals, its command names what was done to a row (T48).

use std::path::Path;
use std::time::Duration;

use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::json;

use super::callers::Callers;
use super::cloud::{Cloud, Item};
use super::steps::World;
use crate::stack::{self, Stack};

/// Older than what the sweep leaves for later.
const AGO: Duration = Duration::from_mins(7);

/// A moment that the next sweep seals, on the day of now: the day before may be closed already.
pub(super) async fn sealed_next() -> Moment {
    loop {
        let (now, then) = (clock::now(), clock::now().minus(AGO));
        if now.date_utc() == then.date_utc() {
            return then;
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

/// Three rows in each of four shards, as a table that nobody guards takes them.
pub(super) fn rows(institution: &str, began: Moment) -> Vec<Item> {
    let row = |number: u64| {
        let at = began.plus(Duration::from_millis(number));
        let (day, shard) = (began.date_utc(), number % 4);
        let row = json!({
            "pk": { "S": format!("I#{institution}#AUD#{day}#{shard}") },
            "sk": { "S": format!("{}#{}#0", at.with_millis(), clock::new_id()) },
            "owner": { "S": "a test" },
            "body": { "S": format!("{{\"number\":{number}}}") },
        });
        row.as_object().expect("an item").clone()
    };
    (0..12).map(row).collect()
}

pub(super) fn text<'a>(row: &'a Item, name: &str) -> &'a str {
    row[name]["S"].as_str().expect("a text")
}

/// What `ponte audit prove` says of a day, and whether it found nothing.
fn proven(folder: &Path, day: &str) -> (bool, String) {
    audit(folder, &["prove", day])
}

/// What `ponte audit` says, and whether it found nothing.
fn audit(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = stack::run(folder, &[&["audit"], arguments].concat());
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

#[tokio::test]
async fn t48_t67_the_commands_name_what_was_done_to_rows_and_to_the_chain() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let cloud = Cloud::of(&stack, &callers);
    let table = cloud.table("audit", "AUDIT_TABLE");
    let put = async |row: &Item| {
        cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": row })).await;
    };
    let delete = async |row: &Item| {
        let key = json!({ "pk": row["pk"], "sk": row["sk"] });
        cloud.call("DynamoDB_20120810.DeleteItem", &json!({ "TableName": table, "Key": key })).await;
    };
    let rows = rows(stack.text("/functions/audit/env/INSTITUTION"), sealed_next().await);
    let day = text(&rows[0], "pk").rsplit('#').nth(1).expect("a day").to_owned();
    for row in &rows {
        put(row).await;
    }
    world.tick("seal").await;
    let (fine, said) = proven(folder.path(), &day);
    assert!(fine && said.contains("12 rows under") && said.contains(" 0 faults"), "{said}");

    // The log of the function agrees; another digest does not.
    let log = folder.path().join("logs/audit.log");
    let (fine, said) = audit(folder.path(), &["compare", log.to_str().expect("a path")]);
    assert!(fine && said.contains(" seals of the log, 0 faults"), "{said}");
    let named = format!("0:{day}:1:{}", "ab".repeat(32));
    let (fine, said) = audit(folder.path(), &["compare", "--seal", &named]);
    assert!(!fine && said.contains("is not the one that the log names"), "{said}");

    let mut changed = rows[0].clone();
    changed.insert("body".to_owned(), json!({ "S": "{}" }));
    put(&changed).await;
    delete(&rows[5]).await;
    let mut inserted = rows[2].clone();
    let (time, _) = text(&rows[3], "sk").split_once('#').expect("a time");
    inserted.insert("sk".to_owned(), json!({ "S": format!("{time}#forged#0") }));
    put(&inserted).await;
    let (fine, said) = proven(folder.path(), &day);
    for (row, fault) in
        [(&changed, "is not what was sealed"), (&rows[5], "is gone"), (&inserted, "came afterwards")]
    {
        assert!(said.contains(&format!("row {} {fault}", text(row, "sk"))), "{said}");
    }
    assert!(!fine && said.contains(" 3 faults"), "{said}");

    // The ends of the chains taken away: no day is proven without them, and the next sweep says that chains begin.
    let seals = cloud.table("audit", "SEALS_TABLE");
    for item in cloud.items(seals).await {
        let key = json!({ "pk": item["pk"], "sk": item["sk"] });
        cloud.call("DynamoDB_20120810.DeleteItem", &json!({ "TableName": seals, "Key": key })).await;
    }
    let (fine, said) = proven(folder.path(), "2020-01-01");
    assert!(!fine && said.contains("the end of the chain is gone") && said.contains(" 4 faults"), "{said}");
    world.tick("seal").await;
    let begun =
        std::fs::read_to_string(&log).expect("a log").matches("a chain of audit seals begins").count();
    assert_eq!(begun, 8, "at the first start, and now");
    // Seals over what the rows are now hold, but are not those that the log names.
    let (fine, said) = audit(folder.path(), &["compare", log.to_str().expect("a path")]);
    assert!(!fine && said.contains("is not the one that the log names"), "{said}");
}
