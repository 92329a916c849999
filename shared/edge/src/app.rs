//! Start-up and the invocation loop: one current-thread runtime, one invocation at a time, for every trigger.

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lambda_runtime::{Diagnostic, LambdaEvent};
use ponte_ports::{Clock, DeadLetters, Ending, PortError};
use ponte_values::Moment;

use crate::batch::{self, Worker};
use crate::clock_watch::{AHEAD_MAX, AHEAD_OF_SCHEDULE_MAX, ClockWatch};
use crate::ending::EndAfterAnswer;
use crate::event::{self, HttpEvent, QueueEvent, Reply, Trigger};
use crate::log::{self, report_failure};
use crate::memory;
use crate::operator::Operator;
use crate::operator_commands::OperatorCommands;
use crate::operator_queue::OperatorQueue;
use crate::operator_source::OperatorSource;
use crate::runtime::{RuntimeError, Surround};
use crate::serve::Serve;

/// Why a function did not start: a missing variable, a broken secret.
pub type StartError = Box<dyn Error + Send + Sync>;

/// Why an event of no trigger is refused.
const UNKNOWN: &str = "neither an HTTP, nor a queue, nor a schedule event, nor an operator command";

/// Why the work of an event is not done.
const CLOCK_AHEAD: &str = "the clock of this environment is ahead of the event";

/// A function: a handler for each of its triggers. A trigger without a handler is an invocation error.
pub struct App {
    watch: ClockWatch,
    http: Option<Box<dyn Serve>>,
    queues: Vec<(&'static str, Box<Queue>)>,
    schedules: Vec<(&'static str, Box<dyn Tick>)>,
    operator: Option<OperatorCommands>,
}

/// The worker of a queue, and where it puts what can never be worked on.
struct Queue {
    worker: Box<dyn Worker>,
    dead_letters: Arc<dyn DeadLetters>,
}

/// The work of a schedule.
#[async_trait]
pub trait Tick: Send + Sync {
    /// Does the work once.
    ///
    /// # Errors
    /// A port that failed; the scheduler tries again.
    async fn tick(&self) -> Result<(), PortError>;

    /// Greatest age of its event: `MaximumEventAgeInSeconds` of the schedule and that of the function's `EventInvokeConfig` in
    /// `infra/template.yaml` together, since an event may wait at either, and Lambda tries a failed one again. An event that
    /// is older was not late: our clock is wrong, and the work is not done.
    fn event_age(&self) -> Duration {
        AHEAD_OF_SCHEDULE_MAX
    }
}

impl App {
    /// A function without triggers; `clock` is the one that its work goes by.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            watch: ClockWatch::new(clock),
            http: None,
            queues: Vec::new(),
            schedules: Vec::new(),
            operator: None,
        }
    }

    /// Answers HTTP calls.
    #[must_use]
    pub fn http(mut self, router: impl Serve + 'static) -> Self {
        self.http = Some(Box::new(router));
        self
    }

    /// Works on the messages of a queue, by its name in `infra/template.yaml`; what can never be worked on goes to its dead
    /// letters.
    #[must_use]
    pub fn queue(
        mut self,
        name: &'static str,
        worker: impl Worker + 'static,
        dead_letters: Arc<dyn DeadLetters>,
    ) -> Self {
        self.queues.push((name, Box::new(Queue { worker: Box::new(worker), dead_letters })));
        self
    }

    /// Wakes up on a schedule, by its name in `infra/template.yaml` without the stack's.
    #[must_use]
    pub fn schedule(mut self, name: &'static str, tick: impl Tick + 'static) -> Self {
        self.schedules.push((name, Box::new(tick)));
        self
    }

