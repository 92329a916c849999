//! Ways around the customer's own login that attackers took: a code that they read themselves, arrivals that nobody gave them, the
//! login of somebody else (T59).

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_authorization::interaction::SESSION_LIMIT;
use ponte_fapi::base64url;
use serde_json::{Value, json};

use super::commands::bank_key::{JWKS_URI, claims, published, signed_as};
use super::commands::{jti_of, named, world};
use super::handoff::{Browser, PATH, another, code_on, read_code, shown, taken};
use super::world::{
    ANA, ANOTHER, API, BRUNO, BY_APP, COOKIE, COOKIE_OF_ANOTHER, INTERACTION, PAGE_ID, Reply, STORED, World,
    asked, device, login, secret_in,
};
use crate::ChannelKeys;
use ponte_fapi::jws::TokenType;
use ponte_fapi::secret;

fn over(reply: &Reply) {
    assert_eq!((reply.status, reply.code()), (404, "INVALID_SESSION"), "{}", reply.body);
}

impl World {
    /// A call of somebody with these headers alone.
    async fn from(&self, method: &str, path: &str, headers: &Value, body: Option<&Value>) -> Reply {
        let mut headers = headers.clone();
        headers["accept"] = json!("application/json");
        headers["content-type"] = json!("application/json");
        self.send(method, path, headers, body.map(Value::to_string)).await
    }

    /// The back end of the institution says that Ana is in front of the page or app that came with this id.
    async fn ana_logs_in(&self, id: &str, headers: &Value) -> Reply {
        let jti = jti_of(self, id);
        let jwt = signed_as("app-1", TokenType::Jwt, &claims(self.now(), &jti, ANA));
        let path = format!("/auth/app/commands/{id}/authentication");
        self.from("PUT", &path, headers, Some(&json!({"jwt": jwt, "device": device()}))).await
    }

    fn stored_text(&self) -> String {
        serde_json::to_string(&self.interaction()).unwrap()
    }
}

/// The attacker opens the link, reads his own code, and sends the customer to the institution's genuine page with his id.
#[tokio::test]
async fn t59_who_reads_his_own_code_gets_nothing_of_a_login_at_the_institution_s_page() {
    let (world, consent, browser, code) = shown().await;
    let of_attacker = json!({"cookie": COOKIE});
    let read = world.from("GET", &format!("/auth/handoff/{code}"), &of_attacker, None).await;
    assert_eq!((named(&read), &read.body["isHandOff"]), (("authenticate", ""), &json!(true)));
    let attackers = secret_in(&read).unwrap();
    let before = world.stored_text();
    let nothing = json!({});
    over(&world.ana_logs_in(INTERACTION, &nothing).await);
    over(&world.from("GET", &format!("/auth/app/commands/{INTERACTION}"), &nothing, None).await);
    over(&world.from("POST", &format!("{API}/{INTERACTION}/login"), &nothing, Some(&login("ana"))).await);
    let consents = [
        (format!("/auth/app/commands/{INTERACTION}/consent"), json!({"selectedResources": ["public-1"]})),
        (format!("/auth/app/commands/{INTERACTION}/consent"), json!({"refused": true})),
        (format!("/auth/app/commands/{INTERACTION}/authentication"), json!({"refused": true})),
    ];
    // Not even with the cookie of the browser that shows the page, which has its own way to give up.
    for headers in [&nothing, &of_attacker] {
        for (path, body) in &consents {
            over(&world.from("PUT", path, headers, Some(body)).await);
        }
    }
    assert_eq!((world.stored_text(), world.stored(&consent).version), (before, 1));
    assert_eq!(browser.status(&world).await, "READ");
    assert_eq!(browser.post(&world, "finish").await.status, 409);
    assert!(!attackers.is_empty() && !world.stored_text().contains(&attackers), "its hash is stored");
    // Through an arrival of her own she goes on, and his page is left behind.
    let own = json!({"cookie": COOKIE_OF_ANOTHER});
    let moved = world.ana_logs_in(ANOTHER, &own).await;
    assert_eq!((named(&moved), moved.body.get("isHandOff")), (("consent", ""), None));
    for what in ["finish", "abort"] {
        over(&browser.post(&world, what).await);
    }
}

