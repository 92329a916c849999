//! The end of an interaction: S05, S06, S12, S14, S20.

use ponte_authorization::interaction::Assurance;
use ponte_fapi::claims::{ExpectedIdToken, IdToken, VerificationTime};
use ponte_fapi::jws::{CompactJws, Policy};

use crate::testing::{
    CALLBACK, CLIENT, Gateway, ISSUER, JWKS_URI, Reply, SUBJECT, TICKET, World, after, arrived,
    client_signer, decrypter, fragment, now, server_keys,
};

use serde_json::json;

use super::*;

fn is_page(answer: &Answer) -> bool {
    answer.status() == 400
        && answer.header_value("location").is_none()
        && answer.body().starts_with("<!doctype html>")
}

async fn end(world: &World, id: &str) -> Answer {
    world.come_back(id, now()).await
}

async fn guess(world: &World, id: &str, secret: &str) -> Answer {
    conclude(&world.public, (id, secret), &arrived(world.cookie(id).as_deref()), now()).await.unwrap()
}

#[tokio::test]
async fn s06_s14_a_yes_brings_a_code_and_an_encrypted_id_token() {
    let world = World::new();
    let id = world.granted_interaction().await;
    let back = fragment(&end(&world, &id).await);
    assert_eq!(back["state"], "state-1");
    let code = &back["code"];

    let signed = decrypter().decrypt_jwt(&back["id_token"]).unwrap();
    let token = CompactJws::parse(&signed, &Policy::ID_TOKEN).unwrap();
    let keys = server_keys();
    let claims: IdToken = token.verify(keys.signature_key(token.kid()).unwrap()).unwrap();
    let expected = ExpectedIdToken {
        issuer: ISSUER,
        client_id: CLIENT,
        nonce: "nonce-1",
        code: Some(code),
        state: Some("state-1"),
        access_token: None,
    };
    let clock = VerificationTime { now: u64::try_from(now().seconds()).unwrap(), skew: 0 };
    assert_eq!(claims.check(&expected, clock), Ok(()));
    assert_eq!(claims.sub, SUBJECT);

    let codes = world.memory.codes.lock().unwrap();
    let (stored, _) = &codes[&secret::hash(code)];
    assert_eq!(stored.expires_at, after(60));
    assert!(!codes.contains_key(code), "only its hash is stored");
}

