//! Simultaneous use of codes, assertions and tickets, each good for once: one winner of 64.

use std::sync::Arc;

use ponte_fapi::secret;
use tokio::sync::Barrier;

use crate::testing::{CALLBACK, Endpoint, VERIFIER, World, client_request, first, fragment, now};

const RACERS: usize = 64;

/// How many of 64 simultaneous runs came out true.
async fn winners<F, R>(run: F) -> usize
where
    F: Fn(usize) -> R,
    R: Future<Output = bool> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(RACERS));
    let racers: Vec<_> = (0..RACERS)
        .map(|number| {
            let (barrier, run) = (Arc::clone(&barrier), run(number));
            tokio::spawn(async move {
                barrier.wait().await;
                run.await
            })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        won += usize::from(racer.await.unwrap());
    }
    won
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s12_of_sixty_four_redemptions_of_a_code_one_brings_tokens() {
    let world = Arc::new(World::new());
    let code = world.code().await;
    let won = winners(|_| {
        let (world, code) = (Arc::clone(&world), code.clone());
        async move {
            let parameters = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            world.ask(Endpoint::Token, first(), &parameters, now()).await.0 == 200
        }
    });
    assert_eq!(won.await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s62_of_sixty_four_uses_of_an_assertion_one_is_accepted() {
    let world = Arc::new(World::new());
    let body = world.body(&[("grant_type", "client_credentials"), ("scope", "consents")]);
    // Known keys, so that nobody waits for the directory.
    assert_eq!(
        world.token(&[("grant_type", "client_credentials"), ("scope", "consents")], now()).await.0,
        200
    );
    let won = winners(|_| {
        let (world, body) = (Arc::clone(&world), body.clone());
        async move { world.send(Endpoint::Token, &client_request(&body, now())).await.0 == 200 }
    });
    assert_eq!(won.await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s05_t61_of_sixty_four_ends_of_an_interaction_one_issues_a_code_and_all_lead_to_it() {
    let world = Arc::new(World::new());
    let interaction = world.granted_interaction().await;
    let won = winners(|_| {
        let (world, interaction) = (Arc::clone(&world), interaction.clone());
        async move {
            let answer = world.come_back(&interaction, now()).await;
            let code = fragment(&answer).remove("code").unwrap();
            world.memory.codes.lock().unwrap().contains_key(&secret::hash(&code))
        }
    });
    assert_eq!(won.await, 64);
    assert_eq!(world.memory.codes.lock().unwrap().len(), 1);
}
