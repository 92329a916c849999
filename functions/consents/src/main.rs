//! Lambda entry of `consents`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::{FutureExt as _, future};
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_cloud::secrets::Secrets;
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_consents::{
    ConsentOperator, ConsentPolicy, DropReasons, EveryMinute, Ports, RemovedClients, Settings, Sweeper,
    router,
};
use ponte_edge::{
    App, CallLimits, Context, Guard, Managers, OperatorSource, RevocationPorts, Revocations, StartError,
    TokenBlocks, TokenKeys,
};
use ponte_outbound::http::{self, Trust};
use ponte_outbound::institution::{Breaker, InstitutionSettings, IntegrationLayer};
use ponte_outbound::revocation::{HttpResponders, RevocationSettings};
use ponte_ports::limits::{CallLimitSettings, CallsASecond};
use ponte_ports::{Clock as _, Ids as _};
use ponte_store::{
    ApiKeyTable, AuditTable, BlockListTable, BreakerTable, CallCountTable, CertificateTable, ConsentTable,
    Dynamo, OperationTable, OutboxTable, RemovalTable, ResourceTable, TrailTable, TrailTables,
};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        policy: ConsentPolicy = ConsentPolicy::SETTING,
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        management_url: String = env::MANAGEMENT_URL,
        consents_table: String = env::CONSENTS_TABLE,
        resources_table: String = env::RESOURCES_TABLE,
        trail_tables: TrailTables = TrailTables::SETTING,
        block_list_table: String = env::BLOCK_LIST_TABLE,
        api_keys_table: String = env::API_KEYS_TABLE,
        token_keys_secret: String = env::TOKEN_KEYS_SECRET,
        pseudonym_key_secret: String = env::PSEUDONYM_KEY_SECRET,
        trust: Trust = http::OUTBOUND_TRUST,
        revocation: RevocationSettings = RevocationSettings::SETTING,
        limits_table: String = env::LIMITS_TABLE,
        calls_a_second: CallsASecond = env::CALLS_A_SECOND,
        layer: InstitutionSettings = InstitutionSettings::SETTING,
        operators: OperatorSettings = OperatorSettings::SETTING,
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
    let layer = Arc::new(layer);
    let api_keys = Arc::new(ApiKeyTable::reading(&dynamo, &env.api_keys_table));
    let limits = CallLimitSettings { a_second: env.calls_a_second, ..CallLimitSettings::default() };
    let limits = CallLimits::new(Arc::new(CallCountTable::new(&dynamo, &env.limits_table)), limits);
    let discovered = Arc::new(ResourceTable::new(&dynamo, &env.resources_table, env.trail_tables.clone()));
    let stores = Stores::open(&dynamo, &env.consents_table, env.trail_tables);
    let source = OperatorSource::new(
        ("consents", "ConsentsOperatorQueue"),
        Arc::new(OperationTable::new(&dynamo, &env.operators.operations_table)),
        Arc::new(Queue::new(env.aws.sqs(), env.operators.queue_url)),
        Arc::new(DeadLetterQueue::new(env.aws.sqs(), env.operators.dead_letters_url)),
        Arc::new(SystemIds),
    );
    let source = source.approving(env.operators.two_operators);
    let Env { institution, organisation, policy, public_url, mtls_url: base_url, management_url, .. } = env;

    let Stores { consents, reports, history, .. } = stores.clone();
    let managers = Managers::new(api_keys, management_url);
    let guard = Guard::new(public_url, keys, blocks).looking_up(revocations);
    let ports = Ports {
        extensions: consents.clone(),
        index: consents.clone(),
        consents,
        discovered,
        history,
        institution: layer.clone(),
        pseudonyms: Arc::new(HmacPseudonyms::new(&pseudonym_key)),
        settings: Settings { institution, policy },
    };
    let outbox = reports.clone();
    let context =
        Context { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    let router = router(context, guard, ports).managers(managers).limiting(limits).holding(reports);
    Ok(App::new(Arc::new(SystemClock))
        .ending(ending)
        .http(router)
        .operator(operator(&stores), source)
        .schedule("expiry", every_minute(stores, layer)))
}

/// Tables that more than one part of the function reads or writes.
#[derive(Clone)]
struct Stores {
    consents: Arc<ConsentTable>,
    reports: Arc<OutboxTable>,
    history: Arc<AuditTable>,
    removals: Arc<RemovalTable>,
    trails: Arc<TrailTable>,
}

impl Stores {
    fn open(dynamo: &Dynamo, consents: &str, others: TrailTables) -> Self {
        Self {
            reports: Arc::new(OutboxTable::new(dynamo, &others.outbox)),
            history: Arc::new(AuditTable::new(dynamo, &others.audit)),
            removals: Arc::new(RemovalTable::new(dynamo, &others.outbox)),
            trails: Arc::new(TrailTable::new(dynamo, others.clone())),
            consents: Arc::new(ConsentTable::committing(dynamo, consents, others)),
        }
    }
}

fn sweeper(consents: &Arc<ConsentTable>) -> Sweeper {
    Sweeper {
        consents: consents.clone(),
        index: consents.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    }
}

fn operator(stores: &Stores) -> ConsentOperator {
    ConsentOperator {
        sweeper: sweeper(&stores.consents),
        changes: stores.history.clone(),
        trails: stores.trails.clone(),
    }
}

fn every_minute(stores: Stores, institution: Arc<IntegrationLayer>) -> EveryMinute {
    let Stores { consents, reports, removals, .. } = stores;
    let clock = Arc::new(SystemClock);
    let sweeper = sweeper(&consents);
    let removed_clients = RemovedClients {
        removals,
        scan: consents.clone(),
        consents: consents.clone(),
        clock: clock.clone(),
        pauses: clock.clone(),
        ids: Arc::new(SystemIds),
    };
    let drop_reasons = DropReasons { reports, consents, institution, pauses: clock.clone(), clock };
    EveryMinute { sweeper, drop_reasons, removed_clients }
}
