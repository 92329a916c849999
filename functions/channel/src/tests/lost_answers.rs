//! Answers that got lost after their commit: asked for again they are the same, for whoever they were given to (T61).

use std::time::Duration;

use ponte_authorization::interaction::{InteractionFault, Outcome, SESSION_LIMIT, WAY_BACK, Waiting};
use ponte_fapi::secret;
use serde_json::{Value, json};

use super::commands::{named, world};
use super::handoff::read_code;
use super::world::{
    ANA, ANOTHER, API, BRUNO, COOKIE, COOKIE_OF_ANOTHER, INTERACTION, PAGE_ID, Reply, World, asked, device,
    login,
};

const PAGE: &str = "/auth/handoff/v1/AvoOgpBuPOXCCcYyXRCtGr6jV8nRSYx3ufOJ1243";

fn yes() -> Value {
    json!({"resources": ["public-1", "public-2"], "device": device()})
}

fn no() -> Value {
    json!({"device": device()})
}

fn choice(ids: &[&str]) -> Value {
    json!({"selectedResources": ids, "device": device()})
}

/// Where a reply of any kind sends the browser.
fn way_back(reply: &Reply) -> String {
    let places = [
        "/data/redirectUri",
        "/completedCommand/redirect/redirectTo",
        "/errorCommand/redirect/redirectTo",
        "/redirectTo",
    ];
    let found = places.iter().find_map(|place| reply.body.pointer(place).and_then(Value::as_str));
    found.unwrap_or_else(|| panic!("no way back: {} {}", reply.status, reply.body)).to_owned()
}

/// The answer without the time of its making.
fn said(reply: &Reply) -> (i64, Value) {
    let mut body = reply.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("meta");
    }
    (reply.status, body)
}

impl World {
    async fn page(&self, what: &str) -> Reply {
        let headers = json!({"content-type": "application/json", "accept": "*/*", "cookie": COOKIE});
        self.send("POST", &format!("{PAGE}/{what}"), headers, Some("{}".to_owned())).await
    }

    /// Whether the browser with this way back ends the interaction, and with what.
    fn comes_back(&self, way_back: &str) -> Result<Outcome, InteractionFault> {
        let (_, text) = way_back.split_once("ticket=").unwrap();
        let (_, text) = text.split_once('.').unwrap();
        let interaction = self.interaction();
        assert!(!serde_json::to_string(&interaction).unwrap().contains(text), "only its hash is stored");
        let (over, outcome) = interaction.complete(&secret::hash(text), self.now())?;
        self.store.interactions.lock().unwrap().insert(over.id.clone(), over);
        Ok(outcome)
    }

    fn changes(&self) -> (u64, usize, usize) {
        (self.commits(), self.funnel().len(), self.store.audit.lock().unwrap().len())
    }
}

/// Begun, or logged in to.
async fn at(logged_in: bool) -> World {
    let world = world();
    world.begin(&asked()).await;
    if logged_in {
        assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    }
    world
}

/// Sends the step twice, a minute apart: the same answer, and nothing is done again.
async fn same_again(world: &World, step: &str, body: &Value) -> Reply {
    let send = || async {
        match step.strip_prefix("commands/") {
            Some(part) => world.result(part, body).await,
            None => world.channel(step, body.clone()).await,
        }
    };
    let first = send().await;
    let before = world.changes();
    world.wait(Duration::from_mins(1));
    let again = send().await;
    assert_eq!(said(&again), said(&first), "{step}");
    assert_eq!(world.changes(), before, "{step}: nothing happens twice");
    assert_eq!(way_back(&again), way_back(&first));
    first
}

#[tokio::test]
async fn t61_a_yes_and_a_no_of_both_apis_are_the_same_again_and_bring_the_browser_back() {
    let jwt = |world: &World| json!({"jwt": world.jwt(BRUNO, None), "device": device()});
    let refused = json!({"refused": true, "device": device()});
    let yes_of_the_loop = choice(&["public-1", "public-2"]);
    for (logged_in, step, body, granted) in [
        (true, "/consent", Some(yes()), true),
        (true, "/cancel", Some(no()), false),
        (false, "/cancel", Some(no()), false),
        (false, "/login", Some(login("bruno")), false),
        (true, "commands/consent", Some(yes_of_the_loop), true),
        (true, "commands/consent", Some(refused.clone()), false),
        (false, "commands/authentication", Some(refused), false),
        (false, "commands/authentication", None, false),
    ] {
        let world = at(logged_in).await;
        let body = body.unwrap_or_else(|| jwt(&world));
        let reply = same_again(&world, step, &body).await;
        let outcome = world.comes_back(&way_back(&reply)).unwrap();
        assert_eq!(matches!(outcome, Outcome::Granted { .. }), granted, "{step}");
    }
}

