//! Tests of the bench's own parts; they run in `cargo test` and measure no time.

#[path = "main.rs"]
mod functions;

use std::path::Path;
use std::process::ExitCode;

use bytes::Bytes;
use serde_json::json;

use functions::binaries::Binaries;
use functions::driver::{Function, Launch};
use functions::figures::{Figures, Summary};
use functions::metered_tables::{MeteredTables, Units};
use functions::operations::ALL;
use functions::recipe::{Call, Recipe, RsaWork};
use functions::{furnished, gate, meter, now, pin, single_thread};

/// The program that `cargo bench` runs is complete and links.
const _: fn() -> ExitCode = functions::main;

fn figures(of: impl IntoIterator<Item = i32>) -> Figures {
    of.into_iter().map(f64::from).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < f64::EPSILON
}

#[test]
fn medians_and_percentiles() {
    assert!(close(figures([3, 1, 2]).median(), 2.0));
    assert!(close(figures([4, 1, 2, 3]).median(), 2.5));
    let hundred = figures(1..=100);
    assert!(close(hundred.percentile(0.99), 99.0) && close(hundred.percentile(0.5), 50.0));
    assert_eq!(hundred.summary(), Summary { median: 50.5, min: 1.0, max: 100.0 });
    assert!(close(Figures::default().median(), 0.0));
}

#[test]
fn the_gate_lets_all_records_through_that_it_is_measured_with() {
    let pages = gate::Pages::make();
    assert!(pages.transactions().unwrap() > 400_000 && pages.accounts().unwrap() > 200_000);
    for page in ALL.iter().filter_map(|operation| operation.page) {
        let (page, size) = page;
        assert!(page.gate(size, 0).unwrap().0 > size * 100, "{size}");
    }
}

#[test]
fn schedstat_and_status_are_read() {
    assert_eq!(meter::first_number("75507375 22824937 167\n"), Some(75_507_375));
    assert_eq!(meter::peak_of("VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\n"), Some(2.0));
    assert_eq!(meter::peak_of("VmPeak:\t 9 kB\n"), None);
}

#[test]
fn the_last_processor_of_a_list_is_read() {
    for (list, last) in [("0-1", "1"), ("0,2-5,7", "7"), ("3", "3")] {
        assert_eq!(pin::last_allowed(&format!("Name:\tx\nCpus_allowed_list:\t{list}\n")), Some(last));
    }
    assert_eq!(pin::last_allowed("Name:\tx\n"), None);
}

#[test]
fn a_busy_thread_is_charged() {
    let before = meter::own_cpu_nanos().unwrap();
    let mut sum = 0_u64;
    while meter::own_cpu_nanos().unwrap() < before + 1_000_000 {
        sum = std::hint::black_box((0..200_000_u64).fold(sum, u64::wrapping_add));
    }
    assert!(meter::cpu_nanos(std::process::id()).unwrap() > 0);
}

