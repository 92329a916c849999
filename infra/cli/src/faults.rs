//! `ponte faults`: the running stack's services and the world around it fail by order, until it is taken back.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use ponte_web::caller::{Call, Caller, ClientCertificate};
use ponte_web::faults::{Effect, Fault};
use serde_json::Value;

use crate::ask;

/// Subcommands of `ponte faults`.
#[derive(Subcommand)]
pub(crate) enum Faults {
    /// Have a server fail
    Order(Order),
    /// Say which orders are in force
    List,
    /// Take all orders back
    Clear {
        /// Of this server alone; the AWS services have theirs taken back together
        server: Option<Server>,
    },
}

/// A server that fails by order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Server {
    #[value(name = "dynamodb")]
    DynamoDb,
    Sqs,
    #[value(name = "secretsmanager")]
    SecretsManager,
    BankCore,
    Directory,
    PcmAuth,
    PcmApi,
    Participant,
    PaymentCore,
}

/// What happens to its requests.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// The answer comes later, by --milliseconds
    Delay,
    /// No answer comes
    Hang,
    /// Too many requests, in the words of the server
    Throttle,
    /// The request has its effect, then the connection closes
    LoseReply,
    /// The request has its effect, then no answer comes
    HangAfter,
    /// The connection closes, the request has no effect
    Close,
    /// This --status, with --body
    Status,
}

/// A server, and what happens to which of its requests.
#[derive(Args)]
pub(crate) struct Order {
    /// Who fails
    server: Server,
    /// How
    kind: Kind,
    /// Only paths that begin so; of an AWS service /OPERATION/TABLE, with the queue or the secret in place of the table
    #[arg(long, default_value = "", value_name = "PREFIX")]
    path: String,
    /// Only this method
    #[arg(long)]
    method: Option<String>,
    /// Only so many requests; until taken back without
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// How much later an answer comes
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    milliseconds: u64,
    /// The status that is answered
    #[arg(long, default_value_t = 503)]
    status: u16,
    /// The body of that status
    #[arg(long)]
    body: Option<String>,
}

impl Faults {
    /// Runs the command on the running stack; what it says.
    pub(crate) async fn run(self, directory: &Path) -> Result<String, String> {
        let world = Surroundings::of(directory)?;
        match self {
            Self::Order(order) => {
                let (server, order) = (order.server, order.json());
                world.call(server, Method::POST, &order).await?;
                Ok(format!("{}: {order}", server.name()))
            }
            Self::List => {
                let mut lines = Vec::new();
                for server in Server::EACH {
                    for fault in world.call(server, Method::GET, &Value::Null).await? {
                        let name = fault["service"].as_str().unwrap_or(server.name()).to_owned();
                        lines.push(format!("{name}: {fault}"));
                    }
                }
                Ok(if lines.is_empty() { "no orders are in force".to_owned() } else { lines.join("\n") })
            }
            Self::Clear { server } => {
                for server in server.as_ref().map_or(&Server::EACH[..], std::slice::from_ref) {
                    world.call(*server, Method::DELETE, &Value::Null).await?;
                }
                Ok("no orders are in force".to_owned())
            }
        }
    }
}

impl Order {
    /// As the server reads it.
    fn json(self) -> Value {
        let effect = match self.kind {
            Kind::Delay => Effect::Delay { milliseconds: self.milliseconds },
            Kind::Hang => Effect::Hang,
            Kind::Throttle => Effect::Throttle,
            Kind::LoseReply => Effect::LoseReply,
            Kind::HangAfter => Effect::HangAfter,
            Kind::Close => Effect::Close,
            Kind::Status => Effect::Status { status: self.status, body: self.body, retry_after: None },
        };
        let fault = Fault { effect, path: self.path, method: self.method, times: self.times };
        let mut order = serde_json::to_value(fault).unwrap_or_default();
        if self.server.is_of_aws() {
            order["service"] = self.server.name().into();
        }
        order
    }
}

impl Server {
    /// One of each address.
    const EACH: [Self; 7] = [
        Self::DynamoDb,
        Self::BankCore,
        Self::Directory,
        Self::PcmAuth,
        Self::PcmApi,
        Self::Participant,
        Self::PaymentCore,
    ];

