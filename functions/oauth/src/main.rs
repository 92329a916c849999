//! Lambda entry of `oauth` and `authorize`, two functions of one binary: wiring only. Each reads what its host needs.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, TryFutureExt as _, future};
use ponte_authorization::block_list::BlockList;
use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_edge::{
    App, Context, FetchedKeys, OperatorSource, RevocationPorts, Revocations, StartError, TokenBlocks,
};
use ponte_oauth::{
    KeySecrets, Keyring, OperatorPorts, Ports, PublicPorts, Scopes, Server, Settings, Site, SiteSettings,
    public_router, router,
};
use ponte_outbound::directory::Keystore;
use ponte_outbound::http::{self, Trust};
use ponte_outbound::revocation::{HttpResponders, RevocationSettings};
use ponte_ports::{Clock as _, PortError};
use ponte_store::{
    ApiKeyTable, BlockListTable, CertificateTable, ClientTable, ClientTables, Dynamo, GrantTable,
    InteractionTable, OperationTable, OutboxTable, RedemptionTables, TargetTable,
};
use ponte_values::{AndroidApp, AppleAppId, InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        serves_public: bool = env::OAUTH_HOST,
    }
}

ponte_cloud::settings! {
    /// What both hosts need.
    struct Common {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        directory_url: String = env::DIRECTORY_URL,
        assurance: Assurance = env::ACR_VALUES,
        keys: Keys = Keys::SETTING,
        trust: Trust = http::OUTBOUND_TRUST,
        consents: String = env::CONSENTS_TABLE,
        payment_consents: Option<String> = env::PAYMENT_CONSENTS_TABLE,
        grants: String = env::GRANTS_TABLE,
        clients: String = env::CLIENTS_TABLE,
        outbox: String = env::OUTBOX_TABLE,
    }
}

ponte_cloud::settings! {
    /// What the mTLS host needs besides.
    struct MtlsEnv {
        common: Common = Common::SETTING,
        request_uri_life: Duration = env::REQUEST_URI_SECONDS,
        access_token_life: Duration = env::ACCESS_TOKEN_SECONDS,
        api_keys: String = env::API_KEYS_TABLE,
        clients: ClientTables = ClientTables::SETTING,
        revocation: RevocationSettings = RevocationSettings::SETTING,
        operators: OperatorSettings = OperatorSettings::SETTING,
    }
}

