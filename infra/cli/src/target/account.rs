//! A stack of an AWS account, found by the outputs of its CloudFormation stack and called with the credentials that the AWS
//! command line uses as well: variables, profiles, single sign-on, a process, a role.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use ponte_cloud::aws::https;
use ponte_local::template::STACK;
use serde_json::Value;
use url::form_urlencoded;

use super::outputs::{fault_in, is_about, outputs_in, place_in, user_in};
use super::signed::{Answer, Caller};
use crate::console;

/// A stack of an account.
pub(crate) struct Account {
    config: SdkConfig,
    caller: Caller,
    stack: String,
    outputs: BTreeMap<String, String>,
}

impl Account {
    /// The stack called `name`, with the credentials of this session.
    pub(super) async fn of(name: &str) -> Result<Self, String> {
        let config = aws_config::defaults(BehaviorVersion::latest()).http_client(https()).load().await;
        Self::by(config, name).await
    }

    /// The stack on this machine that `endpoints.json` describes, as if it were one of an account.
    pub(super) async fn on_this_machine(described: &Value) -> Result<Self, String> {
        let text = |name: &str| {
            let text = described["aws"][name].as_str().map(str::to_owned);
            text.ok_or_else(|| format!("endpoints.json has no aws.{name}"))
        };
        let (id, secret) = (text("access_key_id")?, text("secret_access_key")?);
        let credentials = Credentials::new(id, secret, None, None, "endpoints.json");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(text("region")?))
            .endpoint_url(text("endpoint_url")?)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(https())
            .build();
        Self::by(config, STACK).await
    }

    async fn by(config: SdkConfig, name: &str) -> Result<Self, String> {
        let caller = Caller::of(&config)?;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("Action", "DescribeStacks"), ("Version", "2010-05-15"), ("StackName", name)])
            .finish();
        let kind = "application/x-www-form-urlencoded";
        let answer = caller.post("cloudformation", "/", kind, form.into_bytes()).await?;
        if answer.status != 200 {
            let fault = fault_in(&answer.body).unwrap_or_else(|| format!("status {}", answer.status));
            return Err(format!("stack {name}: {fault}"));
        }
        if !is_about(&answer.body, name) {
            return Err(format!("stack {name}: CloudFormation answered about another one, or about several"));
        }
        if let Some((region, account)) = place_in(&answer.body) {
            console::say_aside(&format!("stack {name} of account {account} in {region}"));
        }
        let outputs = outputs_in(&answer.body);
        Ok(Self { config, caller, stack: name.to_owned(), outputs })
    }

    /// Invokes a function and waits for its answer.
    pub(super) async fn invoke(&self, function: &str, event: Vec<u8>) -> Result<Value, String> {
        let path = format!("/2015-03-31/functions/{}/invocations", self.output(function, "FunctionName")?);
        let Answer { status, failed, body } =
            self.caller.post("lambda", &path, "application/json", event).await?;
        let value: Value = serde_json::from_str(&body).unwrap_or(Value::String(body));
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        match (status, failed) {
            (200, false) => Ok(value),
            (200, true) => Err(format!("{}: {}", text("errorType"), text("errorMessage"))),
            _ => Err(format!("Lambda answered {status}: {}{}", text("Message"), text("message"))),
        }
    }

    /// Sends a message to the operator queue of a function, which names whose it is: a dead letter that somebody else moves
    /// back shows by that.
    pub(super) async fn send(&self, function: &str, message: &str) -> Result<(), String> {
        let mut message: Value = serde_json::from_str(message).map_err(|error| error.to_string())?;
        message["sender"] = self.principal().await?.into();
        let message = message.to_string();
        let url = self.output(function, "OperatorQueueUrl")?;
        let queues = aws_sdk_sqs::Client::new(&self.config);
        let sent = queues.send_message().queue_url(url).message_body(message).send().await;
        sent.map(drop).map_err(|error| format!("queue of {function}: {}", error.into_service_error()))
    }

    /// The principal of the credentials, as SQS names a sender.
    async fn principal(&self) -> Result<String, String> {
        let form = "Action=GetCallerIdentity&Version=2011-06-15".as_bytes().to_vec();
        let answer = self.caller.post("sts", "/", "application/x-www-form-urlencoded", form).await?;
        user_in(&answer.body).filter(|_| answer.status == 200).ok_or_else(|| {
            let fault = fault_in(&answer.body).unwrap_or_else(|| format!("status {}", answer.status));
            format!("who sends it: {fault}")
        })
    }

    /// An output about a function, `OauthFunctionName`.
    fn output(&self, function: &str, what: &str) -> Result<&str, String> {
        let mut letters = function.chars();
        let first: String = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().collect();
        let name = format!("{first}{}{what}", letters.as_str());
        let found = self.outputs.get(&name).map(String::as_str);
        found.ok_or_else(|| {
            format!("stack {} has no output {name}: deploy this release of its template", self.stack)
        })
    }
}
