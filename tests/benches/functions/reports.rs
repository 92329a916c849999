//! Cost of a million reports: rows through sweep, queue and worker in their release binary, with every request counted
//! and every item weighed.
//!
//! The platform, the queue and the tables are canned in this process (one thread, one caller at a time), the platform
//! behind TLS; CPU is that of the function's process alone. What writing the row costs at the edge is the part
//! `PutItem outbox` of the floors, where it was measured in the same run.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::Settings as _;
use ponte_ports::Outbox as _;
use ponte_ports::outbox::OutboxRow;
use ponte_store::{Dynamo, OutboxTable};
use ponte_values::{InstitutionId, Moment};
use serde::Serialize;
use serde_json::{Value, json};

use super::driver::{Function, Launch};
use super::measure::Bench;
use super::meter::micros;
use super::metered_tables::{MeteredTables, Units};
use super::report::PartRow;
use super::serve::{Server, json as answer, serve};
use super::world::{INSTITUTION, ORGANISATION, OWN_ORGANISATION};
use super::{Fault, now};

/// Reports of a run.
const REPORTS: u32 = 20_000;
/// Sweeps at most.
const SWEEPS: usize = 200;
const TABLES: [&str; 2] = ["outbox", "pcm"];
const QUEUE: &str = "https://sqs.sa-east-1.amazonaws.com/123456789012/pcm";

/// Result of a run, scaled to a million reports.
#[derive(Serialize)]
pub(crate) struct ReportCost {
    pub(crate) reports: u32,
    /// Requests to the platform, tokens included.
    pub(crate) platform_requests: f64,
    /// Requests to the queue, with those by which its messages are received and deleted.
    pub(crate) queue_requests: f64,
    /// Requests to DynamoDB after the row is there.
    pub(crate) table_requests: f64,
    pub(crate) write_units: f64,
    pub(crate) read_units: f64,
    /// Write units of the rows themselves, written at the edge.
    pub(crate) row_write_units: f64,
    /// CPU seconds of sweep and worker.
    pub(crate) sweep_cpu_s: f64,
    pub(crate) worker_cpu_s: f64,
    /// CPU seconds of the edge's write, if it was measured.
    pub(crate) edge_cpu_s: Option<f64>,
}

/// Everything around the function.
#[derive(Default)]
struct Around {
    tables: RefCell<MeteredTables>,
    tickets: RefCell<Vec<String>>,
    certificate: RefCell<String>,
    /// Requests by service.
    requests: RefCell<BTreeMap<&'static str, u32>>,
    /// Items the platform was sent.
    items: RefCell<usize>,
}

/// Measures a run.
pub(crate) async fn measure(bench: &Bench, parts: &[PartRow]) -> Result<ReportCost, Fault> {
    let around = Rc::new(Around::default());
    let behind = Rc::clone(&around);
    let aws = serve(None, async move |request| behind.aws(&request)).await?;
    let behind = Rc::clone(&around);
    let tls = bench.world.certificates.directory.clone();
    let platform = serve(Some(tls), async move |request| behind.platform(&request)).await?;
    *around.certificate.borrow_mut() = bench.world.certificates.own();
    let environment = environment(bench, &aws, &platform);
    fill(&environment).await?;
    let row_units = around.tables.borrow().units;
    around.tables.borrow_mut().units = Units::default();
    around.requests.borrow_mut().clear();
    let cpu = drain(bench, &environment, &around).await?;
    let sent = *around.items.borrow();
    if sent != REPORTS as usize {
        return Err(format!("{sent} of {REPORTS} reports were sent").into());
    }
    Ok(cost(&around, row_units, cpu, parts))
}