/// One API may be asked for what the other answered; another decision is refused as ever.
#[tokio::test]
async fn t61_another_decision_than_the_one_that_was_taken_is_refused() {
    let world = at(true).await;
    let first = world.channel("/consent", yes()).await;
    let looped = world.result("consent", &choice(&["public-2", "public-1"])).await;
    assert_eq!(way_back(&looped), way_back(&first));
    let fewer = json!({"resources": ["public-1"], "device": device()});
    for (step, body) in [("/consent", fewer), ("/consent", no()), ("/cancel", no()), ("/login", login("ana"))]
    {
        let reply = world.channel(step, body).await;
        assert_eq!((reply.status, reply.code()), (409, "INVALID_STATUS_CONFIRMATION"), "{step}");
    }
    for body in [choice(&["public-1"]), json!({"refused": true})] {
        assert_eq!(named(&world.result("consent", &body).await), ("error", "INVALID_STATUS_CONFIRMATION"));
    }
    let wrong = world.authenticated(BRUNO, None).await;
    assert_eq!(named(&wrong), ("error", "INVALID_STATUS_CONFIRMATION"), "she was not somebody else");
    let refused = at(false).await;
    refused.channel("/cancel", no()).await;
    let late = refused.authenticated(ANA, None).await;
    assert_eq!(named(&late), ("error", "INVALID_STATUS_CONFIRMATION"));
}

#[tokio::test]
async fn t61_the_end_of_a_consent_that_ended_before_is_told_again() {
    let world = world();
    let consent = world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    world.revoked_by_client(&consent).await;
    let reply = same_again(&world, "commands/consent", &choice(&["public-1"])).await;
    assert_eq!(named(&reply), ("error", "EXPIRED_CONSENT"));
    let elsewhere = world.channel("/cancel", no()).await;
    assert_eq!((elsewhere.status, way_back(&elsewhere)), (200, way_back(&reply)));
}

#[tokio::test]
async fn t61_a_signed_call_is_answered_again_and_a_stranger_hears_nothing() {
    let world = at(true).await;
    let first = world.channel("/consent", yes()).await;
    let (path, body) = (format!("{API}/{INTERACTION}/consent"), yes());
    for _ in 0..2 {
        let signed = world.signed("POST", &path, Some(&body)).await;
        assert_eq!(said(&signed), said(&first));
    }
    let own = world.session.lock().unwrap().clone().unwrap();
    for (id, headers) in [
        (INTERACTION, json!({})),
        (INTERACTION, json!({"cookie": COOKIE})),
        (INTERACTION, json!({"x-session-secret": secret::hash(&own)})),
        (ANOTHER, json!({"cookie": COOKIE_OF_ANOTHER})),
        (ANOTHER, json!({"cookie": COOKIE_OF_ANOTHER, "x-session-secret": own})),
    ] {
        for (method, path, body) in [
            ("POST", format!("{API}/{id}/consent"), yes()),
            ("POST", format!("{API}/{id}/cancel"), no()),
            ("PUT", format!("/auth/app/commands/{id}/consent"), choice(&["public-1", "public-2"])),
        ] {
            let mut headers = headers.clone();
            headers["content-type"] = json!("application/json");
            let reply = world.send(method, &path, headers, Some(body.to_string())).await;
            assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{method} {path}");
        }
    }
}

/// An institution that asks for no proof has its answers told again to a proof alone: the way back is in them.
#[tokio::test]
async fn t61_without_required_proof_an_answer_is_told_again_to_who_shows_it() {
    let world = super::commands::without_proof();
    world.begin(&asked()).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    let first = world.channel("/consent", yes()).await;
    assert_eq!(said(&world.channel("/consent", yes()).await), said(&first));
    let headers = json!({"content-type": "application/json"});
    let path = format!("{API}/{INTERACTION}/consent");
    let reply = world.send("POST", &path, headers, Some(yes().to_string())).await;
    assert_eq!((reply.status, reply.code()), (409, "INVALID_STATUS_CONFIRMATION"));
}

