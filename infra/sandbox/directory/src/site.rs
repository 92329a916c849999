//! HTTP site of the directory.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, StatusCode};
use ponte_machine::{SandboxError, clock};
use ponte_pki::RsaKey;
use ponte_web::{Answer, Request, Site};
use serde_json::{Value, json};

use crate::assertion::Seals;
use crate::organisation::Organisation;
use crate::statement::StatementRequest;

/// The directory behind its listener.
pub struct Directory {
    documents: BTreeMap<String, Value>,
    organisations: Vec<Arc<Organisation>>,
    seals: Seals,
    url: String,
}

impl Directory {
    /// `institution` is first in `organisations`; `public_url` is where its authorization server is found. The second
    /// key is nobody's: assertions that must not be believed are signed with it.
    pub fn new(
        url: &str,
        public_url: &str,
        (key, stranger): (&RsaKey, &RsaKey),
        organisations: &[Arc<Organisation>],
    ) -> Result<Self, SandboxError> {
        let seals = Seals::new(key, stranger)?;
        let mut documents = BTreeMap::from([
            ("/openbanking.jwks".to_owned(), json!({ "keys": [key.signature_jwk()] })),
            ("/participants".to_owned(), participants(public_url, organisations)),
        ]);
        for organisation in organisations {
            let (id, statement) = (&organisation.id, &organisation.software_statement_id);
            let organisation_keys = json!({ "keys": [organisation.seal.key.signature_jwk()] });
            documents.insert(format!("/{id}/application.jwks"), organisation_keys);
            documents.insert(format!("/{id}/{statement}/application.jwks"), organisation.key_set());
            // Keys that were taken out of service: none yet, but the addresses exist (S64).
            documents.insert(format!("/{id}/{statement}/inactive/application.jwks"), json!({ "keys": [] }));
        }
        Ok(Self { documents, organisations: organisations.to_vec(), seals, url: url.to_owned() })
    }

    /// The institution has published no API of payments.
    #[must_use]
    pub fn without_payments(mut self) -> Self {
        let list = self.documents.get_mut("/participants");
        let resources = list.and_then(|list| list.pointer_mut("/0/AuthorisationServers/0/ApiResources"));
        if let Some(resources) = resources.and_then(Value::as_array_mut) {
            let paying =
                |one: &Value| one["ApiFamilyType"].as_str().unwrap_or_default().starts_with("payments-");
            resources.retain(|one| !paying(one));
        }
        self
    }

    /// Publishes one more document.
    #[must_use]
    pub fn publishing(mut self, path: String, document: Value) -> Self {
        self.documents.insert(path, document);
        self
    }

    /// `GET /organisations/{orgId}/softwarestatements/{ssId}/assertion`: a fresh SSA.
    fn assertion(&self, path: &str, query: &str) -> Option<Answer> {
        let mut parts = path.strip_prefix("/organisations/")?.split('/');
        let (organisation, word, statement, last) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if word != "softwarestatements" || last != "assertion" || parts.next().is_some() {
            return None;
        }
        let organisation = self
            .organisations
            .iter()
            .find(|one| one.id == organisation && one.software_statement_id == statement)?;
        let asked = match StatementRequest::read(query) {
            Ok(asked) => asked,
            Err(problem) => return Some(Answer::message(StatusCode::BAD_REQUEST, &problem)),
        };
        let token = self.seals.assertion(organisation, &self.url, &asked, clock::now()).ok()?;
        let mut answer = Answer::json_text(StatusCode::OK, token);
        answer.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
        Some(answer)
    }
}

impl Site for Directory {
    async fn answer(&self, request: Request) -> Answer {
        if request.method != Method::GET {
            return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "only GET");
        }
        if let Some(document) = self.documents.get(&request.path) {
            let answer = Answer::json(StatusCode::OK, document);
            // Clients may keep keys for a quarter of an hour.
            let name: HeaderName = http::header::CACHE_CONTROL;
            return answer.with(name, HeaderValue::from_static("max-age=900"));
        }
        self.assertion(&request.path, &request.query)
            .unwrap_or_else(|| Answer::message(StatusCode::NOT_FOUND, "no such document"))
    }
}

/// What the institution has published: family and version of each API.
const FAMILIES: [(&str, &str); 20] = [
    ("accounts", "2.5.1"),
    ("bank-fixed-incomes", "1.1.0"),
    ("consents", "3.3.1"),
    ("credit-cards-accounts", "2.4.0"),
    ("credit-fixed-incomes", "1.1.0"),
    ("customers-business", "2.3.0"),
    ("customers-personal", "2.3.0"),
    ("exchanges", "1.1.0"),
    ("financings", "2.4.0"),
    ("funds", "1.1.0"),
    ("invoice-financings", "2.4.0"),
    ("loans", "2.6.0"),
    ("payments-consents", "4.0.1"),
    ("payments-consents", "5.0.0"),
    ("payments-pix", "4.0.1"),
    ("payments-pix", "5.0.0"),
    ("resources", "3.1.0"),
    ("treasure-titles", "1.1.0"),
    ("unarranged-accounts-overdraft", "2.5.0"),
    ("variable-incomes", "1.3.0"),
];

/// The list of participants, with the property names of its specification.
fn participants(public_url: &str, organisations: &[Arc<Organisation>]) -> Value {
    let list = organisations.iter().enumerate().map(|(position, organisation)| {
        let server = json!({
            "AuthorisationServerId": organisation.software_statement_id,
            "OrganisationId": organisation.id,
            "AutoRegistrationSupported": true,
            "CustomerFriendlyName": organisation.name,
            "OpenIDDiscoveryDocument": format!("{public_url}/.well-known/openid-configuration"),
            "ApiResources": FAMILIES.iter().map(|(family, version)| json!({
                "ApiFamilyType": family, "ApiVersion": version, "FamilyComplete": true,
            })).collect::<Vec<_>>(),
        });
        json!({
            "OrganisationId": organisation.id,
            "Status": "Active",
            "OrganisationName": organisation.name,
            "RegisteredName": organisation.name,
            "LegalEntityName": organisation.name,
            "RegistrationNumber": organisation.cnpj,
            "CountryOfRegistration": "BR",
            "OrgDomainRoleClaims": organisation.roles.iter().map(|role| json!({
                "Role": role, "Status": "Active", "AuthorisationDomain": "Open Banking",
            })).collect::<Vec<_>>(),
            // Only the institution has an authorization server here; the others are receivers.
            "AuthorisationServers": if position == 0 { json!([server]) } else { json!([]) },
        })
    });
    Value::Array(list.collect())
}
