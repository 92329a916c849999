//! The runner of the demo: counts chapters and steps, checks each step and reports it.

use ponte_machine::clock::Stopwatch;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::{Map, Value, json};

use crate::expect::CheckResult;
use crate::reporter::{Length, Mismatch, Reporter, StepReport};
use crate::summary::in_words;

/// A step failed, and the steps after it build on it.
#[derive(Debug)]
pub(crate) struct Aborted;

/// A step as it is announced: its sentence, caller, called one and call.
pub(crate) struct Step<'a> {
    /// The step in one sentence.
    pub(crate) title: &'a str,
    /// The caller.
    pub(crate) from: &'static str,
    /// The one that is called.
    pub(crate) to: &'static str,
    /// Method and path, short.
    pub(crate) call: &'a str,
}

/// Outcome of the demo.
pub struct Outcome {
    /// Steps that were tried.
    pub steps: usize,
    /// Steps that held.
    pub held: usize,
    /// Whether the journey came to its end.
    pub complete: bool,
}

impl Outcome {
    /// 0 only when every step held and none was left out.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.complete && self.held == self.steps { 0 } else { 1 }
    }
}

/// State of a run of the demo.
pub(crate) struct Runner<'a> {
    /// The stack.
    pub(crate) endpoints: &'a Value,
    report: Reporter,
    watch: Stopwatch,
    /// Since the last step: how long something took that is no single call.
    pause: Stopwatch,
    chapter: usize,
    steps: usize,
    held: usize,
    calls: usize,
    slowest: Option<(u64, String)>,
    metrics: Option<Value>,
    complete: bool,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(endpoints: &'a Value, report: Reporter) -> Self {
        Self {
            endpoints,
            report,
            watch: Stopwatch::start(),
            pause: Stopwatch::start(),
            chapter: 0,
            steps: 0,
            held: 0,
            calls: 0,
            slowest: None,
            metrics: None,
            complete: false,
        }
    }

    /// A new chapter begins.
    pub(crate) fn chapter(&mut self, title: &str) {
        self.chapter += 1;
        self.report.chapter(self.chapter, title);
    }

    /// Reports a call: it must be answered, and `holds` checks the answer.
    pub(crate) fn answer(
        &mut self,
        step: &Step<'_>,
        result: Result<Reply, NoAnswer>,
        holds: impl FnOnce(&Reply) -> CheckResult,
    ) -> Result<Reply, Aborted> {
        self.told(step, Length::Two, result, holds)
    }

    /// The same in one line for people: the call and the note stand in the place of the sentence.
    pub(crate) fn brief(
        &mut self,
        step: &Step<'_>,
        result: Result<Reply, NoAnswer>,
        holds: impl FnOnce(&Reply) -> CheckResult,
    ) -> Result<Reply, Aborted> {
        self.told(step, Length::One, result, holds)
    }

    fn told(
        &mut self,
        step: &Step<'_>,
        length: Length,
        result: Result<Reply, NoAnswer>,
        holds: impl FnOnce(&Reply) -> CheckResult,
    ) -> Result<Reply, Aborted> {
        match result {
            Ok(reply) => {
                let result = holds(&reply).map_err(|expected| Mismatch {
                    expected,
                    got: format!("{} {}", reply.status, reply.excerpt()),
                });
                self.record(step, length, Some(&reply), result)?;
                Ok(reply)
            }
            Err(problem) => {
                let got = problem.reason.clone();
                self.record(step, length, None, Err(Mismatch { expected: "an answer".into(), got }))?;
                Err(Aborted)
            }
        }
    }

    /// Reports a step that is no HTTP call of its own: a check of something received, a wait.
    pub(crate) fn fact<T>(
        &mut self,
        step: &Step<'_>,
        result: Result<(T, String), (String, String)>,
    ) -> Result<T, Aborted> {
        match result {
            Ok((value, note)) => self.record(step, Length::Two, None, Ok(note)).map(|()| value),
            Err((expected, got)) => {
                self.record(step, Length::Two, None, Err(Mismatch { expected, got }))?;
                Err(Aborted)
            }
        }
    }

    /// Keeps the summary of the metrics platform for the end.
    pub(crate) fn paired(&mut self, metrics: Value) {
        self.metrics = Some(metrics);
    }

    /// Marks the journey as complete.
    pub(crate) fn finish(&mut self) {
        self.complete = true;
    }

    fn record(
        &mut self,
        step: &Step<'_>,
        length: Length,
        reply: Option<&Reply>,
        result: Result<String, Mismatch>,
    ) -> Result<(), Aborted> {
        let held = result.is_ok();
        self.steps += 1;
        self.held += usize::from(held);
        // Calls of the demo itself, to the control port and the simulator, are no calls of the journey.
        if let Some(reply) = reply.filter(|_| step.from != "demo") {
            self.calls += 1;
            if self.slowest.as_ref().is_none_or(|(millis, _)| reply.millis > *millis) {
                self.slowest = Some((reply.millis, step.call.to_owned()));
            }
        }
        self.report.step(&StepReport {
            chapter: self.chapter,
            title: step.title.to_owned(),
            from: step.from,
            to: step.to,
            call: step.call.to_owned(),
            length,
            // Tickets and ids of interactions travel in queries.
            url: reply.map(|reply| reply.url.split('?').next().unwrap_or_default().to_owned()),
            status: reply.map(|reply| reply.status),
            millis: Some(reply.map_or(self.pause.millis(), |reply| reply.millis)),
            result,
        });
        self.pause = Stopwatch::start();
        if held { Ok(()) } else { Err(Aborted) }
    }

    /// Prints the summary; the outcome.
    pub(crate) fn end(self) -> Outcome {
        let outcome = Outcome { steps: self.steps, held: self.held, complete: self.complete };
        let held = outcome.exit_code() == 0;
        let millis = u64::try_from(self.watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        let facts: Map<String, Value> = [
            ("held", json!(held)),
            ("steps", json!(self.steps)),
            ("steps_held", json!(self.held)),
            ("calls", json!(self.calls)),
            ("milliseconds", json!(millis)),
            ("metrics", self.metrics.clone().unwrap_or_default()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
        self.report.summary(&facts, held, &self.closing(held, millis));
        outcome
    }

    fn closing(&self, held: bool, millis: u64) -> Vec<String> {
        let seconds = format!("{}.{} s", millis / 1000, millis % 1000 / 100);
        let mut lines = vec![if held {
            format!("Every one of the {} steps held, in {seconds}.", self.steps)
        } else {
            let stopped = if self.complete { "" } else { ", and the journey stopped there" };
            format!("{} of {} steps held, in {seconds}{stopped}.", self.held, self.steps)
        }];
        if let Some((slowest, call)) = &self.slowest {
            lines.push(format!("  calls    {} answered, the slowest ({call}) in {slowest} ms", self.calls));
        }
        if let Some(metrics) = &self.metrics {
            lines.push(format!("  metrics  {}", in_words(metrics)));
        }
        let text =
            |pointer: &str| self.endpoints.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        lines.push("  while the stack runs, look at".into());
        for (what, place) in [
            ("what the stack is doing", format!("curl {}/status", text("/control"))),
            (
                "its discovery document",
                format!(
                    "curl --cacert {} {}/.well-known/openid-configuration",
                    text("/ca_file"),
                    text("/hosts/public")
                ),
            ),
            (
                "what the metrics platform knows",
                format!("curl --cacert {} {}/sandbox/summary", text("/ca_file"), text("/pcm/api")),
            ),
            (
                "what the bank has really debited",
                format!("curl {}/sandbox/entries", text("/payment_core/control")),
            ),
            ("what the gate found in the bank's records", "cargo run -- quality".to_owned()),
            ("the institution's side of the contract", "docs/integration-layer.md".to_owned()),
        ] {
            lines.push(format!("    {what:<42} {place}"));
        }
        lines
    }
}
