//! The whole stack: services, functions, gateways, event sources and control port, built from the template.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::aws::{
    ACCESS_KEY_ID, Cloud, Deployed, Invoked, Invoking, ProvisionError, SECRET_ACCESS_KEY, provision,
    queue_url,
};
use crate::control::Control;
use crate::events::{Poller, Scheduler};
use crate::gateway::{AccessLog, Gateway, Identity, Routes, TlsError, server_config};
use crate::runtime::{Function, Functions, Launcher, Outcome, Settings};
use crate::serve::Serving;
use crate::template::{Api, REGION, STACK, Scope, Template, TemplateError};

/// Calls at the hosts get this long when the stack stops: what a function may take at most, and a little.
const CALLS_GRACE: Duration = Duration::from_secs(30);
/// Other invocations get this long then.
const GRACE: Duration = Duration::from_secs(2);

/// Everything that a stack is built from.
pub struct Options {
    /// Template text; the binary's own is [`crate::template::TEXT`].
    pub template: String,
    /// Folder of the stack.
    pub directory: PathBuf,
    /// The running AWS services.
    pub cloud: Cloud,
    /// Listeners of the gateways and the control port.
    pub listeners: Listeners,
    /// Template parameter → value. The domain of each API is that of a host here, `localhost:port`.
    pub parameters: BTreeMap<String, String>,
    /// Secret by logical id → value.
    pub secrets: BTreeMap<String, String>,
    /// Certificate of the hosts.
    pub identity: Identity,
    /// URI of a truststore → the authorities in it, PEM.
    pub truststores: BTreeMap<String, String>,
    /// How functions are started.
    pub launcher: Launcher,
    /// Functions beside those of the template, by name: the institution's.
    pub guests: BTreeMap<String, Guest>,
    /// After so long an idle connection at a host ends, and half a request.
    pub idle: Duration,
}

/// A function that is not of the stack.
pub type Guest = Arc<dyn Fn(Bytes) -> Invoking + Send + Sync>;

/// The listeners that a stack serves itself.
pub struct Listeners {
    /// A host for each API of the template.
    pub hosts: Vec<Host>,
    /// Control port.
    pub control: TcpListener,
}

/// A host that waits for its API.
pub struct Host {
    /// Name in `endpoints.json`.
    pub name: &'static str,
    /// Where it listens.
    pub listener: TcpListener,
}

/// Why the stack does not stand.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// The template cannot be built here.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A table, queue or secret could not be made.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
    /// A host cannot speak TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A function did not start.
    #[error("{0}")]
    Functions(String),
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A running stack. Dropping it ends everything at once, [`Stack::stop`] lets calls end first.
pub struct Stack {
    functions: Functions,
    scheduler: Scheduler,
    cloud: Cloud,
    /// Name → URL.
    hosts: Map<String, Value>,
    control: SocketAddr,
    /// The hosts.
    gateways: Vec<Serving>,
    /// Control port, pollers and schedules: they run until this is dropped.
    running: Vec<Serving>,
}

impl Stack {
    /// Builds everything and serves when it returns.
    pub async fn up(options: Options) -> Result<Self, StackError> {
        let control_address = options.listeners.control.local_addr()?;
        let scope =
            Scope { parameters: options.parameters, endpoint: options.cloud.endpoint_url().to_owned() };
        let template = Template::read(&options.template, &scope)?;
        let clients = options.cloud.clients();
        provision(&clients, &template, &options.secrets).await?;
        let logs = options.directory.join("logs");
        std::fs::create_dir_all(&logs)?;
        let functions = functions(&template, &options.cloud, &options.launcher, &logs);
        functions.warm().await.map_err(StackError::Functions)?;
        options.cloud.deploy(deployed(&template, &functions, options.guests));
        let scheduler = Scheduler::new(&template, &functions);
        let (mut gateways, mut running, mut hosts) = (Vec::new(), Vec::new(), Map::new());
        for (api, Host { name, listener }) in pairs(&template, options.listeners.hosts)? {
            let tls = server_config(&options.identity, authorities(api, &options.truststores)?)?;
            hosts.insert(name.to_owned(), host_url(listener.local_addr()?.port()).into());
            gateways.push(gateway(api, &template, &functions, &logs, options.idle)?.serve(listener, tls));
        }
        let control = Control {
            functions: functions.clone(),
            scheduler: scheduler.clone(),
            queues: template.queues.clone(),
            clients: clients.clone(),
            endpoint_url: options.cloud.endpoint_url().to_owned(),
        };
        running.push(control.serve(options.listeners.control));
        for poller in pollers(&template, &functions, &clients.sqs, options.cloud.endpoint_url()) {
            running.push(poller.start());
        }
        running.push(scheduler.start());
        let (cloud, control) = (options.cloud, control_address);
        Ok(Self { functions, scheduler, cloud, hosts, control, gateways, running })
    }

