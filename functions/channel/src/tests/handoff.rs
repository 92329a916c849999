//! Handoff: a page in one browser, a phone with the code, and everybody else (product contract, section 1.3).

use std::time::Duration;

use ponte_authorization::interaction::{Outcome, ShortCode, Waiting};
use ponte_data_consent::consent::RejectionReason;
use ponte_fapi::secret;
use serde_json::{Value, json};

use super::commands::{named, without_proof, world};
use super::world::{
    ANA, BRUNO, COOKIE, COOKIE_OF_ANOTHER, INTERACTION, PAGE_ID, Reply, STORED, World, asked, login,
};

pub(super) const PATH: &str = "/auth/handoff/v1/AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYx3ufOJ1243";

/// A browser that came by `authorize`, with the cookie of its arrival.
pub(super) struct Browser {
    pub(super) path: &'static str,
    pub(super) cookie: Option<&'static str>,
}

/// The customer's.
impl Default for Browser {
    fn default() -> Self {
        Self { path: PATH, cookie: Some(COOKIE) }
    }
}

/// Another one in front of the same link.
pub(super) fn another() -> Browser {
    Browser { path: PATH_OF_ANOTHER, cookie: Some(COOKIE_OF_ANOTHER) }
}

const PATH_OF_ANOTHER: &str = "/auth/handoff/v1/AvoOgpBuPOXCCcYyXRCtBIbtv_GnxRjpvqECZR6x";

impl Browser {
    pub(super) async fn call(&self, world: &World, method: &str, path: &str) -> Reply {
        let mut headers = json!({"content-type": "application/json", "accept": "*/*"});
        if let Some(cookie) = self.cookie {
            headers["cookie"] = json!(cookie);
        }
        let body = (method == "POST").then(|| "{}".to_owned());
        world.send(method, path, headers, body).await
    }

    /// Loads the page.
    pub(super) async fn load(&self, world: &World) -> Reply {
        self.call(world, "GET", self.path).await
    }

