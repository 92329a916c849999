//! The institution's own systems on the management host, and the operator commands that issue and revoke their keys.

use http::Method;
use ponte_bank::system::{self, Headers};
use ponte_web::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use serde_json::{Value, json};

use super::steps::want;
use crate::stack::Stack;

pub(super) const MANAGED: &str = "/open-banking/oob-consents";
pub(super) const LIST: &str = "/open-banking/oob-consents/v1/consents";

/// A system of the institution whose calls are answered.
pub(super) struct System(pub(super) system::System);

/// Text of a file that `endpoints.json` names.
pub(super) fn file(stack: &Stack, pointer: &str) -> String {
    let path = stack.text(pointer);
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// A caller with the client certificate of these files.
pub(super) fn certified(stack: &Stack, (chain, key): (&str, &str)) -> Caller {
    let (chain, key) = (file(stack, chain), file(stack, key));
    let certificate = ClientCertificate { chain_pem: &chain, key_pem: &key };
    Caller::new(&file(stack, "/ca_file"), Some(certificate)).expect("a client is set up")
}

fn answered(reply: Result<Reply, NoAnswer>) -> Reply {
    reply.unwrap_or_else(|fault| panic!("the management host does not answer: {fault}"))
}

impl System {
    /// `backoffice` or `app`.
    pub(super) fn named(stack: &Stack, name: &str) -> Self {
        Self(system::System::of(stack.endpoints(), name).expect("the system is set up"))
    }

    /// The same system with another key.
    pub(super) fn with_key(&self, key: &str) -> Self {
        Self(self.0.with_key(key))
    }

    /// `path` may be a whole URL out of `links`.
    pub(super) async fn get(&self, path: &str, headers: Headers<'_>) -> Reply {
        answered(self.0.call(Method::GET, path, headers, None).await)
    }

    pub(super) async fn revoke(&self, consent: &str, headers: Headers<'_>, revocation: &Value) -> Reply {
        answered(self.0.revoke(consent, headers, revocation).await)
    }

    /// The back office's word on what waits for approvers.
    pub(super) async fn settle(&self, consent: &str, data: &Value) -> Reply {
        answered(self.0.settle(consent, data).await)
    }

    pub(super) async fn notify(&self, data: &Value) -> Reply {
        answered(self.0.notify(data).await)
    }

    /// A consent in detail.
    pub(super) async fn detail(&self, consent: &str) -> Value {
        want(200, "detail", answered(self.0.detail(consent, &[]).await)).json()["data"].take()
    }
}

/// An operator command of the authorization server, as somebody with a reason orders it.
pub(super) async fn operate(stack: &Stack, plain: &Caller, command: &Value) -> Value {
    let mut command = command.clone();
    command["by"] = json!({ "name": "operador", "reason": "a journey" });
    let call = Call::post_json(format!("{}/invoke/oauth", stack.text("/control")), &command);
    let reply = want(200, "operator", plain.send(call).await.expect("the control port answers"));
    reply.json()["answer"].take()
}

/// A new key of a caller: its id and its text.
pub(super) async fn issue(stack: &Stack, plain: &Caller, caller: &str, scopes: &[&str]) -> (String, String) {
    let command = json!({ "operator": "api-key.issue", "caller": caller, "scopes": scopes });
    let issued = operate(stack, plain, &command).await;
    let text = |name: &str| {
        let text = issued[name].as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("an issued key has its {name}"))
    };
    (text("id"), text("key"))
}