#[test]
fn the_empty_handler_answers_and_is_charged() {
    let event = r#"{"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"","headers":{},
        "requestContext":{"http":{"method":"GET","path":"/","protocol":"HTTP/1.1","sourceIp":"127.0.0.1"},
        "timeEpoch":1},"isBase64Encoded":false}"#;
    let program = Path::new(env!("CARGO_BIN_EXE_hello"));
    single_thread(async {
        let launch = Launch { program, environment: &[], log: None };
        let mut hello = Function::start(&launch).await?;
        let before = hello.cpu_nanos().await?;
        for _ in 0..3 {
            let call = hello.invoke(Bytes::from_static(event.as_bytes())).await?;
            let answer: serde_json::Value = serde_json::from_slice(&call.body)?;
            assert_eq!((&answer["statusCode"], &answer["body"]), (&200.into(), &"{}".into()));
        }
        assert!(hello.cpu_nanos().await? > before && hello.peak_mib()? > 0.1);
        assert!(hello.invoke(Bytes::from_static(b"{")).await.is_err(), "an error is told");
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_program_that_ends_is_told() {
    let program = Path::new(env!("CARGO_BIN_EXE_floor"));
    let launch = Launch { program, environment: &[], log: None };
    let fault = single_thread(async { Function::start(&launch).await.map(drop) }).unwrap_err();
    assert!(fault.to_string().contains("ended"), "{fault}");
}

/// The floor makes the very calls that the real adapters were seen to make, and answers what it was told.
#[test]
fn the_floor_repeats_what_was_seen() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench_parts");
    single_thread(async {
        let bench = furnished(Binaries::at(&folder), folder).await?;
        every_variable_of_the_template_is_there(&bench.environment);
        bench.canned.watch();
        bench.world.furnish(&bench.canned, &bench.environment, now()).await?;
        let mut calls = bench.canned.seen();
        assert_eq!(
            calls.len(),
            7,
            "a client and what was stored of it, four consents, the state of a certificate"
        );
        let get = json!({ "TableName": "clients", "Key": { "pk": { "S": "a" }, "sk": { "S": "b" } } });
        let url = format!("{}/accounts/accounts", bench.canned.institution_url());
        let query = json!({
            "TableName": "resources", "ConsistentRead": true, "Limit": 3,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :kind)",
            "ExpressionAttributeValues": { ":pk": { "S": "a" }, ":kind": { "S": "LOAN#" } },
        });
        calls.push(Call::Aws { target: "DynamoDB_20120810.GetItem".to_owned(), body: get });
        calls.push(Call::Aws { target: "DynamoDB_20120810.Query".to_owned(), body: query });
        let send = json!({
            "QueueUrl": "https://sqs.sa-east-1.amazonaws.com/000000000000/payments",
            "Entries": [{ "Id": "0", "MessageBody": "{}" }],
        });
        calls.push(Call::Aws { target: "AmazonSQS.SendMessageBatch".to_owned(), body: send });
        calls.push(Call::Institution { url, body: "{}".to_owned() });
        let recipe = Recipe {
            key: bench.world.signing_key.clone(),
            rsa: RsaWork { verifies: 1, signs: 1, decrypts: 1 },
            calls: calls.clone(),
            answer: json!({ "statusCode": 200, "headers": {}, "body": "{}", "cookies": [] }),
        };
        let mut floor = bench.floor("test", &recipe).await?;
        bench.canned.watch();
        floor.warm(&(ALL[0].event)(&bench.world, now())?, 2).await?;
        assert_eq!(bench.canned.seen(), [calls.clone(), calls].concat());
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_shelf_keeps_finds_and_charges() {
    let mut tables = MeteredTables::default();
    let key = |sk: &str| json!({ "pk": { "S": "p" }, "sk": { "S": sk } });
    let item = |sk: &str, bytes: usize| json!({ "pk": { "S": "p" }, "sk": { "S": sk }, "b": { "S": "x".repeat(bytes) } });
    // pk, sk and b are five letters of names, p and the sort key two of values.
    tables.answer("PutItem", &json!({ "TableName": "t", "Item": item("1", 1024 - 7) }));
    assert_eq!(tables.units, Units { write: 1.0, read: 0.0 });
    tables.answer("PutItem", &json!({ "TableName": "t", "Item": item("2", 1024 - 6) }));
    assert_eq!(tables.units, Units { write: 3.0, read: 0.0 });
    let query = json!({
        "TableName": "t", "ConsistentRead": true, "Limit": 1,
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :to",
        "ExpressionAttributeValues": { ":pk": { "S": "p" }, ":from": { "S": "1" }, ":to": { "S": "2" } },
    });
    let page = tables.answer("Query", &query);
    assert_eq!((&page["Count"], &page["LastEvaluatedKey"]), (&json!(1), &key("1")));
    assert_eq!(tables.units, Units { write: 3.0, read: 1.0 });
    let update = json!({
        "TableName": "t", "Key": key("3"), "UpdateExpression": "SET a = if_not_exists(a, :a), #b = :b REMOVE c ADD n :n",
        "ExpressionAttributeNames": { "#b": "owner" },
        "ExpressionAttributeValues": { ":a": { "S": "first" }, ":b": { "S": "me" }, ":n": { "N": "2" } },
    });
    let twice = json!({ "TransactItems": [{ "Update": update }, { "Update": update }] });
    tables.answer("TransactWriteItems", &twice);
    assert_eq!(tables.units, Units { write: 7.0, read: 1.0 });
    let found = tables.answer("GetItem", &json!({ "TableName": "t", "Key": key("3") }));
    assert_eq!((&found["Item"]["n"]["N"], &found["Item"]["owner"]["S"]), (&json!("4"), &json!("me")));
    assert_eq!(tables.units, Units { write: 7.0, read: 1.5 });
    let delete = |sk: &str| json!({ "DeleteRequest": { "Key": key(sk) } });
    tables.answer("BatchWriteItem", &json!({ "RequestItems": { "t": [delete("2"), delete("9")] } }));
    assert_eq!(tables.units, Units { write: 10.0, read: 1.5 });
    assert_eq!((tables.count("t", "p"), tables.count("u", "p")), (2, 0));
}

/// Otherwise a function that gets a new variable stops starting here, and nobody sees it before the next measurement.
fn every_variable_of_the_template_is_there(given: &[(String, String)]) {
    let template = include_str!("../../../infra/template.yaml");
    let (mut measured, mut inside) = (true, None);
    for line in template.lines() {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some(name) = text.strip_prefix("CodeUri: ../target/lambda/") {
            measured = ["oauth", "consents", "data", "payments"].contains(&name);
        }
        match inside {
            Some(depth) if indent > depth => {
                let name = text.split_once(':').map(|(name, _)| name).filter(|_| measured);
                assert!(name.is_none_or(|name| given.iter().any(|(known, _)| known == name)), "{text}");
            }
            _ => inside = (text == "Variables:").then_some(indent),
        }
    }
}
