//! Other ways to the institution: its layer as a Lambda function, and behind TLS of its own authority that asks for a
//! certificate.

use std::sync::{Arc, Mutex, OnceLock};

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_pki::{Authority, Profile, RsaKey, SystemSubject};
use ponte_web::caller::{Call, Caller};
use ponte_web::{Answer, Request, Server, Site, with_client_certificates};
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{World, want};
use crate::stack::Stack;

const FUNCTION: &str = "InstitutionFunctionArn=arn:aws:lambda:sa-east-1:000000000000:function:bank";

/// A login, a consent, and an account's data.
async fn serves(stack: &Stack) {
    let world = World::around(stack).await;
    let client = world.client_token().await;
    let consent = world.create_consent(&client).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let list = world.accounts(&tokens.access, &consent).await;
    assert!(list.json()["data"][0]["accountId"].is_string());
    want(200, "accounts", list);
}

#[tokio::test]
async fn the_layer_may_be_a_function_of_the_institution() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), &["InstitutionUrl=", FUNCTION]);
    for function in ["data", "channel", "consents"] {
        let url = format!("/functions/{function}/env/INSTITUTION_URL");
        assert_eq!(stack.text(&url), "", "{function} knows no URL to ask");
    }
    serves(&stack).await;
}

/// What stands before the layer: it asks for a certificate, notes whose it was, and hands the question on.
struct Front {
    behind: Arc<OnceLock<String>>,
    callers: Arc<Mutex<Vec<bool>>>,
    http: Caller,
}

impl Site for Front {
    async fn answer(&self, request: Request) -> Answer {
        self.callers.lock().expect("nobody panics").push(request.certificate.is_some());
        let url = format!("{}{}", self.behind.get().expect("the bank is known"), request.path);
        let body: Value = request.json().expect("JSON");
        let bearer = request.header("authorization").expect("a credential").to_owned();
        let call = Call::json(Method::POST, url, &body).header("authorization", bearer);
        match self.http.send(call).await {
            Ok(reply) => {
                let status = StatusCode::from_u16(reply.status).expect("a status");
                Answer::json_text(status, reply.body)
            }
            Err(error) => Answer::message(StatusCode::BAD_GATEWAY, &error.to_string()),
        }
    }
}

#[tokio::test]
async fn the_layer_may_have_an_authority_of_its_own_and_ask_for_a_certificate() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let now = clock::now();
    let (world, own) = (folder.path().join("world"), tempfile::tempdir().expect("a folder can be made"));
    let authority = Authority::of_institution(&world, now).expect("the institution has an authority");
    let identity = |name: &str, profile: &Profile<'_>| {
        let key = RsaKey::generate().expect("a key can be made");
        authority.identity(own.path(), name, profile, key, now).expect("a certificate can be issued")
    };
    let server = identity("layer", &Profile::Server);
    let subject = SystemSubject { organisation_name: "Banco Ponte de Exemplo", common_name: "ponte" };
    let shown = identity("ponte", &Profile::System(&subject));
    let tls = with_client_certificates(&server, &authority).expect("TLS");
    let front = Server::bind("the front of the layer", 0, Some(tls)).await.expect("a port");
    let (behind, callers, url) =
        (Arc::<OnceLock<String>>::default(), Arc::<Mutex<_>>::default(), front.url());
    let http = Caller::new(authority.root_pem(), None).expect("a caller");
    front.spawn(Arc::new(Front { behind: behind.clone(), callers: Arc::clone(&callers), http }));

    let cloud_callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &cloud_callers);
    let secret = stack.text("/functions/data/env/INSTITUTION_TLS_SECRET");
    let (certificate, private_key) = (&shown.chain_pem, shown.key.private_pem());
    let authority = authority.root_pem();
    let written = json!({ "authority": authority, "certificate": certificate, "private_key": private_key });
    let put = json!({
        "SecretId": secret, "SecretString": written.to_string(),
        "ClientRequestToken": "d6d6d6d6-0000-4000-8000-000000000002",
    });
    cloud.call("secretsmanager.PutSecretValue", &put).await;
    stack.kill();

    let stack = Stack::up_with(folder.path(), &[&format!("InstitutionUrl={url}")]);
    behind.set(stack.text("/bank_core").to_owned()).expect("it was not known");
    serves(&stack).await;
    let callers = callers.lock().expect("nobody panics");
    assert!(callers.len() >= 3 && callers.iter().all(|shown| *shown), "{callers:?}");
}
