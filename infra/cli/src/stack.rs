//! A stack from its start to its end: up, the demo journey, serving, down.

use std::path::Path;
use std::process::ExitCode;

use ponte_demo::Reporter;
use ponte_local::launch::{Plan, Running, launch};
use ponte_local::runtime::Launcher;
use tokio::signal::unix::{SignalKind, signal};

use crate::console::{self, complain, failure};
use crate::log;

/// What is done with a stack once it runs.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    /// The demo journey is told.
    pub(crate) demo: bool,
    /// It is told as JSON, on standard output; everything else then goes to standard error.
    pub(crate) json: bool,
    /// The stack serves on until Ctrl-C.
    pub(crate) stay: bool,
}

/// Starts the stack in `directory` and does what the visit is for.
pub(crate) async fn visit(directory: &Path, port_base: u16, visit: Visit) -> ExitCode {
    let say: fn(&str) = if visit.json { console::say_aside } else { console::say };
    let mut stop = match Stop::install() {
        Ok(stop) => stop,
        Err(error) => return failure(&error.to_string()),
    };
    let launcher = match Launcher::this_program() {
        Ok(launcher) => launcher,
        Err(error) => return failure(&error.to_string()),
    };
    if let Err(fault) = log::to(directory) {
        return failure(&fault);
    }
    let plan = Plan { directory: directory.to_owned(), port_base, launcher, say };
    let running = tokio::select! {
        up = launch(plan) => match up {
            Ok(running) => running,
            Err(error) => return failure(&error.to_string()),
        },
        () = stop.asked() => return ExitCode::FAILURE,
    };
    let held = tokio::select! {
        held = tell(&running, visit) => held,
        () = stop.asked() => false,
    };
    if visit.stay {
        say("serving until Ctrl-C");
        stop.asked().await;
        say("stopping");
    }
    if let Err(error) = running.stop().await {
        complain(&error.to_string());
    }
    if held || visit.stay { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The demo journey, when it is wanted; true when every step held.
async fn tell(running: &Running, visit: Visit) -> bool {
    let reporter = Reporter::new(visit.json, console::say);
    !visit.demo || ponte_demo::run(&running.endpoints, reporter).await.exit_code() == 0
}

/// Ctrl-C and SIGTERM.
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    asked: bool,
}

impl Stop {
    fn install() -> std::io::Result<Self> {
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate, asked: false })
    }

    /// Ends when the process was asked to stop, now or before.
    async fn asked(&mut self) {
        if !self.asked {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
            self.asked = true;
        }
    }
}
