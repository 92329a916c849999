//! A layer that hangs, lies, drops connections and floods: every answer is a clear error, the next question is asked as ever,
//! and who is held back is so for a while (T61, T63).

use super::*;

/// What a hostile layer does.
type Hostility = fn() -> Reply;

fn body(bytes: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 200 X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", bytes.len());
    Reply::Raw([head.as_bytes(), bytes].concat())
}

/// Hostilities on the way; whether they count as silence.
const ON_THE_WAY: [(&str, Hostility, bool); 9] = [
    ("hangs", || Reply::Hang, true),
    ("hangs in its body", || Reply::Slow { head: Duration::ZERO, body: Duration::from_hours(1) }, true),
    ("closes at once", || Reply::Raw(Vec::new()), false),
    ("closes in its head", || Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-le".to_vec()), false),
    (
        "closes in its body",
        || Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: 50\r\n\r\n{\"data\":".to_vec()),
        false,
    ),
    ("floods", || Reply::Endless, false),
    (
        "announces a flood",
        || Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: 52428800\r\n\r\n".to_vec()),
        false,
    ),
    ("lies of its length", || Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: -1\r\n\r\n{}".to_vec()), false),
    ("is in trouble", || Reply::json(500, "{}"), false),
];

#[tokio::test]
async fn t63_whatever_happens_on_the_way_is_a_clear_error_and_the_next_question_is_asked() {
    for (name, hostility, silent) in ON_THE_WAY {
        let stub = Stub::start(move |_, request| {
            if request.head.starts_with("POST /check-account-holder ") {
                return Reply::json(200, r#"{"data":{"isAccountHolder":true}}"#);
            }
            hostility()
        })
        .await;
        let layer = layer(&stub);
        let InstitutionFault::Port(error) = records_of(&layer).await.unwrap_err() else {
            panic!("{name}: no port error")
        };
        assert_eq!(error.is_timeout(), silent, "{name}: {error:?}");
        assert!(layer.check_account_holder(&created().consent, correlation()).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn what_is_no_json_or_says_a_thing_twice_is_an_error_and_not_repeated() {
    let discovery = |resource: &str| format!(r#"{{"data":{{"resources":[{resource}]}}}}"#);
    let product = r#""resourceLegacyId":[{"key":"id","value":"76109277673"}],"resourceName":[]"#;
    let bodies: Vec<Vec<u8>> = vec![
        discovery(&format!("{{{product},{product}}}")).into_bytes(),
        discovery(&format!(r#"{{{product},"resourceBalanceAmount":NaN}}"#)).into_bytes(),
        discovery(&format!(r#"{{{product},"resourceBalanceAmount":Infinity}}"#)).into_bytes(),
        discovery(&format!("{{{product}")).into_bytes(),
        [discovery(&format!("{{{product}}}")).as_bytes(), b"{}"].concat(),
        [&br#"{"data":{"resources":[]},"meta":""#[..], &[0xff, 0xfe], b"\"}"].concat(),
        br#"{"data":{"resources":[]},"data":{"resources":[]}}"#.to_vec(),
        [vec![b'['; 100_000], vec![b']'; 100_000]].concat(),
        b"\xef\xbb\xbf{\"data\":{\"resources\":[]}}".to_vec(),
        vec![0; 1_000],
    ];
    for bytes in bodies {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
        let stub = Stub::start(move |_, _| body(&bytes)).await;
        let fault =
            layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap_err();
        assert!(matches!(&fault, InstitutionFault::Port(error) if !error.is_timeout()), "{text}: {fault:?}");
        assert!(!format!("{fault:?}").contains("76109277673"), "{text}");
        assert_eq!(stub.heads().len(), 1, "{text}");
    }
    // Numbers that nobody reads may be as large as they like: they are no doubles here.
    let large = discovery(&format!(r#"{{{product},"resourceBalanceAmount":1e999}}"#)).into_bytes();
    let stub = Stub::start(move |_, _| body(&large)).await;
    assert!(layer(&stub).discover(ACCOUNT, &created().consent, correlation(), LONG).await.is_ok());
}

#[tokio::test]
async fn c61_a_discovery_may_take_its_time_and_nothing_else_may() {
    let stub = Stub::start(|_, _| answering(202, "retry-after: 30\r\n")).await;
    let layer = layer(&stub);
    let fault = layer.discover(ACCOUNT, &created().consent, correlation(), LONG).await.unwrap_err();
    let wanted = Some(Duration::from_secs(30));
    assert!(matches!(fault, InstitutionFault::NotReady(wait) if wait == wanted));
    for fault in [
        records_of(&layer).await.unwrap_err(),
        layer.identify("t", &organisation(), LONG).await.unwrap_err(),
        layer.check_account_holder(&created().consent, correlation()).await.unwrap_err(),
    ] {
        assert!(matches!(fault, InstitutionFault::Port(error) if !error.is_timeout()));
    }
}

#[tokio::test]
async fn t63_the_breaker_opens_on_a_layer_that_hangs_and_closes_when_it_answers_again() {
    let hangs = Arc::new(AtomicBool::new(true));
    let now = Arc::clone(&hangs);
    let stub = Stub::start(move |_, _| {
        if now.load(Ordering::Relaxed) {
            Reply::Hang
        } else {
            Reply::json(200, r#"{"data":{"resources":[]}}"#)
        }
    })
    .await;
    let clock = Arc::new(ManualClock::default());
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_http(client, stub.url(), clock.clone());
    let credential = SecretText::from("credential".to_owned());
    let mut layer =
        IntegrationLayer::new(way, credential, institution(), untouched_breaker(&clock), clock.clone());
    let short = Duration::from_millis(30);
    layer.budgets = LayerTimes { identify: short, discover: short, check: short };
    let asked = async || layer.discover(ACCOUNT, &created().consent, correlation(), LONG).await;
    for _ in 0..breaker::FAILURES {
        assert!(matches!(asked().await, Err(InstitutionFault::Port(error)) if !error.is_unasked()));
    }
    let heard = stub.heads().len();
    let Err(InstitutionFault::Port(error)) = asked().await else { panic!("it answered") };
    assert!(error.is_unasked() && error.is_timeout());
    assert_eq!(stub.heads().len(), heard, "nobody asks");
    // The pause is over and the layer still hangs: the next pause is longer.
    let pause = error.retry_after().unwrap();
    clock.forward(i64::try_from(pause.as_secs()).unwrap() + 1);
    assert!(matches!(asked().await, Err(InstitutionFault::Port(error)) if !error.is_unasked()));
    let Err(InstitutionFault::Port(error)) = asked().await else { panic!("it answered") };
    let longer = error.retry_after().unwrap();
    assert!(error.is_unasked() && longer > pause, "{longer:?} after {pause:?}");
    // It answers again: one question closes the breaker for all.
    hangs.store(false, Ordering::Relaxed);
    layer.budgets = LayerTimes { identify: SHORT, discover: SHORT, check: SHORT };
    clock.forward(i64::try_from(longer.as_secs()).unwrap() + 1);
    for _ in 0..5 {
        assert!(layer.discover(ACCOUNT, &created().consent, correlation(), LONG).await.is_ok());
    }
}
