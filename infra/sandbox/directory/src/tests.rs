//! Tests of the directory.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, Method};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_machine::clock;
use ponte_pki::{Identity, RsaKey};
use ponte_web::{Request, Site as _};
use serde_json::{Value, json};

use super::*;

/// One of two keys that all tests of the process share: making one costs a tenth of a second, reading it nothing.
fn key(number: usize) -> RsaKey {
    static PEMS: OnceLock<[String; 2]> = OnceLock::new();
    let pems = PEMS.get_or_init(|| [(), ()].map(|()| RsaKey::generate().unwrap().private_pem().to_owned()));
    RsaKey::from_pem(&pems[number]).unwrap()
}

/// An organisation with real keys and no certificates.
fn organisation() -> Organisation {
    let identity = || Identity {
        chain_pem: String::new(),
        key: key(0),
        certificate_file: PathBuf::new(),
        key_file: PathBuf::new(),
    };
    Organisation {
        folder: "receiver",
        id: clock::new_id(),
        name: "Receptora Exemplo".into(),
        cnpj: "12345678000195".into(),
        software_statement_id: clock::new_id(),
        pcm_client_id: clock::random_text::<16>(),
        roles: vec!["DADOS".into()],
        redirect_uris: vec!["https://localhost:1/callback".into()],
        webhook_uris: vec!["https://localhost:1/webhook".into()],
        transport: identity(),
        seal: identity(),
        messages: None,
        encryption: EncryptionKey { key: key(1), file: PathBuf::new() },
    }
}

async fn get(directory: &Directory, address: &str) -> (u16, String) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let answer = directory
        .answer(Request {
            method: Method::GET,
            path: path.into(),
            query: query.into(),
            headers: HeaderMap::new(),
            body: bytes::Bytes::new(),
            certificate: None,
        })
        .await;
    (answer.status.as_u16(), String::from_utf8(answer.body.to_vec()).unwrap())
}

fn directory() -> (Directory, Arc<Organisation>) {
    let organisation = Arc::new(organisation());
    let (key, stranger) = (key(0), key(1));
    let directory = Directory::new(
        "https://directory.example",
        "https://as.example",
        (&key, &stranger),
        std::slice::from_ref(&organisation),
    );
    (directory.unwrap(), organisation)
}

#[tokio::test]
async fn s64_s82_key_sets_by_organisation_and_software() {
    let (directory, organisation) = directory();
    let (status, body) = get(
        &directory,
        &format!("/{}/{}/application.jwks", organisation.id, organisation.software_statement_id),
    )
    .await;
    let keys = KeySet::parse(&body).unwrap();
    assert_eq!((status, keys.len()), (200, 2));
    assert!(keys.signature_key(organisation.seal.key.kid()).is_some());
    assert!(keys.encryption_key().is_some(), "S82: a key of use enc");

    let (_, body) = get(&directory, &format!("/{}/application.jwks", organisation.id)).await;
    assert_eq!(KeySet::parse(&body).unwrap().len(), 1);
    assert_eq!(get(&directory, "/nobody/application.jwks").await.0, 404);
}

#[tokio::test]
async fn s81_s87_assertion_is_signed_by_the_directory() {
    let (directory, organisation) = directory();
    let path = format!(
        "/organisations/{}/softwarestatements/{}/assertion",
        organisation.id, organisation.software_statement_id
    );
    let (status, token) = get(&directory, &path).await;
    assert_eq!(status, 200);
    let keys = KeySet::parse(&get(&directory, "/openbanking.jwks").await.1).unwrap();
    let compact = CompactJws::parse(&token, &Policy::SIGNED_MESSAGE).unwrap();
    let claims: Value = compact.verify(keys.signature_key(compact.kid()).unwrap()).unwrap();
    assert_eq!(claims["software_id"], organisation.software_statement_id);
    assert_eq!(claims["org_id"], organisation.id);
    assert_eq!(claims["software_redirect_uris"], json!(organisation.redirect_uris));
    assert_eq!(claims["software_statement_roles"][0]["role"], "DADOS");
    assert_eq!(claims["software_api_webhook_uris"], json!(organisation.webhook_uris));
    assert!(claims["software_jwks_uri"].as_str().unwrap().starts_with("https://directory.example/"));
    assert_eq!(get(&directory, "/organisations/x/softwarestatements/y/assertion").await.0, 404);
}