/// The attacker reads his own code and throws the secret away; the back end of the institution's genuine page signs what the
/// customer does there.
#[tokio::test]
async fn t59_a_signature_does_not_stand_for_the_secret_of_a_phone_that_was_thrown_away() {
    let (world, consent, browser, _) = shown().await;
    let read = world.from("GET", &format!("/auth/handoff/{PAGE_ID}"), &json!({"cookie": COOKIE}), None).await;
    let phone = secret_in(&read).unwrap();
    let command = format!("/auth/app/commands/{INTERACTION}");
    let (login_at, yes_at) = (format!("{command}/authentication"), format!("{command}/consent"));
    let login = json!({"jwt": world.jwt(ANA, None), "device": device()});
    let (yes, no) = (json!({"selectedResources": ["public-1"]}), json!({"refused": true}));
    let before = world.stored_text();
    let calls = [
        ("GET", &command, None),
        ("PUT", &login_at, Some(&login)),
        ("PUT", &login_at, Some(&no)),
        ("PUT", &yes_at, Some(&yes)),
        ("PUT", &yes_at, Some(&no)),
    ];
    for (method, path, body) in calls {
        over(&world.signed(method, path, body).await);
    }
    assert_eq!((world.stored_text(), world.stored(&consent).version), (before, 1));
    assert_eq!(browser.post(&world, "finish").await.status, 409, "nothing was decided");
    // A phone of her own goes on, and so does the back end that relays what it was told.
    let with = |secret: &str| json!({"x-session-secret": secret});
    let due = world.signed_with(("PUT", &login_at), Some(&login), with(&phone)).await;
    assert_eq!(named(&due), ("consent", ""));
    over(&world.signed("PUT", &login_at, Some(&login)).await);
    for secret in [secret_in(&due).unwrap(), phone] {
        let again = world.signed_with(("PUT", &login_at), Some(&login), with(&secret)).await;
        assert_eq!(named(&again), ("consent", ""), "a login again");
    }
}

/// Another customer of the institution reads the code of the page through which somebody logged in: the back end signs for him.
#[tokio::test]
async fn t59_a_signed_reading_of_a_code_shows_nothing_of_a_login_before_it() {
    let path = format!("/auth/handoff/{PAGE_ID}");
    let (world, _, _, _) = shown().await;
    assert_eq!(named(&world.ana_logs_in(INTERACTION, &json!({})).await), ("consent", ""));
    over(&world.signed_read(&path).await);
    let (world, _, _, _) = taken().await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    over(&world.signed_read(&path).await);
}

/// Two pages of one link, perhaps one of them an attacker's: the customer reads the code of the one that was overtaken, by the
/// reading of the other or by a login.
#[tokio::test]
async fn t61_the_code_of_a_page_that_was_overtaken_leads_to_no_login() {
    for logged_in in [false, true] {
        let (world, consent, browser, hers) = shown().await;
        let other = code_on(&another().load(&world).await);
        if logged_in {
            assert_eq!(
                named(&world.ana_logs_in(ANOTHER, &json!({"cookie": COOKIE_OF_ANOTHER})).await).0,
                "consent"
            );
        } else {
            let read = world.from("GET", &format!("/auth/handoff/{other}"), &json!({}), None).await;
            assert_eq!(named(&read), ("authenticate", ""));
        }
        let before = world.stored_text();
        for code in [hers.as_str(), PAGE_ID] {
            let path = format!("/auth/handoff/{code}");
            over(&world.from("GET", &path, &json!({}), None).await);
            over(&world.signed_read(&path).await);
        }
        over(&browser.call(&world, "GET", &format!("{PATH}/status")).await);
        assert_eq!((world.stored_text(), world.stored(&consent).version), (before, 1), "{logged_in}");
    }
}

