//! Who knows the id of an interaction and nothing else, before, during and after the customer's login, in both channel APIs
//! (T59): sees nothing of her, decides nothing, cancels nothing.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::commands::bank_key::{claims, forged, signed_as};
use super::commands::{jti_of, named, without_proof, world};
use super::world::{
    ANA, ANOTHER, API, BRUNO, COOKIE_OF_ANOTHER, INTERACTION, Reply, STORED, World, asked, device, login,
};
use ponte_fapi::jws::TokenType;
use ponte_fapi::secret;

/// How far the customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Arrived,
    LoggedIn,
    Decided,
}

/// What a stranger shows besides an id: the headers, and the ids that go with them.
fn strangers() -> Vec<(&'static str, &'static str, Value)> {
    let claims = json!({"iat": 1, "jti": "x", "method": "GET", "path": "/", "bodyHash": "x"});
    let session = |secret: &str| json!({"x-session-secret": secret});
    let signature = |jws: String| json!({"x-channel-signature": jws});
    vec![
        ("with nothing", INTERACTION, json!({})),
        ("with the stored id", STORED, json!({})),
        ("who opened the link", INTERACTION, json!({"cookie": COOKIE_OF_ANOTHER})),
        ("who opened the link, by an id of his own", ANOTHER, json!({"cookie": COOKIE_OF_ANOTHER})),
        ("with no secret", INTERACTION, session("")),
        ("with a guess", INTERACTION, session("secret000000000000000000000000000000000001A")),
        ("with the hash in place of the secret", INTERACTION, session(&secret::hash("x"))),
        ("with a forged signature", INTERACTION, signature(forged(&claims))),
        (
            "with a signature of another call",
            INTERACTION,
            signature(signed_as("app-1", TokenType::SignedCall, &claims)),
        ),
        (
            "with cookies of his own making",
            INTERACTION,
            json!({"cookie":
            format!("__Host-session-{STORED}=x; __Host-arrival-{STORED}={}", "A".repeat(44))}),
        ),
    ]
}

/// Every step of both APIs; the logins are of a customer of the institution, who is not the one of the consent.
fn steps(world: &World, id: &str) -> Vec<(&'static str, String, Option<Value>)> {
    let jti = jti_of(world, id);
    let jwt = signed_as("app-1", TokenType::Jwt, &claims(world.now(), &jti, BRUNO));
    let device = device();
    vec![
        ("GET", format!("{API}/{id}"), None),
        ("POST", format!("{API}/{id}/login"), Some(login("bruno"))),
        ("POST", format!("{API}/{id}/login"), Some(login("nobody"))),
        ("POST", format!("{API}/{id}/consent"), Some(json!({"device": device}))),
        ("POST", format!("{API}/{id}/cancel"), Some(json!({"device": device}))),
        ("GET", format!("/auth/app/commands/{id}"), None),
        ("GET", format!("/auth/handoff/{id}"), None),
        ("PUT", format!("/auth/app/commands/{id}/authentication"), Some(json!({"jwt": jwt}))),
        ("PUT", format!("/auth/app/commands/{id}/authentication"), Some(json!({"refused": true}))),
        ("PUT", format!("/auth/app/commands/{id}/consent"), Some(json!({"selectedResources": ["public-1"]}))),
        (
            "PUT",
            format!("/auth/app/commands/{id}/consent"),
            Some(json!({"selectedResources": ["public-1"], "jwt": jwt})),
        ),
        ("PUT", format!("/auth/app/commands/{id}/consent"), Some(json!({"refused": true}))),
        ("GET", format!("/auth/handoff/v1/{id}/status"), None),
        ("POST", format!("/auth/handoff/v1/{id}/finish"), Some(json!({}))),
    ]
}

async fn reached(stage: Stage) -> (World, String) {
    let world = world();
    let consent = world.begin(&asked()).await;
    if stage != Stage::Arrived {
        assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    }
    if stage == Stage::Decided {
        let yes = json!({"resources": ["public-1"], "device": device()});
        assert_eq!(world.channel("/consent", yes).await.status, 200);
    }
    (world, consent)
}

