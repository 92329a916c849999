//! Lambda entry of `stock`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, Settings as _};
use ponte_cloud::environment::SystemClock;
use ponte_edge::{App, StartError};
use ponte_stock::StockTaker;
use ponte_store::{ConsentTable, Dynamo, OutboxTable};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        consents_table: String = env::CONSENTS_TABLE,
        outbox_table: String = env::OUTBOX_TABLE,
    }
}

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let ending = env.aws.ending();
    let dynamo = Dynamo::new(env.aws.dynamodb(), &env.institution);
    Ok(App::new(Arc::new(SystemClock)).ending(ending).schedule(
        "stock",
        StockTaker {
            consents: Arc::new(ConsentTable::reading(&dynamo, &env.consents_table)),
            outbox: Arc::new(OutboxTable::new(&dynamo, &env.outbox_table)),
            clock: Arc::new(SystemClock),
            organisation: env.organisation,
        },
    ))
}
