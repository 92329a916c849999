//! The layer as a function: what it is invoked with, and what every way to fail means.

use std::time::Duration;

use super::*;
use crate::http::{Resend, Trust};
use crate::testing::aws_at;
use ponte_cloud::aws::FunctionArn;
use ponte_kit::clock::ManualClock;
use ponte_kit::stub::{self, Stub};
use ponte_values::SecretText;
use tokio::time::Instant;

const ARN: &str = "arn:aws:lambda:sa-east-1:000000000000:function:camada";

async fn asked(stub: &Stub) -> Result<Reply, PortError> {
    let aws = aws_at(&stub.url());
    let invocation = aws.invocation(&FunctionArn::parse(ARN).unwrap());
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_function(client, invocation, Arc::new(ManualClock::default()));
    let (credential, body) =
        (SecretText::from("credential".to_owned()), Bytes::from_static(br#"{"page": 1}"#));
    let question = Question {
        what: "integration layer",
        operation: "/accounts/accounts",
        body: &body,
        media: Media::Json,
        credential: Some(&credential),
        names: None,
        resend: Resend::Always,
        until: Instant::now() + Duration::from_millis(400),
    };
    Ok(way.0.carry(question).await?)
}

/// An answer of Lambda.
fn answer(status: u16, head: &str, body: &str) -> stub::Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n");
    stub::Reply::Raw([head.as_bytes(), body.as_bytes()].concat())
}

async fn answered(status: u16, head: &'static str, body: &str) -> Result<Reply, PortError> {
    let body = body.to_owned();
    asked(&Stub::start(move |_, _| answer(status, head, &body)).await).await
}

#[tokio::test]
async fn a_question_is_an_event_and_what_the_function_returns_an_answer() {
    let returned =
        r#" {"status": 429, "headers": {"Retry-After": "7"}, "body": {"errors": [ {"code":"X"}]} } "#;
    let stub = Stub::start(move |_, _| answer(200, "", returned)).await;
    let reply = asked(&stub).await.unwrap();
    assert_eq!((reply.status, reply.wait), (429, Some(Duration::from_secs(7))));
    assert_eq!(reply.body, br#"{"errors": [ {"code":"X"}]}"#, "cut out as it is");
    let event = concat!(
        r#"{"operation":"/accounts/accounts","headers":{"authorization":"Bearer credential","#,
        r#""content-type":"application/json"},"body":{"page": 1}}"#
    );
    assert_eq!(stub.bodies(), [event]);
    let head = &stub.heads()[0];
    let path = "POST /2015-03-31/functions/arn%3Aaws%3Alambda%3Asa-east-1%3A000000000000%3Afunction%3Acamada/invocations ";
    assert!(head.starts_with(path), "{head}");
    assert!(head.contains("authorization: AWS4-HMAC-SHA256 "), "{head}");
    let bare = answered(200, "", r#"{"status":404}"#).await.unwrap();
    assert_eq!((bare.status, bare.wait, bare.body.len()), (404, None, 0));
}

#[tokio::test]
async fn what_is_no_answer_of_the_contract_is_a_fault_of_the_layer() {
    for body in [
        "",
        "null",
        "[]",
        r#"{"statusCode":200,"body":"{}"}"#,
        r#"{"status":"200"}"#,
        r#"{"status":70000}"#,
        r#"{"status":200,"status":404}"#,
        r#"{"status":200,"body":{"data":NaN}}"#,
        r#"{"status":200,"body":{"data":[}}"#,
    ] {
        let error = answered(200, "", body).await.err().unwrap();
        assert!(!error.is_timeout() && !error.is_overloaded(), "{body}: {error:?}");
    }
    let stub = Stub::start(|_, _| {
        let mut bytes = b"HTTP/1.1 200 X\r\nconnection: close\r\n\r\n{\"status\":200,\"body\":\"".to_vec();
        bytes.extend_from_slice(b"\xff\xfe\"}");
        stub::Reply::Raw(bytes)
    })
    .await;
    assert!(asked(&stub).await.is_err(), "not UTF-8");
}

#[tokio::test]
async fn t63_each_way_to_fail_means_what_it_means_over_http() {
    let failed = "x-amz-function-error: Unhandled\r\n";
    let timed_out = r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}"#;
    let older = r#"{"errorMessage":"2026-03-02T12:00:00Z 1 Task timed out after 3.00 seconds"}"#;
    let large =
        r#"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded"}"#;
    let crashed = r#"{"errorType":"Runtime.ExitError","errorMessage":"76109277673 \n segredo"}"#;
    // Status of Lambda, headers, body; timeout, overloaded, unusable.
    for (status, head, body, kinds) in [
        (200, failed, timed_out, (true, false, false)),
        (200, failed, older, (true, false, false)),
        (200, failed, large, (false, false, true)),
        (200, failed, crashed, (false, false, false)),
        (200, failed, "no JSON", (false, false, false)),
        (
            429,
            "x-amzn-errortype: TooManyRequestsException:http://x\r\nretry-after: 3\r\n",
            "{}",
            (false, true, false),
        ),
        (503, "", "", (false, true, false)),
        (504, "", "", (true, false, false)),
        (413, "x-amzn-errortype: RequestTooLargeException\r\n", "{}", (false, false, true)),
        // No function, or no permission, says nothing about a customer.
        (404, "x-amzn-errortype: ResourceNotFoundException\r\n", "{}", (false, false, false)),
        (403, "x-amzn-errortype: AccessDeniedException\r\n", "{}", (false, false, false)),
        (500, "x-amzn-errortype: ServiceException\r\n", "{}", (false, false, false)),
    ] {
        let error = answered(status, head, body).await.err().unwrap();
        assert_eq!(
            (error.is_timeout(), error.is_overloaded(), error.is_unusable()),
            kinds,
            "{status} {body}"
        );
        let told = format!("{error:?}");
        assert!(!told.contains("segredo") && !told.contains("76109277673"), "{told}");
        if status == 429 {
            assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
            assert!(told.contains("TooManyRequestsException"), "{told}");
        }
    }
    let silent = asked(&Stub::start(|_, _| stub::Reply::Hang).await).await.err().unwrap();
    assert!(silent.is_timeout());
    let flooded = Stub::start(|_, _| stub::Reply::Endless).await;
    assert!(asked(&flooded).await.err().unwrap().is_unusable(), "above 6 MB");
}

#[tokio::test]
async fn lb11_credentials_that_are_over_end_the_process() {
    let stub = Stub::start(|_, _| answer(403, "x-amzn-errortype: ExpiredTokenException\r\n", "{}")).await;
    let aws = aws_at(&stub.url());
    let invocation = aws.invocation(&FunctionArn::parse(ARN).unwrap());
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_function(client, invocation, Arc::new(ManualClock::default()));
    let (credential, body) = (SecretText::from("c".to_owned()), Bytes::from_static(b"{}"));
    let until = Instant::now() + Duration::from_secs(2);
    let question = Question {
        what: "integration layer",
        operation: "/a",
        body: &body,
        media: Media::Json,
        credential: Some(&credential),
        names: None,
        resend: Resend::Always,
        until,
    };
    assert!(way.0.carry(question).await.is_err());
    assert!(aws.ending().reason().is_some());
}
