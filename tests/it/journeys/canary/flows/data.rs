//! Data, renewal, and an integration layer that fails and names the customer in its error.

use ponte_bank::app::App;
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_participant::{DataRequest, Tokens};
use serde_json::{Value, json};

use super::{ANA, BAKERY, BRUNO, CONSENTS, Flows, company, person, written};
use crate::journeys::steps::{ACCOUNTS, device};

impl Flows<'_> {
    pub(super) async fn read(
        &mut self,
        path: &str,
        (consent, tokens): (&str, &Tokens),
        wanted: &[u16],
    ) -> Value {
        let token = tokens.access.as_str();
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        let reply = self.world.receiver.get(&asked).await;
        self.replied(path, reply, wanted)
    }

    /// Data, renewal with everything wrong, history, revocation, and tokens that are worth nothing then.
    pub(in super::super) async fn data_and_renewal(&mut self) {
        for customer in [0, 2] {
            let (consent, tokens) = self.shared(customer).await;
            let customer = &CUSTOMERS[customer];
            let of = (consent.as_str(), &tokens);
            let listed = self.read(ACCOUNTS, of, &[200]).await;
            let account = listed["data"][0]["accountId"].as_str().expect("an account").to_owned();
            for (status, path) in [
                (200, format!("{ACCOUNTS}/{account}")),
                (200, format!("{ACCOUNTS}/{account}/balances")),
                (200, format!("{ACCOUNTS}/{account}/transactions")),
                (403, format!("{ACCOUNTS}/{account}/overdraft-limits")),
                (404, format!("{ACCOUNTS}/{}", customer.cpf)),
                (422, format!("{ACCOUNTS}?accountType={}", customer.cpf)),
                (
                    422,
                    format!(
                        "{ACCOUNTS}/{account}/transactions?fromBookingDate={0}&toBookingDate={0}",
                        customer.cpf
                    ),
                ),
            ] {
                self.read(&path, of, &[status, 400]).await;
            }
            let reply = self.world.receiver.userinfo(&tokens.access).await;
            self.replied("userinfo", reply, &[200]);
            let reply = self.world.receiver.introspect(&tokens.access).await;
            self.replied("introspect", reply, &[200]);
            self.renewed(of, customer).await;
            let reply = self.world.receiver.delete_consent(&self.own, &consent).await;
            self.replied("DELETE", reply, &[204]);
            self.read(ACCOUNTS, of, &[401]).await;
            let refresh = tokens.refresh.clone().expect("a refresh token");
            let reply = self.world.receiver.refresh(&refresh, &consent).await;
            self.replied("refresh", reply, &[400]);
        }
    }

    pub(super) async fn renewed(&mut self, (consent, tokens): (&str, &Tokens), customer: &Customer) {
        let path = format!("{CONSENTS}/{consent}/extends");
        let mut data = json!({ "loggedUser": person(customer.cpf) });
        if let Some(cnpj) = customer.cnpj {
            data["businessEntity"] = company(cnpj);
        }
        let with = |place: &str, value: Value| {
            let mut data = data.clone();
            data[place] = value;
            json!({ "data": data }).to_string()
        };
        let wrong_company =
            company(if customer.cnpj.is_some() { "11444777000161" } else { "11222333000181" });
        for (wanted, body) in [
            (&[422][..], with("expirationDateTime", json!("2020-01-01T00:00:00Z"))),
            (&[403, 422], with("businessEntity", wrong_company)),
            (&[201, 403, 422], with("loggedUser", person(BRUNO.cpf))),
            (&[400], with("loggedUser", person(&written(customer.cpf)))),
            (&[201, 422], with(customer.cpf, json!(customer.name))),
            (&[201, 422], with("loggedUser", person(customer.cpf))),
        ] {
            self.raw(("POST", &path), &tokens.access.clone(), &body, wanted).await;
        }
        self.raw(("POST", &path), &self.own.clone(), &with("loggedUser", person(customer.cpf)), &[403]).await;
        let history = format!("{CONSENTS}/{consent}/extensions");
        self.raw(("GET", &history), &self.own.clone(), "", &[200]).await;
        self.raw(("GET", &format!("{history}?page=9&cpf={}", customer.cpf)), &self.own.clone(), "", &[422])
            .await;
    }

    /// The integration layer fails, and says of whom it was asked.
    pub(in super::super) async fn institution_that_fails(&mut self) {
        let (consent, tokens) = self.shared(0).await;
        let said = format!("{} {} {}", ANA.name, ANA.cpf, BAKERY.cnpj.unwrap_or_default());
        let wrong_types = [
            json!({ "data": said }).to_string(),
            json!({ "data": { "cpf": said, "name": ANA.name, "resources": said } }).to_string(),
            json!({ "data": [{ said.clone(): said, "brandName": said }], "meta": said }).to_string(),
            json!({ "data": { "resources": [{ "resourceLegacyId": said, "authorizers": [{ "cpf": said }] }] } }).to_string(),
            said.clone(),
        ];
        let errors = json!({ "errors": [{ "code": said, "title": said, "detail": said }] }).to_string();
        let mut faults: Vec<Value> =
            wrong_types.iter().map(|body| json!({ "kind": "body", "body": body })).collect();
        faults.extend(
            [401, 422, 500].map(|status| json!({ "kind": "status", "status": status, "body": errors })),
        );
        faults.push(json!({ "kind": "close" }));
        for fault in faults {
            // Unlike a real one this server answers nothing else until it is cleared.
            self.fault("/bank_core", &fault).await;
            let any = [200, 401, 403, 404, 422, 500, 502, 503, 504];
            self.read(ACCOUNTS, (&consent, &tokens), &any).await;
            let (_, interaction) = self.interaction(ANA).await;
            self.login(&interaction, 0, &any).await;
            self.clear("/bank_core").await;
            // Who it is, is known; what she has, is not.
            let mut discovery = fault.clone();
            discovery["path"] = json!("/accounts/account-discovery");
            self.fault("/bank_core", &discovery).await;
            let (_, interaction) = self.interaction(ANA).await;
            self.login(&interaction, 0, &any).await;
            let (_, interaction) = self.interaction(ANA).await;
            let jti = self.jti(&interaction).await;
            let jwt = self.app.signed(&App::claims(ANA, &jti));
            let reply = self.app.authenticate(&interaction.interaction, &jwt, &device()).await;
            self.replied("authentication", reply, &any);
            self.clear("/bank_core").await;
        }
    }
}
