//! The addresses a browser is sent to, and above all those it is not: S03, S05, open redirects.

use ponte_authorization::interaction::ArrivalId;
use ponte_values::ClientId;
use serde_json::json;

use super::*;
use crate::testing::{
    CLIENT, CONSENT, Gateway, ISSUER, Reply, StoreFault, World, after, arrival_of, arriving, cookie_of,
    fragment, now,
};

/// A page with nothing of the request in it, and no way on.
fn is_page(answer: &ponte_edge::Answer) -> bool {
    answer.status() == 400
        && answer.header_value("location").is_none()
        && answer.body().starts_with("<!doctype html>")
}

#[tokio::test]
async fn s05_the_request_is_not_consumed_by_arriving() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let first = world.opened(&request_uri, None, now()).await;
    let second = world.opened(&request_uri, None, after(599)).await;
    assert_eq!((first.status(), second.status()), (303, 303));
    let (one, other) = (arrival_of(&first), arrival_of(&second));
    assert_eq!(one.interaction(), other.interaction(), "one interaction");
    assert_ne!(one.reference(), other.reference(), "for two browsers");
    assert_eq!(world.memory.store.interactions.lock().unwrap().len(), 1);
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn rfc6749_4_1_2_1_a_client_that_gave_up_its_response_type_gets_its_customer_back() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().response_types = Some(Vec::new());
    let answer = world.opened(&request_uri, None, now()).await;
    let back = fragment(&answer);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("unauthorized_client", "state-1"));
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().response_types =
        Some(vec!["code id_token".to_owned()]);
    arrival_of(&world.opened(&request_uri, None, now()).await);
}

#[tokio::test]
async fn t62_a_thousand_arrivals_are_one_row_and_each_browser_keeps_its_own() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let mut references = std::collections::BTreeSet::new();
    let first = world.opened(&request_uri, None, now()).await;
    let stored = || serde_json::to_string(&*world.memory.store.interactions.lock().unwrap()).unwrap();
    let before = stored();
    for _ in 0..1_000 {
        let answer = world.opened(&request_uri, None, now()).await;
        references.insert(arrival_of(&answer).reference().unwrap().to_owned());
    }
    assert_eq!((references.len(), stored()), (1_000, before), "nothing is stored of an arrival");
    let (name, cookie) = cookie_of(&first);
    let again = world.opened(&request_uri, Some(&cookie), after(60)).await;
    assert_eq!((arrival_of(&again), cookie_of(&again)), (arrival_of(&first), (name, cookie)));
}

/// The reports of arrivals so far, as the metrics platform will get them.
fn arrivals(world: &World) -> Vec<serde_json::Value> {
    let rows = world.memory.store.outbox.lock().unwrap();
    let arrived = rows.iter().filter(|row| row.path.ends_with("server/redirect-target"));
    arrived.map(|row| serde_json::from_str(&row.body).unwrap()).collect()
}

#[tokio::test]
async fn m40_the_first_arrival_is_reported_when_it_happens_and_no_other() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.opened(&request_uri, None, now()).await;
    let told = json!({
        "consentId": CONSENT, "os": "LINUX", "osVersion": "unknown", "timestamp": "2026-06-01T12:00:00.000Z",
        "serverOrgId": "", "type": "AWAITING_USER_AUTH",
        "uriAuthorizationEndpoint": format!("{ISSUER}/auth/authorize"),
    });
    assert_eq!(arrivals(&world), [told]);
    let calls = |world: &World| world.memory.calls().iter().filter(|call| call.ends_with("::start")).count();
    assert_eq!(calls(&world), 1);
    // Again, in another browser, and when the session is over.
    for seconds in [1, 2, 599] {
        world.opened(&request_uri, None, after(seconds)).await;
    }
    assert_eq!(arrivals(&world).len(), 1);
    assert_eq!(calls(&world), 0, "T62: who comes later writes nothing");
    let stored = world.memory.store.interactions.lock().unwrap().values().next().unwrap().clone();
    assert!(stored.arrival_reported(), "no later step reports it again");
}

