//! Lambda entry of `consents`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::future;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env;
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_cloud::secrets::Secrets;
use ponte_consents::{ChannelKeys, ConsentPolicy, DropReasons, EveryMinute, Ports, Settings, Sweeper, door};
use ponte_edge::{App, Desk, Guard, Managers, StartError, TokenKeys};
use ponte_outbound::directory::Keystore;
use ponte_outbound::http;
use ponte_outbound::institution::IntegrationLayer;
use ponte_ports::Clock as _;
use ponte_store::{
    ApiKeyTable, AuditTable, CommitTables, ConsentTable, Dynamo, InteractionTable, OutboxTable,
};

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, who, urls, channel, tables, secret_names, (trust, layer_url), rules) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::PUBLIC_URL, env::MTLS_URL, env::MANAGEMENT_URL),
        (env::CHANNEL_NAME, env::CHANNEL_ORIGIN, env::CHANNEL_JWKS_URI),
        (
            env::CONSENTS_TABLE,
            env::INTERACTIONS_TABLE,
            env::OUTBOX_TABLE,
            env::AUDIT_TABLE,
            env::API_KEYS_TABLE,
        ),
        (env::TOKEN_KEYS_SECRET, env::PSEUDONYM_KEY_SECRET, env::INSTITUTION_CREDENTIAL_SECRET),
        (http::OUTBOUND_TRUST, env::INSTITUTION_URL),
        (
            (env::CONSENT_TERM_DAYS, env::RENEWAL_TERM_DAYS, env::APPROVAL_DAYS, env::NOTICE_DAYS),
            (env::PRODUCTS, env::LINKED_CONSENTS),
        ),
    ))?;
    let (institution, organisation) = who;
    let (public_url, base_url, management_url) = urls;
    let (channel_name, channel_origin, channel_jwks_uri) = channel;
    let (consents, interactions, outbox, audit, api_keys) = tables;
    let (token_keys, pseudonym_key, credential) = secret_names;
    let ((longest_term, longest_renewal, approval_term, notice), (products, linked)) = rules;
    let policy = ConsentPolicy { longest_term, longest_renewal, approval_term, notice, products, linked };

    let secrets = Secrets::new(aws.secrets());
    let (keys, pseudonym_key, credential) = future::try_join3(
        TokenKeys::start(secrets.versions(token_keys), Arc::new(LoggedAlarms), SystemClock.now()),
        secrets.pseudonym_key(&pseudonym_key),
        secrets.institution_credential(&credential),
    )
    .await?;
    let pseudonyms = HmacPseudonyms::new(&pseudonym_key);
    let layer =
        IntegrationLayer::new(http::client(&trust, None)?, layer_url, credential, institution.clone());

    let channel_keys = match channel_jwks_uri {
        Some(uri) => {
            let keystore = Keystore::new(http::client(&trust, None)?, &uri)?;
            Some(ChannelKeys::new(Arc::new(keystore), uri))
        }
        None => None,
    };

    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    let written =
        CommitTables { interactions: interactions.clone(), outbox: outbox.clone(), audit: audit.clone() };
    let consents = Arc::new(ConsentTable::committing(&dynamo, &consents, written));
    let managers = Managers::new(Arc::new(ApiKeyTable::reading(&dynamo, &api_keys)), management_url);
    let guard = Guard::new(public_url.clone(), keys, consents.clone());
    let sweeper = Sweeper {
        consents: consents.clone(),
        index: consents.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    let institution_layer = Arc::new(layer);
    let reports = Arc::new(OutboxTable::new(&dynamo, &outbox));
    let drop_reasons = DropReasons {
        reports: reports.clone(),
        consents: consents.clone(),
        institution: institution_layer.clone(),
        clock: Arc::new(SystemClock),
    };
    let visits = Arc::new(InteractionTable::new(&dynamo, &interactions));
    let ports = Ports {
        extensions: consents.clone(),
        index: consents.clone(),
        consents,
        history: Arc::new(AuditTable::new(&dynamo, &audit)),
        interactions: visits.clone(),
        handoffs: visits,
        institution: institution_layer,
        pseudonyms: Arc::new(pseudonyms),
        channel_keys,
        settings: Settings { institution, policy, channel_name, channel_origin, public_url },
    };
    let outbox = reports.clone();
    let desk =
        Desk { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    let door = door(desk, Some(guard), ports).managers(managers).holding(reports);
    Ok(App::new().http(door).schedule(EveryMinute { sweeper, drop_reasons }))
}
