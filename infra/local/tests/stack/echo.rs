//! The test function: answers HTTP events with themselves, fails the messages that ask for it, and notes every event in a file.

use std::io::Write;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

pub(crate) fn run() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(lambda_runtime::run(service_fn(answer))).unwrap();
}

async fn answer(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let event = event.payload;
    if let Some(records) = event["Records"].as_array() {
        return Ok(messages(records));
    }
    match event["rawPath"].as_str() {
        Some("/do/exit") => std::process::exit(3),
        Some("/do/nap") => {
            note("napping");
            tokio::time::sleep(std::time::Duration::from_secs(3)).await;
            Ok(json!({"statusCode": 200, "body": "rested"}))
        }
        Some("/do/fail") => Err("on purpose".into()),
        Some("/do/nonsense") => Ok(json!({"statusCode": "many"})),
        Some("/do/jwt") => Ok(json!({"statusCode": 200, "headers": {"content-type": "application/jwt"},
            "body": "a.b.c", "isBase64Encoded": false})),
        Some(_) => Ok(json!({"statusCode": 200, "headers": {"content-type": "application/json"},
            "cookies": ["seen=1"], "body": event.to_string()})),
        None => {
            note(&format!(
                "{} {}",
                event["detail-type"].as_str().unwrap(),
                event["resources"][0].as_str().unwrap()
            ));
            Ok(json!({"pid": std::process::id(), "event": event}))
        }
    }
}

fn messages(records: &[Value]) -> Value {
    let failures: Vec<Value> = records
        .iter()
        .filter(|record| {
            let body = record["body"].as_str().unwrap();
            note(&format!("{body} {}", record["attributes"]["ApproximateReceiveCount"].as_str().unwrap()));
            body.starts_with("poison")
        })
        .map(|record| json!({"itemIdentifier": record["messageId"]}))
        .collect();
    json!({ "batchItemFailures": failures })
}

fn note(line: &str) {
    let mut file =
        std::fs::File::options().create(true).append(true).open(std::env::var("SEEN_FILE").unwrap()).unwrap();
    file.write_all(format!("{line}\n").as_bytes()).unwrap();
}
