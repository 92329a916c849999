//! The way of a report in these tests: rows into the outbox as a function or an operator writes them, sweeps, and every place
//! where a report can be, read.

use std::collections::HashMap;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_sdk_dynamodb::{Client, Config};
use ponte_machine::clock;
use ponte_metrics::ledger::Counts;
use ponte_metrics::ports::{Backlog as _, Ledger as _, ParkedRow};
use ponte_metrics::report::PRIVATE_REPORT;
use ponte_metrics_platform::reporter::Reporter;
use ponte_ports::Outbox as _;
use ponte_ports::outbox::{OutboxRow, SHARDS};
use ponte_store::{Dynamo, OutboxTable, PcmTable};
use ponte_values::{InstitutionId, Moment};
use ponte_web::caller::{Call, Caller};
use serde_json::{Value, json};

use crate::stack::Stack;

/// Rows of one `BatchWriteItem`.
const BATCH: usize = 25;
/// Batches on their way at a time.
const AT_ONCE: usize = 8;
/// A look every 100 ms.
const LOOK: Duration = Duration::from_millis(100);
/// A sweep every so many looks: rows that come back from a fault have no ticket.
const LOOKS_A_SWEEP: usize = 20;
/// Parked rows that are read at most.
const PARKED: usize = 1_000;

/// The way of reports in one stack: writes rows, fires sweeps, reads what became of them.
pub(in crate::journeys) struct ReportPipeline {
    /// The institution itself, with a token of its own.
    pub(super) institution: Reporter,
    /// The first receiver.
    pub(super) participant: Reporter,
    plain: Caller,
    control: String,
    outbox: OutboxTable,
    ledger: PcmTable,
    client: Client,
    table: String,
    prefix: String,
}

impl ReportPipeline {
    pub(in crate::journeys) fn of(stack: &Stack) -> Self {
        let environment = |name: &str| stack.text(&format!("/functions/pcm/env/{name}")).to_owned();
        let (outbox, pcm) = (environment("OUTBOX_TABLE"), environment("PCM_TABLE"));
        let name = environment("INSTITUTION");
        let client = dynamodb(stack);
        let dynamo = Dynamo::new(client.clone(), &InstitutionId::parse(&name).expect("an institution"));
        let trust = std::fs::read_to_string(stack.text("/ca_file")).expect("the authority can be read");
        let endpoints = stack.endpoints();
        Self {
            institution: Reporter::institution(endpoints).expect("the institution is a member"),
            participant: Reporter::participant(endpoints, 0).expect("the receiver is a member"),
            plain: Caller::new(&trust, None).expect("a client is set up"),
            control: stack.text("/control").to_owned(),
            outbox: OutboxTable::new(&dynamo, &outbox),
            ledger: PcmTable::new(&dynamo, &pcm, &outbox),
            client,
            table: outbox,
            prefix: format!("I#{name}#OUT#"),
        }
    }

    /// A good report of a call that the institution served.
    pub(super) fn served(&self) -> Value {
        json!({
            "fapiInteractionId": clock::new_id(),
            "endpoint": "/open-banking/accounts/v2/accounts",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": clock::now().with_millis(),
            "processTimespan": 12,
            "clientOrgId": self.participant.organisation(),
            "serverOrgId": self.institution.organisation(),
            "role": "SERVER",
        })
    }

    /// So many of them.
    pub(in crate::journeys) fn many(&self, count: usize) -> Vec<Value> {
        (0..count).map(|_| self.served()).collect()
    }

    /// Writes a report into the outbox, whatever it says.
    pub(super) async fn write(&self, item: &Value) {
        self.outbox.add(&row(item, PRIVATE_REPORT)).await.expect("the outbox takes a row");
    }

    /// Writes many, 25 in one request.
    pub(in crate::journeys) async fn write_all(&self, items: &[Value]) {
        let mut writing = tokio::task::JoinSet::new();
        for batch in items.chunks(BATCH) {
            if writing.len() >= AT_ONCE {
                writing.join_next().await.expect("a batch is on its way").expect("it is written");
            }
            let requests = batch.iter().map(|item| self.put(&row(item, PRIVATE_REPORT))).collect();
            let tables = HashMap::from([(self.table.clone(), requests)]);
            let request = self.client.batch_write_item().set_request_items(Some(tables));
            writing.spawn(async move {
                let written = request.send().await.expect("the outbox takes a batch");
                assert!(written.unprocessed_items.is_none_or(|left| left.is_empty()), "rows were left out");
            });
        }
        while let Some(written) = writing.join_next().await {
            written.expect("a batch is written");
        }
    }

    fn put(&self, row: &OutboxRow) -> WriteRequest {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = PutRequest::builder()
            .item("pk", text(&format!("{}{}", self.prefix, row.shard())))
            .item("sk", text(&row.sort_key()))
            .item("path", text(row.path))
            .item("body", text(&row.body));
        WriteRequest::builder().put_request(put.build().expect("an item")).build()
    }

