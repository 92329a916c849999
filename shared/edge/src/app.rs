//! Start-up and the loop: one current-thread runtime, one invocation at a time, whatever triggered it.

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;

use async_trait::async_trait;
use lambda_runtime::{Diagnostic, LambdaEvent};
use ponte_ports::{PortError, chain};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::batch::{self, Worker};
use crate::door::Serve;
use crate::event::{Reply, Trigger};
use crate::operator::Operator;

/// What kept a function from starting: a missing variable, a broken secret.
pub type StartError = Box<dyn Error + Send + Sync>;

/// A function: the doors it answers at. A trigger without a door is an invocation error.
#[derive(Default)]
pub struct App {
    http: Option<Box<dyn Serve>>,
    queue: Option<Box<dyn Worker>>,
    schedule: Option<Box<dyn Tick>>,
    operator: Option<Box<dyn Operator>>,
}

/// A schedule's work.
#[async_trait]
pub trait Tick: Send + Sync {
    /// Does it once; an error makes the scheduler try again.
    async fn tick(&self) -> Result<(), PortError>;
}

impl App {
    /// A function without doors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers HTTP calls.
    #[must_use]
    pub fn http(mut self, door: impl Serve + 'static) -> Self {
        self.http = Some(Box::new(door));
        self
    }

    /// Works on queue messages.
    #[must_use]
    pub fn queue(mut self, worker: impl Worker + 'static) -> Self {
        self.queue = Some(Box::new(worker));
        self
    }

    /// Wakes up on a schedule.
    #[must_use]
    pub fn schedule(mut self, tick: impl Tick + 'static) -> Self {
        self.schedule = Some(Box::new(tick));
        self
    }

    /// Runs operator commands.
    #[must_use]
    pub fn operator(mut self, operator: impl Operator + 'static) -> Self {
        self.operator = Some(Box::new(operator));
        self
    }

    /// What the runtime is told. Its own way to name an error would show whoever invoked us a Rust type.
    async fn answer(&self, trigger: Trigger) -> Result<Reply, Diagnostic> {
        let told = |error: StartError| Diagnostic {
            error_type: "InvocationError".to_owned(),
            error_message: error.to_string(),
        };
        self.invoke(trigger).await.map_err(told)
    }

    async fn invoke(&self, trigger: Trigger) -> Result<Reply, StartError> {
        const NO_DOOR: &str = "this function has no door for the event";
        match trigger {
            Trigger::Http(event) => {
                let door = self.http.as_ref().ok_or(NO_DOOR)?;
                Ok(Reply::Http(Box::new(door.serve(*event).await)))
            }
            Trigger::Queue(event) => {
                let worker = self.queue.as_ref().ok_or(NO_DOOR)?;
                Ok(Reply::Queue(batch::work(worker.as_ref(), event).await))
            }
            Trigger::Schedule => {
                let tick = self.schedule.as_ref().ok_or(NO_DOOR)?;
                tick.tick().await.inspect_err(|error| report_failure("schedule failed", error))?;
                Ok(Reply::Done)
            }
            Trigger::Operator(command) => {
                let operator = self.operator.as_ref().ok_or("this function has no operator commands")?;
                let answer = operator.run(&command).await;
                let failed = |error: &StartError| report_failure("operator command failed", error.as_ref());
                answer.inspect_err(failed).map(Reply::Operator)
            }
        }
    }
}

/// Builds the function during INIT (clients, keys) and serves invocations until the environment ends.
///
/// A current-thread runtime: one environment serves one call at a time, and a second worker thread only costs.
pub fn start<F, B>(build: F) -> ExitCode
where
    F: FnOnce() -> B,
    B: Future<Output = Result<App, StartError>>,
{
    log();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed("no runtime", &error),
    };
    runtime.block_on(async {
        let app = match build().await {
            Ok(app) => app,
            Err(error) => return failed("function did not start", error.as_ref()),
        };
        let service = lambda_runtime::service_fn(|event: LambdaEvent<Trigger>| app.answer(event.payload));
        match lambda_runtime::Runtime::new(service).run().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed("function stopped", error.as_ref()),
        }
    })
}

/// One JSON line per event of ours. What libraries have to say below a warning is switched off at the source: the
/// spans that an SDK opens around every call cost more than our own work between two calls.
fn log() {
    let ours = Targets::new().with_target("ponte", Level::INFO).with_default(Level::WARN);
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false).with_span_list(false);
    tracing_subscriber::registry().with(lines).with(ours).init();
}

fn failed(what: &'static str, error: &(dyn Error + 'static)) -> ExitCode {
    report_failure(what, error);
    ExitCode::FAILURE
}

/// Logs an error with its chain, once.
pub(crate) fn report_failure(what: &'static str, error: &(dyn Error + 'static)) {
    tracing::error!(chain = chain(error), "{what}");
}

#[cfg(test)]
mod tests;