#[tokio::test]
async fn t59_every_step_after_a_code_needs_the_secret_of_the_phone() {
    let (world, consent, browser, code) = shown().await;
    let read = read_code(&world, &code).await;
    let phone = secret_in(&read).unwrap();
    let shown = |secret: &str| json!({"x-session-secret": secret});
    let command = format!("/auth/app/commands/{INTERACTION}");
    for stranger in [json!({}), shown("guess"), shown(&secret::hash(&phone)), json!({"cookie": COOKIE})] {
        over(&world.from("GET", &command, &stranger, None).await);
        over(&world.ana_logs_in(INTERACTION, &stranger).await);
    }
    let seen = world.from("GET", &command, &shown(&phone), None).await;
    assert_eq!((named(&seen), secret_in(&seen)), (("authenticate", ""), None), "told once");
    let relayed = world.signed_with(("GET", &command), None, shown(&phone)).await;
    assert_eq!(named(&relayed), ("authenticate", ""), "its back end relays the secret");
    let due = world.ana_logs_in(INTERACTION, &shown(&phone)).await;
    assert_eq!((named(&due), &due.body["isHandOff"]), (("consent", ""), &json!(true)));
    over(&world.from("GET", &command, &shown(&phone), None).await);
    // The answer to the login was lost: the phone logs in again, and the former secret of the login is void.
    let again = world.ana_logs_in(INTERACTION, &shown(&phone)).await;
    over(&world.from("GET", &command, &shown(&secret_in(&due).unwrap()), None).await);
    let with = shown(&secret_in(&again).unwrap());
    let yes = json!({"selectedResources": ["public-1"], "device": device()});
    let last = world.from("PUT", &format!("{command}/consent"), &with, Some(&yes)).await;
    assert_eq!((named(&last), world.stored(&consent).version), (("completed", ""), 2));
    assert_eq!(browser.post(&world, "finish").await.status, 200);
}

/// The answer to the reading was lost: the same code is good for another secret for a minute, signed until the login.
#[tokio::test]
async fn t61_t59_a_lost_answer_to_a_code_is_asked_for_again_and_voids_the_secret_in_it() {
    let (world, _, _, code) = shown().await;
    let (path, nobody) = (format!("/auth/handoff/{code}"), json!({}));
    let lost = secret_in(&world.from("GET", &path, &nobody, None).await).unwrap();
    world.wait(Duration::from_mins(1));
    let again = secret_in(&world.from("GET", &path, &nobody, None).await).unwrap();
    let with = |secret: &str| json!({"x-session-secret": secret});
    over(&world.ana_logs_in(INTERACTION, &with(&lost)).await);
    let known = world.from("GET", &path, &with(&again), None).await;
    assert_eq!((named(&known), secret_in(&known)), (("authenticate", ""), None), "the phone knows it");
    world.wait(Duration::from_millis(1));
    let before = world.stored_text();
    over(&world.from("GET", &path, &nobody, None).await);
    over(&world.from("GET", &path, &with(&lost), None).await);
    assert_eq!(world.stored_text(), before);
    let signed = secret_in(&world.signed_read(&path).await).unwrap();
    over(&world.ana_logs_in(INTERACTION, &with(&again)).await);
    assert_eq!(named(&world.ana_logs_in(INTERACTION, &with(&signed)).await), ("consent", ""));
    over(&world.from("GET", &path, &nobody, None).await);
    let rows = world.store.audit.lock().unwrap();
    assert_eq!(
        rows.iter().filter(|row| row.action == "interaction.taken_over").count(),
        1,
        "the first alone"
    );
}

/// Somebody who saw the code asks for it without end: the customer's phone goes on, and nothing is written any more.
#[tokio::test]
async fn t62_a_code_that_is_read_again_and_again_is_refused_and_writes_nothing() {
    let (world, _, _, code) = shown().await;
    let (path, nobody) = (format!("/auth/handoff/{code}"), json!({}));
    let mut last = None;
    for _ in 0..4 {
        last = secret_in(&world.from("GET", &path, &nobody, None).await);
    }
    let before = (world.stored_text(), world.commits(), world.store.audit.lock().unwrap().len());
    for _ in 0..20 {
        over(&world.from("GET", &path, &nobody, None).await);
    }
    let rows = world.store.audit.lock().unwrap().len();
    assert_eq!((world.stored_text(), world.commits(), rows), before);
    let phone = json!({"x-session-secret": last.unwrap()});
    assert_eq!(named(&world.ana_logs_in(INTERACTION, &phone).await), ("consent", ""));
}

