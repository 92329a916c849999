//! Start-up and the invocation loop: one current-thread runtime, one invocation at a time, for every trigger.

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;

use async_trait::async_trait;
use lambda_runtime::{Diagnostic, LambdaEvent};
use ponte_ports::{Ending, PortError};

use crate::batch::{self, Worker};
use crate::ending::EndAfterAnswer;
use crate::event::{self, Reply, Trigger};
use crate::log::{self, report_failure};
use crate::operator::{self, Operator};
use crate::serve::Serve;

/// Why a function did not start: a missing variable, a broken secret.
pub type StartError = Box<dyn Error + Send + Sync>;

/// A function: a handler for each of its triggers. A trigger without a handler is an invocation error.
#[derive(Default)]
pub struct App {
    http: Option<Box<dyn Serve>>,
    queues: Vec<(&'static str, Box<dyn Worker>)>,
    schedules: Vec<(&'static str, Box<dyn Tick>)>,
    operator: Option<Box<dyn Operator>>,
    ending: Ending,
}

/// The work of a schedule.
#[async_trait]
pub trait Tick: Send + Sync {
    /// Does the work once.
    ///
    /// # Errors
    /// A port that failed; the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError>;
}

impl App {
    /// A function without triggers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers HTTP calls.
    #[must_use]
    pub fn http(mut self, router: impl Serve + 'static) -> Self {
        self.http = Some(Box::new(router));
        self
    }

    /// Works on the messages of a queue, by its name in `infra/template.yaml`.
    #[must_use]
    pub fn queue(mut self, name: &'static str, worker: impl Worker + 'static) -> Self {
        self.queues.push((name, Box::new(worker)));
        self
    }

    /// Wakes up on a schedule, by its name in `infra/template.yaml` without the stack's.
    #[must_use]
    pub fn schedule(mut self, name: &'static str, tick: impl Tick + 'static) -> Self {
        self.schedules.push((name, Box::new(tick)));
        self
    }

    /// Runs operator commands.
    #[must_use]
    pub fn operator(mut self, operator: impl Operator + 'static) -> Self {
        self.operator = Some(Box::new(operator));
        self
    }

    /// Ends the process after the answer at which `ending` is said.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// The reply to the runtime. The runtime's own error would show the caller a Rust type.
    async fn answer(&self, trigger: Trigger) -> Result<Reply, Diagnostic> {
        let diagnostic = |error: StartError| Diagnostic {
            error_type: "InvocationError".to_owned(),
            error_message: error.to_string(),
        };
        self.invoke(trigger).await.map_err(diagnostic)
    }

    async fn invoke(&self, trigger: Trigger) -> Result<Reply, StartError> {
        match trigger {
            Trigger::Http(event) => {
                let router = self.http.as_ref().ok_or("this function answers no HTTP calls")?;
                Ok(Reply::Http(Box::new(router.serve(*event).await)))
            }
            Trigger::Queue { queue, event } => {
                let worker = handler_of(&self.queues, |id| event::is_queue(&queue, id))
                    .ok_or("this function has no worker for the queue")?;
                Ok(Reply::Queue(batch::work(worker, event).await))
            }
            Trigger::Schedule { name } => {
                let tick = handler_of(&self.schedules, |id| event::is_schedule(&name, id))
                    .ok_or("this function has no such schedule")?;
                tick.tick().await.inspect_err(|error| report_failure("schedule failed", error))?;
                Ok(Reply::Done)
            }
            Trigger::Operator(command) => {
                let operator = self.operator.as_ref().ok_or("this function has no operator commands")?;
                let answer = operator::run(operator.as_ref(), &command).await;
                let failed = |error: &StartError| report_failure("operator command failed", error.as_ref());
                answer.inspect_err(failed).map(Reply::Operator)
            }
        }
    }
}

/// The handler whose id is that of a trigger: of several, the longest, since `sweep` also ends `<stack>-delivery-sweep`.
fn handler_of<'a, T: ?Sized>(
    handlers: &'a [(&'static str, Box<T>)],
    is: impl Fn(&str) -> bool,
) -> Option<&'a T> {
    let named = handlers.iter().filter(|(id, _)| is(id));
    named.max_by_key(|(id, _)| id.len()).map(|(_, handler)| handler.as_ref())
}

/// Builds the function during INIT (clients, keys) and serves invocations until the environment ends.
///
/// A current-thread runtime: one environment serves one call at a time, and a second worker thread only costs.
pub fn start<F, B>(build: F) -> ExitCode
where
    F: FnOnce() -> B,
    B: Future<Output = Result<App, StartError>>,
{
    log::start();
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
        let invocations = lambda_runtime::Runtime::new(service).layer(EndAfterAnswer(app.ending.clone()));
        match invocations.run().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed("function stopped", error.as_ref()),
        }
    })
}

fn failed(what: &'static str, error: &(dyn Error + 'static)) -> ExitCode {
    report_failure(what, error);
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests;