#[tokio::test]
async fn s05_the_request_is_consumed_and_the_ticket_works_once() {
    let world = World::new();
    let id = world.granted_interaction().await;
    assert_eq!(end(&world, &id).await.status(), 303);
    assert!(world.memory.pushed.lock().unwrap().is_empty());
    assert!(is_page(&world.come_back(&id, after(61)).await));
    assert_eq!(world.memory.codes.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn s05_of_two_interactions_of_one_request_one_ends() {
    let world = World::new();
    let first = world.granted_interaction().await;
    let request_uri = world.memory.store.interactions.lock().unwrap()[&first].request_uri.clone();
    let mut twin = world.memory.store.interactions.lock().unwrap()[&first].clone();
    twin.id = "twin".to_owned();
    world.memory.store.interactions.lock().unwrap().insert("twin".to_owned(), twin);
    let cookie = world.cookie(&first);
    assert_eq!(end(&world, &first).await.status(), 303);
    let late = conclude(&world.public, ("twin", TICKET), &arrived(cookie.as_deref()), now()).await.unwrap();
    assert!(is_page(&late));
    assert!(!world.memory.pushed.lock().unwrap().contains_key(&request_uri));
}

/// The ticket alone brings nobody back: neither a stranger's browser nor one that has been at this client before (T59).
#[tokio::test]
async fn t59_another_browser_brings_no_ticket_back_and_takes_nothing_away() {
    let world = World::new();
    let id = world.granted_interaction().await;
    let interaction = world.memory.store.interactions.lock().unwrap()[&id].clone();
    let other = interaction.arrivals().fresh("another browser");
    let own = world.cookie(&id).unwrap();
    let spoilt = format!("{}A", &own[..own.len() - 1]);
    for cookie in [None, Some(""), Some("x"), Some(other.as_str()), Some(spoilt.as_str())] {
        let answer = conclude(&world.public, (&id, TICKET), &arrived(cookie), now()).await.unwrap();
        assert!(is_page(&answer), "{cookie:?}");
    }
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1);
    assert!(world.memory.codes.lock().unwrap().is_empty());
    assert!(fragment(&end(&world, &id).await).contains_key("code"), "hers does");
}

/// The customer arrived in an app, which has the secret that was in the browser's cookie.
fn by_an_app(world: &World, id: &str) {
    let interaction = world.memory.store.interactions.lock().unwrap()[id].clone();
    let arrivals = interaction.arrivals();
    let mut known = world.memory.arrivals.lock().unwrap();
    let (arrival, cookie) = known.get_mut(id).unwrap();
    let app = arrivals.id(&arrivals.read(cookie).unwrap(), true);
    assert_ne!(app, *arrival);
    *arrival = app;
}

/// A yes in an app.
async fn granted_in_an_app(world: &World) -> String {
    let id = world.interaction().await;
    world.authorise_consent();
    by_an_app(world, &id);
    world.say_yes(&id, Assurance::Loa2);
    id
}

/// A browser with cookies in front of the gateway.
#[derive(Default)]
struct Jar(Vec<String>);

impl Jar {
    async fn open(&mut self, gateway: &Gateway, target: &str) -> Reply {
        let reply = gateway.call("GET", target, json!({ "cookie": self.0.join("; ") }), "", None).await;
        let given = reply.cookies.as_array().unwrap().iter();
        self.0.extend(given.map(|cookie| cookie.as_str().unwrap().split(';').next().unwrap().to_owned()));
        reply
    }

    /// Opens a link of ours and goes where it leads.
    async fn follow(&mut self, gateway: &Gateway, target: &str) -> Reply {
        let first = self.open(gateway, target).await;
        match first.headers["location"].as_str().and_then(|location| location.strip_prefix(ISSUER)) {
            Some(next) => self.open(gateway, next).await,
            None => first,
        }
    }
}

#[tokio::test]
async fn t59_t61_an_app_s_ticket_is_told_again_to_the_browser_that_brought_it_alone() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let id = granted_in_an_app(&world).await;
    let link = format!("/auth/resume?ticket={id}.{TICKET}");
    let mut hers = Jar::default();
    let asked = hers.open(&gateway, &link).await;
    assert_eq!(asked.headers["location"], format!("{ISSUER}{link}&returning=1"));
    let cookie = asked.cookies[0].as_str().unwrap();
    assert!(cookie.starts_with(&format!("__Host-return-{id}-")), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1, "nothing has ended");
    let first = hers.follow(&gateway, &link).await;
    let location = first.headers["location"].clone();
    assert!(location.as_str().unwrap().starts_with(&format!("{CALLBACK}#code=")), "{first:?}");
    for _ in 0..2 {
        assert_eq!(hers.follow(&gateway, &link).await.headers["location"], location, "T61");
    }
    for mut other in [Jar::default(), Jar(vec![format!("__Host-return-{id}-12345678=guess")])] {
        assert!(other.follow(&gateway, &link).await.is_page(400));
        assert!(other.follow(&gateway, &format!("{link}&returning=1")).await.is_page(400));
    }
    assert_eq!(world.memory.codes.lock().unwrap().len(), 1);
    let stored = serde_json::to_string(&world.memory.store.interactions.lock().unwrap()[&id]).unwrap();
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(!stored.contains(secret), "its hash is stored");
}

/// Two tabs open an app's link at once: each is asked first, and whichever ends it, both go to the same place.
#[tokio::test]
async fn t61_an_app_s_link_in_two_tabs_leads_twice_to_the_same_place() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let id = granted_in_an_app(&world).await;
    let link = format!("/auth/resume?ticket={id}.{TICKET}");
    let mut browser = Jar::default();
    let one = browser.open(&gateway, &link).await;
    let first_alone = Jar(browser.0.clone());
    let other = Jar::default().open(&gateway, &link).await;
    browser.0.push(other.cookies[0].as_str().unwrap().split(';').next().unwrap().to_owned());
    let next = one.headers["location"].as_str().unwrap().strip_prefix(ISSUER).unwrap();
    let ended = browser.open(&gateway, next).await;
    let mut late = first_alone;
    assert_eq!(late.open(&gateway, next).await.headers["location"], ended.headers["location"]);
    assert!(ended.headers["location"].as_str().unwrap().contains("#code="));
}

#[tokio::test]
async fn t59_a_browser_without_cookies_brings_an_app_s_ticket_once() {
    let world = World::new();
    let gateway = Gateway::over(&world.memory);
    let id = granted_in_an_app(&world).await;
    let link = format!("/auth/resume?ticket={id}.{TICKET}");
    let bare = async |target: &str| gateway.call("GET", target, json!({}), "", None).await;
    let wrong = bare(&format!("/auth/resume?ticket={id}.guessed")).await;
    assert!(wrong.is_page(400), "as an interaction that is none: {wrong:?}");
    let next =
        bare(&link).await.headers["location"].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
    assert!(bare(&next).await.headers["location"].as_str().unwrap().contains("#code="));
    assert!(bare(&next).await.is_page(400));
}

