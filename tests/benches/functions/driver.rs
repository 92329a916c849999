//! A function's process and the Lambda Runtime API it works through, made to be exact: one thread, no Nagle, the clock
//! read at the last moment before the event leaves and at the first after the answer is complete.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};
use http_body_util::Full;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::serve::{Server, json, serve};
use super::{Fault, meter};

const PREFIX: &str = "/2018-06-01/runtime/";
/// A process that needs longer has lost its way.
const PATIENCE: Duration = Duration::from_secs(30);
/// After asking for work a process still has a few instructions to go before it sleeps.
const SETTLE: Duration = Duration::from_millis(2);

/// How a process is started.
#[derive(Clone, Debug)]
pub(crate) struct Launch<'a> {
    /// Binary.
    pub(crate) program: &'a Path,
    /// Its whole environment but for what Lambda adds.
    pub(crate) environment: &'a [(String, String)],
    /// File for what it prints; none throws it away.
    pub(crate) log: Option<&'a Path>,
}

/// A process that takes one event at a time. Dropping it ends the process.
pub(crate) struct Function {
    child: Child,
    pid: u32,
    parked: Option<oneshot::Sender<Bytes>>,
    asked: mpsc::UnboundedReceiver<oneshot::Sender<Bytes>>,
    answered: mpsc::UnboundedReceiver<Answered>,
    _server: Server,
}

/// The answer of a process, and the moment when it was complete.
struct Answered {
    good: bool,
    body: Bytes,
    at: Instant,
}

/// An answered invocation.
pub(crate) struct Call {
    /// The answer of the function.
    pub(crate) body: Bytes,
    /// From sending the event to having the answer.
    pub(crate) wall: Duration,
}

impl Function {
    /// Starts a process and waits until it asks for work.
    pub(crate) async fn start(launch: &Launch<'_>) -> Result<Self, Fault> {
        let (asks, asked) = mpsc::unbounded_channel();
        let (answers, answered) = mpsc::unbounded_channel();
        let server = serve(None, async move |request| runtime_api(request, &asks, &answers).await).await?;
        let output = || match launch.log {
            None => Ok(Stdio::null()),
            Some(path) => std::fs::File::options().create(true).append(true).open(path).map(Stdio::from),
        };
        let child = Command::new(launch.program)
            .env_clear()
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", server.address.to_string())
            .envs(LAMBDA)
            .stdin(Stdio::null())
            .stdout(output()?)
            .stderr(output()?)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", launch.program.display()))?;
        let pid = child.id().ok_or("the process ended at once")?;
        let mut function = Self { child, pid, parked: None, asked, answered, _server: server };
        function.park().await?;
        Ok(function)
    }

    /// Sends an event, waits for the answer and for the process to ask for more.
    pub(crate) async fn invoke(&mut self, event: Bytes) -> Result<Call, Fault> {
        let parked = self.parked.take().ok_or("the process is not waiting for work")?;
        let sent = now();
        parked.send(event).map_err(|_| "the process hung up")?;
        let answered = tokio::select! {
            answered = timeout(PATIENCE, self.answered.recv()) => answered?.ok_or("no answer")?,
            ended = self.child.wait() => return Err(format!("the process ended, {}", ended?).into()),
        };
        if !answered.good {
            return Err(String::from_utf8_lossy(&answered.body).into_owned().into());
        }
        let wall = answered.at.duration_since(sent);
        self.park().await?;
        Ok(Call { body: answered.body, wall })
    }

    async fn park(&mut self) -> Result<(), Fault> {
        tokio::select! {
            asked = timeout(PATIENCE, self.asked.recv()) => self.parked = asked?,
            init_error = self.answered.recv() => {
                let body = init_error.map(|answered| answered.body).unwrap_or_default();
                return Err(format!("the process did not start: {}", String::from_utf8_lossy(&body)).into());
            }
            ended = self.child.wait() => return Err(format!("the process ended, {}", ended?).into()),
        }
        Ok(())
    }

    /// CPU time so far, in nanoseconds.
    pub(crate) async fn cpu_nanos(&self) -> Result<u64, Fault> {
        tokio::time::sleep(SETTLE).await;
        Ok(meter::cpu_nanos(self.pid)?)
    }

    /// Largest resident set so far, in MiB.
    pub(crate) fn peak_mib(&self) -> Result<f64, Fault> {
        Ok(meter::peak_mib(self.pid)?)
    }
}

/// Environment variables that Lambda itself sets.
const LAMBDA: [(&str, &str); 5] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
];

async fn runtime_api(
    request: Request<Bytes>,
    asks: &mpsc::UnboundedSender<oneshot::Sender<Bytes>>,
    answers: &mpsc::UnboundedSender<Answered>,
) -> Response<Full<Bytes>> {
    let at = now();
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
    if request.method() == Method::GET && path == "invocation/next" {
        let (park, event) = oneshot::channel();
        let _ = asks.send(park);
        return match event.await {
            Ok(event) => next(event),
            Err(_) => json(403, r#"{"errorType":"ShuttingDown"}"#),
        };
    }
    let good = path.ends_with("/response");
    let _ = answers.send(Answered { good, body: request.into_body(), at });
    json(202, r#"{"status":"OK"}"#)
}

fn next(event: Bytes) -> Response<Full<Bytes>> {
    let mut response = json(200, event);
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        // The year 2100: nothing here runs out of time.
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:sa-east-1:123456789012:function:bench"),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        ),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn now() -> Instant {
    Instant::now()
}
