//! The control port: a loopback server through which `ponte tick`, `ponte invoke` and `ponte status` reach the stack.

pub mod client;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::aws::{Clients, queue_url};
use crate::events::Scheduler;
use crate::runtime::{Functions, Outcome};
use crate::serve::{self, Serving};
use crate::template::Queue;

/// Largest event, 6 MB as Lambda accepts.
const MAX_EVENT: usize = 6 * 1024 * 1024;

/// Functions, schedules and queues within reach of the control port.
pub struct Control {
    /// Functions by name.
    pub functions: Functions,
    /// Schedules by name.
    pub scheduler: Scheduler,
    /// Queues whose depth is reported.
    pub queues: Vec<Queue>,
    /// Clients of the local cloud.
    pub clients: Clients,
    /// URL of the AWS endpoint.
    pub endpoint_url: String,
}

impl Control {
    /// Answers on `listener` until the returned guard goes.
    pub(crate) fn serve(self, listener: TcpListener) -> Serving {
        let control = Arc::new(self);
        serve::serve(
            listener,
            service_fn(move |request| {
                let control = Arc::clone(&control);
                async move { Ok::<_, Infallible>(control.answer(request).await) }
            }),
        )
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        // A page in a browser must not be able to fire anything.
        if request.headers().contains_key(header::ORIGIN) {
            return answer(StatusCode::FORBIDDEN, &json!({ "fault": "browsers have no business here" }));
        }
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            (Method::GET, ["status"]) => answer(StatusCode::OK, &self.status().await),
            (Method::POST, ["tick", name]) => self.tick(name).await,
            (Method::POST, ["invoke", name]) => self.invoke(name, request.into_body()).await,
            _ => answer(
                StatusCode::NOT_FOUND,
                &json!({ "fault": "GET /status, POST /tick/NAME, POST /invoke/NAME" }),
            ),
        }
    }

    async fn tick(&self, name: &str) -> Response<Full<Bytes>> {
        match self.scheduler.tick(name).await {
            Some(outcome) => outcome_answer(&outcome),
            None => unknown("schedule", name, self.scheduler.names()),
        }
    }

    async fn invoke(&self, name: &str, body: Incoming) -> Response<Full<Bytes>> {
        let Some(function) = self.functions.get(name) else {
            return unknown(
                "function",
                name,
                self.functions.iter().map(|function| function.settings().name.as_str()),
            );
        };
        let Ok(event) = Limited::new(body, MAX_EVENT).collect().await else {
            return answer(StatusCode::PAYLOAD_TOO_LARGE, &json!({ "fault": "an event has at most 6 MB" }));
        };
        let event = event.to_bytes();
        if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&event) {
            return answer(
                StatusCode::BAD_REQUEST,
                &json!({ "fault": format!("the event is not JSON: {error}") }),
            );
        }
        outcome_answer(&function.invoke(event).await)
    }

    async fn status(&self) -> Value {
        let functions: Map<String, Value> = self
            .functions
            .iter()
            .map(|function| (function.settings().name.clone(), json!(function.tally())))
            .collect();
        let mut queues = Map::new();
        for queue in &self.queues {
            queues.insert(queue.id.clone(), self.depth(queue).await);
        }
        json!({ "functions": functions, "schedules": self.scheduler.tallies(), "queues": queues })
    }

    async fn depth(&self, queue: &Queue) -> Value {
        use aws_sdk_sqs::types::QueueAttributeName::{
            ApproximateNumberOfMessages as Waiting, ApproximateNumberOfMessagesNotVisible as InFlight,
        };
        let url = queue_url(&self.endpoint_url, &queue.name);
        let asked = self.clients.sqs.get_queue_attributes().queue_url(url).attribute_names(Waiting);
        match asked.attribute_names(InFlight).send().await {
            Ok(found) => {
                let count = |name| -> Option<u64> { found.attributes()?.get(&name)?.parse().ok() };
                json!({ "waiting": count(Waiting), "in_flight": count(InFlight) })
            }
            Err(error) => json!({ "fault": error.to_string() }),
        }
    }
}

fn unknown<'n>(kind: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Response<Full<Bytes>> {
    let known = known.collect::<Vec<_>>().join(", ");
    answer(
        StatusCode::NOT_FOUND,
        &json!({ "fault": format!("no {kind} is called {name}; there are: {known}") }),
    )
}

/// 200 with the function's answer, 502 with its error, 500 when it did not start.
fn outcome_answer(outcome: &Outcome) -> Response<Full<Bytes>> {
    match outcome {
        Outcome::Answered(body) => {
            let value: Value = serde_json::from_slice(body)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
            answer(StatusCode::OK, &json!({ "answer": value }))
        }
        Outcome::Failed { kind, message } => {
            answer(StatusCode::BAD_GATEWAY, &json!({ "errorType": kind, "errorMessage": message }))
        }
        Outcome::NotStarted(fault) => answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "fault": fault })),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    serve::json(status, body.to_string())
}