#[tokio::test]
async fn m40_an_arrival_waits_for_the_login_the_app_or_another_device() {
    let (phone, desktop) = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    );
    let page = format!("{ISSUER}/auth/handoff/v1/<IDENTIFICADOR>");
    let own = "https://channel.example/login?i=<IDENTIFICADOR>".to_owned();
    for (login_url, user_agent, platform, wanted) in [
        (&own, phone, Platform::Browser, "AWAITING_USER_AUTH"),
        (&own, desktop, Platform::Browser, "AWAITING_USER_AUTH"),
        (&page, desktop, Platform::Browser, "AWAITING_HANDOFF"),
        (&page, phone, Platform::Browser, "AWAITING_REDIRECT_TO_APP"),
        (&page, phone, Platform::App, "AWAITING_USER_AUTH"),
    ] {
        let mut world = World::new();
        world.public.site = crate::testing::site_with(&world.memory, login_url.clone());
        let request_uri = world.pushed().await;
        let device = ponte_values::Device::of_user_agent(user_agent, platform);
        let arriving = Arriving { device, at: now() };
        assert_eq!(
            begin(&world.public, (CLIENT, &request_uri), None, &arriving).await.unwrap().status(),
            303
        );
        assert_eq!(arrivals(&world)[0]["type"], wanted, "{login_url} {user_agent}");
    }
}

#[tokio::test]
async fn t59_the_cookie_of_an_arrival_keeps_to_this_host_and_session() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let first = world.opened(&request_uri, None, now()).await;
    let arrival = arrival_of(&first);
    let (name, secret) = cookie_of(&first);
    assert_eq!(name, format!("__Host-arrival-{}", arrival.interaction()));
    assert!(!first.header_value("location").unwrap().contains(&secret));
    let late = world.opened(&request_uri, None, after(100)).await;
    let [cookie] = late.cookies() else { panic!("one cookie") };
    assert!(cookie.ends_with("; Path=/; Max-Age=800; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
}

/// A form of another site: the browser adds no `Lax` cookie to it, and so it must not lose one by it.
#[tokio::test]
async fn t59_a_form_from_another_site_takes_no_arrival_away() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let request_uri = world.pushed().await;
    let first = world.opened(&request_uri, None, now()).await;
    let (name, secret) = cookie_of(&first);
    let body = serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", &request_uri)]).unwrap();
    let form =
        json!({ "content-type": "application/x-www-form-urlencoded", "origin": "https://evil.example" });
    let posted = gateway.call("POST", "/auth/authorize", form.clone(), &body, None).await;
    assert_eq!((posted.status, &posted.cookies), (303, &json!([])));
    let target = posted.headers["location"].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
    let cookie = format!("{name}={secret}");
    let got = gateway.call("GET", &target, json!({ "cookie": cookie }), "", None).await;
    assert_eq!(got.headers["location"], first.header_value("location").unwrap(), "the same arrival");
    assert!(got.cookies[0].as_str().unwrap().starts_with(&cookie));
    for wrong in
        ["", "client_id=a", "request_uri=b&client_id=a&client_id=c", "client_id=a&request=b&request_uri=c"]
    {
        assert!(
            gateway.call("POST", "/auth/authorize", form.clone(), wrong, None).await.is_page(400),
            "{wrong}"
        );
    }
    let long = format!("client_id=a&request_uri={}", "b".repeat(2_000));
    assert!(gateway.call("POST", "/auth/authorize", form, &long, None).await.is_page(400));
}

/// Somebody pushes many requests and has a browser open them all: it keeps the cookies of fifty.
#[tokio::test]
async fn t62_a_browser_keeps_the_cookies_of_its_last_arrivals() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let mut jar: Vec<(String, String)> = Vec::new();
    for number in 0..60 {
        let request_uri = world.pushed_again().await;
        let query =
            serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", &request_uri)]).unwrap();
        let sent: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = json!({ "cookie": format!("theme=dark; {}", sent.join("; ")) });
        let reply = gateway.call("GET", &format!("/auth/authorize?{query}"), headers, "", None).await;
        assert_eq!(reply.status, 303);
        for cookie in reply.cookies.as_array().unwrap() {
            let (name, rest) = cookie.as_str().unwrap().split_once('=').unwrap();
            let gone = rest.contains("Max-Age=0");
            assert!(!gone || jar[0].0 == name, "the oldest goes: {name}");
            jar.retain(|(known, _)| known != name);
            if !gone {
                jar.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
            }
        }
        assert_eq!(jar.len(), 50.min(number + 1));
    }
}

