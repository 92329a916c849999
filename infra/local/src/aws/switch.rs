//! The switch for faults of DynamoDB, SQS and Secrets Manager, before the services: ordered over HTTP, as from the servers of the
//! sandbox world, for a service, an operation, a table, queue or secret.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use ponte_web::faults::{Closed, Effect, Fault, Faults, StatusFault};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::endpoint::{AnyBody, Dispatcher, any_body, failed, fault, forwarded, forwarding};
use crate::serve::{self, Serving};

/// Largest call of DynamoDB, 16 MB of a batch.
const LARGEST: usize = 17 * 1024 * 1024;

/// A service that can fail by order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Service {
    #[default]
    DynamoDb,
    Sqs,
    SecretsManager,
}

/// A fault and the service that it is one of.
#[derive(Serialize, Deserialize)]
struct Order {
    #[serde(default)]
    service: Service,
    #[serde(flatten)]
    fault: Fault,
}

/// What a call is about, in each service's words.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Call {
    table_name: String,
    queue_url: String,
    secret_id: String,
}

/// The services with their faults before them.
pub(super) struct Switch {
    services: Arc<Dispatcher>,
    /// The services without faults, for calls that were read as a whole.
    behind: SocketAddr,
    _behind: Serving,
    forward: Client<HttpConnector, AnyBody>,
    faults: [Faults; Service::ALL.len()],
}

impl Service {
    const ALL: [Self; 3] = [Self::DynamoDb, Self::Sqs, Self::SecretsManager];

    /// By the part of `X-Amz-Target` before the operation.
    fn of(target: &str) -> Option<Self> {
        match target {
            "DynamoDB_20120810" => Some(Self::DynamoDb),
            "AmazonSQS" => Some(Self::Sqs),
            "secretsmanager" => Some(Self::SecretsManager),
            _ => None,
        }
    }

    /// Its words for too many requests.
    fn throttled(self) -> Effect {
        let kind = match self {
            Self::DynamoDb => "com.amazonaws.dynamodb.v20120810#ThrottlingException",
            Self::Sqs => "com.amazonaws.sqs#RequestThrottled",
            Self::SecretsManager => "ThrottlingException",
        };
        let body = serde_json::json!({ "__type": kind, "message": "Rate exceeded" }).to_string();
        Effect::Status { status: 400, body: Some(body), retry_after: None }
    }
}

impl Call {
    /// The name of its table, queue or secret; a call about several of them names none.
    fn resource(&self) -> &str {
        let named =
            [&self.table_name, &self.queue_url, &self.secret_id].into_iter().find(|it| !it.is_empty());
        named.and_then(|named| named.rsplit([':', '/']).next()).unwrap_or_default()
    }
}

impl Switch {
    pub(super) fn before(services: Dispatcher) -> io::Result<Self> {
        let services = Arc::new(services);
        let behind = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        behind.set_nonblocking(true)?;
        let address = behind.local_addr()?;
        let dispatcher = Arc::clone(&services);
        let serving = serve::serve(
            TcpListener::from_std(behind)?,
            service_fn(move |request| {
                let dispatcher = Arc::clone(&dispatcher);
                async move { Ok::<_, Closed>(dispatcher.answer(request).await) }
            }),
        );
        let faults = std::array::from_fn(|_| Faults::default());
        Ok(Self { services, behind: address, _behind: serving, forward: forwarding(), faults })
    }

