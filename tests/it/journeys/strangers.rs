//! Two browsers in front of one link, and a stranger who knows the id of the interaction (T59, T62): over the gateway, with real
//! cookies, in both channel APIs.

use http::Method;
use ponte_bank::app::App;
use ponte_bank::channel::{Channel, Decision};
use ponte_bank::customers::CUSTOMERS;
use ponte_participant::CallbackFault;
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{OpenInteraction, World, device, want};
use crate::stack::Stack;

/// A stack, the customer's world, and somebody who is a customer of the institution too and has nothing but ids.
struct Scene<'s> {
    stack: &'s Stack,
    world: World,
    app: App,
    /// The receiver's own token.
    own: String,
    stranger: World,
    cloud: Cloud<'s>,
}

impl Scene<'_> {
    async fn interaction(&self) -> (String, OpenInteraction) {
        let consent = self.world.create_consent(&self.own).await;
        let interaction = self.world.depart(&consent).await;
        (consent, interaction)
    }

    /// What is stored of consents and interactions, and how many reports wait.
    async fn stored(&self) -> String {
        let consents = self.cloud.items(self.cloud.table("channel", "CONSENTS_TABLE")).await;
        let interactions = self.cloud.items(self.cloud.table("channel", "INTERACTIONS_TABLE")).await;
        let rows = consents.iter().chain(&interactions).filter(|item| !Cloud::counts_attempts(item));
        let mut rows: Vec<String> = rows.map(|item| json!(item).to_string()).collect();
        rows.sort();
        rows.join("\n")
    }

    /// Every step of both APIs by somebody who shows an id and nothing else; the answers.
    async fn tried(&self, id: &str) -> Vec<Reply> {
        let public = self.stack.text("/hosts/public");
        let name = self.stack.text("/channel/client_name");
        let api = format!("{public}/api/{name}/consents/v1/interactions/{id}");
        let commands = format!("{public}/auth/app/commands/{id}");
        let login = json!({ "accessToken": self.stranger.channel_token(1), "device": device() });
        let device = json!({ "device": device() });
        let yes = json!({ "selectedResources": [], "jwt": "a.b.c" });
        let refused = json!({ "refused": true });
        let calls = [
            Call::get(&api),
            Call::post_json(format!("{api}/login"), &login),
            Call::post_json(format!("{api}/consent"), &device),
            Call::post_json(format!("{api}/cancel"), &device),
            Call::get(&commands),
            Call::get(format!("{public}/auth/handoff/{id}")),
            Call::json(Method::PUT, format!("{commands}/authentication"), &refused),
            Call::json(Method::PUT, format!("{commands}/consent"), &yes),
            Call::json(Method::PUT, format!("{commands}/consent"), &refused),
            Call::get(format!("{public}/auth/handoff/v1/{id}")),
            Call::get(format!("{public}/auth/handoff/v1/{id}/status")),
            Call::post_json(format!("{public}/auth/handoff/v1/{id}/finish"), &json!({})),
            Call::post_json(format!("{public}/auth/handoff/v1/{id}/abort"), &json!({})),
        ];
        let mut answers = Vec::new();
        for call in calls {
            let call = call.header("x-session-secret", "a guess").header("accept", "application/json");
            answers.push(self.stranger.plain.send(call).await.expect("the public host answers"));
        }
        answers
    }

    /// All of them see nothing of the customer and change nothing. `open`: an answer may tell who asks for what.
    async fn nothing_for_strangers(&self, interaction: &OpenInteraction, open: bool) -> usize {
        let before = self.stored().await;
        let her = &interaction.interaction;
        // The id as it is, of the interaction alone, and with an arrival that nobody had.
        let ids = [her.clone(), her[..20].to_owned(), format!("{}{}", &her[..20], "A".repeat(20))];
        let mut tried = 0;
        for id in &ids {
            for reply in self.tried(id).await {
                let text = String::from_utf8_lossy(&reply.body).into_owned();
                let said = format!("{} {}: {} {text}", reply.method, reply.url, reply.status);
                let told = reply.method == Method::GET && reply.status == 200;
                assert!(!told || open && id == her, "{said}");
                let own = [CUSTOMERS[0].cpf, CUSTOMERS[0].name, "\"resources\"", "ticket=", "sessionSecret"];
                assert!(!own.iter().any(|fact| text.contains(fact)), "{said}");
                let ended = text.contains("\"completed\"") || text.contains("AWAITING_DECISION");
                assert!(!ended && reply.status < 500, "{said}");
                tried += 1;
            }
        }
        assert_eq!(self.stored().await, before, "a stranger changed something");
        tried
    }

    /// Another browser with the ticket: the session page, and nothing is consumed.
    async fn no_way_back_for(&self, other: &World, back: &str) {
        let before = self.stored().await;
        let reply = other.receiver.browse(back).await.expect("resume answers");
        let page = want(400, "another browser", reply);
        assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
        assert!(page.header("location").is_none());
        assert_eq!(self.stored().await, before, "the ticket was taken");
    }
}

