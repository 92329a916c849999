//! Lambda entry of `stock`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_edge::{App, OperatorSource, StartError};
use ponte_stock::{StockOperator, StockTaker};
use ponte_store::{ConsentTable, Dynamo, OperationTable, OutboxTable, TrailTable, TrailTables};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        consents_table: String = env::CONSENTS_TABLE,
        outbox_table: String = env::OUTBOX_TABLE,
        audit_table: String = env::AUDIT_TABLE,
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
    let (outbox, audit) = (env.outbox_table, env.audit_table);
    let taker = StockTaker {
        consents: Arc::new(ConsentTable::reading(&dynamo, &env.consents_table)),
        outbox: Arc::new(OutboxTable::new(&dynamo, &outbox)),
        clock: Arc::new(SystemClock),
        organisation: env.organisation,
    };
    let operator = StockOperator {
        taker: taker.clone(),
        trails: Arc::new(TrailTable::new(&dynamo, TrailTables { outbox, audit })),
        ids: Arc::new(SystemIds),
    };
    let source = OperatorSource::new(
        ("stock", "StockOperatorQueue"),
        Arc::new(OperationTable::new(&dynamo, &env.operators.operations_table)),
        Arc::new(Queue::new(env.aws.sqs(), env.operators.queue_url)),
        Arc::new(DeadLetterQueue::new(env.aws.sqs(), env.operators.dead_letters_url)),
        Arc::new(SystemIds),
    );
    let source = source.approving(env.operators.two_operators).lasting(LONGEST);
    Ok(App::new(Arc::new(SystemClock)).ending(ending).operator(operator, source).schedule("stock", taker))
}