/// Sweeps and works until the outbox is empty; CPU of the sweeps and of the worker, nanoseconds.
async fn drain(bench: &Bench, environment: &[(String, String)], around: &Around) -> Result<[u64; 2], Fault> {
    let program = bench.binaries.function("pcm");
    let log = bench.folder.join("reports.log");
    let _ = std::fs::remove_file(&log);
    let launch = Launch { program: &program, environment, log: Some(&log) };
    let mut function = Function::start(&launch).await?;
    let told = |fault: Fault| format!("reports: {fault}; the log is in {}", log.display());
    // What comes once in the life of an environment, such as the token, is no cost of a report.
    let mut cpu = [0, 0];
    for _ in 0..SWEEPS {
        if around.tables.borrow().count("outbox", "#OUT#")
            <= around.tables.borrow().count("outbox", "#OUT#LEASE")
        {
            return Ok(cpu);
        }
        let before = function.cpu_nanos().await?;
        function.invoke(schedule()).await.map_err(told)?;
        let between = function.cpu_nanos().await?;
        let tickets: Vec<String> = around.tickets.borrow_mut().drain(..).collect();
        for ticket in tickets {
            let answer = function.invoke(message("PcmQueue", &ticket)).await.map_err(told)?;
            let answer: Value = serde_json::from_slice(&answer.body)?;
            if answer["batchItemFailures"].as_array().is_some_and(|failures| !failures.is_empty()) {
                return Err(format!("a ticket was not worked off; the log is in {}", log.display()).into());
            }
        }
        cpu[0] += between - before;
        cpu[1] += function.cpu_nanos().await? - between;
    }
    Err("the outbox does not empty".into())
}

fn cost(around: &Around, rows: Units, [sweep, worker]: [u64; 2], parts: &[PartRow]) -> ReportCost {
    let million = 1e6 / f64::from(REPORTS);
    let requests = around.requests.borrow();
    let count = |service: &str| f64::from(requests.get(service).copied().unwrap_or(0));
    let units = around.tables.borrow().units;
    let edge = parts.iter().find(|part| part.name == "PutItem outbox");
    ReportCost {
        reports: REPORTS,
        platform_requests: count("platform") * million,
        queue_requests: count("queue") * million,
        table_requests: count("tables") * million,
        write_units: units.write * million,
        read_units: units.read * million,
        row_write_units: rows.write * million,
        sweep_cpu_s: micros(sweep) * million / 1e6,
        worker_cpu_s: micros(worker) * million / 1e6,
        // µs of one is seconds of a million.
        edge_cpu_s: edge.map(|part| part.cpu_us),
    }
}

fn environment(bench: &Bench, aws: &Server, platform: &Server) -> Vec<(String, String)> {
    let (aws, platform) = (format!("http://{}", aws.address), format!("https://{}", platform.address));
    let own = [
        ("AWS_ENDPOINT_URL", aws.as_str()),
        ("OUTBOX_TABLE", TABLES[0]),
        ("PCM_TABLE", TABLES[1]),
        ("PCM_QUEUE_URL", QUEUE),
        ("PCM_DEAD_LETTERS_URL", QUEUE),
        ("PCM_AUTH_URL", &platform),
        ("PCM_API_URL", &platform),
        ("PCM_CLIENT_ID", "pcm-client"),
        ("TRANSPORT_CERTIFICATE_SECRET", "transport-certificate"),
    ];
    let kept =
        bench.environment.iter().filter(|(name, _)| own.iter().all(|(other, _)| name != other)).cloned();
    kept.chain(own.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
}

/// Rows as the edge writes them, through its adapter.
async fn fill(environment: &[(String, String)]) -> Result<(), Fault> {
    let lookup =
        |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let aws = Aws::read_from(&lookup)?;
    let outbox =
        OutboxTable::new(&Dynamo::new(aws.dynamodb(), &InstitutionId::parse(INSTITUTION)?), TABLES[0]);
    let begun = now().millis() - i64::from(REPORTS);
    for number in 0..REPORTS {
        let at = Moment::from_millis(begun + i64::from(number));
        outbox.add(&row(number, at)).await?;
    }
    Ok(())
}

fn row(number: u32, at: Moment) -> OutboxRow {
    let id = format!("0f3e2d1c-5a55-4b7e-9c39-{number:012x}");
    let body = json!({
        "fapiInteractionId": id, "endpoint": "/open-banking/accounts/v2/accounts/{accountId}/transactions",
        "statusCode": 200, "httpMethod": "GET", "timestamp": at.with_millis(), "processTimespan": 120,
        "clientOrgId": ORGANISATION, "serverOrgId": OWN_ORGANISATION, "role": "SERVER",
    });
    OutboxRow { id, at, path: "/report-api/v1/private/report", body: body.to_string() }
}

fn schedule() -> Bytes {
    json!({
        "version": "0", "id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "detail-type": "Scheduled Event",
        "source": "aws.scheduler", "account": "123456789012", "time": now().to_string(), "region": "sa-east-1",
        "resources": ["arn:aws:scheduler:sa-east-1:123456789012:schedule/default/ponte-sweep"], "detail": "{}",
    })
    .to_string()
    .into()
}

/// A message of a queue of the stack as Lambda brings it.
pub(crate) fn message(queue: &str, body: &str) -> Bytes {
    json!({ "Records": [{
        "messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", "receiptHandle": "handle", "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": now().millis().to_string(), "SenderId": "123456789012",
            "ApproximateFirstReceiveTimestamp": now().millis().to_string(),
        },
        "messageAttributes": {}, "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3", "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:sa-east-1:123456789012:ponte-{queue}"), "awsRegion": "sa-east-1",
    }] })
    .to_string()
    .into()
}