#[tokio::test]
async fn t59_t62_strangers_and_second_browsers_get_nothing() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let (stranger, cloud) = (World::around(&stack).await, Cloud::of(&stack, &callers));
    let app = App::of(stack.endpoints()).expect("the app is set up");
    let scene = Scene { stack: &stack, world, app, own, stranger, cloud };
    Box::pin(by_the_interaction_api(&scene)).await;
    Box::pin(by_the_command_loop(&scene)).await;
    Box::pin(a_lost_answer(&scene)).await;
    Box::pin(a_link_opened_often(&scene)).await;
}

/// Before, during and after the login in the interaction API; then her own browser goes back and no other does.
async fn by_the_interaction_api(scene: &Scene<'_>) {
    let (consent, interaction) = scene.interaction().await;
    let (channel, id) = (&scene.world.channel, interaction.interaction.as_str());
    let mut tried = scene.nothing_for_strangers(&interaction, true).await;
    let reply = channel.login(id, scene.world.channel_token(0), &device()).await.expect("an answer");
    let secret = want(200, "login", reply).json()["data"]["sessionSecret"].clone();
    assert_eq!(secret.as_str().map(str::len), Some(43), "256 bits");
    tried += scene.nothing_for_strangers(&interaction, false).await;
    let reply = channel.consent(id, &Decision::default(), &device()).await.expect("an answer");
    let body = want(200, "consent", reply).json();
    tried += scene.nothing_for_strangers(&interaction, false).await;
    assert_eq!(tried, 3 * 3 * 13, "stages, ids, steps");
    let back = body["data"]["redirectUri"].as_str().expect("a way back");
    scene.no_way_back_for(&scene.stranger, back).await;
    let code = scene.world.come_back(&interaction, back).await.expect("her browser goes back").code;
    let tokens = scene.world.redeem(&interaction, &code).await;
    want(200, "accounts", scene.world.accounts(&tokens.access, &consent).await);
}

/// The same in the command loop, where the app decides and the browser that arrived goes back.
async fn by_the_command_loop(scene: &Scene<'_>) {
    let (consent, interaction) = scene.interaction().await;
    let id = interaction.interaction.as_str();
    scene.nothing_for_strangers(&interaction, true).await;
    let due = want(200, "command", scene.app.command(id).await.expect("an answer")).json();
    let jti = due["authenticateCommand"]["jti"].as_str().expect("a command has a jti");
    let jwt = scene.app.signed(&App::claims(&CUSTOMERS[0], jti));
    let due = scene.app.authenticate(id, &jwt, &device()).await.expect("an answer");
    let due = want(200, "authentication", due).json();
    scene.nothing_for_strangers(&interaction, false).await;
    let product = due["consentCommand"]["consent"]["resources"][0]["id"].as_str().expect("a product");
    let last = scene.app.consent(id, &[product.to_owned()], &device()).await.expect("an answer");
    let last = want(200, "consent", last).json();
    scene.nothing_for_strangers(&interaction, false).await;
    let back = last["completedCommand"]["redirect"]["redirectTo"].as_str().expect("a way back");
    scene.no_way_back_for(&scene.stranger, back).await;
    let callback = scene.world.come_back(&interaction, back).await;
    assert!(!matches!(callback, Err(CallbackFault::Refused(_))), "her browser goes back");
    assert_eq!(scene.world.status(&scene.own, &consent).await, "AUTHORISED");
}