#[tokio::test]
async fn s81_s85_assertions_can_be_asked_for_with_one_thing_wrong() {
    use StatementSignature::{Rs256, Stranger, UnknownKey, Unsigned};
    let (directory, organisation) = directory();
    let keys = KeySet::parse(&get(&directory, "/openbanking.jwks").await.1).unwrap();
    let ask = async |asked: StatementRequest| {
        let (id, statement) = (&organisation.id, &organisation.software_statement_id);
        let path = format!("/organisations/{id}/softwarestatements/{statement}/assertion?{}", asked.query());
        let (status, token) = get(&directory, &path).await;
        assert_eq!(status, 200, "{path}: {token}");
        token
    };
    let claims = |token: &str| -> Value {
        let payload = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&ponte_fapi::base64url::decode(payload).unwrap()).unwrap()
    };
    let verified = |token: &str| {
        CompactJws::parse(token, &Policy::SIGNED_MESSAGE).is_ok_and(|compact| {
            let key = keys.signature_key(compact.kid());
            key.is_some_and(|key| compact.verify::<Value>(key).is_ok())
        })
    };

    assert!(verified(&ask(StatementRequest::default()).await));
    for signature in [Stranger, UnknownKey, Rs256, Unsigned] {
        let token = ask(StatementRequest::default().signed(signature)).await;
        assert!(!verified(&token), "{signature:?}");
        assert_eq!(claims(&token)["org_id"], organisation.id);
    }
    let now = clock::now().seconds();
    for age in [301, -90] {
        let issued = claims(&ask(StatementRequest::default().aged(age)).await)["iat"].as_i64().unwrap();
        assert!((issued - (now - age)).abs() <= 5, "{age}");
    }
    let asked = StatementRequest::default()
        .role_status("Inactive")
        .claiming("org_id", "another")
        .claiming("software_redirect_uris", json!(["https://other.example/&?="]))
        .claiming("jti", Value::Null);
    let token = ask(asked.clone()).await;
    assert!(verified(&token), "what is asked for is signed all the same");
    let claims = claims(&token);
    assert_eq!(claims["software_statement_roles"][0]["status"], "Inactive");
    assert_eq!(claims["org_id"], "another");
    assert_eq!(claims["software_redirect_uris"], json!(["https://other.example/&?="]));
    assert!(claims.get("jti").is_none());
    assert_eq!(StatementRequest::read(&asked.query()).unwrap(), asked);
    for bad in ["age=x", "signature=rs512", "claims=[]", "colour=red"] {
        assert!(StatementRequest::read(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn participants_show_the_authorization_server() {
    let (directory, organisation) = directory();
    let list: Value = serde_json::from_str(&get(&directory, "/participants").await.1).unwrap();
    assert_eq!(list[0]["OrganisationId"], organisation.id);
    assert_eq!(
        list[0]["AuthorisationServers"][0]["OpenIDDiscoveryDocument"],
        "https://as.example/.well-known/openid-configuration"
    );
}

#[tokio::test]
async fn payments_are_among_the_families_where_the_institution_serves_them() {
    let families = async |directory: Directory| {
        let list: Value = serde_json::from_str(&get(&directory, "/participants").await.1).unwrap();
        let resources = list[0]["AuthorisationServers"][0]["ApiResources"].as_array().unwrap().clone();
        let paying = |one: &Value| one["ApiFamilyType"].as_str().unwrap().starts_with("payments-");
        (resources.iter().filter(|one| paying(one)).count(), resources.len())
    };
    assert_eq!(families(directory().0).await, (4, 20));
    assert_eq!(families(directory().0.without_payments()).await, (0, 16));
}

#[test]
fn s64_a_second_key_that_signs_is_published_beside_the_first() {
    let mut organisation = organisation();
    let one = organisation.key_set()["keys"].as_array().unwrap().len();
    let (chain_pem, file) = (String::new(), PathBuf::new);
    organisation.messages =
        Some(Identity { chain_pem, key: key(1), certificate_file: file(), key_file: file() });
    let keys = organisation.key_set()["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), one + 1);
    assert!(keys.iter().any(|published| published["kid"] == key(1).kid() && published["use"] == "sig"));
}
