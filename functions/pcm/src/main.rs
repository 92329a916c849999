//! Lambda entry of `pcm`: wiring only.

use std::process::ExitCode;
use std::sync::Arc;

use ponte_adapters::alarms::LoggedAlarms;
use ponte_adapters::aws::Aws;
use ponte_adapters::dynamo::{Dynamo, OutboxTable};
use ponte_adapters::env;
use ponte_adapters::environment::SystemClock;
use ponte_adapters::http;
use ponte_adapters::platform::{MetricsPlatform, PlatformAddress};
use ponte_adapters::secrets::Secrets;
use ponte_adapters::sqs::TicketQueue;
use ponte_domain::ports::Clock as _;
use ponte_edge::{App, StartError};
use ponte_pcm::{Sender, Sweeper};

/// Serves invocations until the environment ends.
pub fn main() -> ExitCode {
    ponte_edge::start(build)
}

async fn build() -> Result<App, StartError> {
    let (aws, (institution, organisation), (outbox, queue), (auth, api, client_id), outbound) = env::read((
        Aws::SETTING,
        (env::INSTITUTION, env::ORGANISATION_ID),
        (env::OUTBOX_TABLE, env::PCM_QUEUE_URL),
        (env::PCM_AUTH_URL, env::PCM_API_URL, env::PCM_CLIENT_ID),
        (env::OUTBOUND_TRUST, env::TRANSPORT_CERTIFICATE_SECRET),
    ))?;
    let (trust, certificate) = outbound;
    let clock = Arc::new(SystemClock);
    let certificate = Secrets::new(aws.secrets()).versions(certificate);
    let mutual =
        http::mutual_client(&trust, &organisation, certificate, Arc::new(LoggedAlarms), clock.now()).await?;
    let plain = http::client(&trust, None)?;
    let address = PlatformAddress { auth, api, client_id };
    let platform = Arc::new(MetricsPlatform::new(address, mutual, plain, clock.clone()));
    let backlog = Arc::new(OutboxTable::new(&Dynamo::new(aws.dynamodb(), &institution), &outbox));
    let tickets = Arc::new(TicketQueue::new(aws.sqs(), queue));
    let sweeper = Sweeper { backlog: backlog.clone(), tickets, clock };
    Ok(App::new().queue(Sender { backlog, platform }).schedule(sweeper))
}
