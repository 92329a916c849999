//! Consents and data: the regulatory APIs, as a receiver calls them.

use ponte_machine::clock;
use ponte_values::Moment;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::{Map, Value, json};

use crate::receiver::Receiver;
use crate::report::About;

const CONSENTS: &str = "/open-banking/consents/v3/consents";

/// A consent to ask for.
pub struct NewConsent<'a> {
    /// CPF of the person.
    pub cpf: &'a str,
    /// CNPJ of the company the person acts for.
    pub cnpj: Option<&'a str>,
    /// Permissions, whole groups of them (C21).
    pub permissions: &'a [&'a str],
    /// When it ends; never when absent (C07).
    pub expires: Option<Moment>,
}

/// A read of data.
#[derive(Clone)]
pub struct DataRequest<'a> {
    /// Path and query below the mTLS host, or a whole URL out of `links`.
    pub path: &'a str,
    /// The path with names instead of ids, as it is reported (M13).
    pub template: &'a str,
    /// The access token.
    pub token: &'a str,
    /// The consent it belongs to.
    pub consent: &'a str,
    /// Leave `x-fapi-interaction-id` out, which is a mistake.
    pub without_interaction: bool,
}

impl Receiver {
    /// `POST /consents`.
    pub async fn create_consent(&self, token: &str, asked: &NewConsent<'_>) -> Result<Reply, NoAnswer> {
        let document =
            |number: &str, kind: &str| json!({ "document": { "identification": number, "rel": kind } });
        let mut data = json!({ "loggedUser": document(asked.cpf, "CPF"), "permissions": asked.permissions });
        if let Some(cnpj) = asked.cnpj {
            data["businessEntity"] = document(cnpj, "CNPJ");
        }
        if let Some(moment) = asked.expires {
            data["expirationDateTime"] = moment.to_string().into();
        }
        let call = Call::post_json(format!("{}{CONSENTS}", self.around.mtls), &json!({ "data": data }));
        let result = self.mtls.send(protected(call, token)).await;
        let mut about = About::of(CONSENTS, &self.around.mtls);
        let person = if asked.cnpj.is_some() { "PJ" } else { "PF" };
        about.info.insert("personType".into(), person.into());
        if asked.cnpj.is_some() {
            about.info.insert(
                "companyProfileInfo".into(),
                json!({ "naturezaJuridica": "2062", "porteEmpresa": "01" }),
            );
        }
        if let Some(id) = result.as_ref().ok().and_then(consent_id) {
            about.info.insert("consentId".into(), id.into());
        }
        self.note(&about, Some(token), &result);
        result
    }

    /// `GET /consents/{consentId}`.
    pub async fn read_consent(&self, token: &str, consent: &str) -> Result<Reply, NoAnswer> {
        let result = self.mtls.send(protected(Call::get(self.consent_url(consent)), token)).await;
        let mut about = self.about_consent(consent);
        let status =
            result.as_ref().ok().and_then(|reply| reply.json()["data"]["status"].as_str().map(str::to_owned));
        if let Some(status) = status {
            about.info.insert("status".into(), status.into());
        }
        self.note(&about, Some(token), &result);
        result
    }

    /// `DELETE /consents/{consentId}`.
    pub async fn delete_consent(&self, token: &str, consent: &str) -> Result<Reply, NoAnswer> {
        let call = Call::new(http::Method::DELETE, self.consent_url(consent));
        let result = self.mtls.send(protected(call, token)).await;
        self.note(&self.about_consent(consent), Some(token), &result);
        result
    }

    /// Any `GET` of a data API.
    pub async fn get(&self, asked: &DataRequest<'_>) -> Result<Reply, NoAnswer> {
        let url = if asked.path.starts_with("https://") {
            asked.path.to_owned()
        } else {
            format!("{}{}", self.around.mtls, asked.path)
        };
        let call = Call::get(url).bearer(asked.token).header("accept", "application/json");
        let call = if asked.without_interaction {
            call
        } else {
            call.header("x-fapi-interaction-id", clock::new_id())
        };
        let result = self.mtls.send(call).await;
        let mut about = About::of(asked.template, &self.around.mtls);
        about.info.insert("consentId".into(), asked.consent.into());
        if let (true, Ok(reply)) = (asked.template.ends_with("/resources"), &result) {
            about.info.insert("statusSummary".into(), status_summary(&reply.json()));
        }
        self.note(&about, Some(asked.token), &result);
        result
    }

    fn consent_url(&self, consent: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(consent.as_bytes()).collect();
        format!("{}{CONSENTS}/{id}", self.around.mtls)
    }

    fn about_consent(&self, consent: &str) -> About {
        let mut about = About::of("/open-banking/consents/v3/consents/{consentId}", &self.around.mtls);
        about.info.insert("consentId".into(), consent.into());
        about.info.insert("personType".into(), "PF".into());
        about
    }
}

fn protected(call: Call, token: &str) -> Call {
    call.bearer(token).header("accept", "application/json").header("x-fapi-interaction-id", clock::new_id())
}

fn consent_id(reply: &Reply) -> Option<String> {
    reply.json()["data"]["consentId"].as_str().map(str::to_owned)
}

/// How many resources have which status (M34).
fn status_summary(body: &Value) -> Value {
    let mut counts: Map<String, Value> = Map::new();
    for (name, status) in [
        ("available", "AVAILABLE"),
        ("unavailable", "UNAVAILABLE"),
        ("temporary_unavailable", "TEMPORARILY_UNAVAILABLE"),
        ("pending_authorisation", "PENDING_AUTHORISATION"),
    ] {
        let resources = body["data"].as_array().into_iter().flatten();
        let count = resources.filter(|resource| resource["status"] == status).count();
        counts.insert(name.into(), count.into());
    }
    Value::Object(counts)
}
