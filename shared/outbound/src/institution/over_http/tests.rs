//! The layer behind a URL: what is compressed, what is read of an answer, and what a hostile one costs.

use std::time::Duration;

use super::*;
use crate::http::{Resend, Trust};
use ponte_kit::clock::ManualClock;
use ponte_kit::stub::{self, Stub};
use ponte_ports::PortError;
use ponte_values::SecretText;
use tokio::time::Instant;

mod memory;

/// A request body that is worth compressing: a consent with some hundred resources.
fn large() -> Bytes {
    let resource =
        |number| format!(r#"{{"type":"ACCOUNT","resourceLegacyId":[{{"key":"id","value":"{number}"}}]}},"#);
    Bytes::from(format!(r#"{{"resources":[{}0]}}"#, (0..400).map(resource).collect::<String>()))
}

fn way(url: String) -> Way {
    let client = http::client(&Trust::webpki(), None).unwrap();
    Way::over_http(client, url, Arc::new(ManualClock::default()))
}

async fn asked(way: &Way, body: &Bytes, time: Duration) -> Result<Reply, PortError> {
    let credential = SecretText::from("credential".to_owned());
    let (operation, until) = ("/accounts/find", Instant::now() + time);
    let question = Question {
        what: "integration layer",
        operation,
        body,
        media: Media::Json,
        credential: Some(&credential),
        names: None,
        resend: Resend::Always,
        until,
    };
    Ok(way.0.carry(question).await?)
}

const TIME: Duration = Duration::from_secs(5);

/// An answer with this head below the status line, and this body.
fn answer(status: u16, head: &str, body: &[u8]) -> stub::Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n");
    stub::Reply::Raw([head.as_bytes(), body].concat())
}

#[tokio::test]
async fn an_answer_may_come_compressed_and_is_the_same() {
    let body = br#"{"data":[{"amount":"1.00"}],"meta":{}}"#;
    let stub = Stub::start(move |number, _| {
        let coding = [
            "content-encoding: gzip\r\n",
            "content-encoding: X-GZip \r\n",
            "content-encoding: identity\r\n",
            "",
        ];
        let sent = if number < 2 { http::compressed(body) } else { body.to_vec() };
        answer(200, coding[number], &sent)
    })
    .await;
    let way = way(stub.url());
    for _ in 0..4 {
        assert_eq!(asked(&way, &Bytes::from_static(b"{}"), TIME).await.unwrap().body, body);
    }
    assert!(stub.heads().iter().all(|head| head.contains("accept-encoding: gzip\r\n")), "it is offered");
}

#[tokio::test]
async fn a_coding_that_nobody_offered_or_one_that_is_none_is_no_answer() {
    let whole = http::compressed(br#"{"data":[]}"#);
    let cut = whole[..whole.len() - 3].to_vec();
    for (coding, body) in
        [("br", whole.clone()), ("gzip, gzip", whole), ("gzip", cut), ("gzip", b"{}".to_vec())]
    {
        let head = format!("content-encoding: {coding}\r\n");
        let stub = Stub::start(move |_, _| answer(200, &head, &body)).await;
        let error = asked(&way(stub.url()), &Bytes::from_static(b"{}"), TIME).await.err().unwrap();
        assert!(error.is_unusable(), "{coding}: {error:?}");
    }
}

#[tokio::test]
async fn a_request_is_compressed_only_where_the_layer_offered_it_and_it_is_worth_it() {
    // 0: nothing offered yet; 1: offered before; 2: small; 3: the offer was taken back at 1, again at 2.
    let stub = Stub::start(|number, _| {
        let offers = [
            "accept-encoding: br, GZIP;q=0.5\r\n",
            "accept-encoding: gzip\r\n",
            "accept-encoding: gzip;q=0\r\n",
            "",
        ];
        answer(200, offers[number.min(3)], b"{}")
    })
    .await;
    let (way, large, small) = (way(stub.url()), large(), Bytes::from_static(b"{}"));
    for body in [&large, &large, &small, &large] {
        asked(&way, body, TIME).await.unwrap();
    }
    let gzip = |number: usize| stub.heads()[number].contains("content-encoding: gzip\r\n");
    assert_eq!([gzip(0), gzip(1), gzip(2), gzip(3)], [false, true, false, false]);
    let length = |number: usize| {
        let heads = stub.heads();
        let line =
            heads[number].lines().find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
        line.unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(length(0), large.len());
    assert!(length(1) * 5 < large.len(), "{} of {}", length(1), large.len());
}

#[tokio::test]
async fn a_layer_that_takes_no_gzip_any_more_gets_the_same_question_plain() {
    let stub = Stub::start(|_, request| {
        if request.header("content-encoding") == "gzip" {
            return answer(415, "accept-encoding: identity\r\n", b"");
        }
        answer(200, "accept-encoding: gzip\r\n", b"{}")
    })
    .await;
    let (way, large) = (way(stub.url()), large());
    for _ in 0..2 {
        assert_eq!(asked(&way, &large, TIME).await.unwrap().status, 200);
    }
    let bodies = stub.bodies();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies[2].as_bytes(), &large[..], "the question itself");
    // One that refuses the plain body too is not asked again.
    let stub = Stub::start(|_, _| answer(415, "accept-encoding: gzip\r\n", b"")).await;
    assert_eq!(asked(&self::way(stub.url()), &large, TIME).await.unwrap().status, 415);
    assert_eq!(stub.heads().len(), 1);
}

#[tokio::test]
async fn the_body_of_an_error_is_read_for_its_code_alone() {
    let large = vec![b' '; ERROR_LIMIT + 1];
    let stub = Stub::start(move |_, _| answer(500, "", &large)).await;
    let reply = asked(&way(stub.url()), &Bytes::from_static(b"{}"), TIME).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (500, 0));
}

#[tokio::test]
async fn headers_without_end_and_answers_drop_by_drop_are_cut_off() {
    let heads = format!("HTTP/1.1 200 OK\r\nx-filler: {}\r\n\r\n", "a".repeat(2_000_000)).into_bytes();
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n{{}}", "x-many: a\r\n".repeat(500)).into_bytes();
    for bytes in [heads, many, b"SSH-2.0-OpenSSH_9.7\r\n".to_vec(), Vec::new()] {
        let stub = Stub::start(move |_, _| stub::Reply::Raw(bytes.clone())).await;
        let error = asked(&way(stub.url()), &Bytes::from_static(b"{}"), TIME).await.err().unwrap();
        assert!(!error.is_timeout(), "{error:?}");
    }
    // The time is that of the whole answer, not of its head.
    for slow in [
        || stub::Reply::Slow { head: Duration::from_hours(1), body: Duration::ZERO },
        || stub::Reply::Slow { head: Duration::ZERO, body: Duration::from_hours(1) },
    ] {
        let stub = Stub::start(move |_, _| slow()).await;
        let ended = asked(&way(stub.url()), &Bytes::from_static(b"{}"), Duration::from_millis(200)).await;
        assert!(ended.err().unwrap().is_timeout());
    }
}
