//! Tests of the receiver without a server; journeys with a real one are the demo's.

use std::sync::{Mutex, OnceLock};

use ponte_fapi::claims::{Acr, IdToken, NumericDate, half_hash};
use ponte_fapi::jwe::{ContentSecret, DecryptionKey};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_machine::clock;
use ponte_pki::{Authority, Profile, RsaKey, TransportSubject};
use ponte_values::{Device, OperatingSystem, Platform};
use ponte_web::browser::Browser;
use ponte_web::caller::{Caller, NoAnswer, Reply};
use serde_json::json;

use super::client::{ClientRecord, Surroundings};
use super::receiver::Receiver;
use super::report::About;
use super::*;

/// One of two keys that all tests of the process share: making one costs a tenth of a second, reading it nothing.
fn key(number: usize) -> RsaKey {
    static PEMS: OnceLock<[String; 2]> = OnceLock::new();
    let pems = PEMS.get_or_init(|| [(), ()].map(|()| RsaKey::generate().unwrap().private_pem().to_owned()));
    RsaKey::from_pem(&pems[number]).unwrap()
}

const ISSUER: &str = "https://as.example";

fn device() -> Device {
    Device { platform: Platform::Browser, os: OperatingSystem::Linux, os_version: "20.04".into() }
}

/// A receiver that was never connected, with the server's signing key.
fn receiver() -> (Receiver, Signer) {
    let (own, server): (RsaKey, RsaKey) = (key(0), key(1));
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let record: ClientRecord = serde_json::from_value(json!({
        "client_id": "client-1", "organisation_id": "o-1", "organisation_name": "Receptora Exemplo",
        "software_statement_id": "s-1", "redirect_uris": ["https://receiver.example/callback"],
        "webhook_uris": [], "jwks_uri": "https://directory.example/o-1/s-1/application.jwks",
        "registration_client_uri": "https://mtls.example/auth/register/client-1",
        "registration_access_token": "registration-token", "scope": "openid accounts",
        "transport_cert": file("t.pem", ""), "transport_key": file("t.key", own.private_pem()),
        "signing_key": file("s.key", own.private_pem()), "signing_kid": own.kid(),
        "encryption_key": file("e.key", own.private_pem()), "encryption_kid": own.kid(),
        "pcm_client_id": "pcm-1",
    }))
    .unwrap();
    let signer = Signer::from_pkcs8_pem(server.private_pem(), server.kid()).unwrap();
    let caller = Caller::new("", None).unwrap();
    let text = |text: &str| text.to_owned();
    let receiver = Receiver {
        keys: record.keys().unwrap(),
        record,
        around: Surroundings {
            public: text(ISSUER),
            directory: text("https://directory.example"),
            mtls: text("https://mtls.example"),
            trust_pem: text(""),
            pcm_auth: text(""),
            pcm_api: text(""),
            institution: text("Banco"),
            institution_organisation: text("o-2"),
            institution_jwks: text("https://directory.example/o-2/s-2/application.jwks"),
        },
        mtls: caller.clone(),
        browser: Browser::over(caller.clone()),
        bare: caller,
        server: Discovered {
            issuer: text(ISSUER),
            authorization_endpoint: text("https://as.example/auth/authorize"),
            token_endpoint: text("https://mtls.example/auth/token"),
            par_endpoint: text("https://mtls.example/auth/par"),
            jwks: key_set_json(&[signer.public_jwk()]),
            document: json!({}),
        },
        pepper: [1; 16],
        pending: Mutex::default(),
        institution_keys: Mutex::default(),
    };
    (receiver, signer)
}

/// Fields of the fragment as a server would make them.
struct Answer<'a> {
    state: &'a str,
    nonce: &'a str,
    code: &'a str,
    hashed_code: &'a str,
}

