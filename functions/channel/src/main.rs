//! Lambda entry of `channel`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, future};
use ponte_authorization::message_signer::MessageSigner;
use ponte_channel::{
    ChannelKeys, DataSharing, DecisionTargets, PaymentDecisions, Ports, Settings, handoff_page, router,
};
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_cloud::secrets::Secrets;
use ponte_cloud::tickets::HmacTickets;
use ponte_edge::{App, Context, StartError, TokenBlocks};
use ponte_outbound::connector::{ConnectorSettings, ConnectorSurroundings};
use ponte_outbound::directory::Keystore;
use ponte_outbound::http::{self, Trust};
use ponte_outbound::institution::{Breaker, InstitutionSettings};
use ponte_payment::institution_rules::PaymentRules;
use ponte_ports::{Clock as _, Ids as _, PortError};
use ponte_store::{
    AttemptTable, BlockListTable, BreakerTable, ConsentTable, Dynamo, InteractionTable, OutboxTable,
    PaymentConsentTable, ReplyTable, TrailTables,
};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        approval_term: Duration = env::APPROVAL_DAYS,
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        channel_name: String = env::CHANNEL_NAME,
        channel_origin: Option<String> = env::CHANNEL_ORIGIN,
        channel_jwks_uri: Option<String> = env::CHANNEL_JWKS_URI,
        channel_session: bool = env::CHANNEL_SESSION,
        channel_handoff: bool = env::CHANNEL_HANDOFF,
        channel_login_url: String = env::CHANNEL_LOGIN_URL,
        consents_table: String = env::CONSENTS_TABLE,
        interactions_table: String = env::INTERACTIONS_TABLE,
        block_list_table: String = env::BLOCK_LIST_TABLE,
        trail_tables: TrailTables = TrailTables::SETTING,
        pseudonym_key_secret: String = env::PSEUDONYM_KEY_SECRET,
        trust: Trust = http::OUTBOUND_TRUST,
        layer: InstitutionSettings = InstitutionSettings::SETTING,
        payments: Option<PaymentsEnv> = env::given(env::PAYMENT_CONSENTS_TABLE, PaymentsEnv::SETTING),
    }
}