    pub(super) fn serve(self, listener: TcpListener) -> Serving {
        let switch = Arc::new(self);
        serve::serve(
            listener,
            service_fn(move |request| {
                let switch = Arc::clone(&switch);
                async move { switch.answer(request).await }
            }),
        )
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<AnyBody>, Closed> {
        if request.uri().path() == "/sandbox/faults" {
            return Ok(self.control(request).await);
        }
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let (service, operation) = target.and_then(|target| target.split_once('.')).unwrap_or_default();
        match Service::of(service) {
            Some(service) if !self.of(service).is_empty() => {
                let operation = operation.to_owned();
                self.with_faults(service, &operation, request).await
            }
            _ => Ok(self.services.answer(request).await),
        }
    }

    /// The path of a call, for the faults, is `/<operation>/<table, queue or secret>`.
    async fn with_faults(
        &self,
        service: Service,
        operation: &str,
        request: Request<Incoming>,
    ) -> Result<Response<AnyBody>, Closed> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(|_| Closed)?.to_bytes();
        let call: Call = serde_json::from_slice(&body).unwrap_or_default();
        let path = format!("/{operation}/{}", call.resource());
        let struck = self.of(service).strike(parts.method.as_str(), &path);
        let request = Request::from_parts(parts, any_body(Full::new(body)));
        let answer = async {
            let answer = forwarded(&self.forward, self.behind, request).await;
            answer.unwrap_or_else(|error| failed(&error, operation))
        };
        let Some(effect) = struck else { return Ok(answer.await) };
        let instead = |ordered: StatusFault| {
            serve::json(ordered.status, ordered.body.unwrap_or_default()).map(any_body)
        };
        // A client of AWS reads the body by its own rules, so another one is ordered with a status.
        effect.throttling(|| service.throttled()).apply(answer, instead, |answer, _| answer).await
    }

    /// `GET`, `POST` and `DELETE /sandbox/faults`.
    async fn control(&self, request: Request<Incoming>) -> Response<AnyBody> {
        let (parts, body) = request.into_parts();
        match parts.method {
            Method::GET => {}
            Method::DELETE => self.faults.iter().for_each(Faults::clear),
            Method::POST => {
                let body = Limited::new(body, LARGEST).collect().await.map(Collected::to_bytes);
                match serde_json::from_slice::<Order>(&body.unwrap_or_else(|_| Bytes::new())) {
                    Ok(order) => self.of(order.service).add(order.fault),
                    Err(error) => {
                        return fault(StatusCode::BAD_REQUEST, "ValidationException", &error.to_string());
                    }
                }
            }
            _ => return fault(StatusCode::METHOD_NOT_ALLOWED, "ValidationException", "GET, POST or DELETE"),
        }
        let list = serde_json::json!({ "faults": self.orders() });
        serve::json(StatusCode::OK, list.to_string()).map(any_body)
    }

    fn of(&self, service: Service) -> &Faults {
        let [dynamodb, sqs, secrets] = &self.faults;
        match service {
            Service::DynamoDb => dynamodb,
            Service::Sqs => sqs,
            Service::SecretsManager => secrets,
        }
    }

    fn orders(&self) -> Vec<Order> {
        let of = |service| {
            let faults = self.of(service).list().into_iter();
            faults.map(move |fault| Order { service, fault })
        };
        Service::ALL.into_iter().flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::aws::{Clients, Cloud};
    use crate::control::client;

    struct Scene {
        cloud: Cloud,
        clients: Clients,
        _folder: tempfile::TempDir,
    }

    impl Scene {
        /// A table, a queue and a secret called `a`, and others called `b`.
        async fn set() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let cloud = Cloud::open(listener, folder.path()).unwrap();
            let scene = Self { clients: cloud.clients(), cloud, _folder: folder };
            for name in ["a", "b"] {
                scene.clients.sqs.create_queue().queue_name(name).send().await.unwrap();
                scene.clients.secrets.create_secret().name(name).secret_string(name).send().await.unwrap();
            }
            scene
        }

        fn queue(&self, name: &str) -> String {
            crate::aws::queue_url(self.cloud.endpoint_url(), name)
        }

        async fn order(&self, order: &Value) -> u16 {
            let url = format!("{}/sandbox/faults", self.cloud.endpoint_url());
            client::post(&url, order.to_string()).await.unwrap().status
        }

        async fn left(&self) -> Value {
            let url = format!("{}/sandbox/faults", self.cloud.endpoint_url());
            serde_json::from_str::<Value>(&client::get(&url).await.unwrap().body).unwrap()["faults"].take()
        }

        /// Code of the error at each service, `None` where it answers.
        async fn codes(&self, name: &str) -> [Option<String>; 3] {
            let Clients { dynamodb, sqs, secrets } = &self.clients;
            let tables = dynamodb.list_tables().send().await.map(drop).map_err(|e| code(&e));
            let sent = sqs.send_message().queue_url(self.queue(name)).message_body("m").send().await;
            let secret = secrets.get_secret_value().secret_id(name).send().await;
            [
                tables.err(),
                sent.map(drop).map_err(|error| code(&error)).err(),
                secret.map(drop).map_err(|error| code(&error)).err(),
            ]
        }
    }

