//! The regulatory API of consents, with everything wrong that can be.

use serde_json::{Value, json};

use super::{ANA, BAKERY, CONSENTS, Flows, company, person, written};
use crate::journeys::callers::Host;
use crate::journeys::steps::World;

impl Flows<'_> {
    /// POST, GET and DELETE of consents with everything wrong that can be.
    pub(in super::super) async fn regulatory(&mut self) {
        let own = self.own.clone();
        let (cpf, cnpj) = (ANA.cpf, BAKERY.cnpj.unwrap_or_default());
        let permissions = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"]);
        let with = |place: &str, value: Value| {
            let mut data = json!({ "loggedUser": person(cpf), "permissions": permissions });
            data[place] = value;
            json!({ "data": data }).to_string()
        };
        let business = json!(["CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ", "RESOURCES_READ"]);
        let personal = json!(["CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ", "RESOURCES_READ"]);
        let mixed = json!([personal[0], business[0], "RESOURCES_READ"]);
        let for_company = json!({ "data": {
            "loggedUser": person(cpf), "businessEntity": company(cnpj), "permissions": personal,
        } });
        for (status, body) in [
            (
                400,
                with(
                    "loggedUser",
                    json!({ "document": { "identification": 76_109_277_673_u64, "rel": "CPF" } }),
                ),
            ),
            (400, with("loggedUser", person(&written(cpf)))),
            (400, with("loggedUser", json!({ "document": { "identification": cpf, "rel": ANA.name } }))),
            (400, with("businessEntity", company(cpf))),
            (201, with(cpf, json!(1))),
            (400, with("permissions", json!([ANA.name, cpf]))),
            (400, with("expirationDateTime", json!(cpf))),
            (400, with("isLinked", json!(ANA.name))),
            (400, format!(r#"{{"data":{{"loggedUser":"{} {cpf}""#, ANA.name)),
            (400, json!(format!("{} {cpf}", ANA.name)).to_string()),
            (422, with("permissions", json!(["ACCOUNTS_READ", "RESOURCES_READ"]))),
            (422, with("permissions", business)),
            (422, with("permissions", mixed)),
            (422, with("expirationDateTime", json!("2020-01-01T00:00:00Z"))),
            (422, with("isLinked", json!(true))),
            (422, for_company.to_string()),
        ] {
            self.raw(("POST", CONSENTS), &own, &body, &[status]).await;
        }
        let consent = self.world.create_consent(&own).await;
        let second = World::around_client(self.stack, 1).await;
        let other = second.client_token().await;
        let reply = second.receiver.read_consent(&other, &consent).await;
        self.replied("another client's GET", reply, &[403]);
        let unknown = format!("{CONSENTS}/urn:bancoexemplo:{cpf}");
        for (status, path) in [
            (404, unknown.as_str()),
            (404, &format!("{CONSENTS}/{cpf}")),
            (404, &format!("/open-banking/consents/v3/{cpf}?name={}", ANA.name.replace(' ', "+"))),
            (200, &format!("{CONSENTS}/{consent}?cpf={cpf}")),
            (405, &format!("{CONSENTS}/{consent}/extends?cpf={cpf}")),
        ] {
            self.raw(("GET", path), &own, "", &[status]).await;
        }
        for token in [cpf, "", &format!("{own}{cpf}")] {
            self.raw(("GET", CONSENTS), token, "", &[401, 405]).await;
            self.raw(("GET", &format!("{CONSENTS}/{consent}")), token, "", &[401]).await;
        }
        let bearer = format!("Bearer {own}");
        let headers = [("authorization", bearer.as_str()), ("x-fapi-interaction-id", cpf)];
        let got = self.callers.call(Host::Mtls, ("GET", CONSENTS), &headers, Vec::new()).await;
        self.heard("interaction id", (got.status, got.body.into_bytes()), &[400, 405]);
        for (status, times) in [(204, 1), (422, 2)] {
            let reply = self.world.receiver.delete_consent(&own, &consent).await;
            self.replied(&format!("DELETE {times}"), reply, &[status]);
        }
        // A company's consent, and the person's that expires.
        self.world.create_consent_of(&own, BAKERY).await;
    }
}
