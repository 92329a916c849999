//! Lambda entry of `pcm`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_catalog::pcm::EndpointList;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env::{self, OperatorSettings, Settings as _};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_cloud::sqs::{DeadLetterQueue, Queue};
use ponte_edge::{App, Context, Managers, OperatorSource, StartError};
use ponte_metrics::outbox::Ticket;
use ponte_outbound::http::{self, Trust};
use ponte_outbound::platform::{MetricsPlatform, PlatformAddress};
use ponte_pcm::{Ports, ReportOperator, Sender, Sweeper, router};
use ponte_ports::Clock as _;
use ponte_store::{
    ApiKeyTable, Dynamo, InteractionTable, OperationTable, OutboxTable, PcmTable, QualityTable,
};
use ponte_values::{InstitutionId, OrganisationId};

ponte_cloud::settings! {
    struct Env {
        aws: Aws = Aws::SETTING,
        institution: InstitutionId = env::INSTITUTION,
        organisation: OrganisationId = env::ORGANISATION_ID,
        management_url: String = env::MANAGEMENT_URL,
        outbox_table: String = env::OUTBOX_TABLE,
        pcm_table: String = env::PCM_TABLE,
        audit_table: String = env::AUDIT_TABLE,
        api_keys_table: String = env::API_KEYS_TABLE,
        interactions_table: String = env::INTERACTIONS_TABLE,
        quality_table: String = env::QUALITY_TABLE,
        queue_url: String = env::PCM_QUEUE_URL,
        dead_letters_url: String = env::PCM_DEAD_LETTERS_URL,
        operators: OperatorSettings = OperatorSettings::SETTING,
        platform: PlatformAddress = PlatformAddress::SETTING,
        trust: Trust = http::OUTBOUND_TRUST,
        certificate_secret: String = env::TRANSPORT_CERTIFICATE_SECRET,
    }
}

/// Serves invocations until the environment ends.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let env = Env::read()?;
    let ending = env.aws.ending();
    let clock = Arc::new(SystemClock);
    let certificate = Secrets::new(env.aws.secrets()).versions(env.certificate_secret);
    let alarms = Arc::new(LoggedAlarms);
    let now = clock.now();
    let mutual =
        http::mutual_client(&env.trust, &env.organisation, certificate.clone(), alarms.clone(), now).await?;
    let end = http::certificate_end(&env.trust, &env.organisation, certificate, alarms, now).await?;
    let plain = http::client(&env.trust, None)?;

    let dynamo = Dynamo::new(env.aws.dynamodb(), &env.institution);
    let table =
        Arc::new(PcmTable::new(&dynamo, &env.pcm_table, &env.outbox_table).auditing(&env.audit_table));
    let outbox = Arc::new(OutboxTable::new(&dynamo, &env.outbox_table));
    let api_keys = Arc::new(ApiKeyTable::reading(&dynamo, &env.api_keys_table));
    let operations = Arc::new(OperationTable::new(&dynamo, &env.operators.operations_table));
    let platform = MetricsPlatform::new(env.platform, mutual, plain, table.clone(), clock.clone());
    let ports = Ports {
        backlog: outbox.clone(),
        tickets: Arc::new(Queue::<Ticket>::new(env.aws.sqs(), env.queue_url)),
        settlements: table.clone(),
        ledger: table,
        arrivals: Arc::new(InteractionTable::new(&dynamo, &env.interactions_table)),
        platform: Arc::new(platform),
        operations: operations.clone(),
        quality: Arc::new(QualityTable::new(&dynamo, &env.quality_table)),
        clock: clock.clone(),
        ids: Arc::new(SystemIds),
        pauses: clock.clone(),
        endpoints: EndpointList::built_in(),
    };

    let dead_letters = Arc::new(DeadLetterQueue::new(env.aws.sqs(), env.dead_letters_url));
    let source = OperatorSource::new(
        ("pcm", "PcmOperatorQueue"),
        operations,
        Arc::new(Queue::new(env.aws.sqs(), env.operators.queue_url)),
        Arc::new(DeadLetterQueue::new(env.aws.sqs(), env.operators.dead_letters_url)),
        Arc::new(SystemIds),
    );
    let source = source.approving(env.operators.two_operators);

    let Env { organisation, management_url, .. } = env;
    let context = Context {
        clock: clock.clone(),
        ids: Arc::new(SystemIds),
        outbox,
        organisation,
        base_url: management_url.clone(),
    };
    let managers = Managers::new(api_keys, management_url);
    let router = router(context, managers, ports.clone());
    let ports = Arc::new(ports);
    Ok(App::new(clock)
        .ending(ending)
        .http(router)
        .queue("PcmQueue", Sender::new(ports.clone()), dead_letters)
        .schedule("sweep", Sweeper::new(ports.clone()).watching(end))
        .operator(ReportOperator::new(ports), source))
}