#[tokio::test]
async fn t62_a_link_that_is_opened_after_the_session_begins_it_again_in_its_row() {
    let world = World::new();
    let request_uri = world.pushed().await;
    let id = world.arrive(&request_uri).await;
    world.memory.pushed.lock().unwrap().get_mut(&request_uri).unwrap().expires_at = after(3_600);
    let again = world.opened(&request_uri, None, after(600)).await;
    assert_eq!((again.status(), arrival_of(&again).interaction()), (303, id.as_str()));
    let interactions = world.memory.store.interactions.lock().unwrap();
    assert_eq!((interactions.len(), interactions[&id].version), (1, 2));
    assert_eq!(interactions[&id].started_at, after(600));
}

#[tokio::test]
async fn s03_what_was_not_pushed_by_this_client_leads_to_a_page() {
    let world = World::new();
    let request_uri = world.pushed().await;
    for (client, uri) in [
        (CLIENT, "urn:ietf:params:oauth:request_uri:invented"),
        (CLIENT, "https://evil.example/request.jwt"),
        ("client-2", request_uri.as_str()),
        ("", request_uri.as_str()),
    ] {
        assert!(
            is_page(&begin(&world.public, (client, uri), None, &arriving(now())).await.unwrap()),
            "{client} {uri}"
        );
    }
    assert!(
        is_page(&begin(&world.public, (CLIENT, &request_uri), None, &arriving(after(600))).await.unwrap()),
        "expired"
    );
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_uri_that_was_unregistered_since_leads_to_a_page() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().redirect_uris.clear();
    assert!(is_page(&begin(&world.public, (CLIENT, &request_uri), None, &arriving(now())).await.unwrap()));
    world.memory.clients.lock().unwrap().clear();
    assert!(is_page(&begin(&world.public, (CLIENT, &request_uri), None, &arriving(now())).await.unwrap()));
}

#[tokio::test]
async fn a_consent_that_no_longer_waits_sends_the_customer_back() {
    let world = World::new();
    let request_uri = world.pushed().await;
    world.revoke_consent();
    let back = fragment(&begin(&world.public, (CLIENT, &request_uri), None, &arriving(now())).await.unwrap());
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "state-1"));
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
}

/// The customer's own reload, and somebody else with the link, after her decision and before her return.
#[tokio::test]
async fn t61_a_link_that_is_opened_again_after_a_decision_tells_the_client_nothing() {
    for yes in [true, false] {
        let world = World::new();
        let request_uri = world.pushed().await;
        world.memory.pushed.lock().unwrap().get_mut(&request_uri).unwrap().expires_at = after(3_600);
        let first = world.opened(&request_uri, None, now()).await;
        let (id, (_, cookie)) = (world.arrive(&request_uri).await, cookie_of(&first));
        if yes {
            world.authorise_consent();
            world.say_yes(&id, ponte_authorization::interaction::Assurance::Loa2);
        } else {
            world.revoke_consent();
            let no = ponte_fapi::secret::hash(crate::testing::TICKET);
            world.change_interaction(&id, |interaction| interaction.deny(no, now()).unwrap());
        }
        for stranger in [None, Some("guess")] {
            assert!(is_page(&world.opened(&request_uri, stranger, now()).await), "{yes}");
        }
        let own = world.opened(&request_uri, Some(&cookie), now()).await;
        assert_eq!(
            (arrival_of(&own), cookie_of(&own).1),
            (arrival_of(&first), cookie.clone()),
            "to the channel"
        );
        let gateway = Gateway::over(&world.memory);
        let query =
            serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", &request_uri)]).unwrap();
        let html = json!({ "accept": "text/html" });
        let reply = gateway.call("GET", &format!("/auth/authorize?{query}"), html, "", None).await;
        assert!(reply.is_page(400) && !reply.body.contains("state-1"));
        assert!(
            is_page(&world.opened(&request_uri, Some(&cookie), after(600)).await),
            "when all is over too"
        );
        let back = world.come_back(&id, now()).await;
        assert_eq!(fragment(&back).contains_key("code"), yes, "she comes back as ever");
    }
}

/// The app that replays its link with the cookie goes on where it was; without it the app hears what it heard before.
#[tokio::test]
async fn t61_an_app_that_opens_its_link_again_after_a_yes_is_sent_to_its_command() {
    let world = with_commands();
    let request_uri = world.pushed().await;
    let id = world.arrive(&request_uri).await;
    let cookie = format!("__Host-arrival-{id}={}", world.cookie(&id).unwrap());
    world.authorise_consent();
    world.say_yes(&id, ponte_authorization::interaction::Assurance::Loa2);
    assert_eq!(replayed(&world, &request_uri, "application/json").await.status, 422);
    let query = serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", &request_uri)]).unwrap();
    let headers = json!({ "accept": "application/json", "cookie": cookie });
    let target = format!("/auth/authorize?{query}");
    let reply = Gateway::over(&world.memory).call("GET", &target, headers, "", None).await;
    let location = reply.headers["location"].as_str().unwrap();
    assert!(reply.status == 303 && location.starts_with("https://as.example/auth/app/commands/"));
}

