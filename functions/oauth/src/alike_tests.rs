//! Every endpoint, called by a client that is shut out, by a stranger and about what nobody was ever given: the same status, body and
//! headers, after the same calls of the stores, so that neither the answer nor its time tells them apart (T43, T60).

use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::client::ClientRegistration;
use ponte_authorization::target::TargetStatus;
use ponte_fapi::jws::TokenType;
use ponte_fapi::secret;
use ponte_ports::Ids as _;
use ponte_values::{ClientId, TargetKind};
use serde_json::{Value, json};

use crate::testing::{
    CALLBACK, CLIENT, CONSENT, Gateway, INTERACTION, ISSUER, OTHER_CLIENT, Party, Reply, TICKET, VERIFIER,
    World, after, first, now, other_certificate, own_certificate, request_claims, second, with_assertion,
};

/// What a caller can tell apart, and what the call cost: status, body, headers, cookies, calls of stores, fetched key sets.
type Seen = (i64, String, String, String, Vec<&'static str>, u32);

/// The first client with its tokens; the second one, who calls in its place.
struct Scene {
    world: World,
    gateway: Gateway,
    code: String,
    access: String,
    refresh: String,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new();
        world.register_second();
        for (id, token) in [(CLIENT, "token"), (OTHER_CLIENT, "another token")] {
            let client = world.memory.clients.lock().unwrap()[id].clone();
            let stored = ClientRegistration::new(client, secret::hash(token), "{}".to_owned(), now());
            world.memory.registrations.lock().unwrap().insert(id.to_owned(), stored);
        }
        let code = world.code().await;
        let tokens = world.redeem(&code, now()).await.1;
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        *world.memory.commands.lock().unwrap() = true;
        let scene = Self {
            gateway: Gateway::over(&world.memory),
            code,
            access: text("access_token"),
            refresh: text("refresh_token"),
            world,
        };
        // The keys of both are held from now on.
        for party in [first(), second()] {
            let own = [("grant_type", "client_credentials"), ("scope", "consents")];
            assert_eq!(scene.form(party, "/auth/token", &own).await.0, 200);
        }
        scene
    }

    /// Shuts the first client out, in its rows and in the list that is followed.
    fn block(&self) {
        let stored = self.world.memory.registrations.lock().unwrap().remove(CLIENT).unwrap();
        let blocked = stored.blocked(now()).unwrap();
        self.world.memory.clients.lock().unwrap().insert(CLIENT.to_owned(), blocked.client.clone());
        let entry = Blocked::Client(ClientId::parse(CLIENT).unwrap());
        self.world.memory.blocks.put(Block { blocked: entry, until: None });
        self.world.memory.registrations.lock().unwrap().insert(CLIENT.to_owned(), blocked);
        self.gateway.clock.set(after(45));
    }

    async fn seen(&self, call: impl Future<Output = Reply>) -> Seen {
        self.world.memory.calls();
        let fetched = self.world.fetches();
        let Reply { status, mut headers, cookies, body } = call.await;
        // A call without one gets one of its own.
        headers.as_object_mut().unwrap().remove("x-fapi-interaction-id");
        let calls = self.world.memory.calls();
        (status, body, headers.to_string(), cookies.to_string(), calls, self.world.fetches() - fetched)
    }

    /// A form with a fresh assertion of a party, over its certificate.
    async fn form(&self, party: Party, path: &str, parameters: &[(&str, &str)]) -> Seen {
        let seconds = now().seconds();
        let jti = self.world.memory.ids.uuid();
        let claims = json!({
            "iss": party.id, "sub": party.id, "aud": ISSUER, "exp": seconds + 300, "iat": seconds, "jti": jti,
        });
        let assertion = (party.signer)().sign(TokenType::Jwt, &claims).unwrap();
        let body = with_assertion(parameters, &assertion);
        let headers = json!({
            "content-type": "application/x-www-form-urlencoded", "x-fapi-interaction-id": INTERACTION,
        });
        self.seen(self.gateway.call("POST", path, headers, &body, Some(party.certificate))).await
    }

    /// A call with a bearer token over a certificate.
    async fn bearing(&self, (method, path): (&str, &str), token: &str, certificate: &str) -> Seen {
        let headers = json!({
            "authorization": format!("Bearer {token}"), "x-fapi-interaction-id": INTERACTION,
            "content-type": "application/json",
        });
        let body = if method == "PUT" { "{}" } else { "" };
        self.seen(self.gateway.call(method, path, headers, body, Some(certificate))).await
    }

    /// A browser, or the institution's app, opens an address.
    async fn opened(&self, (method, target): (&str, &str), form: &str, headers: Value) -> Seen {
        self.seen(self.gateway.call(method, target, headers, form, None)).await
    }
}

