//! Chapter 13: the six scenarios of the platform's manual, from a row in the outbox to its state at the platform and, when it is
//! discarded, to the parked reports of the operator.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_http_client::Builder;
use ponte_machine::clock::{self, Stopwatch};
use ponte_metrics::ports::Ledger as _;
use ponte_metrics::report::PRIVATE_REPORT;
use ponte_metrics_platform::manual::{Scenario, scenario};
use ponte_metrics_platform::reporter::Reporter;
use ponte_ports::Outbox as _;
use ponte_ports::outbox::OutboxRow;
use ponte_store::{Dynamo, OutboxTable, PcmTable};
use ponte_values::InstitutionId;
use serde_json::Value;

use crate::expect::text;
use crate::metrics::StackClient;
use crate::runner::{Aborted, Runner, Step};

/// Longest time of a scenario from outbox to platform.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);
/// Parked rows that are read to find one.
const PARKED: usize = 500;

/// Plays the scenarios, one line each.
pub(crate) async fn play(runner: &mut Runner<'_>) -> Result<(), Aborted> {
    runner.chapter("The six scenarios of the platform's manual");
    let step = Step {
        title: "The institution reports, rightly and wrongly",
        from: "demo",
        to: "ponte",
        call: "six rows of the outbox, POST /tick/sweep",
    };
    let begun = ScenarioRun::begin(runner.endpoints).await;
    let run = runner.fact(
        &step,
        begun.map(|run| (run, String::new())).map_err(|problem| ("scenarios that begin".into(), problem)),
    )?;
    for scenario in &run.scenarios {
        let step = Step {
            title: &format!("Scenario {}: {}", scenario.number, scenario.status),
            from: "ponte",
            to: "PCM",
            call: "outbox, queue, worker, POST private/report",
        };
        let outcome = run.outcome(scenario).await;
        let note = outcome.map(|note| ((), note));
        runner.fact(&step, note.map_err(|got| (scenario.status.to_owned(), got)))?;
    }
    Ok(())
}

/// The six scenarios under way, and the clients that follow them.
struct ScenarioRun {
    client: StackClient,
    outbox: OutboxTable,
    ledger: PcmTable,
    participant: Reporter,
    scenarios: Vec<Scenario>,
}

impl ScenarioRun {
    /// Begins every scenario on both sides, then fires the sweep.
    async fn begin(endpoints: &Value) -> Result<Self, String> {
        let institution = Reporter::institution(endpoints).map_err(|problem| problem.to_string())?;
        let participant = Reporter::participant(endpoints, 0).map_err(|problem| problem.to_string())?;
        let environment = |name: &str| text(endpoints, &format!("/functions/pcm/env/{name}"));
        let name =
            InstitutionId::parse(environment("INSTITUTION")?).map_err(|problem| problem.to_string())?;
        let dynamo = Dynamo::new(database(endpoints)?, &name);
        let run = Self {
            client: StackClient::of(endpoints)?,
            outbox: OutboxTable::new(&dynamo, environment("OUTBOX_TABLE")?),
            ledger: PcmTable::new(&dynamo, environment("PCM_TABLE")?, environment("OUTBOX_TABLE")?),
            scenarios: (1..=6).map(|number| scenario(number, &institution, &participant)).collect(),
            participant,
        };
        for scenario in &run.scenarios {
            scenario.begin(&run.participant).await.map_err(|problem| problem.reason)?;
            let row = OutboxRow {
                id: clock::new_id(),
                at: clock::now(),
                path: PRIVATE_REPORT,
                body: scenario.ours.to_string(),
            };
            run.outbox.add(&row).await.map_err(|problem| problem.to_string())?;
        }
        run.client.sweep().await.map_err(|problem| problem.reason)?;
        Ok(run)
    }

    /// Waits for the end of a scenario: a note, or the state in which it is stuck.
    async fn outcome(&self, scenario: &Scenario) -> Result<String, String> {
        let watch = Stopwatch::start();
        loop {
            let ended = match scenario.ended(&self.participant).await {
                Ok(()) => self.parked_for_operator(scenario).await,
                Err(got) => Err(got),
            };
            if ended.is_ok() || watch.elapsed() > DEADLINE {
                scenario.end(&self.participant).await.map_err(|problem| problem.reason)?;
                return ended;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// A discarded report must be parked for the operator with the platform's message as its reason.
    async fn parked_for_operator(&self, scenario: &Scenario) -> Result<String, String> {
        let Some(message) = &scenario.message else {
            return Ok(scenario.title.to_owned());
        };
        let parked = self.ledger.parked(None, None, PARKED).await.map_err(|problem| problem.to_string())?;
        let mut parked = parked.found.iter().filter(|parked| parked.row.body.contains(&scenario.correlation));
        match parked.next() {
            Some(parked) if parked.reason.contains(message.as_str()) => {
                Ok(format!("{}; parked, {}", scenario.title, parked.reason))
            }
            Some(parked) => Err(format!("parked with another reason: {}", parked.reason)),
            None => Err("not parked".to_owned()),
        }
    }
}

/// A client of the stack's DynamoDB.
pub(crate) fn database(endpoints: &Value) -> Result<Client, String> {
    let aws = |name: &str| text(endpoints, &format!("/aws/{name}"));
    let (id, secret) = (aws("access_key_id")?, aws("secret_access_key")?);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(aws("region")?.to_owned()))
        .endpoint_url(aws("endpoint_url")?)
        .credentials_provider(Credentials::new(id, secret, None, None, "endpoints.json"))
        .http_client(Builder::new().build_http());
    Ok(Client::from_conf(config.build()))
}
