//! A participant that is shut out, called through the gateway in virtual time: how soon, at which price, and that nobody
//! can tell it from a stranger (T60).

use std::sync::Arc;

use ponte_authorization::block_list::{BLOCK_MEMORY, Block, Blocked};
use ponte_authorization::client::ClientRegistration;
use ponte_authorization::ports::Clients as _;
use ponte_authorization::target::Target;
use ponte_edge::Operator as _;
use ponte_fapi::jws::TokenType;
use ponte_fapi::secret;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::clock::ManualClock;
use ponte_ports::audit::{AuditEntry, OperatorAction, OperatorIdentity, OperatorReason};
use ponte_values::{ClientId, ConsentId};
use serde_json::{Value, json};

use crate::OperatorPorts;
use crate::testing::{
    CALLBACK, CLIENT, CONSENT, Endpoint, Gateway, INTERACTION, Party, Reply, TICKET, VERIFIER, World, after,
    client_signer, first, now, other_certificate, own_certificate, request_claims, second, with_assertion,
};

const CLIENT_CREDENTIALS: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "consents")];
const REASON: &str = "suspeita de fraude, chamado 4711";

/// A client with its registration, its tokens, and the function behind the gateway.
struct Scene {
    world: World,
    gateway: Gateway,
    /// The code they were issued for.
    code: String,
    access: String,
    refresh: String,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new();
        let client = world.memory.clients.lock().unwrap()[CLIENT].clone();
        let stored = ClientRegistration::new(client, secret::hash("token"), "{}".to_owned(), now());
        world.memory.registrations.lock().unwrap().insert(CLIENT.to_owned(), stored);
        let gateway = Gateway::over(&world.memory);
        let code = world.code().await;
        let (status, tokens) = world.redeem(&code, now()).await;
        assert_eq!(status, 200, "{tokens}");
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token"), code, world, gateway }
    }

    /// Runs a command about the client at a second.
    async fn command(&self, name: &str, second: u64) -> Result<Value, String> {
        let command = json!({ "operator": name, "id": CLIENT, "reason": REASON });
        self.operate(&command, &ordered(), second).await
    }

    async fn operate(&self, command: &Value, by: &OperatorAction, second: u64) -> Result<Value, String> {
        let clock = Arc::new(ManualClock::at(after(second)));
        let operator = OperatorPorts {
            keys: Arc::<ApiKeysInMemory>::default(),
            clients: self.world.memory.clone(),
            clock: clock.clone(),
            ids: clock.clone(),
            pauses: clock,
        };
        let raw = serde_json::value::to_raw_value(command).unwrap();
        operator.run(&raw, by).await.map_err(|error| error.to_string())
    }

    fn at(&self, second: u64) {
        self.gateway.clock.set(after(second));
    }

    /// Userinfo, by a token over the client's certificate.
    async fn userinfo(&self, token: &str, second: u64) -> Reply {
        self.at(second);
        let headers =
            json!({ "authorization": format!("Bearer {token}"), "x-fapi-interaction-id": INTERACTION });
        self.gateway.call("GET", "/auth/userinfo", headers, "", Some(own_certificate())).await
    }

    /// A call of the client with a fresh assertion.
    async fn ask(&self, path: &str, parameters: &[(&str, &str)], second: u64) -> Reply {
        self.at(second);
        let mut claims = self.world.assertion_claims();
        let seconds = after(second).seconds();
        (claims["iat"], claims["exp"]) = (json!(seconds), json!(seconds + 300));
        let assertion = client_signer().sign(TokenType::Jwt, &claims).unwrap();
        self.gateway.form(path, &with_assertion(parameters, &assertion)).await
    }

    async fn refreshed(&self, second: u64) -> Reply {
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", self.refresh.as_str())];
        self.ask("/auth/token", &parameters, second).await
    }
}

/// What a caller can tell apart: status, body, and headers without the time.
fn seen(reply: &Reply) -> (i64, String, String) {
    (reply.status, reply.body.clone(), reply.headers.to_string())
}