/// Nothing of the customer, her products or the way back is told, and nothing has changed.
fn nothing_happened(world: &World, reply: &Reply, before: &str, said: &str) {
    let told = reply.body.to_string();
    for secret in ["public-", ANA, "ticket=", "sessionSecret", "DECIDED", "AWAITING_DECISION", "AUTHORISED\""]
    {
        assert!(!told.contains(secret), "{said}: {told}");
    }
    assert!(!told.contains("\"completed\""), "{said}: {told}");
    assert_eq!(stored(world), before, "{said}");
}

fn stored(world: &World) -> String {
    let consents = format!("{:?}", world.store.consents.lock().unwrap());
    let interaction = serde_json::to_string(&world.interaction()).unwrap();
    format!("{interaction} {consents} {}", world.funnel().len())
}

#[tokio::test]
async fn t59_a_stranger_sees_decides_and_cancels_nothing_before_during_and_after_the_login() {
    let mut tried = 0;
    for stage in [Stage::Arrived, Stage::LoggedIn, Stage::Decided] {
        let (world, _) = reached(stage).await;
        let before = stored(&world);
        // Who opened the link himself may refuse what it asks of him, as long as nobody logged in.
        let from = |id: &str| stage != Stage::Arrived || id != ANOTHER;
        for (who, id, shown) in strangers().into_iter().filter(|(_, id, _)| from(id)) {
            for (method, path, body) in steps(&world, id) {
                let mut headers = shown.clone();
                headers["content-type"] = json!("application/json");
                headers["accept"] = json!("application/json");
                let reply = world.send(method, &path, headers, body.map(|body| body.to_string())).await;
                let said = format!("{stage:?}: {who}: {method} {path}: {} {}", reply.status, reply.body);
                nothing_happened(&world, &reply, &before, &said);
                // What anybody is shown before a login: who asks for what. Her own id shows nothing after it.
                let shows = method == "GET" && reply.status == 200;
                assert!(!shows || stage == Stage::Arrived || id == ANOTHER, "{said}");
                tried += 1;
            }
        }
        // She goes on as if nobody had tried.
        let due = world.command().await;
        let wanted = match stage {
            Stage::Arrived => "authenticate",
            Stage::LoggedIn => "consent",
            Stage::Decided => "completed",
        };
        assert_eq!(named(&due), (wanted, ""), "{stage:?}");
    }
    assert_eq!(tried, (9 + 10 + 10) * 14);
}

/// What a stranger hears after the login is what an id that was never given hears, after as many reads.
#[tokio::test]
async fn t59_t43_a_stranger_and_an_unknown_id_are_answered_alike() {
    let (world, _) = reached(Stage::LoggedIn).await;
    let unknown = INTERACTION.replace("AvoOgp", "AAAAAA");
    let known = steps(&world, INTERACTION);
    for ((method, path, body), (_, other, other_body)) in known.into_iter().zip(steps(&world, &unknown)) {
        // A login is judged before it is known whose interaction it is.
        if path.ends_with("/login") || body.as_ref().is_some_and(|body| body["jwt"].is_string()) {
            continue;
        }
        let headers = json!({"content-type": "application/json", "accept": "application/json"});
        let text = |body: Option<Value>| body.map(|body| body.to_string());
        let reads = || world.store.finds.load(Ordering::Relaxed);
        let before = reads();
        let mut mine = world.send(method, &path, headers.clone(), text(body)).await;
        let of_mine = reads() - before;
        let mut its = world.send(method, &other, headers, text(other_body)).await;
        let of_its = reads() - before - of_mine;
        for reply in [&mut mine, &mut its] {
            // A call without one gets one of its own.
            reply.headers.as_object_mut().unwrap().remove("x-fapi-interaction-id");
        }
        let told = (its.status, &its.headers, &its.cookies, &its.body);
        assert_eq!((mine.status, &mine.headers, &mine.cookies, &mine.body), told, "{path}");
        // A page reads nothing for a browser without its cookie.
        let read = !path.contains("/handoff/v1/");
        assert_eq!((of_mine, of_its > 0), (of_its, read), "{path}: neither costs more (T43)");
        assert_eq!((mine.status, mine.code()), (404, "INVALID_SESSION"), "{path}");
    }
}