    const fn is_of_aws(self) -> bool {
        matches!(self, Self::DynamoDb | Self::Sqs | Self::SecretsManager)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::Sqs => "sqs",
            Self::SecretsManager => "secretsmanager",
            Self::BankCore => "bank-core",
            Self::Directory => "directory",
            Self::PcmAuth => "pcm-auth",
            Self::PcmApi => "pcm-api",
            Self::Participant => "participant",
            Self::PaymentCore => "payment-core",
        }
    }

    /// Where its address stands in `endpoints.json`.
    const fn address(self) -> &'static str {
        match self {
            Self::DynamoDb | Self::Sqs | Self::SecretsManager => "/aws/endpoint_url",
            Self::BankCore => "/bank_core",
            Self::Directory => "/directory",
            Self::PcmAuth => "/pcm/auth",
            Self::PcmApi => "/pcm/api",
            Self::Participant => "/participant",
            // Its listener asks for a certificate of the institution's own authority.
            Self::PaymentCore => "/payment_core/control",
        }
    }
}

/// The running stack, called with the institution's certificate, which one of the servers asks for.
struct Surroundings {
    described: Value,
    caller: Caller,
}

impl Surroundings {
    fn of(directory: &Path) -> Result<Self, String> {
        let described = ask::described(directory)?;
        let file = |pointer: &str| {
            let path = described.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            std::fs::read_to_string(path).map_err(|fault| format!("{path}: {fault}"))
        };
        let trust = file("/ca_file")?;
        let (chain, key) = (file("/institution/transport_cert")?, file("/institution/transport_key")?);
        let certificate = ClientCertificate { chain_pem: &chain, key_pem: &key };
        let caller = Caller::new(&trust, Some(certificate)).map_err(|fault| fault.to_string())?;
        Ok(Self { described, caller })
    }

    /// The faults that are in force afterwards.
    async fn call(&self, server: Server, method: Method, body: &Value) -> Result<Vec<Value>, String> {
        let address = self.described.pointer(server.address()).and_then(Value::as_str).unwrap_or_default();
        let call = Call::json(method, format!("{address}/sandbox/faults"), body);
        let reply = self.caller.send(call).await.map_err(|fault| format!("{}: {fault}", server.name()))?;
        let mut said = reply.json();
        match said["faults"].take() {
            Value::Array(faults) => Ok(faults),
            _ => Err(format!("{}: {} {said}", server.name(), reply.status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        faults: Faults,
    }

    fn ordered(words: &str) -> Value {
        let line = Line::try_parse_from(words.split(' ')).unwrap_or_else(|fault| panic!("{fault}"));
        match line.faults {
            Faults::Order(order) => order.json(),
            _ => panic!("{words} is no order"),
        }
    }

    #[test]
    fn an_order_is_what_the_servers_read() {
        for (words, order) in [
            ("faults order sqs throttle", json!({ "kind": "throttle", "path": "", "service": "sqs" })),
            (
                "faults order dynamodb lose-reply --path /TransactWriteItems/ --times 1",
                json!({ "kind": "lose_reply", "path": "/TransactWriteItems/", "times": 1, "service": "dynamodb" }),
            ),
            (
                "faults order secretsmanager delay --milliseconds 200",
                json!({ "kind": "delay", "milliseconds": 200, "path": "", "service": "secretsmanager" }),
            ),
            (
                "faults order bank-core hang --method POST",
                json!({ "kind": "hang", "path": "", "method": "POST" }),
            ),
            (
                "faults order payment-core lose-reply --path /payments --times 1",
                json!({ "kind": "lose_reply", "path": "/payments", "times": 1 }),
            ),
            (
                "faults order directory status --status 500",
                json!({ "kind": "status", "status": 500, "path": "" }),
            ),
        ] {
            assert_eq!(ordered(words), order, "{words}");
        }
    }

    #[test]
    fn every_server_is_named_once_and_asked_once() {
        for server in Server::value_variants() {
            let possible = server.to_possible_value().map(|value| value.get_name().to_owned());
            assert_eq!(possible.as_deref(), Some(server.name()));
            let asked = Server::EACH.iter().filter(|one| one.address() == server.address()).count();
            assert_eq!(asked, 1, "{}", server.name());
        }
    }
}
