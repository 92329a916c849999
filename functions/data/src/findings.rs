//! What the gate found in an answer of the institution: counted, logged, and refused where the institution is strict.

use std::time::Duration;

use ponte_data_consent::consent::InForce;
use ponte_edge::{CustomerCall, Refusal};
use ponte_ports::quality::{Counted, REST};
use ponte_ports::{PortError, chain};
use ponte_records::{Finding, Findings, Passed, Rule, Unreadable};
use tokio::time::timeout;

use crate::ports::Ports;

/// How long an answer waits for its findings to be counted.
const PATIENCE: Duration = Duration::from_millis(300);

/// The rule that an answer breaks of which nothing can be read.
const UNREADABLE: &str = "unreadable";

/// Decides whether the answer leaves. What was found is logged in one line and counted, by fields and rules and never by values.
///
/// # Errors
/// 500 for an answer that cannot be read, and for one that breaks the standard where the institution is strict.
pub(crate) async fn admit(
    ports: &Ports,
    call: &CustomerCall<InForce>,
    outcome: Result<Passed, Unreadable>,
) -> Result<Passed, Refusal> {
    match outcome {
        Ok(passed) if passed.findings.is_empty() => Ok(passed),
        Ok(passed) => {
            let refused = ports.strict && passed.findings.break_the_standard();
            let (operation, findings) = (call.row.operation, &passed.findings);
            tracing::warn!(operation, refused, %findings, "records of the institution break the standard");
            count(ports, call, &counted(findings)).await;
            if refused { Err(Refusal::internal()) } else { Ok(passed) }
        }
        Err(unreadable) => {
            let found = Counted { path: "data".to_owned(), rule: UNREADABLE, count: 1 };
            count(ports, call, &[found]).await;
            Err(PortError::new("institution", unreadable).into())
        }
    }
}

/// Counts findings. One that fails is not worth the answer.
async fn count(ports: &Ports, call: &CustomerCall<InForce>, found: &[Counted]) {
    let day = call.now.date_brasilia();
    match timeout(PATIENCE, ports.quality.count(day, call.row.operation, found)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(chain = chain(&error), "findings were not counted"),
        Err(_) => tracing::warn!("findings were not counted in time"),
    }
}

fn counted(findings: &Findings) -> Vec<Counted> {
    let others = (findings.others() > 0).then(|| Counted {
        path: REST.to_owned(),
        rule: REST,
        count: findings.others(),
    });
    findings.kinds().iter().map(of).chain(others).collect()
}

/// A finding as it is counted: names that no table has are the institution's own, and count where they stand.
fn of(Finding { path, rule, count }: &Finding) -> Counted {
    let within = (*rule == Rule::Unknown).then(|| path.rsplit_once('.')).flatten();
    let path = within.map_or(path.as_str(), |(object, _)| object);
    Counted { path: path.to_owned(), rule: rule.as_str(), count: *count }
}
