//! One execution environment of a function of a running stack: a process of its own over the Runtime API of the local cloud, that
//! works on the stack's tables and queues and gets the events that a test gives it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ponte_local::runtime::{ENVIRONMENTS, Function, Invocation, Launcher, Outcome, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::moved_clock::MovedClock;
use crate::stack::{self, Stack};

/// The local cloud in `endpoints.json`.
pub(super) const CLOUD: &str = "/aws/endpoint_url";
/// The variable that points the SDK at it.
pub(super) const ENDPOINT: &str = "AWS_ENDPOINT_URL";
/// The variable that says where the integration layer is.
pub(super) const LAYER: &str = "INSTITUTION_URL";

/// How long an invocation may take: as the template says, and more where a test stops it.
const LIMIT: Duration = Duration::from_mins(1);

/// Environments of one function, all by one clock.
pub(super) struct Environment {
    function: Arc<Function>,
    pub(super) clock: MovedClock,
    log: PathBuf,
    _folder: TempDir,
}

impl Environment {
    /// A process of the function `name`, beside those of the stack.
    pub(super) async fn of(stack: &Stack, name: &str) -> Self {
        Self::calling(stack, name, &[]).await
    }

    /// The same with other values of some variables: what it calls lies behind a proxy.
    pub(super) async fn calling(stack: &Stack, name: &str, variables: &[(&str, String)]) -> Self {
        let environment = Self::prepared(stack, name, variables);
        let warm = environment.warm().await;
        warm.unwrap_or_else(|fault| panic!("{name} did not start: {fault}: {}", environment.log()));
        environment
    }

    /// One that no process was started for yet.
    pub(super) fn prepared(stack: &Stack, name: &str, changed: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let clock = MovedClock::build(folder.path());
        let variables =
            stack.endpoints()["functions"][name]["env"].as_object().expect("a function of the stack");
        let variables = variables
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        let changed = changed.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let mut environment: BTreeMap<String, String> =
            variables.chain(clock.variables()).chain(changed).collect();
        let endpoint_url = environment.remove(ENDPOINT).unwrap_or_else(|| stack.text(CLOUD).to_owned());
        let log = folder.path().join("function.log");
        let function = Function::new(Settings {
            name: name.to_owned(),
            environment,
            timeout: LIMIT,
            memory: 256,
            endpoint_url,
            log: log.clone(),
            launcher: Launcher {
                program: stack::program(),
                arguments: vec!["function".to_owned()],
                environments: ENVIRONMENTS,
            },
        });
        Self { function, clock, log, _folder: folder }
    }

    /// Starts a process and waits until it asks for work.
    pub(super) async fn warm(&self) -> Result<(), String> {
        self.function.warm().await
    }

    /// What happens while the process is frozen between two invocations.
    pub(super) async fn asleep(&self, meanwhile: impl AsyncFnOnce()) {
        let process = self.process().expect("a process that waits for work");
        freeze(process);
        meanwhile().await;
        thaw(process);
    }

    /// An invocation with an event, byte by byte.
    pub(super) async fn invoke(&self, event: impl Into<Vec<u8>>) -> Outcome {
        self.function.invoke(Bytes::from(event.into())).await
    }

    /// A direct invocation with a client context.
    pub(super) async fn invoke_in(&self, event: &Value, client_context: &str) -> Outcome {
        let event = Bytes::from(event.to_string());
        self.function.invoke(Invocation { event, client_context: Some(client_context.to_owned()) }).await
    }

    /// The answer to an event.
    pub(super) async fn answer(&self, event: impl Into<Vec<u8>>) -> Value {
        match self.invoke(event).await {
            Outcome::Answered(body) => serde_json::from_slice(&body).expect("an answer is JSON"),
            other => panic!("{other:?}: {}", self.log()),
        }
    }

    /// The error of an invocation that has none but that.
    pub(super) async fn fault(&self, event: impl Into<Vec<u8>>) -> String {
        match self.invoke(event).await {
            Outcome::Failed { message, .. } => message,
            other => panic!("{other:?}"),
        }
    }

    /// Id of the one process that waits for work; `None` if it has ended.
    pub(super) fn process(&self) -> Option<u32> {
        self.function.processes().first().copied()
    }

    /// What the processes have printed.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How often a text stands in the log.
    pub(super) fn said(&self, text: &str) -> usize {
        self.log().matches(text).count()
    }
}

/// Stops a process where it is, as Lambda freezes an environment.
pub(super) fn freeze(process: u32) {
    signal("-STOP", process);
}

/// Lets it go on.
pub(super) fn thaw(process: u32) {
    signal("-CONT", process);
}

fn signal(signal: &str, process: u32) {
    let sent = Command::new("kill").args([signal, &process.to_string()]).status();
    assert!(sent.expect("kill starts").success(), "{process} took no {signal}");
}

/// Where a service of `endpoints.json` listens, to stand before it.
pub(super) fn address(stack: &Stack, pointer: &str) -> SocketAddr {
    let port = Url::parse(stack.text(pointer)).ok().and_then(|url| url.port());
    (Ipv4Addr::LOCALHOST, port.expect("a URL with a port")).into()
}

/// Code and status of an answer to the gateway.
pub(super) fn code(answer: &Value) -> (u64, String) {
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or("{}")).unwrap_or_default();
    let code = body["errors"][0]["code"].as_str().unwrap_or_default();
    (answer["statusCode"].as_u64().unwrap_or_default(), code.to_owned())
}

/// The event of a schedule that was fired for `time`.
pub(super) fn schedule(name: &str, time: &str) -> String {
    json!({
        "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.scheduler", "time": time,
        "resources": [format!("arn:aws:scheduler:sa-east-1:000000000000:schedule/default/ponte-{name}")], "detail": "{}",
    })
    .to_string()
}
