//! Documents and names of customers appear in clear in no log, queue, dead letter, key, audit or outbox row, report or error
//! answer, after every flow and every error. Every customer of the sandbox is a canary.

mod flows;
mod places;
mod traces;

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use ponte_bank::customers::CUSTOMERS;
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::Cloud;
use crate::stack::Stack;
use flows::Flows;
use places::Search;
use traces::Traces;

/// Most looks for the first dead letter, one every 200 ms.
const LOOKS: usize = 150;

/// Texts that must appear nowhere.
fn traces() -> Traces {
    let mut traces = Traces::default();
    for customer in CUSTOMERS {
        traces.cpf(customer.cpf);
        traces.name(customer.name);
        if let Some(cnpj) = customer.cnpj {
            traces.cnpj(cnpj);
        }
    }
    traces
}

/// Everywhere at once.
async fn everywhere(folder: &Path, cloud: &Cloud<'_>, refusals: &[(String, Vec<u8>)]) -> Search {
    let (mut search, traces) = (Search::default(), traces());
    search.files(folder, &traces);
    search.queues(cloud, &traces).await;
    search.tables(cloud, &traces).await;
    search.refusals(refusals, &traces);
    search
}

#[tokio::test]
async fn c56_no_customer_shows_in_logs_queues_dead_letters_or_keys() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let mut flows = Flows::begin(&stack, &callers).await;

    Box::pin(flows.regulatory()).await;
    Box::pin(flows.authorization()).await;
    Box::pin(flows.channel()).await;
    Box::pin(flows.command_loop()).await;
    Box::pin(flows.data_and_renewal()).await;
    Box::pin(flows.institution_that_fails()).await;
    Box::pin(flows.management()).await;
    // Outbox rows are looked at while they wait, and again as reports at the platform.
    let waiting = everywhere(folder.path(), &cloud, &flows.refusals).await;
    assert_eq!(waiting.hits, Vec::<String>::new());
    // A poll that waits already knows the old timeout; the next one does not.
    hasten(&cloud).await;
    flows.world.tick("expiry").await;
    flows.world.tick("sweep").await;
    delivered(&cloud).await;
    let dead = dead_letters(&flows, &cloud).await;
    assert!(!dead.is_empty());

    let clean = everywhere(folder.path(), &cloud, &flows.refusals).await;
    assert_eq!(clean.hits, Vec::<String>::new());
    println!("looked at files, messages, attributes, refused answers: {:?}", clean.looked_at);
    assert!(clean.looked_at.iter().all(|count| *count > 0), "{:?}", clean.looked_at);
    let reports = std::fs::read_to_string(folder.path().join("world/pcm/reports.jsonl")).unwrap_or_default();
    assert!(reports.lines().count() > 20, "reports were received: {}", reports.lines().count());

    planted_everywhere_it_is_found(folder.path(), &cloud, &dead[0]).await;
}