    pub(super) async fn status(&self, world: &World) -> String {
        let reply = self.call(world, "GET", &format!("{}/status", self.path)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body["status"].as_str().unwrap().to_owned()
    }

    pub(super) async fn post(&self, world: &World, what: &str) -> Reply {
        self.call(world, "POST", &format!("{}/{what}", self.path)).await
    }
}

/// The short code on a page.
pub(super) fn code_on(page: &Reply) -> String {
    let shown = page.body.as_str().unwrap().split("aria-hidden=\"true\">").nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

/// The same of a page that may be none.
fn code_on_any(page: &Reply) -> String {
    if page.status == 200 { code_on(page) } else { String::new() }
}

/// The phone reads a code, and keeps the secret that it is told.
pub(super) async fn read_code(world: &World, code: &str) -> Reply {
    world.by_customer("GET", &format!("/auth/handoff/{code}"), None).await
}

/// A page in a browser, and the code on it.
pub(super) async fn shown() -> (World, String, Browser, String) {
    let world = world();
    let consent = world.begin(&asked()).await;
    let browser = Browser::default();
    let page = browser.load(&world).await;
    assert_eq!((page.status, &page.cookies), (200, &json!([])), "the cookie is that of the arrival");
    (world, consent, browser, code_on(&page))
}

/// The same after a phone read the code.
pub(super) async fn taken() -> (World, String, Browser, String) {
    let (world, consent, browser, code) = shown().await;
    assert_eq!(named(&read_code(&world, &code).await), ("authenticate", ""));
    (world, consent, browser, code)
}

async fn say_yes(world: &World) -> Reply {
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    world.result("consent", &json!({"selectedResources": ["public-1"]})).await
}

fn redirect(reply: &Reply) -> Value {
    let part = reply.body.get("completedCommand").or_else(|| reply.body.get("errorCommand")).unwrap();
    part["redirect"].clone()
}

#[tokio::test]
async fn c03_an_interaction_goes_from_the_desktop_to_the_phone_and_back() {
    let (world, _, browser, code) = shown().await;
    assert_eq!(browser.status(&world).await, "READY");
    let first = read_code(&world, &code).await;
    assert_eq!((named(&first), &first.body["commandId"]), (("authenticate", ""), &json!(INTERACTION)));
    assert_eq!(browser.status(&world).await, "READ");
    let early = browser.post(&world, "finish").await;
    assert_eq!((early.status, early.code()), (409, "INVALID_STATUS_CONFIRMATION"));
    let last = say_yes(&world).await;
    assert_eq!((named(&last), redirect(&last)), (("completed", ""), json!({"isHandOff": true})));
    let again = world.command().await;
    assert_eq!((named(&again), redirect(&again)), (("completed", ""), json!({"isHandOff": true})));
    assert_eq!(browser.status(&world).await, "COMPLETED");
    let back = browser.post(&world, "finish").await;
    let target = back.body["redirectTo"].as_str().unwrap();
    let ticket =
        target.strip_prefix("https://banco.example/auth/resume?ticket=AvoOgpBuPOXCCcYyXRCt.").unwrap();
    assert_eq!((back.status, back.body.as_object().unwrap().len()), (200, 1));
    let interaction = world.interaction();
    let Waiting::Browser(decision) = interaction.at(world.now()) else { panic!("no ticket") };
    assert_eq!(decision.ticket_hash, secret::hash(ticket));
    assert!(matches!(decision.outcome, Outcome::Granted { .. }));
    let twice = browser.post(&world, "finish").await;
    assert_eq!((twice.status, &twice.body), (200, &back.body), "T61");
    assert_eq!(browser.status(&world).await, "FINISHED");
}

#[tokio::test]
async fn t59_the_page_belongs_to_the_browser_whose_code_was_read() {
    let (world, _, browser, code) = shown().await;
    let second = another();
    let other_code = code_on(&second.load(&world).await);
    assert_ne!(other_code, code, "each page has its own");
    assert_eq!(second.status(&world).await, "READY");
    let first = read_code(&world, &code).await;
    assert_eq!((named(&first), &first.body["commandId"]), (("authenticate", ""), &json!(INTERACTION)));
    say_yes(&world).await;
    let stranger = Browser { cookie: None, ..Browser::default() };
    let liar = Browser { cookie: Some("__Host-arrival-AvoOgpBuPOXCCcYyXRCt=guess"), ..Browser::default() };
    let thief = Browser { cookie: Some(COOKIE_OF_ANOTHER), ..Browser::default() };
    for other in [&second, &stranger, &liar, &thief] {
        let page = other.load(&world).await;
        assert_eq!((page.status, &page.cookies), (404, &json!([])));
        assert!(!page.body.as_str().unwrap().contains(&code));
        for (method, what) in [("GET", "status"), ("POST", "finish"), ("POST", "abort")] {
            let reply = other.call(&world, method, &format!("{}/{what}", other.path)).await;
            assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{what}");
        }
    }
    assert_eq!(browser.load(&world).await.status, 200);
    assert_eq!(browser.post(&world, "finish").await.status, 200);
}

/// A robot that looks at a link, or somebody without cookies, opens no page and takes none away.
#[tokio::test]
async fn t62_a_page_needs_the_cookie_of_an_arrival_and_five_show_a_typed_code() {
    let world = world_with_interaction().await;
    let robot = Browser { cookie: None, ..Browser::default() };
    for _ in 0..10 {
        assert_eq!(robot.load(&world).await.status, 404);
    }
    assert_eq!((world.interaction().version, world.store.codes.lock().unwrap().len()), (1, 0));
    let mut interaction = world.interaction();
    while let Some(next) = interaction.clone().hand_off(world.now()).unwrap() {
        interaction = next;
    }
    world.store.interactions.lock().unwrap().insert(STORED.to_owned(), interaction);
    let page = Browser::default().load(&world).await;
    assert_eq!((page.status, code_on(&page)), (200, String::new()), "the QR code alone");
    assert!(page.body.as_str().unwrap().contains("<svg"));
    assert!(world.store.codes.lock().unwrap().is_empty());
    assert_eq!(named(&read_code(&world, PAGE_ID).await), ("authenticate", ""));
    assert_eq!(Browser::default().status(&world).await, "READ");
}

#[tokio::test]
async fn a_page_loaded_again_shows_the_same_code_while_it_opens_something() {
    let (world, _, browser, code) = shown().await;
    let again = browser.load(&world).await;
    assert_eq!((code_on(&again), world.store.codes.lock().unwrap().len()), (code.clone(), 1));
    assert_eq!(world.interaction().version, 2, "shown once");
    let stored = format!("{:?}", world.interaction());
    let secret = COOKIE.split_once('=').unwrap().1;
    assert!(!stored.contains(secret) && !stored.contains(&code.replace('-', "")));
    read_code(&world, &code).await;
    say_yes(&world).await;
    let done = browser.load(&world).await;
    assert!(
        !done.body.as_str().unwrap().contains(&code) && done.body.as_str().unwrap().contains("COMPLETED")
    );
}

#[tokio::test]
async fn the_page_keeps_to_this_host_and_session() {
    let world = world();
    world.begin(&asked()).await;
    world.wait(Duration::from_mins(1));
    let page = Browser::default().load(&world).await;
    assert_eq!(page.headers["cache-control"], "no-store");
    let body = page.body.as_str().unwrap();
    assert!(body.contains("data-seconds=\"540\"") && body.contains("Receptora Exemplo"));
    assert!(body.contains("src=\"/auth/handoff/v1/oob-handoff.js\""));
    assert!(
        !body.contains(ANA) && !body.contains("receptora.example"),
        "nothing of the person or the way back"
    );
    let script = Browser::default().call(&world, "GET", "/auth/handoff/v1/oob-handoff.js").await;
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    assert!(script.body.as_str().unwrap().contains("use strict"));
}

#[tokio::test]
async fn a_short_code_may_be_typed_in_any_way_and_a_wrong_one_opens_nothing() {
    let (world, _, _, code) = shown().await;
    let plain = code.replace('-', "");
    for typed in [code.clone(), code.to_lowercase(), plain.clone(), plain.replace('0', "o").replace('1', "l")]
    {
        assert_eq!(named(&read_code(&world, &typed).await), ("authenticate", ""), "{typed}");
    }
    assert_eq!(named(&read_code(&world, PAGE_ID).await), ("authenticate", ""), "the id in the QR code");
    let other = if plain.starts_with('Z') { "Y" } else { "Z" };
    for wrong in [format!("{other}{}", &plain[1..]), "ZZZZ".to_owned(), "UUUU-UUUU".to_owned()] {
        let reply = read_code(&world, &wrong).await;
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{wrong}");
    }
    assert_eq!(
        world.store.audit.lock().unwrap().iter().filter(|row| row.action == "interaction.taken_over").count(),
        1
    );
}

#[tokio::test]
async fn a_code_that_another_interaction_has_is_not_shown() {
    let (world, _, _, code) = shown().await;
    let other = world_with_interaction().await;
    let taken = ShortCode::parse(&code).unwrap().as_str().to_owned();
    let end = other.interaction().expires_at();
    other.store.codes.lock().unwrap().insert(taken.clone(), ("another-arrival".to_owned(), end));
    let page = Browser::default().load(&other).await;
    assert_eq!((page.status, code_on(&page)), (200, String::new()));
    assert_eq!(other.store.codes.lock().unwrap()[&taken].0, "another-arrival");
    drop(world);
}

#[tokio::test]
async fn c06_m40_giving_up_at_the_page_rejects_the_consent_and_the_phone_hears_of_it() {
    let (world, consent, browser, code) = shown().await;
    read_code(&world, &code).await;
    let back = browser.post(&world, "abort").await;
    assert!(back.body["redirectTo"].as_str().unwrap().contains("/auth/resume?ticket=AvoOgpBuPOXCCcYyXRCt."));
    assert_eq!(world.reason(&consent), RejectionReason::CustomerManuallyRejected);
    let (name, step) = world.funnel().pop().unwrap();
    assert_eq!((name.as_str(), &step["type"]), ("redirect-to-client", &json!("REJECTED")));
    let reports = world.funnel().len();
    assert_eq!(browser.status(&world).await, "ABORTED");
    let refused = world.result("consent", &json!({"refused": true})).await;
    let jwt = world.result("authentication", &json!({"jwt": "x"})).await;
    for reply in [world.command().await, read_code(&world, &code).await, refused, jwt] {
        assert_eq!(
            (named(&reply), redirect(&reply)),
            (("error", "HANDOFF_ABORTED"), json!({"isHandOff": true}))
        );
    }
    let twice = browser.post(&world, "finish").await;
    assert_eq!((twice.status, twice.code()), (409, "INVALID_STATUS_CONFIRMATION"));
    assert_eq!(browser.post(&world, "abort").await.body, back.body, "T61");
    assert_eq!(world.funnel().len(), reports, "told once");
}

/// The phone has no cookie; before a login it ends the interaction by its own secret, which no signature stands for.
#[tokio::test]
async fn t59_c06_a_no_at_the_phone_and_s20_another_person_bring_the_page_back_too() {
    const AUTHENTICATION: &str = "/auth/app/commands/AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYx3ufOJ1243/authentication";
    let (world, consent, browser, _) = taken().await;
    let (refused, json) = (json!({"refused": true}), json!({"content-type": "application/json"}));
    let alone = world.send("PUT", AUTHENTICATION, json.clone(), Some(refused.to_string())).await;
    assert_eq!((alone.status, alone.code()), (404, "INVALID_SESSION"), "whoever saw the code");
    let signed = world.signed("PUT", AUTHENTICATION, Some(&refused)).await;
    assert_eq!(
        (signed.status, signed.code()),
        (404, "INVALID_SESSION"),
        "whoever is in front of the back end"
    );
    let phone = |world: &World| json!({"x-session-secret": *world.session.lock().unwrap()});
    let no = world.signed_with(("PUT", AUTHENTICATION), Some(&refused), phone(&world)).await;
    assert_eq!((named(&no), redirect(&no)), (("completed", ""), json!({"isHandOff": true})));
    assert_eq!(browser.post(&world, "abort").await.status, 409, "the phone was faster");
    assert_eq!(browser.post(&world, "finish").await.status, 200);
    assert_eq!(world.reason(&consent), RejectionReason::CustomerManuallyRejected);

    let (world, consent, browser, _) = taken().await;
    let body = json!({"jwt": world.jwt(BRUNO, None)});
    let alone = world.send("PUT", AUTHENTICATION, json, Some(body.to_string())).await;
    assert_eq!((alone.status, alone.code()), (404, "INVALID_SESSION"), "whoever saw the code");
    assert_eq!(world.stored(&consent).version, 1);
    let other = world.signed_with(("PUT", AUTHENTICATION), Some(&body), phone(&world)).await;
    assert_eq!((named(&other), redirect(&other)), (("error", "CPF_MISMATCH"), json!({"isHandOff": true})));
    assert_eq!(world.reason(&consent), RejectionReason::InternalSecurityReason);
    assert_eq!(browser.status(&world).await, "COMPLETED");
    assert_eq!(browser.post(&world, "finish").await.status, 200);
}

/// Whoever began the interaction knows its id, and whoever saw the screen its code: the login of the customer is not theirs.
#[tokio::test]
async fn t59_s20_nobody_but_the_phone_that_logged_in_sees_the_products_or_decides() {
    let (world, consent, browser, code) = taken().await;
    let jwt = world.jwt(ANA, None);
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    let show = format!("/auth/app/commands/{INTERACTION}");
    for cookie in ["", COOKIE] {
        let headers =
            json!({"content-type": "application/json", "accept": "application/json", "cookie": cookie});
        let yes = |jwt: Option<&str>| json!({"selectedResources": ["public-1"], "jwt": jwt}).to_string();
        for (method, path, body) in [
            ("GET", show.clone(), None),
            ("GET", format!("/auth/handoff/{code}"), None),
            ("PUT", format!("{show}/consent"), Some(yes(None))),
            ("PUT", format!("{show}/consent"), Some(yes(Some(&jwt)))),
            ("PUT", format!("{show}/consent"), Some(json!({"refused": true}).to_string())),
            ("PUT", format!("{show}/authentication"), Some(json!({"refused": true}).to_string())),
        ] {
            let reply = world.send(method, &path, headers.clone(), body).await;
            assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{method} {path}");
        }
    }
    assert_eq!((world.stored(&consent).version, browser.status(&world).await.as_str()), (1, "READ"));
    let of_bruno = world.jwt(BRUNO, None);
    for wrong in ["e30.e30.e30", &of_bruno] {
        let body = json!({"selectedResources": ["public-1"], "jwt": wrong});
        let reply = world.result("consent", &body).await;
        assert_eq!(
            (reply.status, reply.code()),
            (401, "NAO_AUTORIZADO"),
            "a JWT is verified wherever it is sent"
        );
    }
    let last = world.result("consent", &json!({"selectedResources": ["public-1"]})).await;
    assert_eq!(named(&last), ("completed", ""));
    assert_eq!(world.stored(&consent).version, 2);
}

/// Where no proof is required, the yes after a handoff carries what the back end signed of the customer, as before.
#[tokio::test]
async fn without_proof_an_interaction_that_was_handed_off_shows_no_product_and_needs_the_jwt() {
    let world = without_proof();
    let consent = world.begin(&asked()).await;
    let code = code_on(&Browser::default().load(&world).await);
    read_code(&world, &code).await;
    let jwt = world.jwt(ANA, None);
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    *world.session.lock().unwrap() = None;
    assert_eq!(named(&world.command().await), ("authenticate", ""));
    let with = |jwt: Option<&str>| json!({"selectedResources": ["public-1"], "jwt": jwt});
    let reply = world.result("consent", &with(None)).await;
    assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    assert_eq!(named(&world.result("consent", &with(Some(&jwt))).await), ("completed", ""));
    assert_eq!(world.stored(&consent).version, 2);
}

#[tokio::test]
async fn the_interaction_api_does_not_know_an_interaction_that_was_handed_off() {
    let (world, consent, _, _) = taken().await;
    let body = json!({"resources": ["public-1"], "device": super::world::device()});
    let cancel = json!({"device": super::world::device()});
    for reply in [
        world.show().await,
        world.channel("/login", login("ana")).await,
        world.channel("/consent", body).await,
        world.channel("/cancel", cancel).await,
    ] {
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
    }
    assert_eq!(world.stored(&consent).version, 1);
}

#[tokio::test]
async fn m40_an_interaction_that_was_handed_off_arrived_at_a_handoff() {
    let (world, ..) = taken().await;
    assert_eq!(named(&say_yes(&world).await), ("completed", ""));
    let arrived = &world.funnel()[0];
    assert_eq!((arrived.0.as_str(), &arrived.1["type"]), ("redirect-target", &json!("AWAITING_HANDOFF")));
}

#[tokio::test]
async fn c03_a_consent_that_ended_meanwhile_brings_the_page_back_by_either_hand() {
    for by_phone in [true, false] {
        let (world, consent, browser, _) = taken().await;
        world.revoked_by_client(&consent).await;
        let version = world.stored(&consent).version;
        if by_phone {
            let reply = world.result("consent", &json!({"selectedResources": ["public-1"]})).await;
            assert_eq!(
                (named(&reply), redirect(&reply)),
                (("error", "EXPIRED_CONSENT"), json!({"isHandOff": true}))
            );
            assert_eq!(browser.post(&world, "finish").await.status, 200);
        } else {
            assert_eq!(browser.post(&world, "abort").await.status, 200);
        }
        assert_eq!(world.stored(&consent).version, version, "as it ended");
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_told_and_no_page_opens() {
    let (world, _, browser, code) = shown().await;
    world.wait(Duration::from_mins(10));
    assert_eq!(browser.status(&world).await, "TIMED_OUT");
    let page = browser.load(&world).await;
    assert!(page.status == 200 && !page.body.as_str().unwrap().contains(&code));
    for what in ["finish", "abort"] {
        let reply = browser.post(&world, what).await;
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
    }
    let late = read_code(&world, &code).await;
    assert_eq!((late.status, late.code()), (404, "INVALID_SESSION"));
    let late = world_with_interaction().await;
    late.wait(Duration::from_mins(10));
    for (path, status) in [(PATH, 200), ("/auth/handoff/v1/unknown", 404)] {
        let page = Browser::default().call(&late, "GET", path).await;
        let body = page.body.as_str().unwrap();
        assert!(page.status == status && body.starts_with("<!doctype html>"), "{path}");
        assert!(code_on_any(&page).is_empty(), "{path}");
    }
    assert!(late.store.codes.lock().unwrap().is_empty(), "a code that opens nothing is not made");
}

async fn world_with_interaction() -> World {
    let world = world();
    world.begin(&asked()).await;
    world
}

#[tokio::test]
async fn nobody_hands_off_what_somebody_else_began() {
    let world = world_with_interaction().await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    assert_eq!(another().load(&world).await.status, 404);
    assert_eq!(Browser::default().load(&world).await.status, 404, "the customer decides where she logged in");
    let last = world.result("consent", &json!({"selectedResources": ["public-1"]})).await;
    assert_eq!(redirect(&last)["isHandOff"], false, "as ever");
    assert!(redirect(&last)["redirectTo"].is_string());
}

#[tokio::test]
async fn a_phone_without_the_app_sees_a_page_and_takes_nothing_over() {
    let (world, _, browser, code) = shown().await;
    let headers = json!({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"});
    for code in [code.as_str(), "ZZZZ-ZZZZ"] {
        let reply = world.send("GET", &format!("/auth/handoff/{code}"), headers.clone(), None).await;
        assert!(reply.status == 200 && reply.body.as_str().unwrap().starts_with("<!doctype html>"));
    }
    assert_eq!(browser.status(&world).await, "READY");
}

#[tokio::test]
async fn without_the_command_loop_there_is_no_page() {
    let world = World::new();
    world.begin(&asked()).await;
    for path in [PATH, "/auth/handoff/v1/oob-handoff.js", "/auth/handoff/v1/i/status"] {
        assert_eq!(Browser::default().call(&world, "GET", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_form_of_another_page_ends_nothing() {
    let (world, _, browser, _) = shown().await;
    let cookie = browser.cookie.unwrap();
    for kind in ["application/x-www-form-urlencoded", "text/plain"] {
        let headers = json!({"cookie": cookie, "content-type": kind});
        let reply = world.send("POST", &format!("{PATH}/abort"), headers, Some("{}".to_owned())).await;
        assert_eq!(reply.status, 415, "{kind}");
    }
    assert_eq!(browser.status(&world).await, "READY");
}
