//! Lambda entry of `channel`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::future;
use ponte_adapters::aws::Aws;
use ponte_adapters::directory::Keystore;
use ponte_adapters::dynamo::{CommitTables, ConsentTable, Dynamo, InteractionTable, OutboxTable};
use ponte_adapters::environment::{SystemClock, SystemIds};
use ponte_adapters::institution::IntegrationLayer;
use ponte_adapters::pseudonyms::HmacPseudonyms;
use ponte_adapters::secrets::Secrets;
use ponte_adapters::{env, http};
use ponte_channel::{ChannelKeys, Ports, Settings, router};
use ponte_data_consent::consent::ConsentPolicy;
use ponte_edge::{App, Context, StartError};

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, who, urls, channel, tables, secret_names, (trust, layer_url), approval_term) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::PUBLIC_URL, env::MTLS_URL),
        (env::CHANNEL_NAME, env::CHANNEL_ORIGIN, env::CHANNEL_JWKS_URI),
        (env::CONSENTS_TABLE, env::INTERACTIONS_TABLE, env::OUTBOX_TABLE, env::AUDIT_TABLE),
        (env::PSEUDONYM_KEY_SECRET, env::INSTITUTION_CREDENTIAL_SECRET),
        (env::OUTBOUND_TRUST, env::INSTITUTION_URL),
        env::APPROVAL_DAYS,
    ))?;
    let (institution, organisation) = who;
    let (public_url, base_url) = urls;
    let (channel_name, channel_origin, channel_jwks_uri) = channel;
    let (consents, interactions, outbox, audit) = tables;
    let (pseudonym_key, credential) = secret_names;
    let policy = ConsentPolicy { approval_term, ..ConsentPolicy::default() };

    let secrets = Secrets::new(aws.secrets());
    let (pseudonym_key, credential) =
        future::try_join(secrets.pseudonym_key(&pseudonym_key), secrets.institution_credential(&credential))
            .await?;
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
    let written = CommitTables { interactions: Some(interactions.clone()), outbox: outbox.clone(), audit };
    let visits = Arc::new(InteractionTable::new(&dynamo, &interactions));
    let ports = Ports {
        consents: Arc::new(ConsentTable::committing(&dynamo, &consents, written)),
        interactions: visits.clone(),
        handoffs: visits,
        institution: Arc::new(layer),
        pseudonyms: Arc::new(HmacPseudonyms::new(&pseudonym_key)),
        channel_keys,
        settings: Settings { institution, policy, channel_name, channel_origin, public_url },
    };
    let outbox = Arc::new(OutboxTable::new(&dynamo, &outbox));
    let context =
        Context { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    Ok(App::new().http(router(context, ports)))
}
