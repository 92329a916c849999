//! Lambda entry of `data`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::future;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env;
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_data::{Ports, door};
use ponte_edge::{App, Desk, Guard, StartError, TokenKeys};
use ponte_outbound::http;
use ponte_outbound::institution::IntegrationLayer;
use ponte_ports::Clock as _;
use ponte_store::{ConsentTable, Dynamo, OutboxTable};

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, who, urls, tables, secret_names, (trust, layer_url)) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::PUBLIC_URL, env::MTLS_URL),
        (env::CONSENTS_TABLE, env::OUTBOX_TABLE),
        (env::TOKEN_KEYS_SECRET, env::INSTITUTION_CREDENTIAL_SECRET),
        (http::OUTBOUND_TRUST, env::INSTITUTION_URL),
    ))?;
    let (institution, organisation) = who;
    let (issuer, base_url) = urls;
    let (consents, outbox) = tables;
    let (token_keys, credential) = secret_names;

    let secrets = Secrets::new(aws.secrets());
    let (keys, credential) = future::try_join(
        TokenKeys::start(secrets.versions(token_keys), Arc::new(LoggedAlarms), SystemClock.now()),
        secrets.institution_credential(&credential),
    )
    .await?;
    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    let guard = Guard::new(issuer, keys, Arc::new(ConsentTable::reading(&dynamo, &consents)));
    let layer = IntegrationLayer::new(http::client(&trust, None)?, layer_url, credential, institution);

    let outbox = Arc::new(OutboxTable::new(&dynamo, &outbox));
    let desk =
        Desk { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    Ok(App::new().http(door(desk, Some(guard), Ports { institution: Arc::new(layer) })))
}