impl World {
    /// The back end reads a code for its app.
    async fn signed_read(&self, path: &str) -> Reply {
        use super::commands::bank_key::call_claims;
        use ponte_ports::Ids as _;
        let call = call_claims(self.now(), &self.clock.uuid(), ("GET", path), "");
        let headers = json!({"x-channel-signature": signed_as("app-1", TokenType::SignedCall, &call)});
        self.from("GET", path, &headers, None).await
    }
}

/// Ids that `authorize` gave nobody: of the 120 bits behind the interaction not one is free.
#[tokio::test]
async fn t59_an_invented_arrival_takes_nothing_over_logs_nobody_in_and_blocks_no_page() {
    let (world, _, browser, _) = shown().await;
    let before = world.stored_text();
    let reference = base64url::decode(&INTERACTION[20..]).unwrap();
    let mut invented: Vec<String> = (0..120)
        .map(|bit| {
            let mut changed = reference.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            format!("{STORED}{}", base64url::encode(changed))
        })
        .collect();
    invented.push(format!("{STORED}{}", "A".repeat(20)));
    for id in &invented {
        over(&read_code(&world, id).await);
        over(&world.from("GET", &format!("/auth/app/commands/{id}"), &json!({"cookie": COOKIE}), None).await);
        over(&world.ana_logs_in(id, &json!({"cookie": COOKIE})).await);
        over(&world.from("POST", &format!("{API}/{id}/login"), &json!({}), Some(&login("ana"))).await);
    }
    over(&read_code(&world, INTERACTION).await);
    over(&read_code(&world, ANOTHER).await);
    assert_eq!((world.stored_text(), browser.status(&world).await.as_str()), (before, "READY"));
    assert_eq!(named(&read_code(&world, PAGE_ID).await), ("authenticate", ""), "the page's own is good");
    over(&world.from("GET", &format!("/auth/app/commands/{PAGE_ID}"), &json!({}), None).await);
}

#[tokio::test]
async fn t59_the_id_in_a_qr_code_is_on_the_page_of_its_browser_alone() {
    let (world, ..) = shown().await;
    let link = format!("https://banco.example/auth/handoff/{PAGE_ID}\"");
    assert!(Browser::default().load(&world).await.body.as_str().unwrap().contains(&link));
    assert!(!another().load(&world).await.body.as_str().unwrap().contains(PAGE_ID));
}

/// An app's ticket is good in any browser, so its arrival is the app's alone: nobody sends a customer to a page with it.
#[tokio::test]
async fn t59_a_login_through_the_arrival_of_an_app_needs_what_the_app_was_given_or_a_signature() {
    for shown in [json!({}), json!({"cookie": COOKIE_OF_ANOTHER}), json!({"x-session-secret": "guess"})] {
        let world = world();
        world.begin(&asked()).await;
        let before = world.stored_text();
        over(&world.ana_logs_in(BY_APP, &shown).await);
        over(&world.from("POST", &format!("{API}/{BY_APP}/login"), &shown, Some(&login("ana"))).await);
        assert_eq!(world.stored_text(), before);
    }
    let world = world();
    world.begin(&asked()).await;
    let due = world.ana_logs_in(BY_APP, &json!({"cookie": COOKIE})).await;
    assert_eq!(named(&due), ("consent", ""));
    assert!(world.interaction().returning_browser().is_none());
}