/// Waits until the platform has taken what was in the outbox.
async fn delivered(cloud: &Cloud<'_>) {
    let table = cloud.table("consents", "OUTBOX_TABLE");
    for _ in 0..LOOKS {
        let left = cloud.items(table).await;
        // Reports wait below OUT; notices of consents have no reader yet.
        if !left.iter().any(|item| item.contains_key("path")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the outbox is not empty");
}

/// Failed messages come back after two seconds. The true timeout is six times the worker's: five receives would take half
/// an hour.
async fn hasten(cloud: &Cloud<'_>) {
    for url in cloud.queues().await {
        let hasty = json!({ "QueueUrl": url, "Attributes": { "VisibilityTimeout": "2" } });
        cloud.call("AmazonSQS.SetQueueAttributes", &hasty).await;
    }
}

/// The metrics platform refuses, and says whom it is about, until a message is a dead letter. The queues that have some.
async fn dead_letters(flows: &Flows<'_>, cloud: &Cloud<'_>) -> Vec<String> {
    let said = format!("no report about {} {}", CUSTOMERS[0].name, CUSTOMERS[0].cpf);
    // A worker that is asked to wait longer than it may gives its message back at once.
    let fault = json!({ "kind": "status", "status": 503, "retry_after": 60, "body": said });
    flows.fault("/pcm/api", &fault).await;
    flows.one_more_call().await;
    let queues = cloud.queues().await;
    // The report of a new consent waits until it is known whether the customer could be served (M38).
    flows.world.tick("expiry").await;
    flows.world.tick("sweep").await;
    let (dead, living): (Vec<&String>, Vec<&String>) =
        queues.iter().partition(|url| url.contains("DeadLetters"));
    for _ in 0..LOOKS {
        // The local poller looks at a message that comes back every 20 s; each receive counts, whoever receives.
        for url in &living {
            cloud.call("AmazonSQS.ReceiveMessage", &json!({ "QueueUrl": url, "VisibilityTimeout": 0 })).await;
        }
        let mut found = Vec::new();
        for url in &dead {
            let asked = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
            let counts = cloud.call("AmazonSQS.GetQueueAttributes", &asked).await;
            if counts["Attributes"]["ApproximateNumberOfMessages"].as_str().is_some_and(|count| count != "0")
            {
                found.push((*url).clone());
            }
        }
        if !found.is_empty() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("no message became a dead letter")
}

/// The search can fail: the same search finds a canary in each kind of place, in another form each time.
async fn planted_everywhere_it_is_found(folder: &Path, cloud: &Cloud<'_>, dead: &str) {
    let (cpf, name) = (CUSTOMERS[0].cpf, CUSTOMERS[0].name);
    let append = |path: &str, line: &str| {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(folder.join(path));
        writeln!(file.expect("a file can be opened"), "{line}").expect("a line can be written");
    };
    append(
        "logs/consents.log",
        &format!(r#"{{"message":"{}.{}.{}-{}"}}"#, &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..]),
    );
    append("logs/MtlsApi.log", &name.to_uppercase());
    append("ponte.log", &ponte_fapi::base64url::encode(format!(r#"{{"cpf":"{cpf}"}}"#)));
    append("world/pcm/reports.jsonl", &name.replace(' ', "%20"));
    for (url, body) in cloud.queues().await.iter().zip([cpf, name].into_iter().cycle()) {
        if url.contains("DeadLetters") {
            cloud.call("AmazonSQS.SendMessage", &json!({ "QueueUrl": url, "MessageBody": body })).await;
        }
    }
    let mut planted = Vec::new();
    for (table, items) in cloud.tables().await {
        let Some(item) = items.first() else { continue };
        let mut keyed = item.clone();
        let range = keyed.contains_key("sk");
        keyed.insert(if range { "sk" } else { "pk" }.to_owned(), json!({ "S": format!("P#{cpf}") }));
        let mut indexed = item.clone();
        indexed.insert("gsi1pk".to_owned(), json!({ "S": format!("I#{}", name.replace(' ', "+")) }));
        for item in [keyed, indexed] {
            cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item })).await;
        }
        planted.push(table);
    }
    for (variable, attribute) in [("AUDIT_TABLE", "body"), ("OUTBOX_TABLE", "body")] {
        let item = json!({ "pk": { "S": "x" }, "sk": { "S": "x" }, attribute: { "S": format!("{{\"by\":\"{name}\"}}") } });
        let table = cloud.table("consents", variable);
        cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item })).await;
    }

    let refusal = vec![("a test".to_owned(), cpf.as_bytes().to_vec())];
    let found = everywhere(folder, cloud, &refusal).await.hits;
    let expect = |place: &str, what: &str| {
        assert!(
            found.iter().any(|hit| hit.starts_with(place) && hit.contains(what)),
            "{place}, {what}: {found:#?}"
        );
    };
    expect("consents.log", "CPF with punctuation as UTF-8");
    expect("MtlsApi.log", "name as UTF-8");
    expect("ponte.log", "CPF as base64");
    expect("reports.jsonl", "name as percent");
    expect(dead, "as UTF-8");
    expect("answer to a test", "CPF as UTF-8");
    for variable in ["AUDIT_TABLE", "OUTBOX_TABLE"] {
        expect(&format!("{} body", cloud.table("consents", variable)), "name as UTF-8");
    }
    for table in &planted {
        expect(&format!("{table} "), "CPF as UTF-8");
        expect(&format!("{table} gsi1pk"), "name as query");
    }
    assert!(planted.len() >= 6, "{planted:?}");
}

/// A body that names a customer where it should not.
fn naming(place: &str) -> Value {
    json!({ place: format!("{} {}", CUSTOMERS[0].name, CUSTOMERS[0].cpf) })
}
