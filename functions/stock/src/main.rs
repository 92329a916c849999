//! Lambda entry of `stock`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_cloud::aws::Aws;
use ponte_cloud::env;
use ponte_cloud::environment::SystemClock;
use ponte_edge::{App, StartError};
use ponte_stock::StockTaker;
use ponte_store::{ConsentTable, Dynamo, OutboxTable};

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
    Ok(App::new().schedule(StockTaker {
        consents: Arc::new(ConsentTable::reading(&dynamo, &consents)),
        outbox: Arc::new(OutboxTable::new(&dynamo, &outbox)),
        clock: Arc::new(SystemClock),
        organisation,
    }))
}
