//! Start of a stack: folder, ports, qualification, sandbox world, stack, `endpoints.json`.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use ponte_web::front;
pub use ponte_world::OtherLayer;
use ponte_world::World;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::aws::{Cloud, MemoryDynamoDb, queue_url};
use crate::endpoints;
use crate::payment_queue::PaymentQueue;
use crate::ports::{Port, Ports, PortsError};
use crate::qualify::{Depth, qualify};
use crate::runtime::{Launcher, Outcome};
use crate::serve::Serving;
use crate::stack::{Host, Listeners, Options, Stack, StackError};
use crate::template::{TEXT, queue_arn};
use crate::world::{self, NoWorld};

/// The parameters that name the request queue of the payment core.
const PAYMENT_QUEUE: &str = "PaymentConnectorRequestQueueUrl";
const PAYMENT_QUEUE_ARN: &str = "PaymentConnectorRequestQueueArn";

/// Where and how a stack is started.
#[derive(Clone)]
pub struct Plan {
    /// Folder of everything the stack keeps.
    pub directory: PathBuf,
    /// First of eleven ports; 0 takes any free ones.
    pub port_base: u16,
    /// How functions are started.
    pub launcher: Launcher,
    /// Parameters of the template beside those of the sandbox, whose place they take.
    pub parameters: BTreeMap<String, String>,
    /// The layer that answers in place of the sandbox bank's.
    pub layer: Option<OtherLayer>,
    /// Prints a line about the progress.
    pub say: fn(&str),
}