ponte_cloud::settings! {
    struct PaymentsEnv {
        consents_table: Option<String> = env::PAYMENT_CONSENTS_TABLE,
        message_key_secret: String = env::MESSAGE_KEY_SECRET,
        connector: ConnectorSettings = ConnectorSettings::SETTING,
        rules: PaymentRules = env::PAYMENT_RULES,
    }
}

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let ending = env.aws.ending();
    if !env.channel_session {
        LoggedAlarms.raise_setting("ChannelSession", "off: the id of an interaction alone decides in it");
    }
    let secrets = Secrets::new(env.aws.secrets());
    let dynamo = Dynamo::new(env.aws.dynamodb(), &env.institution);
    let block_list = Arc::new(BlockListTable::new(&dynamo, &env.block_list_table));
    let breakers = Arc::new(BreakerTable::new(&dynamo, &env.layer.breakers_table));
    let breaker = || Breaker::new(SystemIds.uuid(), breakers.clone(), Arc::new(SystemClock));
    let (pseudonym_key, layer, blocks) = future::try_join3(
        secrets.pseudonym_key(&env.pseudonym_key_secret, &LoggedAlarms),
        env.layer.layer((&env.aws, &secrets), &env.trust, env.institution.clone(), breaker()),
        TokenBlocks::start(block_list, SystemClock.now()).map(Ok),
    )
    .await?;
    let layer = Arc::new(layer);
    let channel_keys = env.channel_jwks_uri.map(|uri| channel_keys(&env.trust, uri)).transpose()?;
    let outbox = Arc::new(OutboxTable::new(&dynamo, &env.trail_tables.outbox));
    let attempts = Arc::new(AttemptTable::new(&dynamo, &env.interactions_table));
    let interactions =
        InteractionTable::committing(&dynamo, &env.interactions_table, env.trail_tables.clone());
    let interactions = Arc::new(interactions);
    let pseudonyms = Arc::new(HmacPseudonyms::new(&pseudonym_key));
    let payments = match env.payments {
        Some(payments) => {
            let around = Around {
                aws: &env.aws,
                secrets: &secrets,
                trust: &env.trust,
                dynamo: &dynamo,
                institution: &env.institution,
                interactions_table: &env.interactions_table,
                trail_tables: &env.trail_tables,
            };
            Some(payments.decisions(around, breaker(), pseudonyms.clone()).await?)
        }
        None => None,
    };
    let consents = ConsentTable::committing(&dynamo, &env.consents_table, env.trail_tables);
    let consents = Arc::new(consents.deciding(&env.interactions_table));
    let Env { institution, organisation, approval_term, channel_name, channel_origin, .. } = env;
    // An institution that sends every browser to the page has set it up by that.
    let handoff = env.channel_handoff || env.channel_login_url.starts_with(&handoff_page(&env.public_url));
    let (session_required, public_url) = (env.channel_session, env.public_url);

    let data_sharing = DataSharing {
        consents: consents.clone(),
        decisions: consents,
        institution: layer.clone(),
        pseudonyms: pseudonyms.clone(),
        approval_term,
    };
    let mut targets: Vec<Arc<dyn DecisionTargets>> = vec![Arc::new(data_sharing)];
    if let Some(payments) = payments {
        targets.push(Arc::new(payments));
    }
    let ports = Ports {
        targets,
        interactions: interactions.clone(),
        changes: interactions.clone(),
        handoffs: interactions.clone(),
        attempts,
        signed_calls: interactions,
        blocks,
        customers: layer,
        tickets: Arc::new(HmacTickets::new(&pseudonym_key)),
        pseudonyms,
        channel_keys,
        settings: Settings {
            institution,
            channel_name,
            channel_origin,
            session_required,
            handoff,
            public_url,
        },
    };
    let (clock, ids, base_url) = (Arc::new(SystemClock), Arc::new(SystemIds), env.mtls_url);
    let context = Context { clock, ids, outbox, organisation, base_url };
    Ok(App::new(Arc::new(SystemClock)).ending(ending).http(router(context, ports)))
}

/// What decisions on payments share with the others.
struct Around<'a> {
    aws: &'a Aws,
    secrets: &'a Secrets,
    trust: &'a Trust,
    dynamo: &'a Dynamo,
    institution: &'a InstitutionId,
    interactions_table: &'a str,
    trail_tables: &'a TrailTables,
}

impl PaymentsEnv {
    async fn decisions(
        self,
        around: Around<'_>,
        breaker: Breaker,
        pseudonyms: Arc<HmacPseudonyms>,
    ) -> Result<PaymentDecisions, StartError> {
        let Around { aws, secrets, trust, dynamo, institution, interactions_table, trail_tables } = around;
        let table = self.consents_table.unwrap_or_default();
        let versions = secrets.versions(self.message_key_secret);
        let signer = MessageSigner::start(versions, Arc::new(LoggedAlarms), SystemClock.now()).await?;
        let replies = Arc::new(ReplyTable::new(dynamo, &table));
        let around = ConnectorSurroundings { aws, secrets, trust, replies };
        let connector = self.connector.connector(around, institution.clone(), signer, breaker).await?;
        let consents = PaymentConsentTable::committing(dynamo, &table, trail_tables.clone());
        let consents = Arc::new(consents.deciding(interactions_table));
        Ok(PaymentDecisions {
            consents: consents.clone(),
            decisions: consents,
            connector: Arc::new(connector),
            pseudonyms,
            rules: self.rules,
        })
    }
}

/// Keys that the institution's back end signs with.
fn channel_keys(trust: &Trust, uri: String) -> Result<ChannelKeys, PortError> {
    let keystore = Keystore::new(http::client(trust, None)?, &uri)?;
    Ok(ChannelKeys::new(Arc::new(keystore), uri))
}
