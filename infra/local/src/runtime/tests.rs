//! Functions as real processes: this test binary starts itself again as a function over `lambda_runtime`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use super::*;

/// Not a test: the function that the tests below start as a process. Without a Runtime API it has nothing to do.
#[test]
#[ignore = "a function started by other tests"]
fn echo() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(lambda_runtime::run(service_fn(answer))).unwrap();
}

async fn answer(event: LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    match event.payload["do"].as_str() {
        Some("exit") => std::process::exit(3),
        Some("nap") => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(Value::Null)
        }
        Some("boast") => Ok(Value::String("x".repeat(api::MAX_PAYLOAD))),
        Some("fail") => Err("on purpose".into()),
        Some("hang") => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok(Value::Null)
        }
        Some("variables") => Ok(std::env::vars().map(|(name, value)| (name, Value::String(value))).collect()),
        _ => Ok(json!({
            "pid": std::process::id(),
            "said": event.payload,
            "deadline": event.context.deadline,
            "arn": event.context.invoked_function_arn,
        })),
    }
}

fn settings(timeout: Duration, folder: &tempfile::TempDir) -> Settings {
    let arguments = ["--ignored", "--nocapture", "--exact"].map(str::to_owned).to_vec();
    Settings {
        name: "runtime::tests::echo".to_owned(),
        environment: BTreeMap::from([("OWN".to_owned(), "value".to_owned())]),
        timeout,
        memory: 256,
        endpoint_url: "http://127.0.0.1:1".to_owned(),
        log: folder.path().join("echo.log"),
        launcher: Launcher {
            program: std::env::current_exe().unwrap(),
            arguments,
            environments: ENVIRONMENTS,
        },
    }
}

pub(crate) fn function(timeout: Duration) -> (std::sync::Arc<Function>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Function::new(settings(timeout, &folder)), folder)
}

