//! T61 over a running stack: the answer to the yes and the redirect back are lost after their commit, with the environment that
//! gave them or on its way to and from the store. Whoever asks again goes on; a stranger does not.

use std::time::Duration;

use ponte_bank::channel::Decision;
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::steps::{OpenInteraction, World, device, want};
use crate::processes;
use crate::stack::Stack;

const STORE: &str = "/aws/endpoint_url";

/// What broke after the commit.
#[derive(Clone, Copy, Debug)]
enum Broken {
    /// The environment died before its answer arrived.
    Environment,
    /// The store's reply to the commit never came.
    Reply,
}

struct Scene {
    stack: Stack,
    world: World,
}

impl Scene {
    async fn yes(&self, interaction: &OpenInteraction) -> Reply {
        let yes = Decision::default();
        let reply = self.world.channel.consent(&interaction.interaction, &yes, &device()).await;
        want(200, "consent", reply.expect("the channel API answers"))
    }

    async fn browse(&self, back: &str) -> Reply {
        self.world.receiver.browse(back).await.expect("resume answers")
    }

    /// Before the call whose answer gets lost.
    async fn before(&self, broken: Broken) {
        if let Broken::Reply = broken {
            let fault = json!({ "kind": "lose_reply", "path": "/TransactWriteItems/", "times": 1 });
            self.world.order(STORE, &fault).await;
        }
    }

    /// After it.
    async fn after(&self, broken: Broken, function: &str) {
        match broken {
            Broken::Reply => {
                assert!(self.world.faults(STORE).await.is_empty(), "a reply was lost");
            }
            Broken::Environment => {
                assert!(processes::kill_functions(&self.stack, function) > 0, "{function} was not at work");
                // Until the local cloud has seen that they are gone.
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
    }
}

fn location(reply: &Reply) -> String {
    assert_eq!(reply.status, 303, "{}", reply.excerpt());
    reply.header("location").expect("a redirect has a location").to_owned()
}

#[tokio::test]
async fn t61_a_yes_and_a_return_whose_answers_are_lost_are_the_same_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let scene = Scene { stack, world };
    for broken in [Broken::Environment, Broken::Reply] {
        let consent = scene.world.create_consent(&own).await;
        let interaction = scene.world.log_in(&consent).await;
        scene.before(broken).await;
        let lost = scene.yes(&interaction).await.json();
        scene.after(broken, "channel").await;
        assert_eq!(scene.world.status(&own, &consent).await, "AUTHORISED", "committed");
        let told = scene.yes(&interaction).await.json();
        assert_eq!(told["data"], lost["data"], "{broken:?}");
        stranger_hears_nothing(&scene, &interaction).await;

        let back = told["data"]["redirectUri"].as_str().expect("a way back").to_owned();
        scene.before(broken).await;
        let (one, other) = tokio::join!(scene.browse(&back), scene.browse(&back));
        let first = location(&one);
        assert_eq!(location(&other), first, "opened twice at once");
        scene.after(broken, "authorize").await;
        assert_eq!(location(&scene.browse(&back).await), first, "{broken:?}");
        let elsewhere = scene.world.plain.send(Call::get(&back)).await.expect("resume answers");
        assert_eq!(want(400, "another browser", elsewhere).header("location"), None);

        let callback = scene.world.receiver.arrive(&interaction.authorization, &first, &device());
        let code = callback.expect("the redirect is good").code;
        let tokens = scene.world.redeem(&interaction, &code).await;
        want(200, "accounts", scene.world.accounts(&tokens.access, &consent).await);
        let again = scene.world.receiver.code_token(&interaction.authorization, &code).await;
        want(400, "the code again", again.expect("the token endpoint answers"));
    }
}

/// Who knows the id and repeats the yes without the secret of the login.
async fn stranger_hears_nothing(scene: &Scene, interaction: &OpenInteraction) {
    let public = scene.stack.text("/hosts/public");
    let name = scene.stack.text("/channel/client_name");
    let url = format!("{public}/api/{name}/consents/v1/interactions/{}/consent", interaction.interaction);
    let body: Value = json!({ "partialApproval": false, "device": device() });
    let reply = scene.world.plain.send(Call::post_json(url, &body)).await.expect("the channel API answers");
    want(404, "a stranger", reply);
}