    /// The stack's part of `endpoints.json`.
    #[must_use]
    pub fn endpoints(&self) -> Value {
        let functions: Map<String, Value> = self
            .functions
            .iter()
            .map(|function| {
                let Settings { name, environment, .. } = function.settings();
                (name.clone(), json!({ "env": environment }))
            })
            .collect();
        json!({
            "hosts": self.hosts,
            "aws": {
                "endpoint_url": self.cloud.endpoint_url(),
                "region": REGION,
                "access_key_id": ACCESS_KEY_ID,
                "secret_access_key": SECRET_ACCESS_KEY,
            },
            "functions": functions,
            "control": format!("http://{}", self.control),
        })
    }

    /// Its functions.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Its schedules.
    #[must_use]
    pub fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// Its AWS services.
    #[must_use]
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Takes no further call, lets the running ones end, then ends every process.
    pub async fn stop(self) {
        let closing: JoinSet<()> =
            self.gateways.into_iter().map(|gateway| gateway.close(CALLS_GRACE)).collect();
        closing.join_all().await;
        drop(self.running);
        self.functions.stop(GRACE).await;
    }
}

/// URL of a host: `localhost` is the name in its certificate.
#[must_use]
pub fn host_url(port: u16) -> String {
    format!("https://{}", domain(port))
}

fn domain(port: u16) -> String {
    format!("localhost:{port}")
}

fn functions(template: &Template, cloud: &Cloud, launcher: &Launcher, logs: &Path) -> Functions {
    Functions::new(template.functions.iter().map(|function| {
        Function::new(Settings {
            name: function.name.clone(),
            environment: function.environment.clone(),
            timeout: function.timeout,
            memory: function.memory,
            endpoint_url: cloud.endpoint_url().to_owned(),
            log: logs.join(format!("{}.log", function.name)),
            launcher: launcher.clone(),
        })
    }))
}

/// What CloudFormation and Lambda say of the stack.
fn deployed(template: &Template, functions: &Functions, guests: BTreeMap<String, Guest>) -> Deployed {
    let functions = functions.clone();
    let invoke = move |name: &str, event| {
        if let Some(guest) = guests.get(name) {
            return Some(guest(event));
        }
        let function = functions.get(name)?.clone();
        let invoked = async move {
            match function.invoke(event).await {
                Outcome::Answered(body) => Invoked::Answered(body),
                Outcome::Failed { kind, message } => Invoked::Failed { kind, message },
                Outcome::NotStarted(message) => {
                    Invoked::Failed { kind: "Runtime.NotStarted".to_owned(), message }
                }
            }
        };
        Some(Box::pin(invoked) as _)
    };
    Deployed { stack: STACK, outputs: template.outputs.clone(), invoke: Box::new(invoke) }
}

/// Every API with the one host that has its domain.
fn pairs(template: &Template, hosts: Vec<Host>) -> Result<Vec<(&Api, Host)>, StackError> {
    let mut waiting = BTreeMap::new();
    for host in hosts {
        waiting.insert(domain(host.listener.local_addr()?.port()), host);
    }
    let mut pairs = Vec::new();
    for api in &template.apis {
        let fault = format!("no free local host has the domain {}", api.domain);
        let missing = || TemplateError::new(format!("Resources.{}", api.id), fault);
        pairs.push((api, waiting.remove(&api.domain).ok_or_else(missing)?));
    }
    match waiting.pop_first() {
        None => Ok(pairs),
        Some((domain, _)) => {
            Err(TemplateError::new("Resources", format!("no HTTP API has the domain {domain}")).into())
        }
    }
}

/// The authorities whose callers an API takes; `None` when it asks nobody for a certificate.
fn authorities<'o>(
    api: &Api,
    truststores: &'o BTreeMap<String, String>,
) -> Result<Option<&'o str>, TemplateError> {
    let Some(uri) = &api.truststore else { return Ok(None) };
    let found = truststores.get(uri).map(String::as_str);
    let missing = || TemplateError::new(format!("Resources.{}", api.id), format!("nothing is kept at {uri}"));
    found.ok_or_else(missing).map(Some)
}

fn gateway(
    api: &Api,
    template: &Template,
    functions: &Functions,
    logs: &Path,
    idle: Duration,
) -> io::Result<Gateway> {
    let log = |format: &String| AccessLog::open(&logs.join(format!("{}.log", api.id)), format);
    Ok(Gateway {
        api_id: api.name.clone(),
        routes: Routes::of(&api.name, template.functions.iter().flat_map(|function| &function.routes)),
        functions: functions.clone(),
        access_log: api.access_log_format.as_ref().map(log).transpose()?,
        idle,
    })
}

fn pollers<'s>(
    template: &'s Template,
    functions: &'s Functions,
    sqs: &'s aws_sdk_sqs::Client,
    endpoint_url: &'s str,
) -> impl Iterator<Item = Poller> + 's {
    let mappings = template
        .functions
        .iter()
        .flat_map(|function| function.mappings.iter().map(move |mapping| (&function.name, mapping)));
    mappings.filter_map(move |(name, mapping)| {
        Some(Poller {
            sqs: sqs.clone(),
            queue_url: queue_url(endpoint_url, &template.queue_by_arn(&mapping.queue_arn)?.name),
            mapping: mapping.clone(),
            function: functions.get(name)?.clone(),
        })
    })
}