async fn call(function: &std::sync::Arc<Function>, event: Value) -> Value {
    match function.invoke(Bytes::from(event.to_string())).await {
        Outcome::Answered(body) => serde_json::from_slice(&body).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_process_serves_one_call_after_the_other() {
    let (function, _folder) = function(Duration::from_secs(5));
    function.warm().await.unwrap();
    let first = call(&function, json!({"n": 1})).await;
    let second = call(&function, json!({"n": 2})).await;
    assert_eq!(first["said"]["n"], 1);
    assert_eq!(first["pid"], second["pid"]);
    assert_eq!(first["arn"], "arn:aws:lambda:sa-east-1:000000000000:function:runtime::tests::echo");
    assert!(first["deadline"].as_u64().unwrap() > crate::clock::epoch_millis());
    assert_eq!(function.tally(), Tally { idle: 1, running: 0, invocations: 2, failures: 0 });
}

#[tokio::test]
async fn calls_at_the_same_time_get_processes_of_their_own() {
    let (function, _folder) = function(Duration::from_millis(1_500));
    let hanging = std::sync::Arc::clone(&function);
    let hung = tokio::spawn(async move { hanging.invoke(Bytes::from_static(br#"{"do":"hang"}"#)).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let other = call(&function, json!({})).await;
    assert!(other["pid"].is_number());
    let Outcome::Failed { kind, message } = hung.await.unwrap() else { panic!("it hung") };
    assert_eq!((kind.as_str(), message.as_str()), ("Sandbox.Timedout", "Task timed out after 1.50 seconds"));
    // The overdue process is gone, the other one goes on.
    assert_eq!(call(&function, json!({})).await["pid"], other["pid"]);
}

#[tokio::test]
async fn a_crash_fails_its_invocation_and_the_next_one_gets_a_new_process() {
    let (function, _folder) = function(Duration::from_secs(5));
    let before = call(&function, json!({})).await;
    let Outcome::Failed { kind, message } = function.invoke(Bytes::from_static(br#"{"do":"exit"}"#)).await
    else {
        panic!("it exited")
    };
    assert_eq!(kind, "Runtime.ExitError");
    assert!(message.contains("exit status: 3"), "{message}");
    let after = call(&function, json!({})).await;
    assert_ne!(before["pid"], after["pid"]);
    assert_eq!(function.tally().failures, 1);
}

#[tokio::test]
async fn lb13_a_client_context_of_another_shape_ends_its_process_alone() {
    let (function, _folder) = function(Duration::from_secs(5));
    let before = call(&function, json!({})).await;
    for (context, fits) in [(r#"{"custom":{"a":"b"}}"#, true), (r#"{"custom":{"a":{"b":1}}}"#, false)] {
        let event = Bytes::from_static(b"{}");
        let invocation = Invocation { event, client_context: Some(context.to_owned()) };
        let outcome = function.invoke(invocation).await;
        assert_eq!(matches!(outcome, Outcome::Answered(_)), fits, "{outcome:?}");
    }
    assert_ne!(call(&function, json!({})).await["pid"], before["pid"]);
}

#[tokio::test]
async fn an_answer_above_6_mb_fails_its_invocation() {
    let (function, _folder) = function(Duration::from_secs(10));
    let outcome = function.invoke(Bytes::from_static(br#"{"do":"boast"}"#)).await;
    assert!(
        matches!(&outcome, Outcome::Failed { kind, .. } if kind == "Function.ResponseSizeTooLarge"),
        "{outcome:?}"
    );
    assert!(call(&function, json!({})).await["pid"].is_number());
}

#[tokio::test]
async fn what_a_process_says_before_it_gives_up_starting_is_reported() {
    let (_jobs, queue) = tokio::sync::mpsc::channel(1);
    let (ready, _) = tokio::sync::oneshot::channel();
    let api = api::Api::new("arn".to_owned(), Duration::from_secs(1), queue, ready);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/2018-06-01/runtime", listener.local_addr().unwrap());
    let _serving = api.serve(listener);
    let report = r#"{"errorType":"Config","errorMessage":"PUBLIC_URL is not set"}"#;
    let post = async |path: &str| {
        crate::control::client::post(&format!("{base}/{path}"), report).await.unwrap().status
    };
    assert_eq!(post("init/error").await, 202);
    assert_eq!(api.init_error().unwrap(), "Config: PUBLIC_URL is not set");
    // Nobody works on that one.
    assert_eq!(post("invocation/unknown/response").await, 400);
    assert_eq!(post("invocation/unknown/error").await, 400);
    assert_eq!(post("extension/register").await, 404);
}

#[tokio::test]
async fn an_error_of_the_function_is_passed_on_and_the_process_kept() {
    let (function, _folder) = function(Duration::from_secs(5));
    let before = call(&function, json!({})).await;
    let outcome = function.invoke(Bytes::from_static(br#"{"do":"fail"}"#)).await;
    assert!(matches!(&outcome, Outcome::Failed { message, .. } if message == "on purpose"), "{outcome:?}");
    assert_eq!(call(&function, json!({})).await["pid"], before["pid"]);
}

#[tokio::test]
async fn the_process_sees_the_variables_of_the_template_and_lambdas_own_and_nothing_else() {
    let (function, _folder) = function(Duration::from_secs(5));
    let seen = call(&function, json!({"do": "variables"})).await;
    let mut seen: Vec<&str> = seen.as_object().unwrap().keys().map(String::as_str).collect();
    // The runtime sets this one itself while it works on a call.
    seen.retain(|name| *name != "_X_AMZN_TRACE_ID");
    seen.sort_unstable();
    let mut expected =
        variables::variables(function.settings(), "").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    assert!(seen.contains(&"OWN"));
}

#[tokio::test]
async fn a_program_that_cannot_be_a_function_is_reported_with_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(Duration::from_secs(5), &folder);
    settings.name = "no::such::test".to_owned();
    let function = Function::new(settings);
    let fault = function.warm().await.unwrap_err();
    assert!(fault.contains("ended early, exit status: 0"), "{fault}");
    assert!(matches!(function.invoke(Bytes::new()).await, Outcome::NotStarted(_)));
}

#[tokio::test]
async fn a_process_goes_when_its_runtime_api_goes() {
    let folder = tempfile::tempdir().unwrap();
    let function = Function::new(settings(Duration::from_secs(5), &folder));
    let pid = call(&function, json!({})).await["pid"].as_u64().unwrap();
    function.stop(Duration::ZERO).await;
    let status = format!("/proc/{pid}/stat");
    for _ in 0..200 {
        if !std::path::Path::new(&status).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("process {pid} is still there");
}
