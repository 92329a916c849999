//! Credentials that are over while a process lives, and secrets that cannot be read when it starts.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ponte_kit::intermediary::{Exchange, Intermediary};
use ponte_kit::stub::{Reply, Request};

use super::environment::{CLOUD, ENDPOINT, Environment, address, code};
use super::gateway::Gateway;
use crate::journeys::steps::World;
use crate::stack::Stack;

fn reads_a_secret(request: &Request) -> bool {
    request.header("x-amz-target") == "secretsmanager.GetSecretValue"
}

#[tokio::test]
async fn lb11_a_process_whose_credentials_are_over_answers_and_makes_way_for_another() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consent = world.create_consent(&world.client_token().await).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let call = || Gateway::of(&stack).accounts(&tokens.access).to_string();
    for (round, code_of_aws) in
        ["ExpiredTokenException", "UnrecognizedClientException"].into_iter().enumerate()
    {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&over);
        let cloud = Intermediary::before(address(&stack, CLOUD), move |_, _| {
            let body = format!(r#"{{"__type":"com.amazon.coral.service#{code_of_aws}","message":"m"}}"#);
            if is_over.load(Ordering::Relaxed) {
                Exchange::Answer(Reply::json(400, body))
            } else {
                Exchange::Pass
            }
        })
        .await;
        let data = Environment::calling(&stack, "data", &[(ENDPOINT, cloud.url())]).await;
        assert_eq!(code(&data.answer(call()).await).0, 200, "{round}");
        let first = data.process();
        over.store(true, Ordering::Relaxed);
        let answer = data.answer(call()).await;
        assert_eq!(code(&answer).0, 500, "{code_of_aws}: {answer}");
        assert!(answer["headers"]["x-v"].is_string(), "an answer of ours: {answer}");
        assert_eq!(data.said(r#""alarm":"EnvironmentCredentials""#), 1, "{}", data.log());
        assert_eq!(data.process(), None, "the environment ends");
        over.store(false, Ordering::Relaxed);
        assert_eq!(code(&data.answer(call()).await).0, 200, "Lambda makes another");
        assert!(data.process().is_some() && data.process() != first);
    }
}

#[tokio::test]
async fn lb23_a_process_starts_where_every_secret_is_throttled_twice_and_names_one_that_hangs() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let asked = Mutex::<HashMap<String, usize>>::default();
    let throttled = Intermediary::before(address(&stack, CLOUD), move |_, request| {
        if !reads_a_secret(request) {
            return Exchange::Pass;
        }
        let mut asked = asked.lock().expect("a lock");
        let times = asked.entry(request.body.clone()).or_default();
        *times += 1;
        let refusal = Reply::json(400, r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
        if *times <= 2 { Exchange::Answer(refusal) } else { Exchange::Pass }
    })
    .await;
    let hanging = Intermediary::before(address(&stack, CLOUD), |_, request| {
        let is_key = reads_a_secret(request) && request.body.contains("SigningKeySecret");
        if is_key { Exchange::Answer(Reply::Hang) } else { Exchange::Pass }
    })
    .await;
    let start = async || {
        let oauth = Environment::calling(&stack, "oauth", &[(ENDPOINT, throttled.url())]).await;
        let reads = throttled.requests().iter().filter(|request| reads_a_secret(request)).count();
        assert!(reads >= 9 && reads.is_multiple_of(3), "{reads} reads, each in its third try");
        let answer = oauth.answer(Gateway::of(&stack).client_token().to_string()).await;
        assert_eq!(code(&answer).0, 200, "{answer}: {}", oauth.log());
    };
    let end = async || {
        let oauth = Environment::prepared(&stack, "oauth", &[(ENDPOINT, hanging.url())]);
        let fault = oauth.warm().await.expect_err("nothing to sign with");
        assert!(fault.contains("ended early"), "before Lambda gives it up: {fault}");
        assert_eq!(oauth.process(), None);
        let log = oauth.log();
        let told = log.lines().find(|line| line.contains("function did not start")).expect("a last line");
        assert!(told.contains("SigningKeySecret"), "the secret is named: {told}");
    };
    tokio::join!(start(), end());
}