/// Who orders the commands of these tests.
fn ordered() -> OperatorAction {
    OperatorAction { by: Some(OperatorIdentity::stated("ana.souza").unwrap()), ..OperatorAction::default() }
}

#[tokio::test]
async fn t60_a_token_minted_just_before_opens_nothing_within_60_seconds() {
    for put in [1, 20, 44, 46, 89] {
        let scene = Scene::new().await;
        let mut shut = None;
        for second in 0..160 {
            if second == put {
                assert_eq!(scene.refreshed(second).await.status, 200, "minted just before");
                scene.command("client.block", second).await.unwrap();
                assert_eq!(scene.refreshed(second).await.status, 401, "no token from now on");
            }
            if scene.userinfo(&scene.access, second).await.status == 401 && shut.is_none() {
                shut = Some(second);
            }
        }
        let shut = shut.unwrap();
        assert!(shut >= put && shut - put <= 45, "put at {put}, shut at {shut}");
    }
}

#[tokio::test]
async fn t47_the_reason_of_a_command_about_a_client_may_stand_beside_it_as_a_queue_has_it() {
    let scene = Scene::new().await;
    let block = json!({ "operator": "client.block", "id": CLIENT });
    assert!(scene.operate(&block, &ordered(), 1).await.unwrap_err().starts_with("reason: 1 to 200"));
    let signed = OperatorAction { reason: OperatorReason::parse(REASON).ok(), ..ordered() };
    let view = scene.operate(&block, &signed, 1).await.unwrap();
    assert_eq!(view["status"], "BLOCKED");
}

#[tokio::test]
async fn t60_a_thousand_calls_read_the_block_list_no_more_than_one() {
    let scene = Scene::new().await;
    let before = scene.world.memory.blocks.reads();
    for _ in 0..1_000 {
        assert_eq!(scene.userinfo(&scene.access, 44).await.status, 200);
    }
    assert_eq!(scene.world.memory.blocks.reads(), before);
}

#[tokio::test]
async fn t60_a_block_shuts_tokens_and_pushed_requests_at_once_and_leaves_consents_and_grants() {
    let scene = Scene::new().await;
    let before = scene.world.memory.consent.lock().unwrap().clone().unwrap();
    let view = scene.command("client.block", 1).await.unwrap();
    assert_eq!((&view["status"], &view["at"]), (&json!("BLOCKED"), &json!("2026-06-01T12:00:01.000Z")));
    let object = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    for (path, parameters) in [
        ("/auth/token", CLIENT_CREDENTIALS.to_vec()),
        ("/auth/par", vec![("request", object.as_str())]),
        ("/auth/introspect", vec![("token", scene.access.as_str())]),
        ("/auth/revoke", vec![("token", scene.refresh.as_str())]),
    ] {
        let reply = scene.ask(path, &parameters, 1).await;
        assert_eq!((reply.status, &reply.json()["error"]), (401, &json!("invalid_client")), "{path}");
    }
    let consent = scene.world.memory.consent.lock().unwrap().clone().unwrap();
    assert_eq!((consent.version, consent.status_updated_at), (before.version, before.status_updated_at));

    scene.command("client.unblock", 2).await.unwrap();
    assert_eq!(scene.refreshed(2).await.status, 200, "tokens at once, by the grant it had");
    assert_eq!(scene.userinfo(&scene.access, 62).await.status, 200, "and those it had within 60 seconds");
    let audit = scene.world.memory.audit.lock().unwrap().clone();
    let rows: Vec<_> = audit.iter().map(|row| (row.action, row.before, row.after)).collect();
    assert_eq!(
        rows,
        [("client.blocked", None, "BLOCKED"), ("client.unblocked", Some("BLOCKED"), "REGISTERED")]
    );
    let operator = OperatorAction { reason: OperatorReason::parse(REASON).ok(), ..ordered() };
    let signed =
        |row: &AuditEntry| row.reason.as_deref() == Some(REASON) && row.operator == Some(operator.clone());
    assert!(audit.iter().all(signed));
}