    /// Runs operator commands, by invocation and from the operator queue of its source.
    #[must_use]
    pub fn operator(self, operator: impl Operator + 'static, source: OperatorSource) -> Self {
        let (name, dead_letters) = (source.queue, Arc::clone(&source.dead_letters));
        let commands = OperatorCommands::new(Arc::new(operator), Arc::new(source), self.watch.clock());
        let queue = OperatorQueue::new(commands.clone());
        Self { operator: Some(commands), ..self }.queue(name, queue, dead_letters)
    }

    /// Ends the process after the answer at which `ending` is said.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.watch.end_by(ending);
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
                let event = self.timed(*event);
                Ok(Reply::Http(Box::new(router.serve(event).await)))
            }
            Trigger::Queue(QueueEvent { queue, messages }) => {
                let found = handler_of(&self.queues, |id| event::is_queue(&queue, id))
                    .ok_or("this function has no worker for the queue")?;
                self.hold_against(
                    messages.iter().filter_map(|message| message.just_received).max(),
                    found.worker.message_age(),
                )?;
                Ok(Reply::Queue(batch::work(&*found.worker, &*found.dead_letters, messages).await))
            }
            Trigger::Schedule { name, time } => {
                let tick = handler_of(&self.schedules, |id| event::is_schedule(&name, id))
                    .ok_or("this function has no such schedule")?;
                self.hold_against(time, tick.event_age())?;
                tick.tick().await.inspect_err(|error| report_failure("schedule failed", error))?;
                Ok(Reply::Done)
            }
            Trigger::Operator(command) => {
                let operator = self.operator.as_ref().ok_or("this function has no operator commands")?;
                let answer = operator.invoked(&command).await;
                let failed = |error: &StartError| report_failure("operator command failed", error.as_ref());
                answer.inspect_err(failed).map(Reply::Operator)
            }
            Trigger::Unknown => Err(UNKNOWN.into()),
        }
    }

    /// A call on an environment whose clock is ahead is answered by the gateway's time.
    fn timed(&self, event: HttpEvent) -> HttpEvent {
        let Some(ahead) = self.watch.ahead(event.arrived, AHEAD_MAX) else { return event };
        tracing::warn!(ahead_s = ahead.as_secs(), "our clock is ahead, the call goes by the gateway's");
        HttpEvent { now: event.arrived, ..event }
    }

    /// Refuses work by a clock that is ahead of an event from `outside`, which may be `late` by that much: what time ended
    /// cannot be begun again.
    fn hold_against(&self, outside: Option<Moment>, late: Duration) -> Result<(), StartError> {
        let Some(ahead) = self.watch.ahead(outside, late) else { return Ok(()) };
        tracing::error!(
            alarm = "clock-ahead",
            ahead_s = ahead.as_secs(),
            "our clock is ahead, nothing was done"
        );
        Err(CLOCK_AHEAD.into())
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
    memory::keep();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed("no runtime", &error),
    };
    runtime.block_on(async {
        let app = match build().await {
            Ok(app) => app,
            Err(error) => return failed("function did not start", error.as_ref()),
        };
        let ending = app.watch.ending().clone();
        let app = Arc::new(app);
        let service = lambda_runtime::service_fn(move |event: LambdaEvent<Trigger>| {
            let app = Arc::clone(&app);
            async move { app.answer(event.payload).await }
        });
        let runtime = lambda_runtime::Runtime::new(service).layer(EndAfterAnswer(ending)).layer(Surround);
        runtime.run().await.map_or_else(|error| stopped(&error), |()| ExitCode::SUCCESS)
    })
}

/// The end of the environment. Lambda starts another one.
fn stopped(error: &RuntimeError) -> ExitCode {
    if error.is::<serde_json::Error>() {
        // Serde repeats what it cannot read. Only a direct invocation has a context, so an operator hears of it.
        tracing::error!("client context of an invocation not readable, environment ends");
        return ExitCode::FAILURE;
    }
    failed("function stopped", error.as_ref())
}

fn failed(what: &'static str, error: &(dyn Error + 'static)) -> ExitCode {
    report_failure(what, error);
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests;
