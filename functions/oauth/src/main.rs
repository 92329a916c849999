//! Lambda entry of `oauth`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_adapters::alarms::LoggedAlarms;
use ponte_adapters::aws::Aws;
use ponte_adapters::directory::Keystore;
use ponte_adapters::dynamo::{
    ApiKeyTable, ClientTable, Dynamo, GrantTable, InteractionTable, OutboxTable, TargetTable,
};
use ponte_adapters::environment::{SystemClock, SystemIds};
use ponte_adapters::secrets::Secrets;
use ponte_adapters::{env, http};
use ponte_authorization::grant::GrantPolicy;
use ponte_edge::{App, Context, FetchedKeys, StartError};
use ponte_oauth::{KeyOperator, KeySecrets, Keyring, Ports, Server, Settings, router};
use ponte_ports::Clock as _;

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, (institution, organisation), urls, tables, secrets, lives, keystore, channel) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::PUBLIC_URL, env::MTLS_URL),
        (
            env::CONSENTS_TABLE,
            env::INTERACTIONS_TABLE,
            env::GRANTS_TABLE,
            (env::CLIENTS_TABLE, env::AUDIT_TABLE, env::API_KEYS_TABLE),
            env::OUTBOX_TABLE,
        ),
        (env::SIGNING_KEY_SECRET, env::TOKEN_KEYS_SECRET, env::DECRYPTION_KEY_SECRET),
        (env::REQUEST_URI_SECONDS, env::ACCESS_TOKEN_SECONDS, env::ACR_VALUES),
        (env::OUTBOUND_TRUST, env::DIRECTORY_URL),
        (env::CHANNEL_LOGIN_URL, env::CHANNEL_JWKS_URI, env::APPLE_APP_IDS, env::ANDROID_APPS),
    ))?;
    let (public_url, mtls_url) = urls;
    let (consents, interactions, grants, (clients, audit, api_keys), outbox) = tables;
    let (signing_key, token_keys, decryption_key) = secrets;
    let (request_uri_life, access_token_life, assurance) = lives;
    let (trust, directory_url) = keystore;
    let (channel_login_url, channel_jwks_uri, apple_apps, android_apps) = channel;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));

    let secrets = Secrets::new(aws.secrets());
    let secrets = KeySecrets {
        signing: secrets.versions(signing_key),
        published: secrets.versions(token_keys),
        decryption: secrets.versions(decryption_key),
    };
    let keyring = Keyring::start(secrets, Arc::new(LoggedAlarms), clock.now()).await?;
    let server = Server::new(Settings {
        public_url,
        mtls_url: mtls_url.clone(),
        directory_url: directory_url.clone(),
        channel_login_url,
        commands: channel_jwks_uri.is_some(),
        apple_apps,
        android_apps,
        policy: GrantPolicy::new(request_uri_life, access_token_life)?,
        assurance,
    })?;
    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    let operator = KeyOperator {
        keys: Arc::new(ApiKeyTable::committing(&dynamo, &api_keys, &audit)),
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let directory = Arc::new(Keystore::new(http::client(&trust, None)?, &directory_url)?);
    let ports = Ports {
        clients: Arc::new(ClientTable::new(&dynamo, &clients, &audit)),
        targets: Arc::new(TargetTable::new(&dynamo, &consents)),
        interactions: Arc::new(InteractionTable::new(&dynamo, &interactions)),
        grants: Arc::new(GrantTable::new(&dynamo, &grants, &interactions, clock.clone())),
        client_keys: FetchedKeys::new(directory),
        ids: ids.clone(),
        keyring,
        server,
    };
    let outbox = Arc::new(OutboxTable::new(&dynamo, &outbox));
    let context = Context { clock, ids, outbox, organisation, base_url: mtls_url };
    Ok(App::new().http(router(context, ports)).operator(operator))
}