fn location(receiver: &Receiver, signer: &Signer, answer: &Answer<'_>) -> String {
    let now = u64::try_from(clock::now().seconds()).unwrap();
    let claims = IdToken {
        iss: ISSUER.into(),
        sub: "subject".into(),
        aud: "client-1".into(),
        exp: NumericDate::at(now + 60),
        iat: NumericDate::at(now),
        auth_time: NumericDate::at(now),
        nonce: answer.nonce.into(),
        acr: Acr::Loa2,
        c_hash: Some(half_hash(answer.hashed_code)),
        s_hash: Some(half_hash(answer.state)),
        at_hash: None,
    };
    let inner = signer.sign(TokenType::Jwt, &claims).unwrap();
    let keys = KeySet::parse(&key_set_json(&[receiver.keys.decryption.public_jwk()])).unwrap();
    let secret = ContentSecret::from_random(clock::random());
    let token = keys.encryption_key().unwrap().encrypt_jwt(&inner, &secret).unwrap();
    format!("https://receiver.example/callback#code={}&id_token={token}&state={}", answer.code, answer.state)
}

#[test]
fn s14_the_callback_is_decrypted_and_verified() {
    let (receiver, signer) = receiver();
    let authorization = receiver.begin("urn:x:1");
    let (state, nonce) = authorization.values();
    let good = Answer { state, nonce, code: "code", hashed_code: "code" };
    let callback = receiver.arrive(&authorization, &location(&receiver, &signer, &good), &device()).unwrap();
    assert_eq!((callback.code.as_str(), callback.id_token.sub.as_str()), ("code", "subject"));
}

#[test]
fn s14_a_callback_that_was_bent_is_refused() {
    let (receiver, signer) = receiver();
    let authorization = receiver.begin("urn:x:1");
    let (state, nonce) = authorization.values();
    let good = Answer { state, nonce, code: "code", hashed_code: "code" };
    for (bent, expected) in [
        (Answer { code: "other", ..good }, "c_hash"),
        (Answer { nonce: "other", ..good }, "nonce"),
        (Answer { state: "other", ..good }, "state"),
    ] {
        let location = location(&receiver, &signer, &bent);
        let fault = receiver.arrive(&authorization, &location, &device()).err().unwrap();
        assert!(fault.to_string().contains(expected), "{fault}");
    }
    let elsewhere = location(&receiver, &signer, &good).replace("receiver.example", "thief.example");
    assert!(matches!(
        receiver.arrive(&authorization, &elsewhere, &device()),
        Err(CallbackFault::Elsewhere(_))
    ));
    let denied = format!("https://receiver.example/callback#error=access_denied&state={state}");
    assert!(matches!(
        receiver.arrive(&authorization, &denied, &device()),
        Err(CallbackFault::Refused(error)) if error == "access_denied"
    ));
}

#[test]
fn s04_s40_request_objects_are_encrypted_where_the_server_reads_that() {
    let (mut receiver, _) = receiver();
    let authorization = receiver.begin("urn:x:1");
    assert!(!receiver.encrypts_requests());
    receiver.server.document = json!({
        "request_object_encryption_alg_values_supported": ["RSA-OAEP"],
        "request_object_encryption_enc_values_supported": ["A256GCM"],
    });
    assert!(!receiver.encrypts_requests(), "it says so and has no key");
    let server = DecryptionKey::from_pkcs8_pem(key(1).private_pem(), key(1).kid()).unwrap();
    receiver.server.jwks = key_set_json(&[server.public_jwk()]);
    assert!(receiver.encrypts_requests());
    let claims = receiver.request_claims(&authorization, "accounts");
    assert_eq!(claims["claims"]["id_token"]["acr"], json!({ "essential": true }));
    let signed = receiver.signed_request(&claims);
    assert_eq!(server.decrypt_jwt(&receiver.encrypted_request(&signed)).unwrap(), signed);
}

