//! CloudFormation, Lambda and STS as far as `ponte --stack` calls them: the outputs of the stack, the invocation of a function, and
//! who calls.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::pin::Pin;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use serde_json::json;
use url::form_urlencoded;

use super::senders;
use crate::serve;
use crate::template::ACCOUNT;

/// Largest event, 6 MB as Lambda accepts.
const MAX_EVENT: usize = 6 * 1024 * 1024;

/// An invocation under way.
pub type Invoking = Pin<Box<dyn Future<Output = Invoked> + Send>>;

/// Invokes the function of a name; `None` if there is none.
type Invoke = dyn Fn(&str, Bytes) -> Option<Invoking> + Send + Sync;

/// The stack that stands on the services.
pub struct Deployed {
    /// Its name.
    pub stack: &'static str,
    /// Its outputs by name.
    pub outputs: BTreeMap<String, String>,
    /// Invokes the function of this name; `None` if there is none.
    pub invoke: Box<Invoke>,
}

/// How an invocation ended.
pub enum Invoked {
    /// The function answered.
    Answered(Bytes),
    /// It failed.
    Failed {
        /// `errorType`.
        kind: String,
        /// `errorMessage`.
        message: String,
    },
}

/// Answers a call that names no target in its header.
pub(super) async fn answer(deployed: Option<&Deployed>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let function =
        path.strip_prefix("/2015-03-31/functions/").and_then(|rest| rest.strip_suffix("/invocations"));
    match (request.method(), function) {
        (&Method::POST, Some(name)) => invoke(deployed, name, request).await,
        (&Method::POST, None) if path == "/" => by_form(deployed, request).await,
        _ => refusal(StatusCode::BAD_REQUEST, "UnknownOperationException", "no call of a local service"),
    }
}

/// `Invoke` of Lambda, for its answer.
async fn invoke(
    deployed: Option<&Deployed>,
    name: &str,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let Ok(event) = Limited::new(request.into_body(), MAX_EVENT).collect().await else {
        let large = "an event has at most 6 MB";
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", large);
    };
    let event = event.to_bytes();
    if serde_json::from_slice::<serde::de::IgnoredAny>(&event).is_err() {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequestContentException", "the event is not JSON");
    }
    let name = &function_name(name);
    let Some(invoking) = deployed.and_then(|deployed| (deployed.invoke)(name, event)) else {
        let unknown = format!("Function not found: {name}");
        return refusal(StatusCode::NOT_FOUND, "ResourceNotFoundException", &unknown);
    };
    match invoking.await {
        Invoked::Answered(body) => serve::json(StatusCode::OK, body),
        Invoked::Failed { kind, message } => {
            let body = json!({ "errorType": kind, "errorMessage": message }).to_string();
            let mut response = serve::json(StatusCode::OK, body);
            response.headers_mut().insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
            response
        }
    }
}

/// The name of a function as it stands in a path: itself, or in its ARN, whose colons are escaped.
fn function_name(named: &str) -> String {
    let named = named.replace("%3A", ":").replace("%3a", ":");
    match named.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "lambda", _, _, "function", name, ..] => name.to_owned(),
        _ => named.clone(),
    }
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response<Full<Bytes>> {
    let mut response = serve::json(status, json!({ "Type": "User", "Message": message }).to_string());
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert("x-amzn-errortype", kind);
    }
    response
}

/// `DescribeStacks` of CloudFormation and `GetCallerIdentity` of STS.
async fn by_form(deployed: Option<&Deployed>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let caller = senders::access_key(request.headers());
    let body = Limited::new(request.into_body(), MAX_EVENT).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let form: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let member = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    match (member("Action"), caller) {
        ("DescribeStacks", _) => {}
        ("GetCallerIdentity", Some(caller)) => return xml(StatusCode::OK, &identity(&caller)),
        _ => return xml(StatusCode::BAD_REQUEST, &error("InvalidAction", "no action that is answered here")),
    }
    let Some(deployed) = deployed.filter(|deployed| deployed.stack == member("StackName")) else {
        let text = format!("Stack with id {} does not exist", member("StackName"));
        return xml(StatusCode::BAD_REQUEST, &error("ValidationError", &text));
    };
    xml(StatusCode::OK, &description(deployed))
}

fn description(deployed: &Deployed) -> String {
    let mut outputs = String::new();
    for (key, value) in &deployed.outputs {
        // Writing into a text does not fail.
        let _ = write!(
            outputs,
            "<member><OutputKey>{}</OutputKey><OutputValue>{}</OutputValue></member>",
            escaped(key),
            escaped(value)
        );
    }
    format!(
        "<DescribeStacksResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <DescribeStacksResult><Stacks><member><StackName>{}</StackName>\
         <StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{outputs}</Outputs></member></Stacks>\
         </DescribeStacksResult></DescribeStacksResponse>",
        escaped(deployed.stack)
    )
}

/// Whoever signed the call is the sender of a message here by the same name.
fn identity(caller: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <UserId>{}</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        escaped(caller)
    )
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{}</Message></Error></ErrorResponse>",
        escaped(message)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xml(status: StatusCode, body: &str) -> Response<Full<Bytes>> {
    let mut response = serve::json(status, body.to_owned());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}
