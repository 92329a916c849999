//! One execution environment: a process and the Runtime API it works through.

use std::fs::OpenOptions;
use std::io;
use std::net::Ipv4Addr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::api::{Api, Job};
use super::invocation::Invocation;
use super::outcome::Outcome;
use super::settings::Settings;
use super::variables::variables;
use crate::clock;
use crate::serve::Serving;
use crate::template::function_arn;

/// Lambda gives a process 10 s to ask for work; a debug build on a busy machine gets more.
const INIT_LIMIT: Duration = Duration::from_secs(25);

/// A process that neither asks for work nor ends, stopped perhaps, does not keep its last caller waiting for longer.
const SETTLE_LIMIT: Duration = Duration::from_secs(1);

/// A process that works on one invocation at a time. Dropping it kills the process.
pub(super) struct Environment {
    jobs: mpsc::Sender<Job>,
    api: Arc<Api>,
    ready: Option<oneshot::Receiver<()>>,
    /// `None` while the process lives, then how it ended.
    ended: watch::Receiver<Option<String>>,
    kill: Arc<Notify>,
    condemned: bool,
    process: Option<u32>,
    timeout: Duration,
    started: Instant,
    _serving: Serving,
    watcher: JoinHandle<()>,
}

impl Drop for Environment {
    fn drop(&mut self) {
        // The task owns the child and kills it when it goes.
        self.watcher.abort();
    }
}

impl Environment {
    /// Starts the process; it is ready when it asks for work.
    pub(super) async fn start(settings: &Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (jobs, queue) = mpsc::channel(1);
        let (ready_sender, ready) = oneshot::channel();
        let api = Api::new(function_arn(&settings.name), settings.timeout, queue, ready_sender);
        let serving = api.serve(listener);
        let log = OpenOptions::new().create(true).append(true).open(&settings.log)?;
        let mut child = Command::new(&settings.launcher.program)
            .args(&settings.launcher.arguments)
            .arg(&settings.name)
            .env_clear()
            .envs(variables(settings, &address))
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            // Ctrl-C goes to the whole process group of a terminal; `ponte` alone decides when functions stop.
            .process_group(0)
            .spawn()?;
        let process = child.id();
        let (ended_sender, ended) = watch::channel(None);
        let kill = Arc::new(Notify::new());
        let killed = Arc::clone(&kill);
        let watcher = tokio::spawn(async move {
            let status = tokio::select! {
                status = child.wait() => status,
                () = killed.notified() => {
                    let _ = child.start_kill();
                    child.wait().await
                }
            };
            let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
            ended_sender.send_replace(Some(how));
        });
        Ok(Self {
            jobs,
            api,
            ready: Some(ready),
            ended,
            kill,
            condemned: false,
            process,
            timeout: settings.timeout,
            started: Instant::now(),
            _serving: serving,
            watcher,
        })
    }

    /// Id of the process.
    pub(super) const fn process(&self) -> Option<u32> {
        self.process
    }

    /// Whether the process can take more work.
    pub(super) fn is_alive(&self) -> bool {
        !self.condemned && self.ended.borrow().is_none()
    }

    /// Waits until the process asks for work for the first time.
    pub(super) async fn ready(&mut self) -> Result<(), String> {
        let Some(ready) = self.ready.take() else { return Ok(()) };
        let mut ended = self.ended.clone();
        tokio::select! {
            biased;
            Ok(()) = ready => Ok(()),
            how = end(&mut ended) => Err(self.api.init_error().unwrap_or_else(|| format!("it ended early, {how}"))),
            () = tokio::time::sleep_until(self.started + INIT_LIMIT) => {
                self.give_up();
                Err(format!("it did not ask for work within {} s", INIT_LIMIT.as_secs()))
            }
        }
    }

    /// Works on one invocation. The environment can be used again if it is still alive afterwards.
    pub(super) async fn run(&mut self, Invocation { event, client_context }: Invocation) -> Outcome {
        if let Err(fault) = self.ready().await {
            return Outcome::NotStarted(fault);
        }
        let (taken_sender, taken) = oneshot::channel();
        let (answer, mut answered) = oneshot::channel();
        let request_id = clock::request_id().to_string();
        let job = Job { request_id: request_id.clone(), event, client_context, taken: taken_sender, answer };
        if self.jobs.send(job).await.is_err() {
            return Outcome::failed("Runtime.ExitError", "the process is gone");
        }
        let mut ended = self.ended.clone();
        let limit = self.timeout;
        let work = async {
            // An error here or below means that the process died first, which the other branch reports.
            taken.await.ok()?;
            match timeout_at(Instant::now() + limit, &mut answered).await {
                Ok(outcome) => outcome.ok().map(Some),
                Err(_) => Some(None),
            }
        };
        tokio::select! {
            biased;
            Some(in_time) = work => in_time.unwrap_or_else(|| self.overrun()),
            how = end(&mut ended) => {
                Outcome::failed("Runtime.ExitError", format!("RequestId: {request_id} Error: Runtime exited: {how}"))
            }
        }
    }

    /// Waits until the process asks for more work, or has ended after its answer: only then Lambda gives it the next
    /// invocation.
    pub(super) async fn settle(&self) {
        let mut ended = self.ended.clone();
        tokio::select! {
            () = self.api.asked() => {}
            _ = end(&mut ended) => {}
            () = tokio::time::sleep(SETTLE_LIMIT) => {}
        }
    }

    fn overrun(&mut self) -> Outcome {
        self.give_up();
        Outcome::failed(
            "Sandbox.Timedout",
            format!("Task timed out after {:.2} seconds", self.timeout.as_secs_f64()),
        )
    }

    fn give_up(&mut self) {
        self.condemned = true;
        self.kill.notify_one();
    }
}

/// Waits for the process to end and says how.
async fn end(ended: &mut watch::Receiver<Option<String>>) -> String {
    match ended.wait_for(Option::is_some).await {
        Ok(how) => how.clone().unwrap_or_default(),
        // Nobody watches any more: the stack is stopping.
        Err(_) => "stopped".to_owned(),
    }
}