    /// The code that an SDK reads out of an answer; `lost` when there was none.
    fn code<E: aws_sdk_sqs::error::ProvideErrorMetadata, R>(
        error: &aws_sdk_sqs::error::SdkError<E, R>,
    ) -> String {
        error.as_service_error().and_then(|error| error.code()).unwrap_or("lost").to_owned()
    }

    #[tokio::test]
    async fn each_service_throttles_in_its_own_words_and_the_others_go_on() {
        let scene = Scene::set().await;
        let words = ["ThrottlingException", "RequestThrottled", "ThrottlingException"];
        for (position, service) in ["dynamodb", "sqs", "secretsmanager"].into_iter().enumerate() {
            assert_eq!(
                scene.order(&json!({ "kind": "throttle", "service": service, "times": 1 })).await,
                200
            );
            let mut wanted = [None, None, None];
            wanted[position] = Some(words[position].to_owned());
            assert_eq!(scene.codes("a").await, wanted, "{service}");
            assert_eq!(scene.codes("a").await, [None, None, None], "{service}: once");
        }
    }

    #[tokio::test]
    async fn an_operation_and_a_resource_are_chosen_by_the_path() {
        let scene = Scene::set().await;
        for (service, path) in [("sqs", "/SendMessage/a"), ("secretsmanager", "/GetSecretValue/a")] {
            assert_eq!(scene.order(&json!({ "kind": "close", "service": service, "path": path })).await, 200);
        }
        let lost = || Some("lost".to_owned());
        assert_eq!(scene.codes("a").await, [None, lost(), lost()]);
        assert_eq!(scene.codes("b").await, [None, None, None]);
        let received = scene.clients.sqs.receive_message().queue_url(scene.queue("a")).send().await.unwrap();
        assert!(received.messages().is_empty(), "a request that was closed has no effect");
        assert_eq!(scene.left().await.as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_lost_reply_has_its_effect() {
        let scene = Scene::set().await;
        for service in ["sqs", "secretsmanager"] {
            scene.order(&json!({ "kind": "lose_reply", "service": service, "times": 1 })).await;
        }
        let put = scene.clients.secrets.put_secret_value().secret_id("a").secret_string("new").send().await;
        assert_eq!(code(&put.unwrap_err()), "lost");
        assert_eq!(scene.codes("a").await[1], Some("lost".to_owned()));
        let received = scene.clients.sqs.receive_message().queue_url(scene.queue("a")).send().await.unwrap();
        assert_eq!(received.messages().len(), 1);
        let read = scene.clients.secrets.get_secret_value().secret_id("a").send().await.unwrap();
        assert_eq!(read.secret_string(), Some("new"));
        assert_eq!(scene.left().await, json!([]));
    }

    #[tokio::test]
    async fn an_order_without_a_service_is_one_for_dynamodb_and_an_unknown_one_is_refused() {
        let scene = Scene::set().await;
        assert_eq!(scene.order(&json!({ "kind": "close", "service": "s3" })).await, 400);
        assert_eq!(scene.order(&json!({ "kind": "close", "path": "/ListTables/" })).await, 200);
        let told = json!([{ "service": "dynamodb", "kind": "close", "path": "/ListTables/" }]);
        assert_eq!(scene.left().await, told);
        assert_eq!(scene.codes("a").await, [Some("lost".to_owned()), None, None]);
    }
}
