//! DynamoDB, SQS and Secrets Manager in this process, behind one loopback endpoint as `AWS_ENDPOINT_URL` wants it; of
//! CloudFormation and Lambda what `ponte --stack` calls.
//!
//! DynamoDB is `dynoxide` on a file, so it survives `kill -9`; SQS and Secrets Manager are `rustack`. Queues live in
//! memory and name the access key of a sender (the outbox sweep refills them), secrets are written to a file after every
//! change. Expired items are not
//! swept: every reader of ours tests the expiry in its condition, as it must on AWS, which sweeps within days.

mod clients;
mod deployed;
mod dynamodb;
mod endpoint;
mod provision;
mod queues;
mod secrets;
mod senders;
mod switch;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use tokio::net::TcpListener;

pub use clients::{ACCESS_KEY_ID, Clients, SECRET_ACCESS_KEY, connect};
pub use deployed::{Deployed, Invoked, Invoking};
pub use provision::{ProvisionError, provision, queue_url};

use crate::serve::Serving;
use dynamodb::DynamoDb;

/// A DynamoDB that forgets everything, without the endpoint in front: the same engine, for races in great number.
pub struct MemoryDynamoDb(DynamoDb);

impl MemoryDynamoDb {
    /// Serves an empty database.
    pub fn serve() -> io::Result<Self> {
        Ok(Self(DynamoDb::serve(dynamodb::in_memory()?)?))
    }

    /// Where it answers.
    #[must_use]
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.0.address())
    }
}

/// The running services.
pub struct Cloud {
    endpoint_url: String,
    deployed: Arc<OnceLock<Deployed>>,
    _serving: Serving,
    _dynamodb: DynamoDb,
}

impl Cloud {
    /// Services on `listener` that keep their state in `directory`. Inside a Tokio runtime, as all of this.
    pub fn open(listener: TcpListener, directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let database = dynamodb::on_file(&directory.join("dynamodb.sqlite"))?;
        let address = listener.local_addr()?;
        let dynamodb = DynamoDb::serve(database)?;
        let deployed = Arc::new(OnceLock::new());
        let endpoint = endpoint::Endpoint {
            deployed: Arc::clone(&deployed),
            dynamodb: dynamodb.address(),
            queues: queues::service(address),
            secrets: secrets::Secrets::open(&directory.join("secrets.json"))?,
        };
        Ok(Self {
            endpoint_url: format!("http://{address}"),
            deployed,
            _serving: switch::Switch::before(endpoint.dispatcher())?.serve(listener),
            _dynamodb: dynamodb,
        })
    }

    /// Where the services answer.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// Makes the stack known that stands on these services; the first one stays.
    pub fn deploy(&self, deployed: Deployed) {
        drop(self.deployed.set(deployed));
    }

    /// SDK clients of the services.
    #[must_use]
    pub fn clients(&self) -> Clients {
        connect(&self.endpoint_url)
    }
}
