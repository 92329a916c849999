//! The command loop of apps and web pages (product contract, section 1.3; S20, C03, C05, C06, M40).

mod bank_key;
mod loops;
mod signature;

use ponte_data_consent::consent::{EffectiveStatus, RejectionReason};
use serde_json::{Value, json};

use super::world::{ANA, INTERACTION, Reply, World, asked, device};
use crate::ChannelKeys;
use bank_key::{JWKS_URI, claims, published, signed};

pub(super) fn world() -> World {
    World::with_commands(None, ChannelKeys::new(published(), JWKS_URI.to_owned()))
}

impl World {
    /// The command that is due.
    pub(super) async fn command(&self) -> Reply {
        self.send("GET", &format!("/auth/app/commands/{INTERACTION}"), json!({}), None).await
    }

    /// A result of the app.
    pub(super) async fn result(&self, part: &str, body: &Value) -> Reply {
        let path = format!("/auth/app/commands/{INTERACTION}/{part}");
        self.send("PUT", &path, json!({"content-type": "application/json"}), Some(body.to_string())).await
    }

    /// The `jti` the next authentication must carry.
    async fn jti(&self) -> String {
        self.command().await.body["authenticateCommand"]["jti"].as_str().unwrap().to_owned()
    }

    /// What the back end signs of this person, and perhaps for this company.
    pub(super) async fn jwt(&self, cpf: &str, cnpj: Option<&str>) -> String {
        let mut claims = claims(self.now(), &self.jti().await, cpf);
        if let Some(cnpj) = cnpj {
            claims["cnpj"] = json!(cnpj);
        }
        signed(&claims)
    }

    /// The back end says that it was this person, and perhaps for this company.
    pub(super) async fn authenticated(&self, cpf: &str, cnpj: Option<&str>) -> Reply {
        let jwt = self.jwt(cpf, cnpj).await;
        self.result("authentication", &json!({"jwt": jwt, "device": device()})).await
    }

    pub(super) fn reason(&self, id: &str) -> RejectionReason {
        match self.stored(id).at(self.now()) {
            EffectiveStatus::Rejected(rejection) => rejection.reason,
            _ => panic!("not rejected"),
        }
    }
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