    /// Fires the sweep. A long one goes on when nobody waits for it any more.
    pub(in crate::journeys) async fn sweep(&self) {
        let url = format!("{}/tick/sweep", self.control);
        loop {
            match self.plain.send(Call::post_json(url.clone(), &Value::Null)).await {
                // The tick met an environment whose death was not noticed yet; the scheduler would try again too.
                Ok(reply) if reply.status == 502 && reply.excerpt().contains("Runtime exited") => {}
                Ok(reply) => return assert_eq!(reply.status, 200, "{}", reply.excerpt()),
                Err(problem) => {
                    return assert!(problem.timed_out, "the control port: {}", problem.reason);
                }
            }
        }
    }

    /// Has an operator's order carried out; its answer.
    pub(super) async fn operator(&self, order: &Value) -> Value {
        let mut order = order.clone();
        order["by"] = json!({ "name": "ana", "reason": "a journey" });
        let order = &order;
        let url = format!("{}/invoke/pcm", self.control);
        let reply = self.plain.send(Call::post_json(url, order)).await.expect("the control port answers");
        assert_eq!(reply.status, 200, "{order}: {}", reply.excerpt());
        reply.json()["answer"].clone()
    }

    /// `/status` of the control port.
    pub(super) async fn status(&self) -> Value {
        let reply = self.plain.send(Call::get(format!("{}/status", self.control))).await;
        reply.expect("the control port answers").json()
    }

    /// Sweeps until the outbox is empty and every message is done with.
    pub(in crate::journeys) async fn drain(&self, most_seconds: usize) {
        for look in 0..most_seconds * 10 {
            if look % LOOKS_A_SWEEP == 0 {
                self.sweep().await;
            }
            if self.is_empty().await {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("not empty after {most_seconds} s: {:#}", self.status().await);
    }

    async fn is_empty(&self) -> bool {
        for shard in 0..SHARDS {
            if !self.outbox.keys(shard, None, 1).await.expect("the outbox can be read").is_empty() {
                return false;
            }
        }
        true
    }

    /// Sweeps until `holds` of the platform's summary.
    pub(super) async fn until(
        &self,
        what: &str,
        most_seconds: usize,
        holds: impl Fn(&Value) -> bool,
    ) -> Value {
        let mut summary = Value::Null;
        for look in 0..most_seconds * 10 {
            if look % LOOKS_A_SWEEP == 0 {
                self.sweep().await;
            }
            summary = self.summary().await;
            if holds(&summary) {
                return summary;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{what}: not after {most_seconds} s: {summary:#}");
    }

    /// Everything the platform has, in numbers.
    pub(in crate::journeys) async fn summary(&self) -> Value {
        self.participant.summary(&json!({})).await.expect("the platform answers")
    }

    /// The parked row in which `text` stands.
    pub(super) async fn parked(&self, text: &str) -> Option<ParkedRow> {
        let parked = self.ledger.parked(None, None, PARKED).await.expect("parked rows can be read");
        parked.found.into_iter().find(|parked| parked.row.body.contains(text))
    }

    /// Counts of the ledger for today and yesterday: midnight may pass.
    pub(in crate::journeys) async fn counts(&self) -> Counts {
        let today = clock::now().date_brasilia();
        let mut all = Counts::default();
        for day in [today.plus_days(-1), today] {
            for line in self.ledger.lines(day).await.expect("the ledger can be read") {
                all += line.counts;
            }
        }
        all
    }

    /// Tokens that the institution was given.
    pub(super) fn tokens(&self, summary: &Value) -> u64 {
        summary["tokensIssued"][self.institution.client_id()].as_u64().unwrap_or_default()
    }

    /// Calls a test control of the platform; null takes the fault back.
    pub(in crate::journeys) async fn control(&self, path: &str, body: &Value) {
        let reply = self.participant.control(path, body).await.expect("the platform answers");
        assert_eq!(reply.status, 200, "{path}: {}", reply.excerpt());
    }
}

fn row(item: &Value, path: &'static str) -> OutboxRow {
    let at = item["timestamp"].as_str().and_then(|text| Moment::parse(text).ok());
    OutboxRow { id: clock::new_id(), at: at.unwrap_or_else(clock::now), path, body: item.to_string() }
}

pub(super) fn dynamodb(stack: &Stack) -> Client {
    let (id, secret) = (stack.text("/aws/access_key_id"), stack.text("/aws/secret_access_key"));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(stack.text("/aws/region").to_owned()))
        .endpoint_url(stack.text("/aws/endpoint_url"))
        .credentials_provider(Credentials::from_keys(id, secret, None))
        .retry_config(RetryConfig::standard())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}
