//! Chapter 12: both sides report to the metrics platform, and every call finds its counterpart.

use std::time::Duration;

use ponte_machine::clock::Stopwatch;
use ponte_participant::Receiver;
use ponte_web::caller::{Call, Caller, NoAnswer, Reply};
use serde_json::{Value, json};

use crate::consent::PendingConsent;
use crate::expect::{status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};
use crate::summary::{in_words, whole};

/// Longest time of the reports from outbox to platform.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);
/// Rounds of waiting until another sweep: rows that were in flight during the last one need a further one.
const SWEEP_AGAIN: u32 = 20;

/// Lets both sides report, sweeps, waits, and checks that every call is paired.
pub(crate) async fn pair(
    runner: &mut Runner<'_>,
    participants: &Participants,
    asked: &PendingConsent,
) -> Result<(), Aborted> {
    runner.chapter("Both sides report to the metrics platform");
    let mut interactions = Vec::new();
    for (who, receiver) in [("receiver", &participants.receiver), ("other", &participants.other)] {
        interactions.extend(report(runner, who, receiver).await?);
    }
    let client = StackClient::of(runner.endpoints).map_err(|_| Aborted)?;
    let step = Step {
        title: "Ponte sweeps its outbox into the queue",
        from: "demo",
        to: "ponte",
        call: "POST /tick/sweep",
    };
    runner.answer(&step, client.sweep().await, |reply| status(reply, 200).map(|()| String::new()))?;

    let step = Step { title: "The worker empties the queue", from: "demo", to: "ponte", call: "GET /status" };
    let drained = client.drained().await;
    runner.fact(&step, drained.map(|note| ((), note)))?;

    let step = Step {
        title: "Every call has its counterpart",
        from: "demo",
        to: "PCM",
        call: "POST /sandbox/summary",
    };
    let selection = json!({ "interactions": interactions, "consents": [asked.consent] });
    let paired = client.paired(&selection, &asked.consent, interactions.len()).await;
    let (Ok((summary, _)) | Err((summary, _, _))) = &paired;
    runner.paired(summary.clone());
    runner.fact(&step, paired.map_err(|(_, expected, got)| (expected, got))).map(drop)
}

/// After a broken journey: the receivers report all the same, so that ponte's reports of those calls find their pairs.
pub(crate) async fn leave_nothing_unpaired(participants: &Participants) {
    for receiver in [&participants.receiver, &participants.other] {
        // The journey is broken already; one more failure says nothing new.
        let _ = receiver.send_reports().await;
    }
}

/// A receiver sends its reports; the interactions in them.
async fn report(
    runner: &mut Runner<'_>,
    who: &'static str,
    receiver: &Receiver,
) -> Result<Vec<String>, Aborted> {
    let step = Step {
        title: &format!("{} reports what it did", receiver.record().organisation_name),
        from: who,
        to: "PCM",
        call: "POST private/report, hybrid-flow",
    };
    let result = match receiver.send_reports().await {
        Ok(sent) if sent.problems.is_empty() => {
            let note = format!("accepted: {} of calls, {} of the funnel", sent.accepted, sent.steps);
            Ok((sent.interactions, note))
        }
        Ok(sent) => Err(("every report ACCEPTED (M20)".to_owned(), sent.problems.join(" | "))),
        Err(problem) => Err(("an answer of the platform".to_owned(), problem.reason)),
    };
    runner.fact(&step, result)
}

/// The stack's control port and the metrics platform.
pub(crate) struct StackClient {
    http: Caller,
    control: String,
    summary: String,
}

impl StackClient {
    pub(crate) fn of(endpoints: &Value) -> Result<Self, String> {
        let trust =
            std::fs::read_to_string(text(endpoints, "/ca_file")?).map_err(|problem| problem.to_string())?;
        Ok(Self {
            http: Caller::new(&trust, None).map_err(|problem| problem.to_string())?,
            control: text(endpoints, "/control")?.to_owned(),
            summary: format!("{}/sandbox/summary", text(endpoints, "/pcm/api")?),
        })
    }

    /// Fires the schedule `expiry`, which releases held reports (M38), then the sweep.
    pub(crate) async fn sweep(&self) -> Result<Reply, NoAnswer> {
        self.tick("expiry").await?;
        self.tick("sweep").await
    }

    /// Fires a schedule.
    pub(crate) async fn tick(&self, schedule: &str) -> Result<Reply, NoAnswer> {
        self.http.send(Call::post_json(format!("{}/tick/{schedule}", self.control), &json!({}))).await
    }

    /// Gets what a control of the sandbox shows.
    pub(crate) async fn look(&self, url: String) -> Result<Reply, NoAnswer> {
        self.http.send(Call::get(url)).await
    }

    /// Orders a fault from a server of the sandbox.
    pub(crate) async fn order(&self, server: &str, fault: &Value) -> Result<Reply, NoAnswer> {
        self.http.send(Call::post_json(format!("{server}/sandbox/faults"), fault)).await
    }

    /// Waits until no message is waiting or in flight.
    async fn drained(&self) -> Result<String, (String, String)> {
        let watch = Stopwatch::start();
        loop {
            let status = self.http.send(Call::get(format!("{}/status", self.control))).await;
            let queues = status.map_or(Value::Null, |reply| reply.json()["queues"].clone());
            let queue = &queues["PcmQueue"];
            if queue["waiting"] == 0 && queue["in_flight"] == 0 {
                return Ok(format!("after {} ms", watch.millis()));
            }
            if watch.elapsed() > DEADLINE {
                return Err(("PcmQueue without messages".into(), queues.to_string()));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Asks the platform until both sides of every interaction are PAIRED and the funnel is whole.
    async fn paired(
        &self,
        selection: &Value,
        consent: &str,
        interactions: usize,
    ) -> Result<(Value, String), (Value, String, String)> {
        let watch = Stopwatch::start();
        let mut round = 0;
        loop {
            let answer = self.http.send(Call::post_json(&self.summary, selection)).await;
            let summary = answer.map_or(Value::Null, |reply| reply.json());
            let Err(expected) = whole(&summary, consent, interactions) else {
                let words = in_words(&summary);
                return Ok((summary, words));
            };
            if watch.elapsed() > DEADLINE {
                let got = format!("{}; open: {}", in_words(&summary), summary["private"]["open"]);
                return Err((summary, expected, got));
            }
            round += 1;
            if round % SWEEP_AGAIN == 0 {
                // A failure shows in the next round.
                let _ = self.sweep().await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
