//! What every call gets by the letter, through the gateway: its own id, the version of its API, challenges, methods, links, and a
//! report whatever became of it.

use super::callers::{Callers, Got, Host};
use super::cloud::Cloud;
use super::steps::World;
use crate::stack::Stack;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
const JSON: (&str, &str) = ("content-type", "application/json");

/// A call with the interaction id that ends in `number`, in letters of both cases.
async fn call(
    callers: &Callers,
    (method, path): (&str, &str),
    number: u8,
    (headers, body): (&[(&str, &str)], &[u8]),
) -> Got {
    let id = id(number);
    let mut all = vec![("x-fapi-interaction-id", id.as_str())];
    all.extend(headers);
    let got = callers.call(Host::Mtls, (method, path), &all, body.to_vec()).await;
    assert_eq!(got.interaction.as_deref(), Some(id.as_str()), "{method} {path}");
    got
}

fn id(number: u8) -> String {
    format!("0F3E2d1c-5A55-4b7E-9c39-6B0c6C6f6a{number:02}")
}

#[tokio::test(flavor = "multi_thread")]
async fn s31_m15_c51_c54_calls_are_answered_by_the_letter_and_reported_under_their_own_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let access = world.agree(&world.log_in(&consent).await).await.access;
    let (own, access) = (format!("Bearer {own}"), format!("Bearer {access}"));
    let client = ("authorization", own.as_str());

    let read = call(&callers, ("GET", &format!("{CONSENTS}/{consent}")), 1, (&[client], b"")).await;
    assert_eq!((read.status, read.header("x-v")), (200, "3.3.1"));
    let raw = call(&callers, ("POST", CONSENTS), 2, (&[client, JSON], b"{\"data\":\"\xff\"}")).await;
    assert_eq!((raw.status, raw.header("x-v")), (400, "3.3.1"), "a call that cannot be read is a call");
    let coded = [client, JSON, ("content-encoding", "gzip")];
    let coded = call(&callers, ("POST", CONSENTS), 3, (&coded, b"\x1f\x8b\x08\x00")).await;
    assert_eq!((coded.status, coded.header("accept-encoding")), (415, "identity"));
    let astray = call(&callers, ("GET", "/open-banking/consents/v3/nothing"), 4, (&[client], b"")).await;
    assert_eq!((astray.status, astray.header("x-v")), (404, "3.3.1"));
    let method = call(&callers, ("PUT", CONSENTS), 5, (&[client, JSON], b"{}")).await;
    assert_eq!((method.status, method.header("allow"), method.header("x-v")), (405, "POST", "3.3.1"));

    let nobody = call(&callers, ("GET", ACCOUNTS), 6, (&[], b"")).await;
    assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, "Bearer"));
    let wrong = call(&callers, ("GET", ACCOUNTS), 7, (&[("authorization", "Bearer x")], b"")).await;
    assert_eq!((wrong.status, wrong.header("www-authenticate")), (401, r#"Bearer error="invalid_token""#));
    let registration = "/auth/register/0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
    let no_token = call(&callers, ("GET", registration), 9, (&[], b"")).await;
    assert_eq!((no_token.status, no_token.header("www-authenticate")), (401, "Bearer"));
    let other = call(&callers, ("GET", registration), 10, (&[("authorization", "Bearer x")], b"")).await;
    assert_eq!((other.status, other.header("www-authenticate")), (401, r#"Bearer error="invalid_token""#));
    let asked = format!("{ACCOUNTS}?page=1&cpf=12345678909");
    let list = call(&callers, ("GET", &asked), 8, (&[("authorization", &access)], b"")).await;
    assert_eq!(list.status, 200, "{}", list.body);
    assert!(!list.body.contains("cpf="), "what no filter is stands in no link: {}", list.body);

    // What found an endpoint is reported under the very letters of its caller; a token that is none names no client to report.
    let cloud = Cloud::of(&stack, &callers);
    let rows = cloud.items(cloud.table("consents", "OUTBOX_TABLE")).await;
    let bodies: Vec<&str> = rows.iter().filter_map(|row| row["body"]["S"].as_str()).collect();
    for number in [1, 2, 3, 8] {
        let reported = |body: &&&str| body.contains(&id(number));
        assert_eq!(bodies.iter().filter(reported).count(), 1, "call {number}");
    }
    assert!(!bodies.iter().any(|body| body.contains(&id(1).to_lowercase())));
}