impl Around {
    fn count(&self, service: &'static str, requests: u32) {
        *self.requests.borrow_mut().entry(service).or_default() += requests;
    }

    fn aws(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        let target =
            request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let Ok(body) = serde_json::from_slice::<Value>(request.body()) else { return answer(400, "{}") };
        match service {
            "DynamoDB_20120810" => {
                self.count("tables", 1);
                answer(200, self.tables.borrow_mut().answer(operation, &body).to_string())
            }
            "AmazonSQS" => {
                let entries = body["Entries"].as_array().cloned().unwrap_or_default();
                // Each message is received in an invocation of its own and deleted after it.
                self.count("queue", 1 + 2 * u32::try_from(entries.len()).unwrap_or(0));
                let taken = entries.iter().map(
                    |entry| json!({ "Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": "" }),
                );
                let taken: Vec<Value> = taken.collect();
                let text = |entry: &Value| entry["MessageBody"].as_str().map(str::to_owned);
                self.tickets.borrow_mut().extend(entries.iter().filter_map(text));
                answer(200, json!({ "Successful": taken, "Failed": [] }).to_string())
            }
            _ => {
                let current = body["VersionStage"].as_str().is_none_or(|stage| stage == "AWSCURRENT");
                if !current {
                    return answer(400, json!({ "__type": "ResourceNotFoundException" }).to_string());
                }
                let secret = json!({
                    "Name": body["SecretId"], "SecretString": *self.certificate.borrow(),
                    "VersionId": "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1", "VersionStages": ["AWSCURRENT"],
                    "CreatedDate": 1_772_366_400,
                });
                answer(200, secret.to_string())
            }
        }
    }

    /// Takes everything.
    fn platform(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        self.count("platform", 1);
        if request.uri().path() == "/token/" {
            let token = json!({ "access_token": "a.b.c", "expires_in": 21_600, "token_type": "Bearer" });
            return answer(200, token.to_string());
        }
        let items = serde_json::from_slice::<Vec<&serde_json::value::RawValue>>(request.body());
        let count = items.map_or(0, |items| items.len());
        *self.items.borrow_mut() += count;
        let verdict = r#"{"reportId":"424ad55c-36cc-4077-b85e-c22ea984cc4a","status":"ACCEPTED"}"#;
        answer(200, format!("[{}]", vec![verdict; count].join(",")))
    }
}
