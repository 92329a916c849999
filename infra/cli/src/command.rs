//! The command line of `ponte`.

mod ask;
mod keys;
mod log;
mod pcm;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::console::{self, Voice, complain};
use crate::functions;
use crate::launch::{Plan, Running, launch};
use crate::ports::DEFAULT_BASE;
use crate::runtime::Launcher;
use keys::Keys;
use pcm::Pcm;

/// Tells the demo journey on a running stack; `true` when every step held. The flag asks for JSON.
pub type Story = for<'r> fn(&'r Running, bool) -> Pin<Box<dyn Future<Output = bool> + 'r>>;

/// Ponte on one machine. Without a command: starts the stack, runs the demo journey and keeps serving.
#[derive(Parser)]
#[command(name = "ponte", version, about)]
struct Arguments {
    /// Folder of everything the stack keeps
    #[arg(long, global = true, default_value = ".ponte", value_name = "DIR")]
    dir: PathBuf,
    /// First of ten ports on 127.0.0.1; 0 takes any free ones
    #[arg(long, global = true, default_value_t = DEFAULT_BASE, value_name = "N")]
    port_base: u16,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the stack, run the demo journey, stop; exit code 0 when every step held
    Demo {
        /// Tell the journey as JSON
        #[arg(long)]
        json: bool,
    },
    /// Start the stack and serve until Ctrl-C
    Up,
    /// Fire a schedule of the running stack now and wait for its end
    Tick {
        /// Name of the schedule, e.g. sweep
        name: String,
    },
    /// Invoke a function of the running stack with an event
    Invoke {
        /// Name of the function, e.g. oauth
        name: String,
        /// JSON file with the event
        file: PathBuf,
    },
    /// Issue, rotate, revoke or list the API keys of the institution's own callers
    #[command(subcommand)]
    Keys(Keys),
    /// See and mend the reports to the metrics platform
    #[command(subcommand)]
    Pcm(Pcm),
    /// Say what the running stack has done
    Status,
    /// Be one of the functions: how the stack starts its processes
    #[command(hide = true)]
    Function {
        /// Name of the function
        name: String,
    },
}

/// Runs the command line of this process.
#[must_use]
pub fn run(story: Option<Story>) -> ExitCode {
    // A function is a whole program of its own: it gets the process before anything else is set up.
    let arguments = Arguments::parse();
    if let Some(Command::Function { name }) = &arguments.command {
        return function(name);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure(error.to_string()),
    };
    let code = runtime.block_on(obey(arguments, story));
    // Pollers and connections are not waited for.
    runtime.shutdown_background();
    code
}

async fn obey(arguments: Arguments, story: Option<Story>) -> ExitCode {
    let Arguments { dir, port_base, command } = arguments;
    let asked = match command {
        None => return stack(&dir, port_base, Visit { story, json: false, stay: true }).await,
        Some(Command::Up) => {
            return stack(&dir, port_base, Visit { story: None, json: false, stay: true }).await;
        }
        Some(Command::Demo { .. }) if story.is_none() => return failure("this build tells no story"),
        Some(Command::Demo { json }) => {
            return stack(&dir, port_base, Visit { story, json, stay: false }).await;
        }
        Some(Command::Tick { name }) => ask::tick(&dir, &name).await,
        Some(Command::Invoke { name, file }) => ask::invoke_with(&dir, &name, &file).await,
        Some(Command::Keys(keys)) => keys.run(&dir).await,
        Some(Command::Pcm(pcm)) => pcm.run(&dir).await,
        Some(Command::Status) => ask::status(&dir).await,
        Some(Command::Function { name }) => return function(&name),
    };
    match asked {
        Ok(said) => {
            console::say(said);
            ExitCode::SUCCESS
        }
        Err(fault) => failure(fault),
    }
}

/// What is done with a stack once it runs.
struct Visit {
    story: Option<Story>,
    json: bool,
    stay: bool,
}

async fn stack(directory: &Path, port_base: u16, visit: Visit) -> ExitCode {
    let voice = if visit.json { Voice::Error } else { Voice::Output };
    let mut stop = match Stop::install() {
        Ok(stop) => stop,
        Err(error) => return failure(error.to_string()),
    };
    let launcher = match Launcher::this_program() {
        Ok(launcher) => launcher,
        Err(error) => return failure(error.to_string()),
    };
    if let Err(fault) = log::to(directory) {
        return failure(fault);
    }
    let plan = Plan { directory: directory.to_owned(), port_base, launcher, voice };
    let running = tokio::select! {
        up = launch(plan) => match up {
            Ok(running) => running,
            Err(error) => return failure(error.to_string()),
        },
        () = stop.asked() => return ExitCode::FAILURE,
    };
    let held = tokio::select! {
        held = tell(&running, &visit) => held,
        () = stop.asked() => false,
    };
    if visit.stay {
        voice.say("serving until Ctrl-C");
        stop.asked().await;
        voice.say("stopping");
    }
    if let Err(error) = running.stop().await {
        complain(error.to_string());
    }
    if held || visit.stay { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn tell(running: &Running, visit: &Visit) -> bool {
    match visit.story {
        Some(story) => story(running, visit.json).await,
        None => true,
    }
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

fn function(name: &str) -> ExitCode {
    match functions::find(name) {
        Some(entry) => entry(),
        None => failure(format!("no function is called {name}")),
    }
}

fn failure(fault: impl AsRef<str>) -> ExitCode {
    complain(fault);
    ExitCode::FAILURE
}
