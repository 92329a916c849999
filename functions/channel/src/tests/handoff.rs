//! Handoff: a page in one browser, a phone with the code, and everybody else (product contract, section 1.3).

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_authorization::interaction::{Outcome, ShortCode, Waiting};
use ponte_data_consent::consent::RejectionReason;
use ponte_fapi::{base64url, secret};
use ponte_kit::clock::secret_of;
use serde_json::{Value, json};

use super::commands::{named, world};
use super::world::{ANA, BRUNO, INTERACTION, Reply, World, asked, login};

const PATH: &str = "/auth/handoff/v1/interaction-1";

/// A browser, with what it keeps.
#[derive(Default)]
struct Browser {
    cookie: Option<String>,
}

impl Browser {
    async fn call(&self, world: &World, method: &str, path: &str) -> Reply {
        let mut headers = json!({"content-type": "application/json", "accept": "*/*"});
        if let Some(cookie) = &self.cookie {
            headers["cookie"] = json!(cookie);
        }
        let body = (method == "POST").then(|| "{}".to_owned());
        world.send(method, path, headers, body).await
    }

    /// Loads the page and keeps its cookie.
    async fn load(&mut self, world: &World) -> Reply {
        let reply = self.call(world, "GET", PATH).await;
        if let Some(cookie) = reply.cookies[0].as_str() {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        reply
    }

    async fn status(&self, world: &World) -> String {
        let reply = self.call(world, "GET", &format!("{PATH}/status")).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body["status"].as_str().unwrap().to_owned()
    }

    async fn post(&self, world: &World, what: &str) -> Reply {
        self.call(world, "POST", &format!("{PATH}/{what}")).await
    }
}

/// The short code on a page.
fn code_on(page: &Reply) -> String {
    let shown = page.body.as_str().unwrap().split("aria-hidden=\"true\">").nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

async fn read_code(world: &World, code: &str) -> Reply {
    world.send("GET", &format!("/auth/handoff/{code}"), json!({"accept": "application/json"}), None).await
}

/// A page in a browser, and the code on it.
async fn shown() -> (World, String, Browser, String) {
    let world = world();
    let consent = world.begin(&asked()).await;
    let mut browser = Browser::default();
    let page = browser.load(&world).await;
    assert_eq!(page.status, 200);
    (world, consent, browser, code_on(&page))
}

async fn say_yes(world: &World) -> Reply {
    let jwt = world.jwt(ANA, None).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    world.result("consent", &json!({"selectedResources": ["public-1"], "jwt": jwt})).await
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
    let ticket = target.strip_prefix("https://banco.example/auth/resume?ticket=interaction-1.").unwrap();
    assert_eq!((back.status, back.body.as_object().unwrap().len()), (200, 1));
    let interaction = world.store.interactions.lock().unwrap()[INTERACTION].clone();
    let Waiting::Browser(decision) = interaction.at(world.now()) else { panic!("no ticket") };
    assert_eq!(decision.ticket_hash, secret::hash(ticket));
    assert!(matches!(decision.outcome, Outcome::Granted { .. }));
    let twice = browser.post(&world, "finish").await;
    assert_eq!((twice.status, twice.code()), (409, "INVALID_STATUS_CONFIRMATION"));
    assert_eq!(browser.status(&world).await, "FINISHED");
}

#[tokio::test]
async fn the_page_belongs_to_the_browser_that_opened_it() {
    let (world, _, mut browser, code) = shown().await;
    let cookie = browser.cookie.clone().unwrap();
    assert!(cookie.starts_with("__Host-handoff-interaction-1=secret"));
    let stranger = Browser::default();
    let liar = Browser { cookie: Some("__Host-handoff-interaction-1=guess".to_owned()) };
    say_yes(&world).await;
    for other in [&stranger, &liar] {
        let page = other.call(&world, "GET", PATH).await;
        assert_eq!((page.status, &page.cookies), (404, &json!([])));
        assert!(!page.body.as_str().unwrap().contains(&code));
        for (method, what) in [("GET", "status"), ("POST", "finish"), ("POST", "abort")] {
            let reply = other.call(&world, method, &format!("{PATH}/{what}")).await;
            assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{what}");
        }
    }
    let again = browser.load(&world).await;
    assert_eq!((again.status, &again.cookies), (200, &json!([])), "no second secret");
    assert_eq!(browser.post(&world, "finish").await.status, 200);
}

#[tokio::test]
async fn a_page_loaded_again_shows_the_same_code_while_it_opens_something() {
    let (world, _, mut browser, code) = shown().await;
    let again = browser.load(&world).await;
    assert_eq!((code_on(&again), world.store.codes.lock().unwrap().len()), (code.clone(), 1));
    let stored = format!("{:?}", world.store.interactions.lock().unwrap()[INTERACTION]);
    let secret = browser.cookie.clone().unwrap();
    assert!(!stored.contains(secret.split_once('=').unwrap().1) && !stored.contains(&code.replace('-', "")));
    say_yes(&world).await;
    let done = browser.load(&world).await;
    assert!(
        !done.body.as_str().unwrap().contains(&code) && done.body.as_str().unwrap().contains("COMPLETED")
    );
}

#[tokio::test]
async fn the_cookie_and_the_page_keep_to_this_host_and_session() {
    let world = world();
    world.begin(&asked()).await;
    world.wait(Duration::from_mins(1));
    let page = Browser::default().load(&world).await;
    let cookie = page.cookies[0].as_str().unwrap();
    assert!(cookie.ends_with("; Path=/; Max-Age=540; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
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
    assert_eq!(named(&read_code(&world, INTERACTION).await), ("authenticate", ""), "the id itself");
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
async fn a_code_that_another_interaction_has_is_made_anew() {
    let world = world_with_interaction().await;
    // Secrets can be foreseen here: the call takes an id for itself, then one for its secret.
    let number = world.clock.ids.load(Ordering::Relaxed) + 2;
    let digest = base64url::decode(&secret::hash(&format!("short-code:{}", secret_of(number)))).unwrap();
    let taken = ShortCode::of_bits(*digest.first_chunk().unwrap());
    world.store.codes.lock().unwrap().insert(taken.as_str().to_owned(), "interaction-0".to_owned());
    let page = Browser::default().load(&world).await;
    let codes = world.store.codes.lock().unwrap();
    assert_eq!((page.status, codes.len()), (200, 2));
    assert_eq!(
        (&codes[taken.as_str()], &codes[&code_on(&page).replace('-', "")]),
        (&"interaction-0".to_owned(), &INTERACTION.to_owned())
    );
}

#[tokio::test]
async fn c06_giving_up_at_the_page_rejects_the_consent_and_the_phone_hears_of_it() {
    let (world, consent, browser, code) = shown().await;
    read_code(&world, &code).await;
    let back = browser.post(&world, "abort").await;
    assert!(back.body["redirectTo"].as_str().unwrap().contains("/auth/resume?ticket=interaction-1."));
    assert_eq!(world.reason(&consent), RejectionReason::CustomerManuallyRejected);
    assert_eq!(browser.status(&world).await, "ABORTED");
    let refused = world.result("consent", &json!({"refused": true})).await;
    let jwt = world.result("authentication", &json!({"jwt": "x"})).await;
    for reply in [world.command().await, read_code(&world, &code).await, refused, jwt] {
        assert_eq!(
            (named(&reply), redirect(&reply)),
            (("error", "HANDOFF_ABORTED"), json!({"isHandOff": true}))
        );
    }
    for what in ["abort", "finish"] {
        let twice = browser.post(&world, what).await;
        assert_eq!((twice.status, twice.code()), (409, "INVALID_STATUS_CONFIRMATION"), "{what}");
    }
}

#[tokio::test]
async fn c06_a_no_at_the_phone_and_s20_another_person_bring_the_page_back_too() {
    let (world, consent, browser, _) = shown().await;
    let no = world.result("authentication", &json!({"refused": true})).await;
    assert_eq!((named(&no), redirect(&no)), (("completed", ""), json!({"isHandOff": true})));
    assert_eq!(browser.post(&world, "abort").await.status, 409, "the phone was faster");
    assert_eq!(browser.post(&world, "finish").await.status, 200);
    assert_eq!(world.reason(&consent), RejectionReason::CustomerManuallyRejected);

    let (world, consent, browser, _) = shown().await;
    let other = world.authenticated(BRUNO, None).await;
    assert_eq!((named(&other), redirect(&other)), (("error", "CPF_MISMATCH"), json!({"isHandOff": true})));
    assert_eq!(world.reason(&consent), RejectionReason::InternalSecurityReason);
    assert_eq!(browser.status(&world).await, "COMPLETED");
    assert_eq!(browser.post(&world, "finish").await.status, 200);
}

/// Whoever began the interaction knows its id, and whoever saw the screen its code: the login of the customer is not theirs.
#[tokio::test]
async fn s20_nobody_but_the_phone_that_logged_in_sees_the_products_or_decides() {
    let (world, consent, browser, code) = shown().await;
    read_code(&world, &code).await;
    let jwt = world.jwt(ANA, None).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    for seen in [world.command().await, read_code(&world, &code).await] {
        assert_eq!(named(&seen), ("authenticate", ""));
        assert!(!seen.body.to_string().contains("public-1"), "{}", seen.body);
    }
    let yes = json!({"selectedResources": ["public-1"]});
    let with = |jwt: &str| json!({"selectedResources": ["public-1"], "jwt": jwt});
    let of_bruno = world.jwt(BRUNO, None).await;
    for body in [yes, with("e30.e30.e30"), with(&of_bruno)] {
        let reply = world.result("consent", &body).await;
        assert_eq!((reply.status, reply.code()), (401, "NAO_AUTORIZADO"));
    }
    assert_eq!((world.stored(&consent).version, browser.status(&world).await.as_str()), (1, "READ"));
    let last = world.result("consent", &with(&jwt)).await;
    assert_eq!(named(&last), ("completed", ""));
    assert_eq!(world.stored(&consent).version, 2);
}

#[tokio::test]
async fn the_interaction_api_does_not_know_an_interaction_that_was_handed_off() {
    let (world, consent, _, _) = shown().await;
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
    let (world, ..) = shown().await;
    assert_eq!(named(&say_yes(&world).await), ("completed", ""));
    let arrived = &world.funnel()[0];
    assert_eq!((arrived.0.as_str(), &arrived.1["type"]), ("redirect-target", &json!("AWAITING_HANDOFF")));
}

#[tokio::test]
async fn c03_a_consent_that_ended_meanwhile_brings_the_page_back_by_either_hand() {
    for by_phone in [true, false] {
        let (world, consent, browser, _) = shown().await;
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
    let page = browser.call(&world, "GET", PATH).await;
    assert!(page.status == 200 && !page.body.as_str().unwrap().contains(&code));
    for what in ["finish", "abort"] {
        let reply = browser.post(&world, what).await;
        assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"));
    }
    assert_eq!(named(&read_code(&world, &code).await), ("error", "INVALID_SESSION"));
    let late = world_with_interaction().await;
    late.wait(Duration::from_mins(10));
    for path in [PATH, "/auth/handoff/v1/unknown"] {
        let page = Browser::default().call(&late, "GET", path).await;
        assert!(page.status == 404 && page.body.as_str().unwrap().starts_with("<!doctype html>"), "{path}");
    }
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
    let mut browser = Browser::default();
    assert_eq!((browser.load(&world).await.status, &browser.cookie), (409, &None));
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
    for path in [PATH, "/auth/handoff/v1/oob-handoff.js", "/auth/handoff/v1/interaction-1/status"] {
        assert_eq!(Browser::default().call(&world, "GET", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_form_of_another_page_ends_nothing() {
    let (world, _, browser, _) = shown().await;
    let cookie = browser.cookie.clone().unwrap();
    for kind in ["application/x-www-form-urlencoded", "text/plain"] {
        let headers = json!({"cookie": cookie, "content-type": kind});
        let reply = world.send("POST", &format!("{PATH}/abort"), headers, Some("{}".to_owned())).await;
        assert_eq!(reply.status, 415, "{kind}");
    }
    assert_eq!(browser.status(&world).await, "READY");
}