/// All of them are one.
#[track_caller]
fn alike(what: &str, seen: &[(&str, Seen)]) {
    let (_, of_first) = &seen[0];
    assert!(of_first.0 >= 400 || what.contains("as if"), "{what}: {of_first:?}");
    for (who, other) in seen {
        assert_eq!(other, of_first, "{what}: {who}, and {}", seen[0].0);
    }
}

#[tokio::test]
async fn t60_t43_who_authenticates_no_client_is_answered_alike() {
    let scene = Scene::new().await;
    scene.block();
    let stranger = Party { certificate: other_certificate(), ..first() };
    let of_second = Party { certificate: own_certificate(), ..second() };
    let unknown = Party { id: "client-unknown", ..first() };
    for (path, parameters) in [
        ("/auth/par", vec![("request", "x")]),
        ("/auth/token", vec![("grant_type", "client_credentials"), ("scope", "consents")]),
        ("/auth/token", vec![("grant_type", "refresh_token"), ("refresh_token", scene.refresh.as_str())]),
        ("/auth/token", vec![("grant_type", "authorization_code"), ("code", scene.code.as_str())]),
        ("/auth/introspect", vec![("token", scene.access.as_str())]),
        ("/auth/introspect", vec![("token", scene.refresh.as_str())]),
        ("/auth/revoke", vec![("token", scene.refresh.as_str())]),
    ] {
        let seen = [
            ("an unknown id", scene.form(unknown, path, &parameters).await),
            ("a shut-out client", scene.form(first(), path, &parameters).await),
            ("a stranger with its id", scene.form(stranger, path, &parameters).await),
            ("the other way round", scene.form(of_second, path, &parameters).await),
        ];
        alike(path, &seen);
        assert_eq!((seen[0].1.4.as_slice(), seen[0].1.5), (["Clients::find"].as_slice(), 0));
    }
}

#[tokio::test]
async fn t43_what_is_another_clients_and_what_nobody_was_given_are_answered_alike() {
    let scene = Scene::new().await;
    let secret = |text: &str| text.chars().rev().collect::<String>();
    let (code, refresh) = (secret(&scene.code), secret(&scene.refresh));
    let (head, _) = scene.access.rsplit_once('.').unwrap();
    let access = format!("{head}.AAAA");
    let redemption = |code| {
        vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ]
    };
    let refreshment = |token| vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    for (what, theirs, unknown) in [
        ("/auth/token", redemption(scene.code.as_str()), redemption(code.as_str())),
        ("/auth/token", refreshment(scene.refresh.as_str()), refreshment(refresh.as_str())),
    ] {
        let seen = [
            ("unknown", scene.form(second(), what, &unknown).await),
            ("another client's", scene.form(second(), what, &theirs).await),
        ];
        alike(what, &seen);
    }
    for path in ["/auth/introspect", "/auth/revoke"] {
        for (theirs, unknown) in [(&scene.refresh, &refresh), (&scene.access, &access)] {
            let seen = [
                ("unknown", scene.form(second(), path, &[("token", unknown)]).await),
                ("another client's", scene.form(second(), path, &[("token", theirs)]).await),
            ];
            alike(&format!("{path} as if it were nothing"), &seen);
        }
    }
    // The consent of another client, and one that there is not.
    scene.world.create_consent(CLIENT);
    let requested = |consent: &str| {
        let mut claims = request_claims();
        let scope = format!("openid accounts consent:{consent}");
        (claims["iss"], claims["client_id"], claims["scope"]) =
            (json!(OTHER_CLIENT), json!(OTHER_CLIENT), json!(scope));
        (second().signer)().sign(TokenType::RequestObject, &claims).unwrap()
    };
    let (theirs, unknown) = (requested(CONSENT), requested("urn:banco:unknown"));
    let seen = [
        ("unknown", scene.form(second(), "/auth/par", &[("request", unknown.as_str())]).await),
        ("another client's", scene.form(second(), "/auth/par", &[("request", theirs.as_str())]).await),
    ];
    alike("/auth/par", &seen);
    assert!(seen[0].1.4.contains(&"Targets::find"), "{:?}", seen[0]);
}

#[tokio::test]
async fn t60_t43_userinfo_answers_whoever_may_not_alike() {
    let scene = Scene::new().await;
    scene.block();
    // The look at the block list that is due is nobody's call.
    scene.bearing(("GET", "/auth/userinfo"), &scene.access, own_certificate()).await;
    for method in ["GET", "POST"] {
        let call = (method, "/auth/userinfo");
        let (head, _) = scene.access.rsplit_once('.').unwrap();
        let seen = [
            ("a token that nobody gave", scene.bearing(call, "invented", own_certificate()).await),
            (
                "a signature that is none",
                scene.bearing(call, &format!("{head}.AAAA"), own_certificate()).await,
            ),
            ("a shut-out client", scene.bearing(call, &scene.access, own_certificate()).await),
            ("a stranger with its token", scene.bearing(call, &scene.access, other_certificate()).await),
        ];
        alike("/auth/userinfo", &seen);
        assert!(seen[0].1.4.is_empty(), "{:?}", seen[0]);
    }
}

