//! The command line of `ponte`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand};
use ponte_local::launch::OtherLayer;
use ponte_local::ports::DEFAULT_BASE;
use ponte_local::runtime::ENVIRONMENTS;

use crate::audit::Audit;
use crate::clients::Clients;
use crate::commands::run_or_order;
use crate::connector::ConnectorCommand;
use crate::consents::Consents;
use crate::console::{self, failure};
use crate::faults::Faults;
use crate::keys::Keys;
use crate::layer::{CredentialOptions, LayerCommand};
use crate::operator::By;
use crate::ops::Ops;
use crate::order::QueueOptions;
use crate::payments::Payments;
use crate::pcm::Pcm;
use crate::quality::Quality;
use crate::stack::{self, RunOptions};
use crate::stock::Stock;
use crate::target::Target;
use crate::{ask, functions};

/// Ponte on one machine. Without a command: starts the stack, runs the demo journey and keeps serving.
#[derive(Parser)]
#[command(name = "ponte", version, about)]
struct Arguments {
    /// Folder of everything the stack keeps
    #[arg(long, global = true, default_value = ".ponte", value_name = "DIR")]
    dir: PathBuf,
    /// First of eleven ports on 127.0.0.1; 0 takes any free ones
    #[arg(long, global = true, default_value_t = DEFAULT_BASE, value_name = "N")]
    port_base: u16,
    /// A parameter of the template that the stack starts with, e.g. TwoOperatorCommands=pcm.correct; may be repeated
    #[arg(long = "parameter", global = true, value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Processes of each function at most, while the stack is up; further calls wait
    #[arg(long, global = true, default_value_t = ENVIRONMENTS, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    environments: u16,
    /// Operate the CloudFormation stack of this name, with the AWS credentials of this session, in place of the one in DIR
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    stack: Option<String>,
    #[command(flatten)]
    queue: QueueOptions,
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
    Up {
        /// Run it against the integration layer at this URL, http or https, in place of the sandbox bank's; the channel, its logins and
        /// the systems stay the sandbox bank's
        #[arg(long, value_name = "URL")]
        institution_url: Option<String>,
        #[command(flatten)]
        credential: CredentialOptions,
    },
    /// Check a payment connector that somebody is writing
    #[command(subcommand)]
    Connector(ConnectorCommand),
    /// Check an integration layer that somebody is writing
    #[command(subcommand)]
    Layer(LayerCommand),
    /// Fire a schedule of the stack on this machine now and wait for its end
    Tick {
        /// Name of the schedule, e.g. sweep
        name: String,
    },
    /// Invoke a function of the stack with an event
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
    /// Expire consents that are due, send their notices once more
    Consents {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        consents: Consents,
    },
    /// Compare the books of payments, resolve parked ones, send dead letters again, run a day
    Payments {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        payments: Payments,
    },
    /// Take the stock of a day again
    Stock {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        stock: Stock,
    },
    /// See and approve what was ordered by the operator queues
    #[command(subcommand)]
    Ops(Ops),
    /// See and mend the reports to the metrics platform
    Pcm {
        #[command(flatten)]
        by: By,
        #[command(subcommand)]
        pcm: Pcm,
    },
    /// Show what was wrong with the records of the institution's integration layer, by day, endpoint and field
    Quality(Quality),
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

impl Arguments {
    /// Whether the options go with the command.
    const fn fit(&self) -> Result<(), &'static str> {
        match (&self.stack, &self.command) {
            (Some(_), None | Some(Command::Up { .. } | Command::Demo { .. })) => {
                Err("--stack is for a stack that is up: this starts one on this machine")
            }
            _ => Ok(()),
        }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    // A function is a whole program of its own: it gets the process before anything else is set up.
    let arguments = Arguments::parse();
    if let Some(Command::Function { name }) = &arguments.command {
        return function(name);
    }
    if let Err(fault) = arguments.fit() {
        return failure(fault);
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
    let Arguments { dir, port_base, parameters, environments, stack: name, queue, command } = arguments;
    let stack = async |demo, json, stay, layer| {
        let parameters = parameters.into_iter().collect();
        let options = RunOptions { demo, json, stay, parameters, environments, layer };
        Box::pin(stack::run(&dir, port_base, options)).await
    };
    let command = match command {
        None => return stack(true, false, true, None).await,
        Some(Command::Up { institution_url: None, .. }) => return stack(false, false, true, None).await,
        Some(Command::Up { institution_url: Some(url), credential }) => {
            return match credential.read() {
                Ok(credential) => stack(false, false, true, Some(OtherLayer { url, credential })).await,
                Err(fault) => failure(&fault),
            };
        }
        Some(Command::Demo { json }) => return stack(true, json, false, None).await,
        Some(Command::Layer(layer)) => return layer.run(&dir).await,
        Some(Command::Connector(connector)) => return connector.run().await,
        Some(Command::Function { name }) => return function(&name),
        Some(command) => command,
    };
    match operate(command, dir.clone(), name.as_deref(), queue).await {
        Ok(said) => {
            console::tell(&said);
            ExitCode::SUCCESS
        }
        Err(fault) => failure(&fault),
    }
}

/// Runs a command about a stack that is up.
async fn operate(
    command: Command,
    directory: PathBuf,
    stack: Option<&str>,
    queue: QueueOptions,
) -> Result<String, String> {
    let queued = queue.queued()?;
    let target = &Target::of(directory, stack).await?;
    let queued = queued.as_ref();
    match command {
        Command::Keys { by, keys } => run_or_order(keys, target, &by, queued).await,
        Command::Clients(clients) => {
            let by = clients.by();
            run_or_order(clients, target, &by, queued).await
        }
        Command::Consents { by, consents } => run_or_order(consents, target, &by, queued).await,
        Command::Payments { by, payments } => run_or_order(payments, target, &by, queued).await,
        Command::Stock { by, stock } => run_or_order(stock, target, &by, queued).await,
        Command::Pcm { by, pcm } => run_or_order(pcm, target, &by, queued).await,
        Command::Quality(quality) => run_or_order(quality, target, &By::default(), queued).await,
        Command::Audit(audit) => run_or_order(audit, target, &By::default(), queued).await,
        _ if queued.is_some() => Err("--queue goes with the commands of operators".to_owned()),
        Command::Ops(ops) => ops.run(target).await,
        Command::Invoke { name, file } => {
            let event = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            target.invoke(&name, event).await.map(|answer| answer.to_string())
        }
        Command::Tick { name } => ask::tick(target.directory()?, &name).await,
        Command::Faults(faults) => faults.run(target.directory()?).await,
        Command::Status => ask::status(target.directory()?).await,
        Command::Demo { .. }
        | Command::Up { .. }
        | Command::Layer(_)
        | Command::Connector(_)
        | Command::Function { .. } => Err("no command about a stack".to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_has_a_name_and_is_none_that_this_command_starts() {
        let read = |arguments: &[&str]| Arguments::try_parse_from([&["ponte"], arguments].concat());
        assert!(read(&["--stack", "", "status"]).is_err());
        let fits = |arguments: &[&str]| read(arguments).is_ok_and(|read| read.fit().is_ok());
        for command in [&[][..], &["up"], &["demo"], &["demo", "--json"]] {
            assert!(fits(command), "{command:?}");
            assert!(!fits(&[&["--stack", "s"], command].concat()), "{command:?}");
        }
        assert!(fits(&["--stack", "s", "ops", "list"]));
    }
}
