//! Tests of the world as a whole, over its real listeners.

use std::path::Path;

use ponte_web::caller::{Call, Caller, ClientCertificate};
use serde_json::json;

use super::*;
use crate::WorldPorts;

async fn world(dir: &Path) -> World {
    at(dir, WorldPorts::default()).await
}

async fn at(dir: &Path, ports: WorldPorts) -> World {
    World::prepare(WorldConfig {
        dir: dir.to_owned(),
        institution: "ponte-bank".into(),
        ports,
        public_url: "https://localhost:1".into(),
        mtls_url: "https://localhost:2".into(),
        management_url: "https://localhost:3".into(),
        payments: true,
        layer: None,
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_answers_and_only_the_right_certificate_gets_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = world(dir.path()).await;
    world.serve().await.unwrap();
    let trust = std::fs::read_to_string(world.ca_file()).unwrap();
    let plain = Caller::new(&trust, None).unwrap();
    let urls = world.urls().clone();
    for url in [
        format!("{}/login", urls.bank_core),
        format!("{}/participants", urls.directory),
        format!("{}/sandbox/summary", urls.pcm_api),
        format!("{}/callback", urls.participant),
    ] {
        assert_eq!(plain.send(Call::get(&url)).await.unwrap().status, 200, "{url}");
    }

    let token = |caller: Caller, client: String| {
        let url = format!("{}/token/", urls.pcm_auth);
        async move {
            let fields = [("grant_type", "client_credentials"), ("client_id", client.as_str())];
            caller.send(Call::post_form(url, &fields)).await
        }
    };
    let institution = world.facts.institution();
    let own = Caller::new(
        &trust,
        Some(ClientCertificate {
            chain_pem: &institution.transport.chain_pem,
            key_pem: institution.transport.key.private_pem(),
        }),
    )
    .unwrap();
    let client = institution.pcm_client_id.clone();
    let granted = token(own.clone(), client.clone()).await.unwrap();
    assert_eq!((granted.status, &granted.json()["expires_in"]), (200, &json!(21_600)));
    // M01: the certificate decides, not the name; and without one there is no connection at all.
    let foreign = world.facts.organisations[1].pcm_client_id.clone();
    assert_eq!(token(own, foreign).await.unwrap().status, 401);
    let refused = token(plain, client).await.err().unwrap();
    assert!(refused.refused_by_tls, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_finds_the_same_world() {
    let dir = tempfile::tempdir().unwrap();
    let describe = |world: &World| {
        let endpoints = world.endpoints();
        (world.secrets(), endpoints["customers"].clone(), endpoints["institution"].clone())
    };
    let made = world(dir.path()).await;
    let first = describe(&made);
    // Who only knows the folder issues under the same authority.
    let folder = made.ca_file().parent().unwrap().to_owned();
    let authority = Authority::of_world(&folder, clock::now()).unwrap();
    assert_eq!(authority.bundle_pem(), made.authority().bundle_pem());
    let institution = Authority::of_institution(&folder, clock::now()).unwrap();
    assert_eq!(institution.bundle_pem(), made.facts.systems.authority().bundle_pem());
    // Certificates name the place of the responder, so the next start listens there as well.
    let bank_core = made.urls().bank_core.rsplit(':').next().unwrap().parse().unwrap();
    drop(made);
    let again = at(dir.path(), WorldPorts { bank_core, ..WorldPorts::default() }).await;
    assert_eq!(describe(&again), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_host_with_certificates_has_a_truststore_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let world = world(dir.path()).await;
    let (parameters, truststores) = (world.parameters(), world.truststores());
    let participants = &truststores[&parameters["TruststoreUri"]];
    let institution = &truststores[&parameters["ManagementTruststoreUri"]];
    assert_eq!(parameters["ManagementDomainName"], "localhost:3");
    let certificates = |pem: &str| pem.matches("BEGIN CERTIFICATE").count();
    assert_eq!((certificates(participants), certificates(institution)), (2, 2));
    assert!(institution.split_inclusive("-----END CERTIFICATE-----").all(|one| {
        // What is left after the last one is a line end.
        one.trim().is_empty() || !participants.contains(one.trim())
    }));
    for name in ["backoffice", "app"] {
        let files = &world.endpoints()["institution"][name];
        let chain = std::fs::read_to_string(files["certificate"].as_str().unwrap()).unwrap();
        assert!(Path::new(files["private_key"].as_str().unwrap()).exists());
        let issuer = chain.split_inclusive("-----END CERTIFICATE-----\n").nth(1).unwrap();
        assert!(institution.contains(issuer), "{name}");
        let leaf = &ponte_pki::certificates(&chain).unwrap()[0];
        let (_, leaf) = x509_parser::parse_x509_certificate(leaf).unwrap();
        let subject = leaf.subject().iter_common_name().next().unwrap().as_str().unwrap();
        assert_eq!(subject, name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_and_secrets_fit_the_template() {
    let dir = tempfile::tempdir().unwrap();
    let world = world(dir.path()).await;
    let template =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml")).unwrap();
    let (head, resources) = template.split_once("\nResources:").unwrap();
    for name in world.parameters().keys() {
        assert!(head.contains(&format!("\n  {name}:\n")), "no parameter {name}");
    }
    for name in world.secrets().keys() {
        assert!(resources.contains(&format!("\n  {name}:\n    Type: AWS::SecretsManager::Secret")), "{name}");
    }
    let wanted = resources.matches("Type: AWS::SecretsManager::Secret").count();
    assert_eq!(world.secrets().len(), wanted);
    assert_eq!(world.parameters()["MtlsDomainName"], "localhost:2");
    assert!(world.parameters()["OutboundTrust"].starts_with('/'));
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_have_the_documented_shape_and_their_files_exist() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = world(dir.path()).await;
    let registration = |id: &str| Registration {
        client_id: id.into(),
        registration_client_uri: format!("https://localhost:2/auth/register/{id}"),
        registration_access_token: "token".into(),
        scope: "openid accounts".into(),
    };
    world.registrations = vec![registration("client-1"), registration("client-2")];
    let endpoints = world.endpoints();
    let clients = endpoints["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 2);
    assert_ne!(clients[0]["organisation_id"], clients[1]["organisation_id"]);
    for client in clients {
        for file in ["transport_cert", "transport_key", "signing_key", "encryption_key"] {
            let path = Path::new(client[file].as_str().unwrap());
            assert!(path.is_absolute() && path.exists(), "{file}");
        }
        for text in [
            "client_id",
            "registration_client_uri",
            "registration_access_token",
            "software_statement_id",
            "signing_kid",
            "encryption_kid",
        ] {
            assert!(client[text].is_string(), "{text}");
        }
        assert!(client["webhook_uris"].is_array());
    }
    let customers = endpoints["customers"].as_array().unwrap();
    assert!(customers.len() >= 3 && customers.iter().any(|customer| customer["cnpj"].is_string()));
    for login in ["channel_access_token", "channel_access_token_loa3"] {
        assert!(customers.iter().all(|customer| customer[login].is_string()), "{login}");
    }
    assert!(endpoints["channel"]["login_url"].as_str().unwrap().contains("<IDENTIFICADOR>"));
    for url in ["/pcm/auth", "/pcm/api", "/bank_core", "/directory", "/participant"] {
        assert!(endpoints.pointer(url).unwrap().as_str().unwrap().starts_with("http"), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_set_from_inside_and_from_outside() {
    use ponte_web::faults::{Effect, Fault};
    let dir = tempfile::tempdir().unwrap();
    let mut world = world(dir.path()).await;
    world.serve().await.unwrap();
    let plain = Caller::new(&std::fs::read_to_string(world.ca_file()).unwrap(), None).unwrap();
    let fault = Fault::always(Effect::Status { status: 503, body: None, retry_after: None }).times(1);
    for (url, inside) in [
        (world.urls().bank_core.clone(), &world.faults().bank_core),
        (world.urls().pcm_api.clone(), &world.faults().pcm_api),
        (world.urls().directory.clone(), &world.faults().directory),
    ] {
        inside.add(fault.clone());
        assert_eq!(plain.send(Call::get(&url)).await.unwrap().status, 503);
        let body = serde_json::to_value(&fault).unwrap();
        let set = plain.send(Call::post_json(format!("{url}/sandbox/faults"), &body)).await.unwrap();
        assert_eq!(set.status, 200);
        assert_eq!(plain.send(Call::get(&url)).await.unwrap().status, 503);
        assert_ne!(plain.send(Call::get(&url)).await.unwrap().status, 503);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payment_core_answers_the_connector_alone_and_keeps_its_books() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = world(dir.path()).await;
    world.serve().await.unwrap();
    let (endpoints, connector) = (world.endpoints(), world.connector());
    let text = |pointer: &str| endpoints.pointer(pointer).and_then(|text| text.as_str()).unwrap();
    let file = |pointer: &str| std::fs::read_to_string(text(pointer)).unwrap();
    let trust = file("/payment_core/authority");
    let caller = |of: &str| {
        let (chain, key) = (file(&format!("{of}/certificate")), file(&format!("{of}/private_key")));
        Caller::new(&trust, Some(ClientCertificate { chain_pem: &chain, key_pem: &key })).unwrap()
    };
    let tls: serde_json::Value =
        serde_json::from_str(&connector.secrets["PaymentConnectorTlsSecret"]).unwrap();
    assert_eq!(tls["authority"], trust.as_str());
    assert_eq!(tls["certificate"], file("/payment_core/certificate").as_str());
    let url = text("/payment_core/url");
    assert_eq!(
        (connector.parameters["PaymentConnectorUrl"].as_str(), &world.urls().payment_core),
        (url, &url.to_owned())
    );
    // A request as Ponte signs it, by the institution's seal for messages.
    let seal = &world.facts.institution().messages.as_ref().unwrap().key;
    let signer = ponte_fapi::jws::Signer::from_pkcs8_pem(seal.private_pem(), seal.kid()).unwrap();
    let now = clock::now().seconds();
    let mut claims = json!({
        "iss": "ponte-bank", "aud": format!("{url}/payments-of-day"), "iat": now, "exp": now + 60, "jti": clock::new_id(),
        "requestMeta": { "correlationId": clock::new_id(), "brandId": "ponte-bank" },
        "requestBody": { "data": { "day": clock::now().date_brasilia().to_string() } },
    });
    let mut ask = |of: &str| {
        claims["jti"] = clock::new_id().into();
        let token = signer.sign(ponte_fapi::jws::TokenType::Jwt, &claims).unwrap();
        let call = Call::new(http::Method::POST, format!("{url}/payments-of-day"))
            .with_body("application/jwt", token.into());
        let caller = caller(of);
        async move { caller.send(call).await }
    };
    let reply = ask("/payment_core").await.unwrap();
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/jwt")));
    let keys = ponte_fapi::jwk::KeySet::parse(&connector.parameters["PaymentConnectorKeys"]).unwrap();
    let token = String::from_utf8(reply.body.to_vec()).unwrap();
    let compact =
        ponte_fapi::jws::CompactJws::parse(&token, &ponte_fapi::jws::Policy::SIGNED_MESSAGE).unwrap();
    let answer: serde_json::Map<String, serde_json::Value> =
        compact.verify(keys.signature_key(compact.kid()).unwrap()).unwrap();
    assert_eq!(answer["data"], json!({ "payments": [] }));
    assert_eq!(
        ask("/institution/backoffice").await.unwrap().status,
        401,
        "another system of the institution"
    );
    let other_participants = {
        let institution = &world.facts.institution().transport;
        let certificate =
            ClientCertificate { chain_pem: &institution.chain_pem, key_pem: institution.key.private_pem() };
        Caller::new(&trust, Some(certificate)).unwrap().wary()
    };
    let call = Call::new(http::Method::POST, format!("{url}/find"));
    assert!(other_participants.send(call).await.err().unwrap().refused_by_tls);
    // The controls are beside the bank core, where nobody is asked for a certificate.
    let plain = Caller::new(&trust, None).unwrap();
    let control = text("/payment_core/control").to_owned();
    let get = async |path: &str| plain.send(Call::get(format!("{control}{path}"))).await.unwrap().json();
    let post = async |path: &str, body: serde_json::Value| {
        plain.send(Call::post_json(format!("{control}{path}"), &body)).await.unwrap()
    };
    assert_eq!(get("/sandbox/books").await["difference"], 0);
    assert_eq!(post("/sandbox/orders", json!({ "kind": "hold" })).await.json()["orders"][0]["kind"], "hold");
    assert_eq!(post("/sandbox/orders", json!({ "kind": "explode" })).await.status, 400);
    assert_eq!(post("/sandbox/nothing", json!({})).await.status, 404);
    assert_eq!(post("/sandbox/notifications", json!({ "key": "unknown" })).await.status, 404);
    let mode = json!({ "dedupe": "query_only", "flaws": ["overdraws"], "pushes": false });
    let put = Call::json(http::Method::PUT, format!("{control}/sandbox/mode"), &mode);
    assert_eq!(plain.send(put).await.unwrap().json(), mode);
    assert_eq!(world.payment_core().mode().flaws.len(), 1);
    // A fault of the listener, ordered where its controls are.
    post(
        "/sandbox/faults",
        json!({ "kind": "status", "status": 502, "path": "/payments-of-day", "times": 1 }),
    )
    .await;
    assert_eq!(ask("/payment_core").await.unwrap().status, 502);
    assert_eq!(ask("/payment_core").await.unwrap().status, 200);
    for shown in ["entries", "accounts", "payments", "pix-keys", "keys", "mode", "orders", "faults"] {
        assert!(get(&format!("/sandbox/{shown}")).await.is_object(), "{shown}");
    }
}