#[tokio::test]
async fn t60_t43_a_registration_that_is_not_the_callers_is_answered_alike() {
    let scene = Scene::new().await;
    scene.block();
    let (own, unknown) = (format!("/auth/register/{CLIENT}"), "/auth/register/client-unknown");
    for method in ["GET", "PUT", "DELETE"] {
        let own = (method, own.as_str());
        let seen = [
            ("an unknown id", scene.bearing((method, unknown), "token", own_certificate()).await),
            ("a shut-out client", scene.bearing(own, "token", own_certificate()).await),
            ("a stranger with its token", scene.bearing(own, "token", other_certificate()).await),
            ("a stranger with a token of their own", {
                scene.bearing(own, "another token", other_certificate()).await
            }),
        ];
        alike(method, &seen);
    }
}

#[tokio::test]
async fn t60_t43_an_authorization_request_that_is_nobodys_is_answered_alike() {
    let scene = Scene::new().await;
    let (form, json) = (json!({ "content-type": "application/x-www-form-urlencoded" }), "application/json");
    let request_uri = scene.world.pushed_again().await;
    let invented = "urn:ietf:params:oauth:request_uri:invented";
    let parameters = |client: &str, uri: &str| format!("client_id={client}&request_uri={uri}");
    scene.block();
    let asked = [
        ("a request that nobody pushed", parameters(CLIENT, invented)),
        ("a shut-out client", parameters(CLIENT, &request_uri)),
        ("another client", parameters(OTHER_CLIENT, &request_uri)),
        ("another client with what nobody pushed", parameters(OTHER_CLIENT, invented)),
        ("an unknown client", parameters("client-unknown", &request_uri)),
    ];
    let (mut browsers, mut apps) = (Vec::new(), Vec::new());
    for (who, parameters) in &asked {
        let target = format!("/auth/authorize?{parameters}");
        browsers.push((*who, scene.opened(("GET", &target), "", json!({ "accept": "text/html" })).await));
        let sent_on = scene.gateway.call("POST", "/auth/authorize", form.clone(), parameters, None).await;
        let by_get = json!(format!("{ISSUER}{}", target.replace(':', "%3A")));
        assert_eq!((sent_on.status, &sent_on.headers["location"]), (303, &by_get), "{who}: nothing is read");
        let app = json!({ "accept": json, "x-fapi-interaction-id": INTERACTION });
        apps.push((*who, scene.opened(("GET", &target), "", app).await));
    }
    alike("a browser", &browsers);
    alike("the institution's app", &apps);
}

#[tokio::test]
async fn t59_t43_a_return_link_that_is_not_this_browsers_is_answered_alike() {
    let scene = Scene::new().await;
    let id = scene.world.granted_interaction_again().await;
    let unknown = "0".repeat(id.len());
    let cookie = scene.world.cookie(&id);
    let call = async |id: &str, ticket: &str, cookie: Option<String>| {
        scene.seen(scene.gateway.resume(id, ticket, cookie)).await
    };
    let seen = [
        ("an interaction that there is not", call(&unknown, TICKET, None).await),
        ("a stranger with the ticket", call(&id, TICKET, None).await),
        ("a stranger with another cookie", call(&id, TICKET, Some("A".repeat(43))).await),
        ("her browser with another ticket", call(&id, "another", cookie.clone()).await),
    ];
    alike("/auth/resume", &seen);
    assert_eq!(seen[0].1.4, ["Interactions::find"]);
    assert_eq!(call(&id, TICKET, cookie).await.0, 303, "nobody is refused because everybody is");
}

/// A recurring consent and an enrolment of another client are as unknown as those that there are not.
#[tokio::test]
async fn t43_another_clients_target_of_any_kind_is_answered_like_none() {
    let scene = Scene::new().await;
    for (kind, scope) in
        [(TargetKind::RecurringConsent, "recurring-consent"), (TargetKind::Enrollment, "enrollment")]
    {
        scene.world.set_target(kind, "urn:banco:theirs", TargetStatus::Awaiting);
        let requested = |id: &str| {
            let mut claims = request_claims();
            let scope = format!("openid payments {scope}:{id}");
            (claims["iss"], claims["client_id"], claims["scope"]) =
                (json!(OTHER_CLIENT), json!(OTHER_CLIENT), json!(scope));
            (second().signer)().sign(TokenType::RequestObject, &claims).unwrap()
        };
        let (theirs, unknown) = (requested("urn:banco:theirs"), requested("urn:banco:unknown"));
        let seen = [
            ("unknown", scene.form(second(), "/auth/par", &[("request", unknown.as_str())]).await),
            ("another client's", scene.form(second(), "/auth/par", &[("request", theirs.as_str())]).await),
        ];
        alike(scope, &seen);
        assert!(seen[0].1.4.contains(&"Targets::find"), "{:?}", seen[0]);
    }
}