/// Why a stack did not come up.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Two stacks must not share a folder.
    #[error("another ponte works in {}; give this one a folder of its own with --dir DIR", .0.display())]
    FolderInUse(PathBuf),
    /// The folder cannot be used.
    #[error("{}: {source}", directory.display())]
    Folder {
        /// The folder.
        directory: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// A port is taken.
    #[error(transparent)]
    Ports(#[from] PortsError),
    /// An emulator is not exact (T00).
    #[error("{0}")]
    NotExact(String),
    /// The request queue of the payment core cannot be made.
    #[error("{0}")]
    PaymentQueue(String),
    /// No sandbox world.
    #[error(transparent)]
    World(#[from] NoWorld),
    /// No stack.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A running stack with its sandbox world.
pub struct Running {
    /// Functions, services, gateways.
    pub stack: Stack,
    /// The sandbox world around them.
    pub world: World,
    /// The content of `endpoints.json`.
    pub endpoints: Value,
    /// The folder, absolute.
    pub directory: PathBuf,
    _payment_queue: Option<Serving>,
    _lock: File,
}

/// Starts everything; when it returns, `endpoints.json` is there and every port answers.
pub async fn launch(plan: Plan) -> Result<Running, LaunchError> {
    let started = Instant::now();
    let say = plan.say;
    let directory = std::path::absolute(&plan.directory)?;
    say(&format!("starting in {}", plan.directory.display()));
    let lock = claim(&directory)?;
    endpoints::remove(&directory)?;
    let ports = Ports::choose(plan.port_base, &directory)?;
    let listeners = OwnListeners::open(&ports).await?;
    let own = listeners.numbers()?;
    let cloud = Cloud::open(listeners.aws, &directory.join("aws"))?;
    let payments = plan.parameters.get("Payments").is_none_or(|told| told == "enabled");
    let (exact, world) =
        tokio::join!(exact(&cloud, say), world::prepare(&directory, &ports, &own, plan.layer, payments));
    exact?;
    let mut world = world?;
    ports.remember(own.into_iter().chain(world::ports(world.urls())))?;
    world.serve().await.map_err(NoWorld::from)?;
    say("the world answers: directory, bank core, metrics platform, another participant");
    for line in world.other_layer().await.iter().flat_map(|told| told.lines()) {
        say(line);
    }
    let mut given = plan.parameters;
    let queue = payment_queue(&cloud, &world, &mut given).await?;
    let options = Options {
        template: TEXT.to_owned(),
        directory: directory.clone(),
        cloud,
        listeners: listeners.stack,
        parameters: world.parameters().into_iter().chain(given).collect(),
        secrets: world.secrets(),
        identity: world::identity(&world),
        truststores: world.truststores(),
        launcher: plan.launcher,
        guests: world::guests(&world),
        idle: front::LIMIT,
    };
    let stack = Stack::up(options).await?;
    let endpoints = introduce(&mut world, &stack, say).await?;
    endpoints::write(&directory, &endpoints)?;
    let (seconds, file) = (started.elapsed().as_secs_f64(), endpoints::path(&plan.directory));
    say(&format!("ready after {seconds:.1} s; {} says where everything is", file.display()));
    Ok(Running { stack, world, endpoints, directory, _payment_queue: queue, _lock: lock })
}

/// The queue of the payment core, where the stack is told to reach it so: by its URL, or by a name, which becomes one.
async fn payment_queue(
    cloud: &Cloud,
    world: &World,
    parameters: &mut BTreeMap<String, String>,
) -> Result<Option<Serving>, LaunchError> {
    let Some(told) = parameters.get_mut(PAYMENT_QUEUE).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    if !told.contains('/') {
        *told = queue_url(cloud.endpoint_url(), told);
    }
    let queue_url = told.clone();
    let name = queue_url.rsplit('/').next().unwrap_or_default();
    parameters.entry(PAYMENT_QUEUE_ARN.to_owned()).or_insert_with(|| queue_arn(name));
    world.payment_core().answers_at(&queue_url);
    let queue = PaymentQueue {
        sqs: cloud.clients().sqs,
        endpoint_url: cloud.endpoint_url().to_owned(),
        queue_url,
        core: world.payment_messages(),
    };
    queue.start().await.map(Some).map_err(LaunchError::PaymentQueue)
}

/// Qualifies the embedded services: nothing is started on services that differ from AWS (T00).
async fn exact(cloud: &Cloud, say: fn(&str)) -> Result<(), LaunchError> {
    let memory = MemoryDynamoDb::serve()?;
    let report = qualify(cloud.endpoint_url(), &memory, Depth::Quick).await;
    if let Some(refusal) = report.refusal() {
        return Err(LaunchError::NotExact(refusal));
    }
    let held = report.held.len();
    say(&format!("DynamoDB, SQS and Secrets Manager are embedded and exact: {held} checks held (T00)"));
    Ok(())
}

/// Registers the receivers as clients and issues the API keys of the institution's systems; the content of
/// `endpoints.json`.
async fn introduce(world: &mut World, stack: &Stack, say: fn(&str)) -> Result<Value, LaunchError> {
    world.register().await.map_err(NoWorld::from)?;
    world.equip(async |command| operate(stack, &command).await).await.map_err(NoWorld::from)?;
    let functions = stack.functions().iter().map(|function| function.settings().name.as_str());
    say(&format!("the functions wait for work: {}", functions.collect::<Vec<_>>().join(", ")));
    let mut description = world.endpoints();
    let clients = description["clients"].as_array().into_iter().flatten();
    let clients = clients.filter_map(|client| client["organisation_name"].as_str());
    say(&format!("the receivers are registered as clients: {}", clients.collect::<Vec<_>>().join(", ")));
    say("the back office and the app have their API keys for the management host");
    if stack.functions().get("payments").is_some() {
        let core = description["payment_core"]["control"].as_str().unwrap_or_default();
        say(&format!("payments are served; the books of the bank that pays: curl {core}/sandbox/books"));
    }
    endpoints::merge(&mut description, stack.endpoints());
    Ok(description)
}

/// Runs an operator command of the authorization server, invoked directly as on AWS.
async fn operate(stack: &Stack, command: &Value) -> Result<Value, String> {
    let oauth = stack.functions().get("oauth").ok_or("no function is called oauth")?;
    match oauth.invoke(Bytes::from(command.to_string())).await {
        Outcome::Answered(answer) => serde_json::from_slice(&answer).map_err(|error| error.to_string()),
        Outcome::Failed { kind, message } => Err(format!("{kind}: {message}")),
        Outcome::NotStarted(fault) => Err(fault),
    }
}

impl Running {
    /// Takes `endpoints.json` away and ends the stack.
    pub async fn stop(self) -> io::Result<()> {
        let removed = endpoints::remove(&self.directory);
        self.stack.stop().await;
        removed
    }
}

/// The hosts of the template's APIs, by their names in `endpoints.json`.
const HOSTS: [(Port, &str); 3] =
    [(Port::Mtls, "mtls"), (Port::Public, "public"), (Port::Management, "management")];

/// The listeners of the stack and its AWS services; the sandbox world has its own.
struct OwnListeners {
    stack: Listeners,
    aws: TcpListener,
}

impl OwnListeners {
    async fn open(ports: &Ports) -> Result<Self, PortsError> {
        // The world listens only after it has made its keys, which takes a while: a busy port is reported before that.
        for port in world::PORTS {
            drop(ports.open(port).await?);
        }
        let mut hosts = Vec::new();
        for (port, name) in HOSTS {
            hosts.push(Host { name, listener: ports.open(port).await? });
        }
        Ok(Self {
            stack: Listeners { hosts, control: ports.open(Port::Control).await? },
            aws: ports.open(Port::Aws).await?,
        })
    }

    /// The number that each port got.
    fn numbers(&self) -> io::Result<Vec<(Port, u16)>> {
        let hosts =
            HOSTS.iter().map(|(port, _)| *port).zip(self.stack.hosts.iter().map(|host| &host.listener));
        let others = [(Port::Control, &self.stack.control), (Port::Aws, &self.aws)];
        hosts.chain(others).map(|(port, listener)| Ok((port, listener.local_addr()?.port()))).collect()
    }
}

/// Makes the folder and locks it; the lock goes with the process, however that ends.
fn claim(directory: &Path) -> Result<File, LaunchError> {
    let unusable = |source| LaunchError::Folder { directory: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(unusable)?;
    let lock = File::create(directory.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(LaunchError::FolderInUse(directory.to_owned())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}
