//! Lambda entry of `stock`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_adapters::aws::Aws;
use ponte_adapters::dynamo::{ConsentTable, Dynamo, OutboxTable};
use ponte_adapters::env;
use ponte_adapters::environment::SystemClock;
use ponte_edge::{App, StartError};
use ponte_stock::StockTaker;

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, institution, organisation, consents, outbox) = env::read((
        Aws::SETTING,
        env::INSTITUTION,
        env::ORGANISATION_ID,
        env::CONSENTS_TABLE,
        env::OUTBOX_TABLE,
    ))?;
    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    Ok(App::new().schedule(
        "stock",
        StockTaker {
            consents: Arc::new(ConsentTable::reading(&dynamo, &consents)),
            outbox: Arc::new(OutboxTable::new(&dynamo, &outbox)),
            clock: Arc::new(SystemClock),
            organisation,
        },
    ))
}
