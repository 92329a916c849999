//! Lambda entry of `oauth`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, future};
use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_edge::{App, Context, FetchedKeys, RevocationPorts, Revocations, StartError, TokenBlocks};
use ponte_oauth::{KeySecrets, Keyring, OperatorPorts, Ports, Server, Settings, router};
use ponte_outbound::directory::Keystore;
use ponte_outbound::http::{self, Trust};
use ponte_outbound::revocation::{HttpResponders, RevocationSettings};
use ponte_ports::Clock as _;
use ponte_store::{
    ApiKeyTable, BlockListTable, CertificateTable, ClientTable, ClientTables, Dynamo, GrantTable,
    GrantTables, InteractionTable, OutboxTable, TargetTable,
};
use ponte_values::{AndroidApp, AppleAppId, InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        own: Own = Own::SETTING,
        tables: Tables = Tables::SETTING,
        keys: Keys = Keys::SETTING,
        trust: Trust = http::OUTBOUND_TRUST,
        revocation: RevocationSettings = RevocationSettings::SETTING,
    }
}

ponte_cloud::settings! {
    /// Metadata of the server, and the limits it sets others.
    struct Own {
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        directory_url: String = env::DIRECTORY_URL,
        channel_login_url: String = env::CHANNEL_LOGIN_URL,
        channel_jwks_uri: Option<String> = env::CHANNEL_JWKS_URI,
        channel_session: bool = env::CHANNEL_SESSION,
        apple_apps: Vec<AppleAppId> = env::APPLE_APP_IDS,
        android_apps: Vec<AndroidApp> = env::ANDROID_APPS,
        request_uri_life: Duration = env::REQUEST_URI_SECONDS,
        access_token_life: Duration = env::ACCESS_TOKEN_SECONDS,
        assurance: Assurance = env::ACR_VALUES,
    }
}

ponte_cloud::settings! {
    struct Tables {
        consents: String = env::CONSENTS_TABLE,
        interactions: String = env::INTERACTIONS_TABLE,
        clients: ClientTables = ClientTables::SETTING,
        api_keys: String = env::API_KEYS_TABLE,
    }
}

ponte_cloud::settings! {
    /// Secrets, by name.
    struct Keys {
        signing: String = env::SIGNING_KEY_SECRET,
        published: String = env::TOKEN_KEYS_SECRET,
        decryption: String = env::DECRYPTION_KEY_SECRET,
    }
}

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let Env { aws, institution, organisation, own, tables, keys, trust, revocation } = Env::read()?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let ending = aws.ending();
    let secrets = Secrets::new(aws.secrets());
    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    let looked_up = RevocationPorts {
        issuers: secrets.versions(revocation.issuers_secret),
        alarms: Arc::new(LoggedAlarms),
        responders: Arc::new(HttpResponders::new(revocation.reach)?),
        statuses: Arc::new(CertificateTable::new(&dynamo, &revocation.certificates_table)),
        ids: ids.clone(),
    };
    let secrets = KeySecrets {
        signing: secrets.versions(keys.signing),
        published: secrets.versions(keys.published),
        decryption: secrets.versions(keys.decryption),
    };
    let mtls_url = own.mtls_url.clone();
    let directory = Keystore::new(http::client(&trust, None)?, &own.directory_url)?;
    let server = Server::new(own.settings()?)?;

    let block_list = Arc::new(BlockListTable::new(&dynamo, &tables.clients.block_list));
    let (keyring, revocations, blocks) = future::try_join3(
        Keyring::start(secrets, Arc::new(LoggedAlarms), clock.now()),
        Revocations::start(revocation.check, looked_up, clock.now()),
        TokenBlocks::start(block_list, clock.now()).map(Ok),
    )
    .await?;
    let grants = GrantTables {
        grants: tables.clients.grants.clone(),
        interactions: tables.interactions.clone(),
        block_list: tables.clients.block_list.clone(),
        audit: tables.clients.audit.clone(),
    };
    let grants = GrantTable::new(&dynamo, grants, clock.clone());
    let outbox = Arc::new(OutboxTable::new(&dynamo, &tables.clients.outbox));
    let keys = ApiKeyTable::committing(&dynamo, &tables.api_keys, &tables.clients.audit);
    let clients = Arc::new(ClientTable::new(&dynamo, tables.clients));
    let operator = OperatorPorts {
        keys: Arc::new(keys),
        clients: clients.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
    };
    let ports = Ports {
        clients,
        targets: Arc::new(TargetTable::new(&dynamo, &tables.consents)),
        interactions: Arc::new(InteractionTable::new(&dynamo, &tables.interactions)),
        grants: Arc::new(grants),
        client_keys: FetchedKeys::new(Arc::new(directory)),
        blocks,
        ids: ids.clone(),
        keyring,
        revocations,
        server,
    };
    let context = Context { clock, ids, outbox, organisation, base_url: mtls_url };
    Ok(App::new(Arc::new(SystemClock)).ending(ending).http(router(context, ports)).operator(operator))
}

impl Own {
    fn settings(self) -> Result<Settings, StartError> {
        Ok(Settings {
            public_url: self.public_url,
            mtls_url: self.mtls_url,
            directory_url: self.directory_url,
            channel_login_url: self.channel_login_url,
            commands: self.channel_jwks_uri.is_some(),
            session_required: self.channel_session,
            apple_apps: self.apple_apps,
            android_apps: self.android_apps,
            policy: GrantPolicy::new(self.request_uri_life, self.access_token_life)?,
            assurance: self.assurance,
        })
    }
}
