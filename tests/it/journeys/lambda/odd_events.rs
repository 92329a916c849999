//! Events that cannot be read, or not as a whole: the call is served, or it alone is an error, and nothing of it reaches the log.

use ponte_local::runtime::Outcome;
use ponte_machine::clock;
use serde_json::{Value, json};

use super::environment::{Environment, code};
use super::gateway::Gateway;
use crate::journeys::callers::{Callers, Host};
use crate::journeys::steps::World;
use crate::stack::Stack;

/// A text that must stand in no log.
const CANARY: &str = "canary-9f3b2c";

#[tokio::test]
async fn lb09_t44_an_unreadable_member_loses_no_call_and_shows_in_no_log() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consent = world.create_consent(&world.client_token().await).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let data = Environment::of(&stack, "data").await;
    let event = || Gateway::of(&stack).accounts(&tokens.access);
    assert_eq!(code(&data.answer(event().to_string()).await).0, 200);
    let process = data.process();

    // A header that nobody needs is as if absent.
    for value in [
        json!(null),
        json!(7),
        json!(["a"]),
        json!({"a": CANARY}),
        json!(format!("{CANARY}\u{1}")),
        json!("\u{7f}\n"),
    ] {
        for name in ["x-other", "", "a b", "ação", "x-forwarded-for"] {
            let mut event = event();
            event["headers"][name] = value.clone();
            let answer = data.answer(event.to_string()).await;
            assert_eq!(code(&answer).0, 200, "{name:?} {value}: {answer}");
        }
    }
    for (pointer, value) in [
        ("/requestContext/timeEpoch", json!(CANARY)),
        ("/requestContext/authentication/clientCert/validity", Value::Null),
        ("/requestContext/authentication/clientCert/serialNumber", json!({"a": 1})),
        ("/isBase64Encoded", Value::Null),
        ("/cookies", json!([CANARY, 7, null])),
    ] {
        let mut event = event();
        *event.pointer_mut(pointer).expect("a member of the event") = value;
        assert_eq!(code(&data.answer(event.to_string()).await).0, 200, "{pointer}");
    }

    // Where it is needed, the caller is told, in the form of the family.
    for byte in ["\u{1}", "\n", "\u{7f}", "é"] {
        let mut event = event();
        event["headers"]["authorization"] = json!(format!("Bearer {}{byte}", tokens.access));
        let answer = data.answer(event.to_string()).await;
        assert_eq!(code(&answer), (401, "NAO_AUTORIZADO".to_owned()), "{byte:?}");
        assert!(
            answer["headers"]["x-v"].is_string() && answer["headers"]["x-fapi-interaction-id"].is_string()
        );
    }
    // Half a pair of UTF-16, and bytes that are no UTF-8.
    let marked = |mark: &str| {
        let mut event = event();
        event["headers"]["authorization"] = json!(format!("Bearer {}{mark}", tokens.access));
        event.to_string()
    };
    let half = marked("@@").replace("@@", "\\ud800");
    assert_eq!(code(&data.answer(half).await).0, 401);
    let bytes: Vec<u8> = marked("@@").into_bytes();
    let at = bytes.windows(2).position(|two| two == b"@@").expect("the mark");
    let bytes = [&bytes[..at], &[0xff, 0xfe], &bytes[at + 2..]].concat();
    assert_eq!(code(&data.answer(bytes).await).0, 401);

    assert_eq!(data.process(), process, "one process served all of them");
    for secret in [tokens.access.as_str(), CANARY] {
        assert_eq!(data.said(secret), 0, "{}", data.log());
    }
}

#[tokio::test]
async fn lb26_lb27_lb13_an_event_of_nobody_is_an_error_of_that_invocation_alone() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let consent = world.create_consent(&world.client_token().await).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let data = Environment::of(&stack, "data").await;
    let process = data.process();
    let of_payload_1 =
        json!({"version": "1.0", "path": CANARY, "requestContext": {"httpMethod": "GET"}}).to_string();
    let of_another =
        json!({"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": CANARY}}}]}).to_string();
    let garbage = format!("{{\"{CANARY}");
    for event in ["{}", "null", "[]", "", "\"\"", garbage.as_str(), &of_payload_1, &of_another] {
        let fault = data.fault(event).await;
        assert!(!fault.contains(CANARY), "{event}: {fault}");
    }
    // Names in any case, containers that are null, a certificate with its line ends changed.
    let mut event = Gateway::of(&stack).accounts(&tokens.access);
    let headers = event["headers"].as_object().expect("headers").clone();
    event["headers"] = headers.into_iter().map(|(name, value)| (name.to_uppercase(), value)).collect();
    event["cookies"] = Value::Null;
    event["body"] = Value::Null;
    event["stageVariables"] = Value::Null;
    let pem = event["requestContext"]["authentication"]["clientCert"]["clientCertPem"]
        .as_str()
        .expect("a certificate");
    let pem = pem.replace('\n', "\r\n");
    event["requestContext"]["authentication"]["clientCert"]["clientCertPem"] = json!(pem.trim_end());
    let answer = data.answer(event.to_string()).await;
    assert_eq!(code(&answer).0, 200, "{answer}");
    assert_eq!(data.process(), process, "one process served all of them");

    // Paths that make no sense.
    for path in [
        format!("/{CANARY}\u{1}\n"),
        format!("/\"{CANARY}'"),
        format!("/{}", CANARY.repeat(500)),
        "\u{0}".to_owned(),
    ] {
        let mut event = Gateway::of(&stack).accounts(&tokens.access);
        event["rawPath"] = json!(path);
        let answer = data.answer(event.to_string()).await;
        assert_eq!(code(&answer), (404, "NAO_ENCONTRADO".to_owned()), "{path:?}");
        assert!(!answer.to_string().contains(CANARY), "{answer}");
    }
    assert_eq!(data.process(), process, "one process served all of them");

    // A client context of another shape cannot be read by Lambda's own library: that invocation ends its process.
    let odd = format!(r#"{{"custom":{{"a":{{"{CANARY}":"{CANARY}"}}}}}}"#);
    let told = data.invoke_in(&json!({}), &odd).await;
    assert!(matches!(told, Outcome::Failed { .. }), "{told:?}");
    assert_eq!(data.process(), None);
    assert_eq!(code(&data.answer(Gateway::of(&stack).accounts(&tokens.access).to_string()).await).0, 200);
    assert_eq!(data.said(CANARY), 0, "{}", data.log());
}

#[tokio::test]
async fn lb10_a_path_is_decoded_once_from_the_gateway_to_the_id() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let callers = Callers::of(&stack);
    let token = world.client_token().await;
    let consent = world.create_consent(&token).await;
    let (bearer, interaction) = (format!("Bearer {token}"), clock::new_id());
    let headers = [("authorization", bearer.as_str()), ("x-fapi-interaction-id", &interaction)];
    for (colon, status) in [(":", 200), ("%3A", 200), ("%253A", 404), ("%25253A", 404)] {
        let path = format!("/open-banking/consents/v3/consents/{}", consent.replace(':', colon));
        let got = callers.call(Host::Mtls, ("GET", &path), &headers, Vec::new()).await;
        assert_eq!(got.status, status, "{path}: {}", got.body);
        if status == 200 {
            let own: Value = serde_json::from_str(&got.body).expect("JSON");
            let own = own["links"]["self"].as_str().unwrap_or_default();
            assert!(own.ends_with(&format!("/consents/{consent}")), "{own}");
        }
    }
}