/// What is stored for one ticket of one interaction opens at no other, and leads to no other address than the client's.
#[tokio::test]
async fn t61_a_sealed_redirect_is_good_in_its_own_row_alone() {
    let world = World::new();
    let id = world.granted_interaction().await;
    let first = location(&end(&world, &id).await);
    let row = |id: &str| serde_json::to_value(&world.memory.store.interactions.lock().unwrap()[id]).unwrap();
    let put = |id: &str, row: serde_json::Value| {
        let interaction = serde_json::from_value(row).unwrap();
        world.memory.store.interactions.lock().unwrap().insert(id.to_owned(), interaction);
    };
    let sealed = row(&id)["returned"]["sealedRedirect"].clone();
    let other = world.granted_interaction_again().await;
    let own = location(&end(&world, &other).await);
    assert_ne!(own, first);
    let mut moved = row(&other);
    moved["returned"]["sealedRedirect"] = sealed;
    put(&other, moved.clone());
    assert!(is_page(&end(&world, &other).await), "moved from another row");
    // Whoever writes the table encrypts for the published key.
    let place = format!("{other}.{}", secret::hash(TICKET));
    let forged = "https://evil.example/cb#code=x";
    for (text, place, page) in
        [(forged, &place, true), (own.as_str(), &place, false), (own.as_str(), &id, true)]
    {
        let sealed = sealed::seal(&world.public.shared, text, place, now()).await.unwrap();
        moved["returned"]["sealedRedirect"] = sealed.into();
        put(&other, moved.clone());
        assert_eq!(is_page(&end(&world, &other).await), page, "{text} {place}");
    }
}

#[tokio::test]
async fn t59_an_app_goes_on_in_a_browser_that_never_arrived_and_so_does_an_older_interaction() {
    for by_app in [true, false] {
        let world = World::new();
        let id = world.interaction().await;
        world.authorise_consent();
        if by_app {
            by_an_app(&world, &id);
        } else {
            world.memory.arrivals.lock().unwrap().clear();
        }
        world.say_yes(&id, Assurance::Loa2);
        let answer = conclude(&world.public, (&id, TICKET), &arrived(None), now()).await.unwrap();
        assert!(fragment(&answer).contains_key("code"), "{by_app}");
    }
}

#[tokio::test]
async fn a_wrong_early_or_late_ticket_leads_to_a_page() {
    let world = World::new();
    assert!(is_page(&end(&world, "unknown").await));
    let undecided = world.interaction().await;
    assert!(is_page(&end(&world, &undecided).await));
    let id = world.granted_interaction_again().await;
    assert!(is_page(&guess(&world, &id, "guessed").await));
    assert!(is_page(&world.come_back(&id, after(600)).await));
    assert_eq!(end(&world, &id).await.status(), 303, "failed attempts take nothing away");
}