#[tokio::test]
async fn the_interaction_says_what_the_channel_must_show() {
    let world = World::new();
    let id = world.interaction().await;
    let interaction = world.memory.store.interactions.lock().unwrap()[&id].clone();
    assert_eq!(interaction.client, ClientId::parse(CLIENT).unwrap());
    assert_eq!(interaction.client_name, "Receptora Inventada");
    assert_eq!(interaction.started_at, now());
}

/// The app replays the link that it took over.
async fn replayed(world: &World, request_uri: &str, accept: &str) -> Reply {
    let query = serde_urlencoded::to_string([("client_id", CLIENT), ("request_uri", request_uri)]).unwrap();
    let target = format!("/auth/authorize?{query}");
    Gateway::over(&world.memory).call("GET", &target, json!({ "accept": accept }), "", None).await
}

fn with_commands() -> World {
    let world = World::new();
    *world.memory.commands.lock().unwrap() = true;
    world
}

#[tokio::test]
async fn an_app_that_took_the_link_over_hears_its_first_command() {
    let world = with_commands();
    let request_uri = world.pushed().await;
    for accept in ["application/json", "application/json, text/plain, */*"] {
        let reply = replayed(&world, &request_uri, accept).await;
        let location = reply.headers["location"].as_str().unwrap();
        let arrival = location.strip_prefix("https://as.example/auth/app/commands/").unwrap();
        let arrival = ArrivalId::parse(arrival).unwrap();
        assert_eq!(reply.status, 303);
        assert!(world.memory.store.interactions.lock().unwrap().contains_key(arrival.interaction()));
    }
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1, "read, not consumed (S05)");
}

#[tokio::test]
async fn a_browser_is_sent_to_the_channel_whether_there_is_a_loop_or_not() {
    let loops = with_commands();
    let request_uri = loops.pushed().await;
    let html = "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8";
    for accept in ["*/*", html, "application/json;q=0, */*", ""] {
        let reply = replayed(&loops, &request_uri, accept).await;
        assert!(
            reply.headers["location"].as_str().unwrap().starts_with("https://channel.example/"),
            "{accept}"
        );
    }
    let world = World::new();
    let request_uri = world.pushed().await;
    let reply = replayed(&world, &request_uri, "application/json").await;
    assert!(reply.headers["location"].as_str().unwrap().starts_with("https://channel.example/"));
    assert!(replayed(&world, "urn:invented", "application/json").await.is_page(400));
}

#[tokio::test]
async fn an_app_is_told_in_json_what_is_wrong() {
    let world = with_commands();
    let json = "application/json";
    let request_uri = world.pushed().await;
    let unknown = replayed(&world, "urn:ietf:params:oauth:request_uri:invented", json).await;
    assert_eq!(
        (unknown.status, unknown.json()["errors"][0]["code"].as_str()),
        (400, Some("PARAMETRO_INVALIDO"))
    );
    let gateway = Gateway::over(&world.memory);
    for query in ["", "client_id=client-1", "client_id=client-1&request_uri=a&request_uri=b", "%zz"] {
        let target = format!("/auth/authorize?{query}");
        let reply = gateway.call("GET", &target, json!({ "accept": json }), "", None).await;
        assert_eq!((reply.status, reply.json()["errors"].as_array().unwrap().len()), (400, 1), "{query}");
    }
    world.revoke_consent();
    let late = replayed(&world, &request_uri, json).await;
    let code = late.json()["errors"][0]["code"].clone();
    assert_eq!((late.status, code.as_str()), (422, Some("ESTADO_CONSENTIMENTO_INVALIDO")));
    assert!(late.headers.get("location").is_none());
    *world.memory.fault.lock().unwrap() = Some(StoreFault::Hangs);
    let broken = replayed(&world, &request_uri, json).await;
    assert_eq!((broken.status, broken.json()["errors"].as_array().unwrap().len()), (504, 1));
    assert!(world.memory.store.interactions.lock().unwrap().is_empty());
}
