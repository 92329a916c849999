//! Plan "Open Finance Brasil DCR": registration and its management, good and bad.

use ponte_directory::{StatementRequest, StatementSignature};
use ponte_machine::clock;
use ponte_participant::{Receiver, Registration};
use ponte_pki::{Authority, Flaw, Spelling, respelled};
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::super::steps::want;
use super::{Plan, refused};

/// Registers with this statement and one member of the metadata changed; null takes it away.
async fn with(client: &Receiver, asked: StatementRequest, change: Option<(&str, Value)>) -> Reply {
    let statement = client.statement(&asked).await.expect("the directory answers");
    let mut metadata = client.metadata(&statement);
    match change {
        Some((name, Value::Null)) => drop(metadata.as_object_mut().map(|all| all.remove(name))),
        Some((name, value)) => metadata[name] = value,
        None => {}
    }
    client.register(&metadata).await.expect("the registration endpoint answers")
}

fn good() -> StatementRequest {
    StatementRequest::default()
}

async fn unregister(plan: &Plan) {
    let client = plan.client();
    let reply = client.delete_registration(&client.registration()).await;
    want(204, "brazildcr-client-deletion", reply.expect("the registration endpoint answers"));
}

#[tokio::test]
async fn s81_to_s90_bad_registrations_are_refused() {
    let plan = Plan::begin().await;
    let client = plan.client();
    // S88: the software statement is registered since the stack's first start.
    let reply = with(client, good(), None).await;
    assert_eq!(reply.status, 400, "second registration: {}", reply.excerpt());
    unregister(&plan).await;

    let statement = "invalid_software_statement";
    for (module, asked, error) in [
        ("invalid-software-statement-signature", good().signed(StatementSignature::Stranger), statement),
        ("ssa-of-an-unknown-key", good().signed(StatementSignature::UnknownKey), statement),
        ("ssa-signed-RS256", good().signed(StatementSignature::Rs256), statement),
        ("ssa-unsigned", good().signed(StatementSignature::Unsigned), statement),
        ("ssa-older-than-5-minutes", good().aged(360), statement),
        ("ssa-from-the-future", good().aged(-300), statement),
        ("ssa-of-another-software", good().claiming("software_id", clock::new_id()), statement),
        ("ssa-of-another-organisation", good().claiming("org_id", clock::new_id()), statement),
        ("ssa-without-active-role", good().role_status("Inactive"), "unapproved_software_statement"),
    ] {
        refused(module, &with(client, asked, None).await, 400, error);
    }
    let metadata = "invalid_client_metadata";
    let keys = json!({ "keys": [] });
    for (module, change, error) in [
        ("no-software-statement", ("software_statement", Value::Null), statement),
        (
            "invalid-redirect-uri",
            ("redirect_uris", json!(["https://evil.example/cb"])),
            "invalid_redirect_uri",
        ),
        ("no-redirect-uri", ("redirect_uris", Value::Null), "invalid_redirect_uri"),
        ("jwks-by-value", ("jwks", keys), metadata),
        ("bad-jwks-uri", ("jwks_uri", json!("https://evil.example/application.jwks")), metadata),
        ("invalid-webhook-uris", ("webhook_uris", json!(["https://evil.example"])), "invalid_webhook_uris"),
        (
            "client-secret-authentication",
            ("token_endpoint_auth_method", json!("client_secret_post")),
            metadata,
        ),
        ("id-token-RS256", ("id_token_signed_response_alg", json!("RS256")), metadata),
        ("response-type-code", ("response_types", json!(["code"])), metadata),
    ] {
        refused(module, &with(client, good(), Some(change)).await, 400, error);
    }
    let role = json!([{ "role": "DADOS", "authorisation_domain": "Open Banking", "status": "Active" }]);
    let receiver = good().claiming("software_statement_roles", role);
    let reply = with(client, receiver, Some(("scope", json!("openid payments")))).await;
    refused("scope-beyond-the-roles", &reply, 400, metadata);
    // Nothing of all that was stored: a good registration still goes through.
    want(201, "register", with(client, good(), None).await);
}

