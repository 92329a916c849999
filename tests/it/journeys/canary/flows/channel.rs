//! The two styles of channel: the interaction API and the command loop.

use ponte_bank::app::App;
use ponte_bank::channel::Decision;
use serde_json::{Value, json};

use super::{ANA, BAKERY, BRUNO, Flows, naming, written};
use crate::journeys::callers::Host;
use crate::journeys::steps::{OpenInteraction, device};

impl Flows<'_> {
    pub(super) async fn login(
        &mut self,
        interaction: &OpenInteraction,
        customer: usize,
        wanted: &[u16],
    ) -> Value {
        let token = self.world.channel_token(customer).to_owned();
        let reply = self.world.channel.login(&interaction.interaction, &token, &device()).await;
        self.replied("login", reply, wanted)
    }

    /// The interaction API: the wrong person, a token that is none, a no, senseless bodies.
    pub(in super::super) async fn channel(&mut self) {
        let (_, interaction) = self.interaction(ANA).await;
        let (channel, id) = (self.world.channel.clone(), interaction.interaction.clone());
        let none = format!("{} {}", ANA.name, ANA.cpf);
        self.replied("a token that is none", channel.login(&id, &none, &device()).await, &[400, 401, 422]);
        self.replied(
            "a yes before the login",
            channel.consent(&id, &Decision::default(), &device()).await,
            &[409],
        );
        let name = self.stack.text("/channel/client_name").to_owned();
        for (step, body) in
            [("login", naming("accessToken")), ("consent", naming(ANA.cpf)), ("cancel", naming("device"))]
        {
            let path = format!("/api/{name}/consents/v1/interactions/{id}/{step}");
            let json = [("content-type", "application/json")];
            let body = body.to_string().into_bytes();
            let got = self.callers.call(Host::Public, ("POST", &path), &json, body).await;
            // A login needs no device, so that this one fails by its token.
            self.heard(step, (got.status, got.body.into_bytes()), &[if step == "login" { 401 } else { 400 }]);
        }
        let unknown = format!("/api/{name}/consents/v1/interactions/{}", ANA.cpf);
        let got = self.callers.call(Host::Public, ("GET", &unknown), &[], Vec::new()).await;
        self.heard("an unknown interaction", (got.status, got.body.into_bytes()), &[404]);
        self.login(&interaction, 1, &[200, 403]).await;
        let (_, interaction) = self.interaction(ANA).await;
        self.login(&interaction, 0, &[200]).await;
        let nothing = Decision { resources: Some(vec![ANA.cpf.to_owned()]), ..Decision::default() };
        let reply = self.world.channel.consent(&interaction.interaction, &nothing, &device()).await;
        self.replied("a product that is none", reply, &[400, 422]);
        let reply = self.world.channel.cancel(&interaction.interaction, &device()).await;
        self.replied("a no", reply, &[200]);
    }

    /// The command loop with its JWT: right, for another, spoilt; a no.
    pub(in super::super) async fn command_loop(&mut self) {
        for (customer, expected) in [(ANA, "consent"), (BRUNO, "error"), (BAKERY, "error")] {
            let (_, interaction) = self.interaction(ANA).await;
            let jti = self.jti(&interaction).await;
            let good = App::claims(customer, &jti);
            let mut spoilt = good.clone();
            spoilt["cpf"] = json!(written(customer.cpf));
            spoilt["acr"] = json!(customer.name);
            let late = {
                let mut claims = good.clone();
                (claims["iat"], claims["exp"]) = (json!(1), json!(customer.name));
                claims
            };
            for claims in [&spoilt, &late] {
                let reply = self
                    .app
                    .authenticate(&interaction.interaction, &self.app.signed(claims), &device())
                    .await;
                self.replied("a spoilt JWT", reply, &[401]);
            }
            for jwt in [customer.cpf, &format!("{}.AAAA", self.app.signed(&good))] {
                let reply = self.app.authenticate(&interaction.interaction, jwt, &device()).await;
                self.replied("no JWT", reply, &[401]);
            }
            for body in [naming("jwt"), naming(customer.cpf), naming("device")] {
                let reply = self.app.result(&interaction.interaction, "authentication", &body).await;
                self.replied("a senseless result", reply, &[400, 401]);
            }
            let reply =
                self.app.authenticate(&interaction.interaction, &self.app.signed(&good), &device()).await;
            let due = self.replied("authentication", reply, &[200]);
            assert_eq!(due["command"], expected, "{due}");
        }
        let (_, interaction) = self.interaction(ANA).await;
        let reply = self.app.refuse(&interaction.interaction, "authentication", &device()).await;
        self.replied("a no", reply, &[200]);
        for id in [ANA.cpf, &ANA.name.replace(' ', "+")] {
            let reply = self.app.command(id).await;
            self.replied("an unknown command", reply, &[404]);
            let reply = self.app.handoff(id).await;
            self.replied("an unknown code", reply, &[404]);
        }
    }

    pub(super) async fn jti(&mut self, interaction: &OpenInteraction) -> String {
        let reply = self.app.command(&interaction.interaction).await;
        let due = self.replied("command", reply, &[200]);
        due["authenticateCommand"]["jti"].as_str().expect("a command has a jti").to_owned()
    }
}