#[tokio::test]
async fn t60_an_interaction_under_way_ends_in_a_page_and_goes_on_after_the_block() {
    let scene = Scene::new().await;
    let id = scene.world.granted_interaction_again().await;
    let request_uri = scene.world.memory.pushed.lock().unwrap().keys().next().unwrap().clone();
    scene.command("client.block", 0).await.unwrap();
    let query = format!("client_id={CLIENT}&request_uri={request_uri}");
    let blocked = scene.gateway.public("GET", "/auth/authorize", &query).await;
    let unknown = format!("client_id={CLIENT}&request_uri=urn:ietf:params:oauth:request_uri:x");
    let unknown = scene.gateway.public("GET", "/auth/authorize", &unknown).await;
    assert!(blocked.is_page(400) && blocked.body == unknown.body, "{}", blocked.body);
    let resumed = scene.gateway.resume(&id, TICKET, scene.world.cookie(&id)).await;
    let stranger = scene.gateway.public("GET", "/auth/resume", "ticket=x.y").await;
    assert!(resumed.is_page(400) && resumed.body == stranger.body, "{}", resumed.body);
    assert_eq!(scene.world.memory.codes.lock().unwrap().len(), 1, "no code but the one before");
    scene.command("client.unblock", 1).await.unwrap();
    let resumed = scene.gateway.resume(&id, TICKET, scene.world.cookie(&id)).await;
    assert_eq!(resumed.status, 303, "nothing was used up meanwhile");
}

#[tokio::test]
async fn t60_a_removed_client_gets_no_code_for_the_interaction_under_way() {
    let scene = Scene::new().await;
    let id = scene.world.granted_interaction_again().await;
    scene.command("client.remove", 0).await.unwrap();
    let resumed = scene.gateway.resume(&id, TICKET, scene.world.cookie(&id)).await;
    assert!(resumed.is_page(400), "{}", resumed.body);
    assert_eq!(scene.world.memory.codes.lock().unwrap().len(), 1);
    assert_eq!(scene.refreshed(0).await.status, 401);
    assert_eq!(scene.userinfo(&scene.access, 45).await.status, 401);
    assert_eq!(scene.userinfo(&scene.access, 899).await.status, 401, "until its last token has expired");
    let entry = scene.world.memory.blocks.blocks.lock().unwrap()[0].clone();
    assert_eq!(entry.until, Some(now().plus(BLOCK_MEMORY)));
    assert_eq!(entry.blocked, Blocked::Client(ClientId::parse(CLIENT).unwrap()));
}