ponte_cloud::settings! {
    /// What the public host needs besides.
    struct PublicEnv {
        common: Common = Common::SETTING,
        channel_login_url: String = env::CHANNEL_LOGIN_URL,
        channel_jwks_uri: Option<String> = env::CHANNEL_JWKS_URI,
        channel_session: bool = env::CHANNEL_SESSION,
        apple_apps: Vec<AppleAppId> = env::APPLE_APP_IDS,
        android_apps: Vec<AndroidApp> = env::ANDROID_APPS,
        interactions: String = env::INTERACTIONS_TABLE,
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
    if Env::read()?.serves_public { build_public().await } else { build_mtls().await }
}

async fn build_mtls() -> Result<App, StartError> {
    let MtlsEnv { common, revocation, clients, request_uri_life, access_token_life, api_keys, operators } =
        MtlsEnv::read()?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let ending = common.aws.ending();
    let dynamo = common.dynamo();
    let looked_up = RevocationPorts {
        issuers: Secrets::new(common.aws.secrets()).versions(revocation.issuers_secret),
        alarms: Arc::new(LoggedAlarms),
        responders: Arc::new(HttpResponders::new(revocation.reach)?),
        statuses: Arc::new(CertificateTable::new(&dynamo, &revocation.certificates_table)),
        ids: ids.clone(),
    };
    let block_list = Arc::new(BlockListTable::new(&dynamo, &clients.block_list));
    let (keyring, revocations, blocks) = future::try_join3(
        common.keyring().map_err(StartError::from),
        Revocations::start(revocation.check, looked_up, clock.now()).map_err(StartError::from),
        TokenBlocks::start(block_list, clock.now()).map(Ok),
    )
    .await?;
    let noted = RedemptionTables { block_list: clients.block_list.clone(), audit: clients.audit.clone() };
    let keys = ApiKeyTable::committing(&dynamo, &api_keys, &clients.audit);
    let clients = Arc::new(ClientTable::new(&dynamo, clients));
    let operator = OperatorPorts {
        keys: Arc::new(keys),
        clients: clients.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        pauses: clock.clone(),
    };
    let ports = Ports {
        clients,
        targets: Arc::new(common.targets(&dynamo)),
        grants: Arc::new(GrantTable::new(&dynamo, &common.grants, clock.clone()).redeeming(noted)),
        client_keys: common.client_keys()?,
        blocks,
        ids: ids.clone(),
        keyring,
        revocations,
        server: common.server(GrantPolicy::new(request_uri_life, access_token_life)?),
    };
    let source = OperatorSource::new(
        ("oauth", "OauthOperatorQueue"),
        Arc::new(OperationTable::new(&dynamo, &operators.operations_table)),
        Arc::new(Queue::new(common.aws.sqs(), operators.queue_url)),
        Arc::new(DeadLetterQueue::new(common.aws.sqs(), operators.dead_letters_url)),
        ids.clone(),
    );
    let source = source.approving(operators.two_operators);
    let context = common.context(&dynamo, clock, ids);
    let app = App::new(Arc::new(SystemClock)).ending(ending);
    Ok(app.http(router(context, ports)).operator(operator, source))
}

async fn build_public() -> Result<App, StartError> {
    let env = PublicEnv::read()?;
    let site = env.site()?;
    let PublicEnv { common, interactions, .. } = env;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let ending = common.aws.ending();
    let dynamo = common.dynamo();
    let grants = GrantTable::new(&dynamo, &common.grants, clock.clone()).concluding(&interactions);
    let shared = Ports {
        clients: Arc::new(ClientTable::reading(&dynamo, &common.clients)),
        targets: Arc::new(common.targets(&dynamo)),
        grants: Arc::new(grants),
        client_keys: common.client_keys()?,
        // Neither access tokens nor client certificates come to this host.
        blocks: TokenBlocks::from(BlockList::default()),
        revocations: Revocations::default(),
        ids: ids.clone(),
        keyring: common.keyring().await?,
        // Nothing is pushed or redeemed on this host.
        server: common.server(GrantPolicy::default()),
    };
    let interactions = InteractionTable::new(&dynamo, &interactions).reporting(&common.outbox);
    let ports = PublicPorts { shared, interactions: Arc::new(interactions), site };
    let context = common.context(&dynamo, clock, ids);
    Ok(App::new(Arc::new(SystemClock)).ending(ending).http(public_router(context, ports)))
}

impl Common {
    fn dynamo(&self) -> Dynamo {
        Dynamo::new(self.aws.dynamodb(), &self.institution)
    }

    fn targets(&self, dynamo: &Dynamo) -> TargetTable {
        TargetTable::new(dynamo, &self.consents).with_payments(self.payment_consents.as_deref())
    }

    /// Payments have a scope where their consents have a table.
    const fn scopes(&self) -> Scopes {
        Scopes { payments: self.payment_consents.is_some() }
    }

    fn client_keys(&self) -> Result<FetchedKeys, PortError> {
        let directory = Keystore::new(http::client(&self.trust, None)?, &self.directory_url)?;
        Ok(FetchedKeys::new(Arc::new(directory)))
    }

    async fn keyring(&self) -> Result<Keyring, PortError> {
        let secrets = Secrets::new(self.aws.secrets());
        let secrets = KeySecrets {
            signing: secrets.versions(self.keys.signing.clone()),
            published: secrets.versions(self.keys.published.clone()),
            decryption: secrets.versions(self.keys.decryption.clone()),
        };
        Keyring::start(secrets, Arc::new(LoggedAlarms), SystemClock.now()).await
    }

    fn server(&self, policy: GrantPolicy) -> Server {
        Server::new(Settings {
            public_url: self.public_url.clone(),
            mtls_url: self.mtls_url.clone(),
            directory_url: self.directory_url.clone(),
            policy,
            assurance: self.assurance,
            scopes: self.scopes(),
        })
    }

    fn context(self, dynamo: &Dynamo, clock: Arc<SystemClock>, ids: Arc<SystemIds>) -> Context {
        let outbox = Arc::new(OutboxTable::new(dynamo, &self.outbox));
        Context { clock, ids, outbox, organisation: self.organisation, base_url: self.mtls_url }
    }
}

impl PublicEnv {
    fn site(&self) -> Result<Site, StartError> {
        let settings = SiteSettings {
            public_url: self.common.public_url.clone(),
            mtls_url: self.common.mtls_url.clone(),
            assurance: self.common.assurance,
            scopes: self.common.scopes(),
            channel_login_url: self.channel_login_url.clone(),
            commands: self.channel_jwks_uri.is_some(),
            session_required: self.channel_session,
            apple_apps: self.apple_apps.clone(),
            android_apps: self.android_apps.clone(),
        };
        Ok(Site::new(settings)?)
    }
}
