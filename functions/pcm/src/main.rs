//! Lambda entry of `pcm`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_catalog::pcm::EndpointList;
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::aws::Aws;
use ponte_cloud::env;
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_cloud::secrets::Secrets;
use ponte_cloud::sqs::TicketQueue;
use ponte_edge::{App, Desk, Managers, StartError};
use ponte_outbound::http;
use ponte_outbound::platform::{MetricsPlatform, PlatformAddress};
use ponte_pcm::{Ports, ReportOperator, Sender, Sweeper, door};
use ponte_ports::Clock as _;
use ponte_store::{ApiKeyTable, Dynamo, OutboxTable, PcmTable};

/// Serves invocations until the environment ends.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, who, tables, (queue, management_url), platform, outbound) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::OUTBOX_TABLE, env::PCM_TABLE, env::API_KEYS_TABLE),
        (env::PCM_QUEUE_URL, env::MANAGEMENT_URL),
        (env::PCM_AUTH_URL, env::PCM_API_URL, env::PCM_CLIENT_ID),
        (http::OUTBOUND_TRUST, env::TRANSPORT_CERTIFICATE_SECRET),
    ))?;
    let (institution, organisation) = who;
    let (outbox, pcm, api_keys) = tables;
    let (auth, api, client_id) = platform;
    let (trust, certificate) = outbound;
    let clock = Arc::new(SystemClock);
    let certificate = Secrets::new(aws.secrets()).versions(certificate);
    let mutual =
        http::mutual_client(&trust, &organisation, certificate, Arc::new(LoggedAlarms), clock.now()).await?;
    let plain = http::client(&trust, None)?;

    let dynamo = Dynamo::new(aws.dynamodb(), &institution);
    let table = PcmTable::new(&dynamo, &pcm, &outbox);
    let outbox = Arc::new(OutboxTable::new(&dynamo, &outbox));
    let address = PlatformAddress { auth, api, client_id };
    let ports = Ports {
        backlog: outbox.clone(),
        tickets: Arc::new(TicketQueue::new(aws.sqs(), queue)),
        settlements: Arc::new(table.clone()),
        ledger: Arc::new(table.clone()),
        platform: Arc::new(MetricsPlatform::new(address, mutual, plain, Arc::new(table), clock.clone())),
        clock: clock.clone(),
        ids: Arc::new(SystemIds),
        pauses: clock.clone(),
        endpoints: EndpointList::built_in(),
    };
    let desk =
        Desk { clock, ids: Arc::new(SystemIds), outbox, organisation, base_url: management_url.clone() };
    let managers = Managers::new(Arc::new(ApiKeyTable::reading(&dynamo, &api_keys)), management_url);
    let door = door(desk, managers, ports.clone());
    let ports = Arc::new(ports);
    Ok(App::new()
        .http(door)
        .queue(Sender::new(ports.clone()))
        .schedule(Sweeper::new(ports.clone()))
        .operator(ReportOperator::new(ports)))
}
