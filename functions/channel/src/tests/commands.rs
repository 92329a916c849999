//! The command loop of apps and web pages (product contract, section 1.3; S20, C03, C05, C06, M40).

pub(super) mod bank_key;
mod loops;
mod signature;

use ponte_data_consent::consent::{EffectiveStatus, RejectionReason};
use serde_json::{Value, json};

use super::world::{ANA, INTERACTION, Reply, World, asked, device};
use crate::ChannelKeys;
use bank_key::{JWKS_URI, call_claims, claims, published, signed, signed_as};
use ponte_fapi::jws::TokenType;
use ponte_fapi::secret;
use ponte_ports::Ids as _;

pub(super) fn world() -> World {
    World::with_commands(None, ChannelKeys::new(published(), JWKS_URI.to_owned()))
}

/// The same where no proof is required.
pub(super) fn without_proof() -> World {
    World::without_proof(ChannelKeys::new(published(), JWKS_URI.to_owned()))
}

impl World {
    /// The command that is due.
    pub(super) async fn command(&self) -> Reply {
        self.by_customer("GET", &format!("/auth/app/commands/{INTERACTION}"), None).await
    }

    /// A result of the app.
    pub(super) async fn result(&self, part: &str, body: &Value) -> Reply {
        let path = format!("/auth/app/commands/{INTERACTION}/{part}");
        self.by_customer("PUT", &path, Some(body.clone())).await
    }

    /// A call that the institution's back end signs, good for one use, and nothing else that proves anything.
    pub(super) async fn signed(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.signed_with((method, path), body, json!({})).await
    }

    /// The same with these headers besides.
    pub(super) async fn signed_with(
        &self,
        (method, path): (&str, &str),
        body: Option<&Value>,
        mut headers: Value,
    ) -> Reply {
        let body = body.map(Value::to_string);
        let jti = self.clock.uuid();
        let claims = call_claims(self.now(), &jti, (method, path), body.as_deref().unwrap_or_default());
        headers["content-type"] = json!("application/json");
        headers["x-channel-signature"] = json!(signed_as("app-1", TokenType::SignedCall, &claims));
        self.send(method, path, headers, body).await
    }

    /// What the back end signs of this person, and perhaps for this company.
    pub(super) fn jwt(&self, cpf: &str, cnpj: Option<&str>) -> String {
        let mut claims = claims(self.now(), &jti(self), cpf);
        if let Some(cnpj) = cnpj {
            claims["cnpj"] = json!(cnpj);
        }
        signed(&claims)
    }

    /// The back end says that it was this person, and perhaps for this company.
    pub(super) async fn authenticated(&self, cpf: &str, cnpj: Option<&str>) -> Reply {
        let jwt = self.jwt(cpf, cnpj);
        self.result("authentication", &json!({"jwt": jwt, "device": device()})).await
    }

    pub(super) fn reason(&self, id: &str) -> RejectionReason {
        match self.stored(id).at(self.now()) {
            EffectiveStatus::Rejected(rejection) => rejection.reason,
            _ => panic!("not rejected"),
        }
    }
}

/// The `jti` that an authentication must carry, of which the command before a login tells.
pub(super) fn jti(world: &World) -> String {
    jti_of(world, INTERACTION)
}

/// The same for another id of the interaction.
pub(super) fn jti_of(world: &World, id: &str) -> String {
    secret::hash(&format!("authentication:{id}:{}", world.interaction().started_at.millis()))
}

/// Name of the command, and of the error if it is one.
pub(super) fn named(reply: &Reply) -> (&str, &str) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let error = reply.body["errorCommand"]["type"].as_str().unwrap_or("");
    (reply.body["command"].as_str().unwrap(), error)
}

/// Where the browser is sent, if the loop ended.
fn way_back(reply: &Reply) -> Option<&str> {
    let part = reply.body.get("completedCommand").or_else(|| reply.body.get("errorCommand"))?;
    let redirect = part.get("redirect")?;
    assert_eq!(redirect["isHandOff"], false);
    redirect["redirectTo"].as_str()
}

async fn logged_in() -> (World, String) {
    let world = world();
    let id = world.begin(&asked()).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    (world, id)
}