/// The customer turns to another browser: there she is asked to log in, and the first browser is left behind.
#[tokio::test]
async fn t59_a_login_through_another_arrival_moves_the_interaction_there() {
    let (world, consent) = reached(Stage::LoggedIn).await;
    let show = format!("{API}/{ANOTHER}");
    let headers = || json!({"content-type": "application/json", "cookie": COOKIE_OF_ANOTHER});
    let seen = world.send("GET", &show, headers(), None).await;
    assert_eq!((seen.status, &seen.data()["stage"]), (200, &json!("AWAITING_LOGIN")));
    assert_eq!(seen.data()["interactionId"], ANOTHER);
    let moved = world.send("POST", &format!("{show}/login"), headers(), Some(login("ana").to_string())).await;
    assert_eq!(moved.data()["stage"], "AWAITING_DECISION");
    let old = world.channel("/consent", json!({"device": device()})).await;
    assert_eq!((old.status, old.code()), (404, "INVALID_SESSION"));
    assert_eq!(world.show().await.data()["stage"], "AWAITING_LOGIN", "as anybody's who has not logged in");
    let mut with = headers();
    with["x-session-secret"] = moved.data()["sessionSecret"].clone();
    let yes = Some(json!({"resources": ["public-1"], "device": device()}).to_string());
    let last = world.send("POST", &format!("{show}/consent"), with, yes).await;
    assert_eq!((last.status, &last.data()["status"]), (200, &json!("AUTHORISED")));
    assert_eq!(world.stored(&consent).version, 2);
    assert_eq!(world.funnel().len(), 3, "one arrival, one login, one return (T62)");
}

/// An institution that cannot yet: the id decides, but only the one through which the customer logged in.
#[tokio::test]
async fn t59_without_proof_the_id_of_the_login_decides_and_another_does_not() {
    let world = without_proof();
    let consent = world.begin(&asked()).await;
    let json = json!({"content-type": "application/json"});
    let call = async |id: &str, step: &str, body: Value| {
        world.send("POST", &format!("{API}/{id}/{step}"), json.clone(), Some(body.to_string())).await
    };
    assert_eq!(call(INTERACTION, "login", login("ana")).await.status, 200);
    let other = call(ANOTHER, "consent", json!({"device": device()})).await;
    assert_eq!((other.status, other.code()), (404, "INVALID_SESSION"));
    let yes = call(INTERACTION, "consent", json!({"device": device()})).await;
    assert_eq!((yes.status, world.stored(&consent).version), (200, 2));
}

/// Rows of the release before: nobody was given a secret, so their ids go on as they did.
#[tokio::test]
async fn t59_an_interaction_of_the_release_before_goes_on_by_its_id() {
    let world = world();
    let consent = world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    let mut row = serde_json::to_value(world.interaction()).unwrap();
    for member in ["arrival", "sessionHash", "arrivalKey"] {
        assert!(row.as_object_mut().unwrap().remove(member).is_some());
    }
    let id = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
    row["id"] = json!(id);
    let older = serde_json::from_value(row).unwrap();
    world.store.interactions.lock().unwrap().insert(id.to_owned(), older);
    let seen = world.send("GET", &format!("{API}/{id}"), json!({}), None).await;
    assert_eq!(seen.data()["stage"], "AWAITING_DECISION");
    let yes = Some(json!({"resources": ["public-1"], "device": device()}).to_string());
    let json = json!({"content-type": "application/json"});
    let last = world.send("POST", &format!("{API}/{id}/consent"), json, yes).await;
    assert_eq!((last.status, world.stored(&consent).version), (200, 2));
}