#[test]
fn s82_s83_s87_metadata_of_a_registration_says_what_the_directory_says() {
    let (receiver, _) = receiver();
    let metadata = receiver.metadata("statement");
    assert_eq!(metadata["software_statement"], "statement");
    assert_eq!(metadata["jwks_uri"], "https://directory.example/o-1/s-1/application.jwks");
    assert_eq!(metadata["redirect_uris"], json!(["https://receiver.example/callback"]));
    for absent in ["jwks", "webhook_uris", "scope", "client_id"] {
        assert!(metadata.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn s84_whose_certificate_it_has_is_read_from_the_certificate() {
    let (mut receiver, _) = receiver();
    let now = clock::now();
    let authority = Authority::new("Autoridade de teste", &key(0), key(1), now).unwrap();
    let subject = TransportSubject {
        cnpj: "12345678000195".into(),
        organisation_name: "Receptora Exemplo".into(),
        organisation_id: "o-1".into(),
        software_statement_id: "s-1".into(),
        common_name: "receptora.example".into(),
    };
    receiver.keys.chain_pem = authority.issue(&Profile::Transport(&subject), &key(0), now, 396).unwrap();
    let read = receiver.transport_subject().unwrap();
    assert_eq!((read.cnpj, read.common_name), (subject.cnpj, subject.common_name));
    assert_eq!((read.organisation_id.as_str(), read.software_statement_id.as_str()), ("o-1", "s-1"));
}

#[test]
fn s42_endpoints_are_those_of_the_discovery_document() {
    let (mut receiver, _) = receiver();
    assert!(receiver.endpoint("userinfo_endpoint").is_err());
    receiver.server.document = json!({
        "userinfo_endpoint": "https://as.example/auth/userinfo",
        "revocation_endpoint": "https://as.example/auth/revoke",
        "mtls_endpoint_aliases": { "userinfo_endpoint": "https://mtls.example/auth/userinfo" },
    });
    assert_eq!(receiver.endpoint("userinfo_endpoint").unwrap(), "https://mtls.example/auth/userinfo");
    assert_eq!(receiver.endpoint("revocation_endpoint").unwrap(), "https://as.example/auth/revoke");
}

#[test]
fn m10_m11_m34_to_m37_a_report_of_each_call() {
    let (receiver, _) = receiver();
    let mut headers = http::HeaderMap::new();
    headers.insert("x-fapi-interaction-id", "d78fc4e5-37ca-4da3-adf2-9b082bf92280".parse().unwrap());
    let reply = Reply {
        method: http::Method::GET,
        url: "https://mtls.example/open-banking/accounts/v2/accounts/1".into(),
        status: 403,
        headers,
        body: r#"{"errors":[{"code":"FORBIDDEN"}]}"#.into(),
        started: ponte_values::Moment::from_millis(1_772_452_800_123),
        millis: 7,
    };
    let mut about = About::of("/open-banking/accounts/v2/accounts/{accountId}", "https://mtls.example");
    about.info.insert("consentId".into(), "urn:x:1".into());
    receiver.note(&about, Some("token"), &Ok(reply));
    let pending = receiver.pending.lock().unwrap();
    assert_eq!(
        pending.first_report(),
        json!({
            "fapiInteractionId": "d78fc4e5-37ca-4da3-adf2-9b082bf92280",
            "endpoint": "/open-banking/accounts/v2/accounts/{accountId}",
            "statusCode": 403,
            "httpMethod": "GET",
            "timestamp": "2026-03-02T12:00:00.123Z",
            "processTimespan": 7,
            "clientOrgId": "o-1",
            "serverOrgId": "o-2",
            "clientSSId": "s-1",
            "endpointUriPrefix": "https://mtls.example",
            "role": "CLIENT",
            "additionalInfo": {
                "consentId": "urn:x:1", "errorCodes": "FORBIDDEN", "tokenId": receiver.token_id("token"),
            },
        })
    );
    assert_eq!(receiver.token_id("token").len(), 12);
}

#[test]
fn m14_giving_up_is_408_and_no_connection_is_nothing() {
    let (receiver, _) = receiver();
    let problem = |timed_out: bool| NoAnswer {
        reason: "x".into(),
        refused_by_tls: !timed_out,
        timed_out,
        started: clock::now(),
        millis: 15_000,
    };
    let about = About::of("/open-banking/accounts/v2/accounts", "https://mtls.example");
    receiver.note(&about, None, &Err(problem(false)));
    assert_eq!(receiver.unreported(), 0);
    receiver.note(&about, None, &Err(problem(true)));
    assert_eq!(receiver.pending.lock().unwrap().first_report()["statusCode"], 408);
}