#[tokio::test]
async fn z_dcr_01_z_dcr_02_s80_s84_s96_s98_registration_needs_the_software_s_own_certificate() {
    let plan = Plan::begin().await;
    unregister(&plan).await;
    let bare = plan.client().with_certificate(None).expect("a client without certificate");
    let statement = plan.client().statement(&good()).await.expect("the directory answers");
    let fault = bare.register(&plan.client().metadata(&statement)).await.err().expect("no connection");
    assert!(fault.refused_by_tls, "brazildcr-no-mtls: {fault}");
    for flaw in Flaw::ALL {
        let identity = plan.certificate(flaw);
        let client = plan.client().with_certificate(Some(&identity)).expect("a client with a flaw");
        let metadata = client.metadata(&statement);
        match client.register(&metadata).await {
            Err(fault) => assert!(flaw.stops_tls() && fault.refused_by_tls, "{flaw:?}: {fault}"),
            Ok(reply) => {
                let said = format!("brazildcr-bad-mtls {flaw:?}: {} {}", reply.status, reply.excerpt());
                assert!(!flaw.stops_tls() && (400..=401).contains(&reply.status), "{said}");
                assert!(reply.json()["error"].is_string(), "{said}");
            }
        }
    }
    // S84, S98: every spelling of the right subject is the right subject.
    let authority = Authority::of_world(&plan.folder.path().join("world"), clock::now());
    let authority = authority.expect("the authority is there");
    let subject = plan.client().transport_subject().expect("the client has a certificate");
    for spelling in Spelling::ALL {
        let identity = respelled(&authority, &subject, spelling, clock::now()).expect("a certificate");
        let client = plan.client().with_certificate(Some(&identity)).expect("a client");
        let reply = want(201, &format!("{spelling:?}"), with(&client, good(), None).await);
        let held = Registration::of(&reply).expect("a registration");
        // Z-DCR-01: what one form registered, the new form manages; the client and its token stay.
        let read = plan.client().read_registration(&held).await.expect("the registration endpoint answers");
        assert_eq!(want(200, "read", read).json()["client_id"], held.client_id.as_str());
        let statement = plan.client().statement(&good()).await.expect("the directory answers");
        let put = plan.client().replace_registration(&held, &plan.client().metadata(&statement)).await;
        let put = want(200, "update", put.expect("the registration endpoint answers")).json();
        assert_eq!(put["client_id"], held.client_id.as_str());
        assert_eq!(put["registration_access_token"], held.registration_access_token.as_str());
        let reply = client.delete_registration(&held).await.expect("the registration endpoint answers");
        want(204, "delete", reply);
    }
}

