//! A run of the stack from its start to its end: up, the demo journey, serving, down.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use ponte_demo::Reporter;
use ponte_local::launch::{OtherLayer, Plan, Running, launch};
use ponte_local::runtime::Launcher;
use tokio::signal::unix::{SignalKind, signal};

use crate::console::{self, complain, failure};
use crate::log;

/// Options of a run: the demo, its form, and whether the stack stays up.
#[derive(Clone)]
pub(crate) struct RunOptions {
    /// The demo journey is run.
    pub(crate) demo: bool,
    /// The demo is printed as JSON on standard output; everything else then goes to standard error.
    pub(crate) json: bool,
    /// The stack serves on until Ctrl-C.
    pub(crate) stay: bool,
    /// Parameters of the template beside those of the sandbox.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Processes of each function at most.
    pub(crate) environments: u16,
    /// The layer that answers in place of the sandbox bank's.
    pub(crate) layer: Option<OtherLayer>,
}

/// Starts the stack in `directory`, runs the demo if it is wanted, serves on if it is wanted, and stops.
pub(crate) async fn run(directory: &Path, port_base: u16, options: RunOptions) -> ExitCode {
    let say: fn(&str) = if options.json { console::say_aside } else { console::say };
    let mut stop = match StopSignal::install() {
        Ok(stop) => stop,
        Err(error) => return failure(&error.to_string()),
    };
    let launcher = match Launcher::this_program() {
        Ok(launcher) => Launcher { environments: options.environments, ..launcher },
        Err(error) => return failure(&error.to_string()),
    };
    if let Err(fault) = log::to(directory) {
        return failure(&fault);
    }
    let (parameters, layer) = (parameters(&options), options.layer.clone());
    let plan = Plan { directory: directory.to_owned(), port_base, launcher, parameters, layer, say };
    let running = tokio::select! {
        up = launch(plan) => match up {
            Ok(running) => running,
            Err(error) => return failure(&error.to_string()),
        },
        () = stop.received() => return ExitCode::FAILURE,
    };
    let held = tokio::select! {
        held = run_demo(&running, &options) => held,
        () = stop.received() => false,
    };
    if options.stay {
        say("serving until Ctrl-C");
        stop.received().await;
        say("stopping");
    }
    tokio::select! {
        stopped = running.stop() => if let Err(error) = stopped {
            complain(&error.to_string());
        },
        () = stop.again() => complain("stopped at once, with calls under way"),
    }
    if held || options.stay { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The parameters that were given, before those that the demo wants.
fn parameters(options: &RunOptions) -> BTreeMap<String, String> {
    let mut parameters = options.parameters.clone();
    for (name, value) in ponte_demo::PARAMETERS.iter().filter(|_| options.demo) {
        parameters.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
    }
    parameters
}

/// Runs the demo journey, if it is wanted; true when every step held.
async fn run_demo(running: &Running, options: &RunOptions) -> bool {
    let reporter = Reporter::new(options.json, console::say);
    !options.demo || ponte_demo::run(&running.endpoints, reporter).await.exit_code() == 0
}

/// Ctrl-C and SIGTERM.
struct StopSignal {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    received: bool,
}

impl StopSignal {
    fn install() -> std::io::Result<Self> {
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate, received: false })
    }

    /// Ends when the process was asked to stop, now or earlier.
    async fn received(&mut self) {
        if !self.received {
            self.again().await;
            self.received = true;
        }
    }

    /// Ends when the process is asked to stop from now on.
    async fn again(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