async fn handed_off() -> World {
    let world = world();
    world.begin(&asked()).await;
    let headers = json!({"accept": "*/*", "cookie": COOKIE});
    assert_eq!(world.send("GET", PAGE, headers, None).await.status, 200);
    assert_eq!(named(&read_code(&world, PAGE_ID).await), ("authenticate", ""));
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    world
}

#[tokio::test]
async fn t61_after_a_handoff_the_yes_of_the_phone_and_the_ticket_of_the_page_are_the_same_again() {
    let world = handed_off().await;
    let yes = choice(&["public-1"]);
    let first = world.result("consent", &yes).await;
    let again = world.result("consent", &yes).await;
    assert_eq!((named(&again), said(&again)), (("completed", ""), said(&first)));
    let ticket = world.page("finish").await;
    world.wait(Duration::from_mins(1));
    assert_eq!(said(&world.page("finish").await), said(&ticket));
    assert_eq!(
        said(&world.result("consent", &yes).await),
        said(&first),
        "the phone hears no ticket then either"
    );
    assert!(matches!(world.comes_back(&way_back(&ticket)).unwrap(), Outcome::Granted { .. }));
    assert_eq!(said(&world.result("consent", &yes).await), said(&first));
    let late = world.page("finish").await;
    assert_eq!((late.status, late.code()), (409, "INVALID_STATUS_CONFIRMATION"));

    let world = handed_off().await;
    let first = world.page("abort").await;
    let before = world.changes();
    assert_eq!((said(&world.page("abort").await), world.changes()), (said(&first), before));
    assert_eq!(world.comes_back(&way_back(&first)).unwrap(), Outcome::Denied);
}

/// Every step of a thousand customers, at any time of their session, may lose its answer after the commit. Whoever asks
/// again within a minute gets on: no consent is AUTHORISED without its browser coming back.
#[tokio::test]
async fn t61_of_a_thousand_customers_with_lost_answers_none_has_an_authorised_consent_and_no_way_on() {
    let mut random = Random(20_260_301);
    let (mut stuck, mut lost, mut last_seconds) = (0, 0, 0);
    for customer in 0..1_000_u64 {
        let by_phone = random.below(3) == 0;
        let world = if by_phone { handed_off().await } else { at(true).await };
        // A login whose answer is lost is repeated, and gives a new secret.
        for _ in 0..random.below(2) {
            lost += 1;
            let again = world.authenticated(ANA, None).await;
            assert_eq!(named(&again), ("consent", ""));
        }
        let last_second = customer % 2 == 0;
        let before = Duration::from_millis(1 + random.below(if last_second { 1_000 } else { 590_000 }));
        world.wait(SESSION_LIMIT.saturating_sub(before));
        last_seconds += u64::from(last_second);
        let yes = choice(&["public-1"]);
        let mut answer = world.result("consent", &yes).await;
        for _ in 0..random.below(3) {
            lost += 1;
            world.wait(Duration::from_millis(random.below(30_000)));
            answer = world.result("consent", &yes).await;
        }
        assert_eq!(named(&answer), ("completed", ""), "{customer}");
        if by_phone {
            world.wait(Duration::from_millis(random.below(10_000)));
            answer = world.page("finish").await;
            for _ in 0..random.below(3) {
                lost += 1;
                world.wait(Duration::from_millis(random.below(30_000)));
                answer = world.page("finish").await;
            }
        }
        world.wait(Duration::from_millis(random.below(30_000)));
        let waits = matches!(world.interaction().at(world.now()), Waiting::Browser(_));
        let back = world.comes_back(&way_back(&answer));
        stuck += u64::from(!waits || !matches!(back, Ok(Outcome::Granted { .. })));
    }
    assert_eq!((stuck, last_seconds), (0, 500));
    assert!(lost > 1_000, "{lost}");
}

/// Numbers that are the same at every run (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

#[tokio::test]
async fn t61_after_its_time_the_way_back_is_closed() {
    let world = at(true).await;
    world.wait(SESSION_LIMIT.saturating_sub(Duration::from_millis(1)));
    let first = world.channel("/consent", yes()).await;
    assert_eq!(first.status, 200);
    world.wait(WAY_BACK);
    let late = world.channel("/consent", yes()).await;
    assert_eq!((late.status, late.code()), (404, "INVALID_SESSION"));
    assert_eq!(world.comes_back(&way_back(&first)).unwrap_err(), InteractionFault::InvalidSession);
}
