//! Lambda entry of `audit`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_audit::{ChainOperator, NightlyProof, Sealer};
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, Settings as _};
use ponte_cloud::environment::SystemClock;
use ponte_edge::{App, StartError};
use ponte_store::{AuditChainTable, Dynamo};
use ponte_values::InstitutionId;

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        audit_table: String = env::AUDIT_TABLE,
        seals_table: String = env::SEALS_TABLE,
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
    let chain = Arc::new(AuditChainTable::new(&dynamo, &env.audit_table, &env.seals_table));
    let clock = Arc::new(SystemClock);
    let sealer = Sealer { chain: chain.clone(), clock: clock.clone() };
    let nightly = NightlyProof { chain: chain.clone(), clock: clock.clone() };
    let operator = ChainOperator { chain, clock: clock.clone() };
    let app = App::new(clock).ending(ending);
    Ok(app.schedule("seal", sealer).schedule("prove", nightly).operator(operator))
}
