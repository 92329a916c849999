//! Lambda entry of `audit`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ponte_audit::{ChainOperator, NightlyProof, Sealer};
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_edge::{App, OperatorSource, StartError};
use ponte_store::{AuditChainTable, Dynamo, OperationTable};
use ponte_values::InstitutionId;

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        audit_table: String = env::AUDIT_TABLE,
        seals_table: String = env::SEALS_TABLE,
        operators: OperatorSettings = OperatorSettings::SETTING,
    }
}

/// How long an invocation may take (`Timeout` in the template), and a little more.
const LONGEST: Duration = Duration::from_mins(16);

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let ending = env.aws.ending();
    let dynamo = Dynamo::new(env.aws.dynamodb(), &env.institution);
    let chain = Arc::new(AuditChainTable::new(&dynamo, &env.audit_table, &env.seals_table));
    let clock = Arc::new(SystemClock);
    let sealer = Sealer { chain: chain.clone(), clock: clock.clone() };
    let nightly = NightlyProof { chain: chain.clone(), clock: clock.clone() };
    let operator = ChainOperator { chain, clock: clock.clone() };
    let source = OperatorSource::new(
        ("audit", "AuditOperatorQueue"),
        Arc::new(OperationTable::new(&dynamo, &env.operators.operations_table)),
        Arc::new(Queue::new(env.aws.sqs(), env.operators.queue_url)),
        Arc::new(DeadLetterQueue::new(env.aws.sqs(), env.operators.dead_letters_url)),
        Arc::new(SystemIds),
    );
    let source = source.approving(env.operators.two_operators).lasting(LONGEST);
    let app = App::new(clock).ending(ending);
    Ok(app.schedule("seal", sealer).schedule("prove", nightly).operator(operator, source))
}
