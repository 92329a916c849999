//! Lambda entry of `data`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::{FutureExt as _, future};
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_cloud::secrets::Secrets;
use ponte_data::{Ports, router};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_edge::{
    App, CallLimits, Context, Guard, PaginationKeys, RevocationPorts, Revocations, StartError, TokenBlocks,
    TokenKeys,
};
use ponte_outbound::http::{self, Trust};
use ponte_outbound::institution::{Breaker, InstitutionSettings};
use ponte_outbound::revocation::{HttpResponders, RevocationSettings};
use ponte_ports::limits::CallLimitSettings;
use ponte_ports::{Clock as _, Ids as _};
use ponte_store::{
    BlockListTable, BreakerTable, CallCountTable, CertificateTable, ConsentTable, Dynamo, OutboxTable,
    QualityTable, ResourceTable, TrailTables,
};
use ponte_values::{InstitutionId, OrganisationId, PageCaps};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        consents_table: String = env::CONSENTS_TABLE,
        block_list_table: String = env::BLOCK_LIST_TABLE,
        resources_table: String = env::RESOURCES_TABLE,
        trail_tables: TrailTables = TrailTables::SETTING,
        pseudonym_key_secret: String = env::PSEUDONYM_KEY_SECRET,
        token_keys_secret: String = env::TOKEN_KEYS_SECRET,
        trust: Trust = http::OUTBOUND_TRUST,
        revocation: RevocationSettings = RevocationSettings::SETTING,
        quality_table: String = env::QUALITY_TABLE,
        strict: bool = env::DATA_QUALITY,
        limits_table: String = env::LIMITS_TABLE,
        limits: CallLimitSettings = CallLimitSettings::SETTING,
        page_caps: PageCaps = env::PAGE_CAPS,
        layer: InstitutionSettings = InstitutionSettings::SETTING,
    }
}

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let ending = env.aws.ending();
    let secrets = Secrets::new(env.aws.secrets());
    let dynamo = Dynamo::new(env.aws.dynamodb(), &env.institution);
    let block_list = Arc::new(BlockListTable::new(&dynamo, &env.block_list_table));
    let looked_up = RevocationPorts {
        issuers: secrets.versions(env.revocation.issuers_secret),
        alarms: Arc::new(LoggedAlarms),
        responders: Arc::new(HttpResponders::new(env.revocation.reach)?),
        statuses: Arc::new(CertificateTable::new(&dynamo, &env.revocation.certificates_table)),
        ids: Arc::new(SystemIds),
    };
    let breakers = Arc::new(BreakerTable::new(&dynamo, &env.layer.breakers_table));
    let breaker = Breaker::new(SystemIds.uuid(), breakers, Arc::new(SystemClock));
    let (keys, pseudonym_key, layer, blocks, revocations) = future::try_join5(
        TokenKeys::start(secrets.versions(env.token_keys_secret), Arc::new(LoggedAlarms), SystemClock.now()),
        secrets.pseudonym_key(&env.pseudonym_key_secret, &LoggedAlarms),
        env.layer.layer((&env.aws, &secrets), &env.trust, env.institution.clone(), breaker),
        TokenBlocks::start(block_list, SystemClock.now()).map(Ok),
        Revocations::start(env.revocation.check, looked_up, SystemClock.now()),
    )
    .await?;
    let outbox = Arc::new(OutboxTable::new(&dynamo, &env.trail_tables.outbox));
    let discovered = Arc::new(ResourceTable::new(&dynamo, &env.resources_table, env.trail_tables));
    let consents = Arc::new(ConsentTable::reading(&dynamo, &env.consents_table));
    let counts = Arc::new(CallCountTable::new(&dynamo, &env.limits_table));

    let quality = Arc::new(QualityTable::new(&dynamo, &env.quality_table));

    let Env { organisation, public_url: issuer, mtls_url: base_url, limits, page_caps, strict, .. } = env;
    let guard = Guard::new(issuer, keys, blocks).looking_up(revocations);
    let authority = Arc::new(ConsentAuthority::new(consents));
    let context =
        Context { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    let pseudonyms = Arc::new(HmacPseudonyms::new(&pseudonym_key));
    let ports = Ports { institution: Arc::new(layer), discovered, pseudonyms, quality, strict };
    let router = router(context, guard, &authority, ports, ponte_catalog::ALL)
        .limiting(CallLimits::new(counts, limits))
        .paging(PaginationKeys::new(&pseudonym_key))
        .capping(page_caps)?;
    Ok(App::new(Arc::new(SystemClock)).ending(ending).http(router))
}
