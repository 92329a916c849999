//! The command line of `ponte`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ponte_local::ports::DEFAULT_BASE;

use crate::audit::Audit;
use crate::clients::Clients;
use crate::console::{self, failure};
use crate::faults::Faults;
use crate::keys::Keys;
use crate::operator::By;
use crate::pcm::Pcm;
use crate::stack::{self, RunOptions};
use crate::{ask, functions};

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
    /// A parameter of the template that the stack starts with, e.g. TwoOperatorCommands=pcm.correct; may be repeated
    #[arg(long = "parameter", global = true, value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
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
    Keys {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        keys: Keys,
    },
    /// Shut participants out, let them in again
    #[command(subcommand)]
    Clients(Clients),
    /// See and mend the reports to the metrics platform
    Pcm {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        pcm: Pcm,
    },
    /// Prove that the audit rows are as they were written
    #[command(subcommand)]
    Audit(Audit),
    /// Have the local services and the world around the stack fail
    #[command(subcommand)]
    Faults(Faults),
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
pub fn run() -> ExitCode {
    // A function is a whole program of its own: it gets the process before anything else is set up.
    let arguments = Arguments::parse();
    if let Some(Command::Function { name }) = &arguments.command {
        return function(name);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure(&error.to_string()),
    };
    let code = runtime.block_on(execute(arguments));
    // Pollers and connections are not waited for.
    runtime.shutdown_background();
    code
}

async fn execute(arguments: Arguments) -> ExitCode {
    let Arguments { dir, port_base, parameters, command } = arguments;
    let stack = async |demo, json, stay| {
        let parameters = parameters.into_iter().collect();
        stack::run(&dir, port_base, RunOptions { demo, json, stay, parameters }).await
    };
    let asked = match command {
        None => return stack(true, false, true).await,
        Some(Command::Up) => return stack(false, false, true).await,
        Some(Command::Demo { json }) => return stack(true, json, false).await,
        Some(Command::Tick { name }) => ask::tick(&dir, &name).await,
        Some(Command::Invoke { name, file }) => ask::invoke_with(&dir, &name, &file).await,
        Some(Command::Keys { by, keys }) => keys.run(&dir, &by).await,
        Some(Command::Clients(clients)) => clients.run(&dir).await,
        Some(Command::Pcm { by, pcm }) => pcm.run(&dir, &by).await,
        Some(Command::Audit(audit)) => audit.run(&dir).await,
        Some(Command::Faults(faults)) => faults.run(&dir).await,
        Some(Command::Status) => ask::status(&dir).await,
        Some(Command::Function { name }) => return function(&name),
    };
    match asked {
        Ok(said) => {
            console::say(&said);
            ExitCode::SUCCESS
        }
        Err(fault) => failure(&fault),
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let named = text.split_once('=').filter(|(name, _)| !name.is_empty());
    named.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "NAME=VALUE".to_owned())
}

fn function(name: &str) -> ExitCode {
    match functions::find(name) {
        Some(entry) => entry(),
        None => failure(&format!("no function is called {name}")),
    }
}
