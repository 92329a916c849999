//! T00: the embedded services must behave like AWS before functions run on them.
//!
//! An emulator that lets two conditional writes win would hide double payments and invent others. So every start races
//! conditional puts, counters and transactions, replays request tokens, and checks visibility, dead letters, FIFO and
//! secret versions through the AWS SDK; a finding stops the start. The many rounds run against a DynamoDB in memory
//! (the same engine), a few against the one on the file.
//!
//! One more check: an async fn in the file of its service and a line in [`qualify`].

mod check;
mod queues;
mod secrets;
mod tables;
mod wire;

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::aws::{MemoryDynamoDb, connect};
use tables::Rounds;

/// A service that does not answer within this time is not exact either.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much is raced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// At every start, within about a second.
    Quick,
    /// 400 rounds, as the acceptance test T00 asks.
    Full,
}

/// A difference from AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check: what should hold.
    pub check: &'static str,
    /// The behaviour that was seen.
    pub fault: String,
}

/// Outcome of a qualification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Checks that held.
    pub held: Vec<&'static str>,
    /// Checks that did not.
    pub findings: Vec<Finding>,
}

impl Report {
    /// One sentence per finding; `None` when everything is exact.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        if self.findings.is_empty() {
            return None;
        }
        let lines = self.findings.iter().map(|finding| format!("  {}: {}", finding.check, finding.fault));
        let lines = lines.collect::<Vec<_>>().join("\n");
        Some(format!("the embedded AWS services are not exact, so nothing is started (T00):\n{lines}"))
    }
}

/// Runs every check: those on the endpoint leave it as it was, the many rounds go to `memory`.
pub async fn qualify(endpoint_url: &str, memory: &MemoryDynamoDb, depth: Depth) -> Report {
    let file = connect(endpoint_url);
    let many = match depth {
        Depth::Quick => Rounds { puts: 50, transactions: 10, additions: 5 },
        Depth::Full => Rounds { puts: 400, transactions: 100, additions: 100 },
    };
    let few = Rounds { puts: 3, transactions: 2, additions: 1 };
    let mut checks = JoinSet::new();
    let mut add = |check: &'static str, work: Checking| {
        checks.spawn(async move { (check, work.await) });
    };
    add("DynamoDB in memory decides races exactly", checking(tables::races(memory.endpoint_url(), many)));
    add("DynamoDB on the file decides races exactly", checking(tables::races(endpoint_url.to_owned(), few)));
    add("SQS hides a received message until its visibility ends", checking(queues::visibility(file.clone())));
    add(
        "SQS moves a message to the dead letters after its receives",
        checking(queues::dead_letters(file.clone())),
    );
    add("SQS FIFO keeps order, locks the group and deduplicates", checking(queues::fifo(file.clone())));
    add("SQS wakes a long poll when a message comes", checking(queues::long_poll(file.clone())));
    add("Secrets Manager moves current and previous versions", checking(secrets::versions(file.clone())));
    let mut report = Report::default();
    while let Some(checked) = checks.join_next().await {
        match checked {
            Ok((check, Ok(()))) => report.held.push(check),
            Ok((check, Err(fault))) => report.findings.push(Finding { check, fault }),
            Err(error) => report.findings.push(Finding { check: "a check ends", fault: error.to_string() }),
        }
    }
    report.held.sort_unstable();
    report.findings.sort_by_key(|finding| finding.check);
    report
}

type Checking = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

fn checking(work: impl Future<Output = Result<(), String>> + Send + 'static) -> Checking {
    Box::pin(async move {
        tokio::time::timeout(PATIENCE, work)
            .await
            .unwrap_or_else(|_| Err("no end within a minute".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::aws::Cloud;

    async fn qualified(depth: Depth) -> Report {
        let folder = tempfile::tempdir().unwrap();
        let file = Cloud::open(TcpListener::bind("127.0.0.1:0").await.unwrap(), folder.path()).unwrap();
        let memory = MemoryDynamoDb::serve().unwrap();
        let report = qualify(file.endpoint_url(), &memory, depth).await;
        // Nothing of the qualification is left behind.
        assert!(file.clients().dynamodb.list_tables().send().await.unwrap().table_names().is_empty());
        assert!(file.clients().sqs.list_queues().send().await.unwrap().queue_urls().is_empty());
        assert!(file.clients().secrets.list_secrets().send().await.unwrap().secret_list().is_empty());
        report
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn t00_the_embedded_services_qualify() {
        let report = qualified(Depth::Quick).await;
        assert_eq!(report.refusal(), None);
        assert_eq!(report.held.len(), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "T00 in full: 400 rounds take half a minute"]
    async fn t00_the_embedded_services_qualify_over_400_rounds() {
        assert_eq!(qualified(Depth::Full).await.refusal(), None);
    }

    #[tokio::test]
    async fn t00_a_service_that_does_not_answer_is_refused_by_name() {
        let memory = MemoryDynamoDb::serve().unwrap();
        let report = qualify("http://127.0.0.1:9", &memory, Depth::Quick).await;
        assert_eq!((report.held.len(), report.findings.len()), (1, 6));
        let refusal = report.refusal().unwrap();
        assert!(
            refusal.contains("nothing is started") && refusal.contains("SQS FIFO keeps order"),
            "{refusal}"
        );
    }
}