#[tokio::test]
async fn s20_a_no_is_access_denied_and_consumes_the_request() {
    let world = World::new();
    let id = world.interaction().await;
    world.change_interaction(&id, |interaction| interaction.deny(secret::hash(TICKET), now()).unwrap());
    let back = fragment(&end(&world, &id).await);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "state-1"));
    assert!(!back.contains_key("code"));
    assert!(world.memory.pushed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn s12_a_yes_without_an_authorised_consent_gives_no_code() {
    let world = World::new();
    let id = world.granted_interaction().await;
    world.revoke_consent();
    assert_eq!(fragment(&end(&world, &id).await)["error"], "access_denied");
    assert!(world.memory.codes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_uri_that_was_unregistered_since_leads_to_a_page() {
    let world = World::new();
    let id = world.granted_interaction().await;
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().redirect_uris.clear();
    assert!(is_page(&end(&world, &id).await));
    assert_eq!(world.memory.pushed.lock().unwrap().len(), 1, "nothing was concluded");
}

#[tokio::test]
async fn s82_a_client_that_withdrew_its_encryption_key_hears_of_it() {
    let world = World::new();
    let id = world.granted_interaction().await;
    world.public.shared.client_keys.at(JWKS_URI, None, now()).await.unwrap();
    world.publish(&[client_signer().public_jwk()]);
    let answer = world.come_back(&id, after(599)).await;
    assert!(fragment(&answer).contains_key("code"), "the set seen ten minutes ago still serves");
    let mut world = World::new();
    let id = world.granted_interaction().await;
    world.forget_client_keys();
    world.publish(&[client_signer().public_jwk()]);
    assert_eq!(fragment(&end(&world, &id).await)["error"], "server_error");
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status(), 303, "{}", answer.body());
    answer.header_value("location").unwrap().to_owned()
}

#[tokio::test]
async fn t61_a_lost_redirect_is_the_same_for_a_minute_and_the_session_page_after_it() {
    let world = World::new();
    let id = world.granted_interaction().await;
    let first = location(&end(&world, &id).await);
    for seconds in [0, 30, 60] {
        assert_eq!(location(&world.come_back(&id, after(seconds)).await), first, "{seconds}");
    }
    assert!(is_page(&world.come_back(&id, after(61)).await));
    assert_eq!(world.memory.codes.lock().unwrap().len(), 1);
    let code = fragment(&world.come_back(&id, now()).await).remove("code").unwrap();
    let stored = serde_json::to_string(&world.memory.store.interactions.lock().unwrap()[&id]).unwrap();
    assert!(!stored.contains(&code) && !stored.contains(TICKET), "neither is stored in clear");
    assert_eq!(world.redeem(&code, now()).await.0, 200);
    assert_eq!(world.redeem(&code, now()).await.0, 400, "the code is good for one use all the same");
}

#[tokio::test]
async fn t61_a_no_is_told_to_the_client_again() {
    let world = World::new();
    let id = world.interaction().await;
    world.change_interaction(&id, |interaction| {
        let arrivals = world.memory.arrivals.lock().unwrap();
        let (arrival, _) = &arrivals[&id];
        interaction.arrived_by(arrival).deny(secret::hash(TICKET), now()).unwrap()
    });
    let first = location(&end(&world, &id).await);
    assert_eq!(location(&world.come_back(&id, after(60)).await), first);
}

#[tokio::test]
async fn t61_a_link_that_is_opened_twice_at_once_leads_twice_to_the_same_place() {
    let world = World::new();
    let id = world.granted_interaction().await;
    *world.memory.together.lock().unwrap() = true;
    let (one, other) = tokio::join!(end(&world, &id), end(&world, &id));
    assert_eq!(location(&one), location(&other));
    assert_eq!(world.memory.codes.lock().unwrap().len(), 1, "one code");
}

#[tokio::test]
async fn t61_another_browser_or_ticket_hears_nothing_by_repeating() {
    let world = World::new();
    let id = world.granted_interaction().await;
    let interaction = world.memory.store.interactions.lock().unwrap()[&id].clone();
    let other = interaction.arrivals().fresh("another browser");
    location(&end(&world, &id).await);
    for cookie in [None, Some("x"), Some(other.as_str())] {
        let answer = conclude(&world.public, (&id, TICKET), &arrived(cookie), now()).await.unwrap();
        assert!(is_page(&answer), "{cookie:?}");
    }
    assert!(is_page(&guess(&world, &id, "guessed").await));
    assert!(is_page(&guess(&world, &id, &secret::hash(TICKET)).await), "what is stored opens nothing");
}

#[tokio::test]
async fn t61_a_client_that_is_gone_or_goes_elsewhere_is_sent_nobody_again() {
    let world = World::new();
    let id = world.granted_interaction().await;
    location(&end(&world, &id).await);
    let taken =
        std::mem::take(&mut world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().redirect_uris);
    assert!(is_page(&end(&world, &id).await));
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().redirect_uris = taken;
    location(&end(&world, &id).await);
    world.memory.clients.lock().unwrap().get_mut(CLIENT).unwrap().blocked_at = Some(now());
    assert!(is_page(&end(&world, &id).await));
}

/// A decision in the last second of the session, its redirect lost up to three times at any moment of a minute: a thousand
/// customers bring a code that the client redeems.
#[tokio::test]
async fn t61_of_a_thousand_returns_with_lost_redirects_none_leaves_an_authorised_consent_behind() {
    let world = World::new();
    let mut stuck = 0;
    for customer in 0..1_000_u64 {
        world.create_consent(CLIENT);
        let id = world.interaction().await;
        world.authorise_consent();
        world.say_yes(&id, Assurance::Loa2);
        let back = after(customer * 119 / 1_000);
        let mut answer = world.come_back(&id, back).await;
        for lost in 1..=customer % 4 {
            answer = world.come_back(&id, back.plus(std::time::Duration::from_secs(5 * lost))).await;
        }
        let code = fragment(&answer).remove("code").unwrap();
        let redeemed = world.redeem(&code, back.plus(std::time::Duration::from_secs(20))).await;
        stuck += u32::from(redeemed.0 != 200);
    }
    assert_eq!((stuck, world.memory.codes.lock().unwrap().len()), (0, 1_000));
}
