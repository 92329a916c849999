//! A function killed between what it stored and its answer: the caller has nothing in hands and makes the same call again.

use std::time::Duration;

use ponte_participant::Tokens;
use ponte_web::caller::Reply;

use crate::journeys::steps::{OpenInteraction, World, device, interaction_in, want};
use crate::processes;
use crate::stack::Stack;

/// The answer of a call whose first answer is lost with the environment that gave it.
async fn twice(stack: &Stack, function: &str, status: u16, call: impl AsyncFn() -> Reply) -> Reply {
    want(status, function, call().await);
    assert!(processes::kill_functions(stack, function) > 0, "no environment of {function} was at work");
    // Until the local cloud has seen that they are gone.
    tokio::time::sleep(Duration::from_millis(300)).await;
    want(status, function, call().await)
}

#[tokio::test]
async fn lb28_what_is_called_again_after_a_death_before_its_answer_works_on() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let receiver = &world.receiver;
    let heard = "the institution answers";

    let token =
        twice(&stack, "oauth", 200, async || receiver.client_token("consents").await.expect(heard)).await;
    let token = Tokens::of(&token).expect("a token").access;
    world.create_consent(&token).await;
    assert!(processes::kill_functions(&stack, "consents") > 0);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let consent = world.create_consent(&token).await;

    let authorization = receiver.begin(&consent);
    let pushed = async || receiver.push(&authorization, "accounts resources").await.expect(heard);
    let body = twice(&stack, "oauth", 201, pushed).await.json();
    let url = receiver.authorization_url(body["request_uri"].as_str().expect("a request_uri"));
    let reply = twice(&stack, "authorize", 303, async || receiver.browse(&url).await.expect(heard)).await;
    let interaction = interaction_in(&reply);
    let customer = world.channel_token(0);
    let enter = async || world.channel.login(&interaction, customer, &device()).await.expect(heard);
    twice(&stack, "channel", 200, enter).await;

    let tokens = world.agree(&OpenInteraction { authorization, interaction }).await;
    let refresh = tokens.refresh.expect("a customer's grant has a refresh token");
    let renew = async || receiver.refresh(&refresh, &consent).await.expect(heard);
    let fresh = Tokens::of(&twice(&stack, "oauth", 200, renew).await).expect("tokens");
    want(200, "accounts", world.accounts(&fresh.access, &consent).await);
    twice(&stack, "oauth", 200, async || receiver.revoke(&refresh, None).await.expect(heard)).await;
    assert_eq!(receiver.refresh(&refresh, &consent).await.expect(heard).status, 400);
}