#[tokio::test]
async fn z_dcr_03_s89_s91_a_registration_is_managed_by_its_owner_and_consents_outlive_it() {
    let plan = Plan::begin().await;
    let (world, client) = (&plan.world, plan.client());
    let other = Receiver::set_up(plan.stack.endpoints(), 1).await.expect("the other receiver is set up");
    let held = client.registration();
    let read = want(200, "read", client.read_registration(&held).await.expect("an answer")).json();
    assert_eq!(read["client_id"], held.client_id.as_str());
    assert_eq!(read["registration_access_token"], held.registration_access_token.as_str());

    let unauthorised = |module: &str, reply: Reply| {
        refused(module, &reply, 401, "invalid_token");
        assert!(
            reply.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")),
            "{module}"
        );
    };
    let url = held.registration_client_uri.as_str();
    let none = client.send(Call::get(url)).await.expect("an answer");
    unauthorised("registration-access-token-missing", none);
    let wrong = client.send(Call::get(url).bearer("wrong")).await.expect("an answer");
    unauthorised("registration-access-token-wrong", wrong);
    let foreign = other.send(Call::get(url).bearer(&held.registration_access_token)).await;
    unauthorised("registration-of-another-client", foreign.expect("an answer"));
    let unknown = url.replace(&held.client_id, &clock::new_id());
    let unknown = client.send(Call::get(unknown).bearer(&held.registration_access_token)).await;
    unauthorised("registration-unknown", unknown.expect("an answer"));

    let statement = client.statement(&good()).await.expect("the directory answers");
    let mut metadata = client.metadata(&statement);
    let put = client.replace_registration(&held, &metadata).await.expect("an answer");
    let put = want(200, "update-client-config", put).json();
    assert_eq!(put["registration_access_token"], held.registration_access_token.as_str(), "never rotated");
    metadata["redirect_uris"] = json!(["https://evil.example/cb"]);
    let reply = client.replace_registration(&held, &metadata).await.expect("an answer");
    refused("update-with-invalid-redirect-uri", &reply, 400, "invalid_redirect_uri");
    let old = client.statement(&good().aged(360)).await.expect("the directory answers");
    let reply = client.replace_registration(&held, &client.metadata(&old)).await.expect("an answer");
    refused("update-with-an-old-ssa", &reply, 400, "invalid_software_statement");

    // S91: the consents of the stock are there after a change of the registration, and go on working.
    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let statement = client.statement(&good()).await.expect("the directory answers");
    let reply = client.replace_registration(&held, &client.metadata(&statement)).await;
    want(200, "update", reply.expect("an answer"));
    let refresh = tokens.refresh.as_deref().expect("a refresh token");
    want(200, "refresh", client.refresh(refresh, &consent).await.expect("an answer"));
    assert_eq!(world.accounts(&tokens.access, &consent).await.status, 200);

    unregister(&plan).await;
    let reply = client.refresh(refresh, &consent).await.expect("an answer");
    refused("a deleted client is unknown", &reply, 401, "invalid_client");
}

#[tokio::test]
async fn z_dcr_04_z_dcr_06_roles_limit_the_scopes_and_all_of_them_stay() {
    let plan = Plan::begin().await;
    let client = plan.client();
    let reply = client.client_token("resources").await.expect("the token endpoint answers");
    refused("client_credentials for data", &reply, 400, "invalid_scope");
    unregister(&plan).await;
    let role =
        |role: &str| json!([{ "role": role, "authorisation_domain": "Open Banking", "status": "Active" }]);
    let payments = || good().claiming("software_statement_roles", role("PAGTO"));
    let data = "openid accounts consents resources";
    let reply = with(client, payments(), Some(("scope", json!(data)))).await;
    refused("unauthorized-client", &reply, 400, "invalid_client_metadata");
    // Without a scope it gets what its role allows, and nothing of data (S85).
    let reply = want(201, "register", with(client, payments(), None).await);
    let held = Registration::of(&reply).expect("a registration");
    let scope = reply.json()["scope"].as_str().unwrap_or_default().to_owned();
    assert!(!data.split(' ').skip(1).any(|one| scope.split(' ').any(|own| own == one)), "{scope}");
    let statement = client.statement(&payments()).await.expect("the directory answers");
    let mut metadata = client.metadata(&statement);
    metadata["scope"] = json!(data);
    let reply = client.replace_registration(&held, &metadata).await.expect("an answer");
    refused("unauthorized-client at PUT", &reply, 400, "invalid_client_metadata");
    want(204, "delete", client.delete_registration(&held).await.expect("an answer"));

    // Every scope of both roles, and the client stays.
    let both = json!([role("DADOS")[0], role("PAGTO")[0]]);
    let all = || good().claiming("software_statement_roles", both.clone());
    let reply = want(201, "all scopes", with(client, all(), None).await);
    let scope = reply.json()["scope"].as_str().unwrap_or_default().to_owned();
    for wanted in ["accounts", "resources", "credit-portability", "payments", "recurring-payments"] {
        assert!(scope.split(' ').any(|own| own == wanted), "{wanted} is not in {scope}");
    }
    let held = Registration::of(&reply).expect("a registration");
    want(200, "it is still there", client.read_registration(&held).await.expect("an answer"));
}
