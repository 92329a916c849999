//! Lambda entry of `payments`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use futures_util::{FutureExt as _, future};
use ponte_authorization::message_signer::MessageSigner;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_cloud::secrets::Secrets;
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_edge::{
    App, CallLimits, Context, Guard, Managers, OperatorSource, RevocationPorts, Revocations, SignedRequests,
    StartError, TokenBlocks, TokenKeys,
};
use ponte_outbound::connector::{ConnectorSettings, ConnectorSurroundings, read_reply};
use ponte_outbound::directory::Keystore;
use ponte_outbound::http::{self, Trust};
use ponte_outbound::institution::Breaker;
use ponte_outbound::revocation::{HttpResponders, RevocationSettings};
use ponte_payment::institution_rules::PaymentRules;
use ponte_payments::{
    EveryMinute, Nightly, PaymentOperator, PaymentWorker, Ports, ReplyWorker, Settings, router,
};
use ponte_ports::limits::{CallLimitSettings, CallsASecond};
use ponte_ports::{Clock as _, Ids as _};
use ponte_store::{
    ApiKeyTable, AuditTable, BlockListTable, BreakerTable, CallCountTable, CertificateTable, ClientTable,
    Dynamo, OperationTable, OutboxTable, PaymentConsentTable, PaymentTable, PaymentTables, ReplyTable,
    TrailTable, TrailTables,
};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        public_url: String = env::PUBLIC_URL,
        mtls_url: String = env::MTLS_URL,
        management_url: String = env::MANAGEMENT_URL,
        api_keys_table: String = env::API_KEYS_TABLE,
        operators: OperatorSettings = OperatorSettings::SETTING,
        directory_url: String = env::DIRECTORY_URL,
        payments_table: String = env::PAYMENTS_TABLE,
        consents_table: Option<String> = env::PAYMENT_CONSENTS_TABLE,
        clients_table: String = env::CLIENTS_TABLE,
        trail_tables: TrailTables = TrailTables::SETTING,
        block_list_table: String = env::BLOCK_LIST_TABLE,
        layer_table: String = env::LAYER_TABLE,
        token_keys_secret: String = env::TOKEN_KEYS_SECRET,
        message_key_secret: String = env::MESSAGE_KEY_SECRET,
        pseudonym_key_secret: String = env::PSEUDONYM_KEY_SECRET,
        trust: Trust = http::OUTBOUND_TRUST,
        revocation: RevocationSettings = RevocationSettings::SETTING,
        limits_table: String = env::LIMITS_TABLE,
        calls_a_second: CallsASecond = env::CALLS_A_SECOND,
        connector: ConnectorSettings = ConnectorSettings::SETTING,
        rules: PaymentRules = env::PAYMENT_RULES,
        queue_url: String = env::PAYMENTS_QUEUE_URL,
        dead_letters_url: String = env::PAYMENTS_DEAD_LETTERS_URL,
        lost_replies_url: String = env::PAYMENT_REPLIES_DEAD_LETTERS_URL,
    }
}

/// Builds the function in INIT and serves it.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let (ending, clock) = (env.aws.ending(), Arc::new(SystemClock));
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
    let (keys, messages, alarms) = (
        secrets.versions(env.token_keys_secret),
        secrets.versions(env.message_key_secret),
        Arc::new(LoggedAlarms),
    );
    let (keys, signer, pseudonym_key, blocks, revocations) = future::try_join5(
        TokenKeys::start(keys, alarms.clone(), clock.now()),
        MessageSigner::start(messages, alarms, clock.now()),
        secrets.pseudonym_key(&env.pseudonym_key_secret, &LoggedAlarms),
        TokenBlocks::start(block_list, clock.now()).map(Ok),
        Revocations::start(env.revocation.check, looked_up, clock.now()),
    )
    .await?;
    let consents_table = env.consents_table.unwrap_or_default();
    let replies = Arc::new(ReplyTable::new(&dynamo, &consents_table));
    let breakers = Arc::new(BreakerTable::new(&dynamo, &env.layer_table));
    let breaker = Breaker::new(SystemIds.uuid(), breakers, clock.clone());
    let around = ConnectorSurroundings {
        aws: &env.aws,
        secrets: &secrets,
        trust: &env.trust,
        replies: replies.clone(),
    };
    let connector = env.connector.connector(around, env.institution.clone(), signer.clone(), breaker).await?;
    let trail = env.trail_tables;
    let consents = PaymentConsentTable::committing(&dynamo, &consents_table, trail.clone());
    let (consents, outbox) = (Arc::new(consents), Arc::new(OutboxTable::new(&dynamo, &trail.outbox)));
    let history = Arc::new(AuditTable::new(&dynamo, &trail.audit));
    let trails = Arc::new(TrailTable::new(&dynamo, trail.clone()));
    let tables = PaymentTables { payments: env.payments_table, consents: consents_table, trail };
    let payments = Arc::new(PaymentTable::new(&dynamo, tables));
    let keystore = Keystore::new(http::client(&env.trust, None)?, &env.directory_url)?;
    let clients = Arc::new(ClientTable::reading(&dynamo, &env.clients_table));
    let requests = SignedRequests::new(clients, Arc::new(keystore), payments.clone());

    let ports = Ports {
        index: consents.clone(),
        consents,
        payments,
        connector: Arc::new(connector),
        queue: Arc::new(Queue::new(env.aws.sqs(), env.queue_url)),
        history,
        pseudonyms: Arc::new(HmacPseudonyms::new(&pseudonym_key)),
        clock: clock.clone(),
        ids: Arc::new(SystemIds),
        settings: Settings { institution: env.institution, rules: env.rules },
    };
    let guard = Guard::new(env.public_url, keys, blocks).looking_up(revocations);
    let limits = CallLimitSettings { a_second: env.calls_a_second, ..CallLimitSettings::default() };
    let limits = CallLimits::new(Arc::new(CallCountTable::new(&dynamo, &env.limits_table)), limits);
    let (organisation, base_url) = (env.organisation, env.mtls_url);
    let context = Context { clock: clock.clone(), ids: Arc::new(SystemIds), outbox, organisation, base_url };
    let shared = Arc::new(ports.clone());
    let replies = ReplyWorker { replies, read: |body, now| read_reply(body, now).ok(), clock: clock.clone() };
    let dead_letters = |url: String| Arc::new(DeadLetterQueue::new(env.aws.sqs(), url));
    let operations = Arc::new(OperationTable::new(&dynamo, &env.operators.operations_table));
    let orders = Arc::new(Queue::new(env.aws.sqs(), env.operators.queue_url));
    let lost = dead_letters(env.operators.dead_letters_url);
    let of = ("payments", "PaymentsOperatorQueue");
    let source = OperatorSource::new(of, operations, orders, lost, Arc::new(SystemIds));
    let source = source.approving(env.operators.two_operators);
    let letters = dead_letters(env.dead_letters_url.clone());
    let operator = PaymentOperator { ports: shared.clone(), letters, trails, pauses: clock.clone() };
    let managers =
        Managers::new(Arc::new(ApiKeyTable::reading(&dynamo, &env.api_keys_table)), env.management_url);
    Ok(App::new(clock)
        .ending(ending)
        .http(router(context, guard, ports).managers(managers).limiting(limits).signing(requests, signer))
        .operator(operator, source)
        .queue("PaymentsQueue", PaymentWorker::new(shared.clone()), dead_letters(env.dead_letters_url))
        .queue("PaymentRepliesQueue", replies, dead_letters(env.lost_replies_url))
        .schedule("payments", EveryMinute::new(shared.clone()))
        .schedule("payment-books", Nightly::new(shared)))
}