#[tokio::test]
async fn t60_a_shut_out_client_a_stranger_and_an_unknown_id_are_answered_alike() {
    let scene = Scene::new().await;
    let own = first();
    let stranger = Party { certificate: other_certificate(), ..own };
    let unknown = Party { id: "client-unknown", ..own };
    let parameters = |endpoint| match endpoint {
        Endpoint::Par => vec![("request", "x")],
        Endpoint::Token => CLIENT_CREDENTIALS.to_vec(),
        Endpoint::Introspect | Endpoint::Revoke => vec![("token", "x")],
    };
    let endpoints = [Endpoint::Par, Endpoint::Token, Endpoint::Introspect, Endpoint::Revoke];
    let (fetched, mut answers) = (scene.world.fetches(), Vec::new());
    for endpoint in endpoints {
        answers.push(scene.world.ask(endpoint, stranger, &parameters(endpoint), now()).await);
        answers.push(scene.world.ask(endpoint, unknown, &parameters(endpoint), now()).await);
    }
    scene.command("client.block", 0).await.unwrap();
    for endpoint in endpoints {
        answers.push(scene.world.ask(endpoint, own, &parameters(endpoint), now()).await);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(scene.world.fetches(), fetched, "no key of a client that is shut out is fetched");

    let invented = scene.userinfo("invented", 45).await;
    assert_eq!(seen(&scene.userinfo(&scene.access, 45).await), seen(&invented), "headers too");
}

#[tokio::test]
async fn t60_a_single_grant_is_shut_out_of_userinfo_and_not_active() {
    let scene = Scene::new().await;
    let grant = Blocked::Grant(Target::consent(ConsentId::parse(CONSENT).unwrap()));
    let until = Some(after(2_000));
    scene.world.memory.blocks.put(Block { blocked: grant, until });
    let token = [("token", scene.access.as_str())];
    assert_eq!(scene.ask("/auth/introspect", &token, 44).await.json()["active"], json!(true));
    assert_eq!(scene.userinfo(&scene.access, 45).await.status, 401);
    let told = scene.ask("/auth/introspect", &token, 45).await;
    assert_eq!((told.status, told.body.as_str()), (200, r#"{"active":false}"#));
    assert_eq!(scene.ask("/auth/token", &CLIENT_CREDENTIALS, 45).await.status, 200, "the client is open");
}

impl Scene {
    /// The first code of the world again, by its own client, at a second; the status.
    async fn replayed(&self, code: &str, second: u64) -> u16 {
        let (status, body) = self.world.redeem(code, after(second)).await;
        assert_eq!(body["error"], "invalid_grant", "{body}");
        status
    }

    /// Second from which userinfo is refused, when something happens at `put`; of two minutes.
    async fn shut_at(&self, put: u64, code: &str) -> Option<u64> {
        let mut shut = None;
        for second in 0..120 {
            if second == put {
                assert_eq!(self.replayed(code, second).await, 400);
            }
            match self.userinfo(&self.access, second).await.status {
                200 => assert_eq!(shut, None, "open again"),
                _ => shut = shut.or(Some(second)),
            }
        }
        shut
    }
}

/// RFC 6749 section 4.1.2: all tokens that were issued for the code.
#[tokio::test]
async fn t60_s12_the_access_token_of_a_replayed_code_opens_nothing_within_60_seconds() {
    for put in [1, 20, 44, 46] {
        let scene = Scene::new().await;
        let reads = scene.world.memory.blocks.reads();
        let shut = scene.shut_at(put, &scene.code).await.unwrap();
        assert!(shut >= put && shut - put <= 45, "put at {put}, shut at {shut}");
        assert_eq!(scene.world.memory.blocks.reads(), reads + 2, "at 45 and 90 seconds, not per call");
        assert_eq!(scene.refreshed(shut).await.json()["error"], "invalid_grant", "nor is there another one");
        let told = scene.ask("/auth/introspect", &[("token", scene.access.as_str())], shut).await;
        assert_eq!((told.status, told.body.as_str()), (200, r#"{"active":false}"#));
        assert_eq!(scene.userinfo(&scene.access, 899).await.status, 401, "until it has expired");
        assert_eq!(
            scene.ask("/auth/token", &CLIENT_CREDENTIALS, shut).await.status,
            200,
            "the client is open"
        );
    }
}

#[tokio::test]
async fn t60_s12_the_same_replay_again_writes_nothing() {
    let scene = Scene::new().await;
    for second in [1, 2, 70, 299] {
        assert_eq!(scene.replayed(&scene.code, second).await, 400);
    }
    let entries = scene.world.memory.blocks.blocks.lock().unwrap().clone();
    let grant = Blocked::Grant(Target::consent(ConsentId::parse(CONSENT).unwrap()));
    assert_eq!(entries, [Block { blocked: grant, until: Some(after(1).plus(BLOCK_MEMORY)) }]);
    let audit = scene.world.memory.audit.lock().unwrap().clone();
    let rows: Vec<_> = audit.iter().map(|row| (row.action, row.subject.as_str(), row.after)).collect();
    assert_eq!(rows, [("tokens.revoked", CONSENT, "TOKENS_REVOKED")]);
}

/// Whoever found an old code may not shut its grant with it.
#[tokio::test]
async fn t60_s12_nobody_but_its_own_client_with_its_verifier_replays_a_code() {
    let scene = Scene::new().await;
    scene.world.register_second();
    let right = [
        ("grant_type", "authorization_code"),
        ("code", scene.code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let (mut no_verifier, mut elsewhere) = (right, right);
    no_verifier[3].1 = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK";
    elsewhere[2].1 = "https://receptora.example/another";
    let stolen = Party { certificate: other_certificate(), ..first() };
    for (party, parameters, status) in
        [(second(), right, 400), (stolen, right, 401), (first(), no_verifier, 400), (first(), elsewhere, 400)]
    {
        let (said, body) = scene.world.ask(Endpoint::Token, party, &parameters, after(1)).await;
        assert_eq!(said, status, "{body}");
    }
    assert!(scene.world.memory.blocks.blocks.lock().unwrap().is_empty());
    assert!(scene.world.memory.audit.lock().unwrap().is_empty());
    assert_eq!(scene.userinfo(&scene.access, 46).await.status, 200);
    assert_eq!(scene.refreshed(46).await.status, 200);
}

/// A customer decides once on a target: no tokens of another code are shut with those of the one that was replayed.
#[tokio::test]
async fn t60_s12_another_consent_is_not_shut_and_the_same_one_gets_no_second_code() {
    let scene = Scene::new().await;
    let object = client_signer().sign(TokenType::RequestObject, &request_claims()).unwrap();
    let again = scene.ask("/auth/par", &[("request", object.as_str())], 1).await;
    assert_eq!(again.status, 400, "{}", again.body);
    assert_eq!(scene.replayed(&scene.code, 1).await, 400);
    let mut other = scene.world.memory.blocks.blocks.lock().unwrap()[0].clone();
    other.blocked = Blocked::Grant(Target::consent(ConsentId::parse("urn:banco:another").unwrap()));
    scene.world.memory.blocks.blocks.lock().unwrap()[0] = other;
    assert_eq!(scene.userinfo(&scene.access, 46).await.status, 200, "an entry counts for what it names");
}

#[tokio::test]
async fn t60_without_the_block_list_tokens_are_not_judged_for_a_while() {
    let scene = Scene::new().await;
    scene.world.memory.blocks.fail(true);
    assert_eq!(scene.userinfo(&scene.access, 59).await.status, 200, "the last one counts");
    let refused = scene.userinfo(&scene.access, 60).await;
    assert_eq!((refused.status, &refused.json()["error"]), (503, &json!("temporarily_unavailable")));
    assert_eq!(refused.headers["retry-after"], "5");
    let token = [("token", scene.access.as_str())];
    assert_eq!(scene.ask("/auth/introspect", &token, 61).await.status, 503);
    assert_eq!(
        scene.ask("/auth/token", &CLIENT_CREDENTIALS, 61).await.status,
        200,
        "the client itself is read"
    );
    assert_eq!(scene.userinfo("invented", 61).await.status, 401);
    scene.world.memory.blocks.fail(false);
    assert_eq!(scene.userinfo(&scene.access, 66).await.status, 200);
}

#[tokio::test]
async fn t60_of_two_operators_at_once_each_hears_what_is_so() {
    let scene = Scene::new().await;
    *scene.world.memory.faster.lock().unwrap() = 4;
    let blocked = scene.command("client.block", 0).await.unwrap();
    assert_eq!(scene.command("client.block", 5).await.unwrap(), blocked, "since when it is");
    *scene.world.memory.faster.lock().unwrap() = 1_000;
    let beaten = scene.command("client.unblock", 0).await.unwrap_err();
    assert!(beaten.contains("changed by another command meanwhile"), "{beaten}");
    *scene.world.memory.faster.lock().unwrap() = 0;
    scene.command("client.unblock", 0).await.unwrap();
    assert_eq!(scene.command("client.unblock", 5).await.unwrap()["status"], "REGISTERED");
    let gone = scene.command("client.remove", 7).await.unwrap();
    for again in ["client.remove", "client.block"] {
        assert_eq!(scene.command(again, 9).await.unwrap(), gone, "{again}: since when it is");
    }
    let late = scene.command("client.unblock", 9).await.unwrap_err();
    assert!(late.contains("was removed at 2026-06-01T12:00:07.000Z"), "{late}");
    let id = ClientId::parse(CLIENT).unwrap();
    assert!(scene.world.memory.registration(&id).await.unwrap().is_none());
    let audit = scene.world.memory.audit.lock().unwrap().len();
    assert_eq!(audit, 3, "a row for each change, none for what was so already or was refused");
}

#[tokio::test]
async fn t60_a_command_waits_out_those_who_write_the_same_all_the_time() {
    let scene = Scene::new().await;
    *scene.world.memory.contended.lock().unwrap() = 7;
    scene.command("client.block", 0).await.unwrap();
    *scene.world.memory.contended.lock().unwrap() = 8;
    let busy = scene.command("client.unblock", 0).await.unwrap_err();
    assert!(busy.contains("clients table is overloaded"), "{busy}");
    assert_eq!(*scene.world.memory.contended.lock().unwrap(), 0, "each try is one");
    scene.command("client.unblock", 0).await.unwrap();
}

#[tokio::test]
async fn t60_between_the_tries_of_a_command_is_time() {
    let scene = Scene::new().await;
    let clock = Arc::new(ManualClock::at(now()));
    let operator = OperatorPorts {
        keys: Arc::<ApiKeysInMemory>::default(),
        clients: scene.world.memory.clone(),
        clock: clock.clone(),
        ids: clock.clone(),
        pauses: clock.clone(),
    };
    *scene.world.memory.faster.lock().unwrap() = 1_000;
    let command = json!({ "operator": "client.remove", "id": CLIENT, "reason": REASON });
    let raw = serde_json::value::to_raw_value(&command).unwrap();
    operator.run(&raw, &ordered()).await.unwrap_err();
    let pauses = clock.pauses.lock().unwrap();
    assert_eq!(pauses.len(), 7);
    assert!(pauses.iter().all(|pause| !pause.is_zero()), "{pauses:?}");
}

#[tokio::test]
async fn t60_a_command_without_a_reason_or_a_client_changes_nothing() {
    let scene = Scene::new().await;
    let clock = Arc::new(ManualClock::at(now()));
    let operator = OperatorPorts {
        keys: Arc::<ApiKeysInMemory>::default(),
        clients: scene.world.memory.clone(),
        clock: clock.clone(),
        ids: clock.clone(),
        pauses: clock,
    };
    let block = |id: &str, reason: Value| json!({ "operator": "client.block", "id": id, "reason": reason });
    for (command, words) in [
        (json!({ "operator": "client.block", "id": CLIENT }), "reason: 1 to 200"),
        (block(CLIENT, json!("")), "reason: 1 to 200"),
        (block(CLIENT, json!(" x")), "reason: 1 to 200"),
        (block(CLIENT, json!("a\nb")), "reason: 1 to 200"),
        (block(CLIENT, json!("x".repeat(201))), "reason: 1 to 200"),
        (block("no client/id", json!(REASON)), "id: a client_id"),
        (block("client-unknown", json!(REASON)), "there is no such client"),
    ] {
        let raw = serde_json::value::to_raw_value(&command).unwrap();
        let refusal = operator.run(&raw, &ordered()).await.unwrap_err().to_string();
        assert!(refusal.contains(words), "{command}: {refusal}");
        assert!(!refusal.contains(REASON));
    }
    // Nor one that does not say who orders it (T47).
    for name in ["client.block", "client.unblock", "client.remove", "client.reset"] {
        let command = json!({ "operator": name, "id": CLIENT, "reason": REASON });
        let raw = serde_json::value::to_raw_value(&command).unwrap();
        let refusal = operator.run(&raw, &OperatorAction::default()).await.unwrap_err().to_string();
        assert_eq!(refusal, "by.name and by.reason: who orders this, and why", "{name}");
    }
    assert!(scene.world.memory.audit.lock().unwrap().is_empty());
    assert_eq!(scene.refreshed(0).await.status, 200);
}