#[tokio::test]
async fn t59_by_signature_the_app_s_back_end_logs_in_for_it() {
    let world = world();
    world.begin(&asked()).await;
    let jti = jti_of(&world, BY_APP);
    let jwt = signed_as("app-1", TokenType::Jwt, &claims(world.now(), &jti, ANA));
    let path = format!("/auth/app/commands/{BY_APP}/authentication");
    assert_eq!(named(&world.signed("PUT", &path, Some(&json!({"jwt": jwt}))).await), ("consent", ""));
}

/// Another customer of the institution, with nothing but the id: before a login he hears that it is not his, afterwards nothing.
#[tokio::test]
async fn t59_s20_after_a_login_that_of_another_person_is_answered_as_an_unknown_id() {
    let world = world();
    let consent = world.begin(&asked()).await;
    let jwt = world.jwt(BRUNO, None);
    let path = format!("/auth/app/commands/{INTERACTION}/authentication");
    let alone = json!({});
    let before = world.from("PUT", &path, &alone, Some(&json!({"jwt": jwt}))).await;
    assert_eq!(named(&before), ("error", "CPF_MISMATCH"));
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    let stored = world.stored_text();
    for shown in [alone, json!({"cookie": COOKIE}), json!({"x-session-secret": "guess"})] {
        over(&world.from("PUT", &path, &shown, Some(&json!({"jwt": jwt}))).await);
        over(&world.from("POST", &format!("{API}/{INTERACTION}/login"), &shown, Some(&login("bruno"))).await);
    }
    assert_eq!((world.stored_text(), world.stored(&consent).version), (stored, 1));
    assert_eq!(named(&world.authenticated(BRUNO, None).await), ("error", "CPF_MISMATCH"), "where she is");
    assert_eq!(world.stored(&consent).version, 2);
}

#[tokio::test]
async fn t59_where_the_institution_has_no_handoff_there_is_no_page_and_no_code_is_read() {
    let world = World::without_handoff(ChannelKeys::new(published(), JWKS_URI.to_owned()));
    world.begin(&asked()).await;
    let before = world.stored_text();
    for path in [PATH, "/auth/handoff/v1/oob-handoff.js", "/auth/handoff/7K4M-X2QD"] {
        assert_eq!(Browser::default().call(&world, "GET", path).await.status, 404, "{path}");
    }
    for code in [INTERACTION, PAGE_ID] {
        assert_eq!(read_code(&world, code).await.status, 404);
    }
    for what in ["finish", "abort"] {
        assert_eq!(Browser::default().post(&world, what).await.status, 404, "{what}");
    }
    assert_eq!(world.stored_text(), before);
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""), "the loop goes on as ever");
}

/// The session ended undecided and the customer came again: the code that was shown before opens nothing, the new one does.
#[tokio::test]
async fn t59_a_code_ends_with_the_session_in_which_it_was_shown() {
    let (world, _, browser, code) = shown().await;
    world.wait(SESSION_LIMIT);
    let again = world.interaction().begin_again("another key", world.now()).unwrap();
    world.store.interactions.lock().unwrap().insert(STORED.to_owned(), again);
    over(&read_code(&world, &code).await);
    let new = code_on(&browser.load(&world).await);
    assert_ne!(new, code);
    over(&read_code(&world, &code).await);
    assert_eq!(named(&read_code(&world, &new).await), ("authenticate", ""));
    assert_eq!(browser.status(&world).await, "READ");
}

/// A browser without the cookie costs no read; one with a wrong one that of the interaction.
#[tokio::test]
async fn t62_a_page_reads_nothing_for_a_browser_without_its_cookie() {
    let (world, ..) = taken().await;
    let reads = || world.store.finds.load(Ordering::Relaxed);
    for (cookie, most) in [(None, 0), (Some("__Host-arrival-x=y"), 0), (Some(COOKIE_OF_ANOTHER), 1)] {
        let browser = Browser { cookie, ..Browser::default() };
        for (method, what) in [("GET", ""), ("GET", "/status"), ("POST", "/finish"), ("POST", "/abort")] {
            let before = reads();
            let reply = browser.call(&world, method, &format!("{PATH}{what}")).await;
            assert_eq!((reply.status, reads() - before), (404, most), "{cookie:?} {what}");
        }
    }
}