/// The answer to the login is lost; she logs in again through another browser, and the first one is left behind.
async fn a_lost_answer(scene: &Scene<'_>) {
    let consent = scene.world.create_consent(&scene.own).await;
    let first = scene.world.depart(&consent).await;
    let token = scene.world.channel_token(0);
    want(
        200,
        "login",
        scene.world.channel.login(&first.interaction, token, &device()).await.expect("an answer"),
    );
    let fresh = channel(scene.stack);
    want(200, "login again", fresh.login(&first.interaction, token, &device()).await.expect("an answer"));
    let late = scene.world.channel.consent(&first.interaction, &Decision::default(), &device()).await;
    let late = want(404, "the secret of the first login", late.expect("an answer")).json();
    assert_eq!(late["errors"][0]["code"], "INVALID_SESSION");
    let link = scene.world.receiver.authorization_url(&request_uri(scene, &first).await);
    let arrived = scene.stranger.receiver.browse(&link).await.expect("authorize answers");
    let location =
        want(303, "authorize", arrived).header("location").expect("a way to the channel").to_owned();
    let second = location.split("interaction=").nth(1).expect("an id").to_owned();
    assert_eq!((&second[..20], second == first.interaction), (&first.interaction[..20], false));
    want(200, "login in another browser", fresh.login(&second, token, &device()).await.expect("an answer"));
    let reply = fresh.consent(&second, &Decision::default(), &device()).await.expect("an answer");
    let body = want(200, "consent", reply).json();
    let back = body["data"]["redirectUri"].as_str().expect("a way back");
    scene.no_way_back_for(&scene.world, back).await;
    want(
        303,
        "the browser of the last login",
        scene.stranger.receiver.browse(back).await.expect("an answer"),
    );
}

/// However often a link is opened, there is one row and one report of the arrival.
async fn a_link_opened_often(scene: &Scene<'_>) {
    let table = scene.cloud.table("channel", "INTERACTIONS_TABLE").to_owned();
    let outbox = scene.cloud.table("channel", "OUTBOX_TABLE").to_owned();
    let rows = scene.cloud.items(&table).await.len();
    let consent = scene.world.create_consent(&scene.own).await;
    let interaction = scene.world.depart(&consent).await;
    let link = scene.world.receiver.authorization_url(&request_uri(scene, &interaction).await);
    let mut opened = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (caller, call) = (scene.world.plain.clone(), Call::get(&link));
        opened.spawn(async move { caller.send(call).await });
    }
    let mut ids = std::collections::BTreeSet::new();
    while let Some(reply) = opened.join_next().await {
        let reply = want(303, "authorize", reply.expect("a call ends").expect("authorize answers"));
        assert!(reply.header("set-cookie").is_some_and(|cookie| cookie.starts_with("__Host-arrival-")));
        ids.insert(reply.header("location").expect("a way to the channel").to_owned());
    }
    assert_eq!(ids.len(), 100, "each browser has an arrival of its own");
    assert_eq!(
        scene.cloud.items(&table).await.len(),
        rows + 2,
        "and all of them one interaction, reported once"
    );
    let token = scene.world.channel_token(0);
    for _ in 0..3 {
        let login = scene.world.channel.login(&interaction.interaction, token, &device()).await;
        want(200, "login", login.expect("an answer"));
    }
    let reports: Vec<String> =
        scene.cloud.items(&outbox).await.into_iter().map(|row| json!(row).to_string()).collect();
    // The sweep may have taken them already; there are never two.
    let of = |step: &str| reports.iter().filter(|row| row.contains(step) && row.contains(&consent)).count();
    assert!(of("redirect-target") <= 1 && of("authenticated") <= 1, "one report of a step");
}

/// A channel that knows of no login.
fn channel(stack: &Stack) -> Channel {
    let trust = std::fs::read_to_string(stack.text("/ca_file")).expect("the authority can be read");
    let name = stack.text("/channel/client_name");
    Channel::new(stack.text("/hosts/public"), name, &trust).expect("the channel is set up")
}

/// The pushed request of an interaction, out of its row.
async fn request_uri(scene: &Scene<'_>, interaction: &OpenInteraction) -> String {
    let items = scene.cloud.items(scene.cloud.table("channel", "INTERACTIONS_TABLE")).await;
    let bodies = items.iter().filter_map(|item| item.get("body")?["S"].as_str());
    let bodies = bodies.filter_map(|body| serde_json::from_str::<Value>(body).ok());
    let mut own = bodies.filter(|body| body["id"] == interaction.interaction[..20]);
    let body = own.next().expect("the interaction is stored");
    body["requestUri"].as_str().expect("an interaction has its request").to_owned()
}
