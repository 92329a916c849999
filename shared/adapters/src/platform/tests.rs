//! The metrics platform over real sockets: tokens, posts, and every way not to answer.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::http::Trust;
use crate::testing::{Authority, Reply, Request, Stub};
use ponte_domain::ports::Verdict;
use ponte_values::Moment;

const PATH: &str = "/report-api/v1/private/report";

struct Hand(Mutex<Moment>);

impl Clock for Hand {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

struct World {
    auth: Stub,
    api: Stub,
    clock: Arc<Hand>,
    platform: Arc<MetricsPlatform>,
}

/// A token host over mTLS that numbers its tokens, and an API host with a rule.
async fn world(rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> World {
    let authority = Authority::new();
    let issued = AtomicUsize::new(0);
    let auth = Stub::start_tls(authority.mutual_server(), move |_, _| {
        let number = issued.fetch_add(1, Ordering::SeqCst);
        Reply::json(
            200,
            format!(r#"{{"access_token":"t{number}","expires_in":21600,"token_type":"Bearer"}}"#),
        )
    })
    .await;
    let api = Stub::start(rule).await;
    let clock = Arc::new(Hand(Mutex::new(Moment::from_seconds(1_000_000))));
    let address =
        PlatformAddress { auth: auth.tls_url(), api: api.url(), client_id: "pcm-client".to_owned() };
    let mutual = http::client(&authority.trust(), Some(&authority.identity())).unwrap();
    let plain = http::client(&Trust::webpki(), None).unwrap();
    let mut platform = MetricsPlatform::new(address, mutual, plain, clock.clone());
    platform.deadline = Duration::from_millis(400);
    World { auth, api, clock, platform: Arc::new(platform) }
}

fn accepted() -> Reply {
    Reply::json(200, r#"[{"reportId":"1","status":"ACCEPTED"}]"#)
}

#[tokio::test]
async fn m01_m03_items_go_out_as_one_list_under_a_bearer_token() {
    let world = world(|_, _| {
        Reply::json(
            207,
            r#"[{"reportId":"1","status":"ACCEPTED"},{"reportId":"2","status":"DISCARDED","message":"m"}]"#,
        )
    })
    .await;
    let answer = world.platform.post(PATH, &[r#"{"a":1}"#, r#"{"b":2}"#]).await.unwrap();
    assert_eq!(answer, PlatformAnswer::Items(vec![Verdict::Accepted, Verdict::Discarded("m".to_owned())]));
    assert!(world.auth.heads()[0].starts_with("POST /token/ "));
    assert_eq!(world.auth.bodies()[0], r#"{"client_id":"pcm-client","grant_type":"client_credentials"}"#);
    let head = &world.api.heads()[0];
    assert!(
        head.starts_with(&format!("POST {PATH} ")) && head.contains("authorization: Bearer t0"),
        "{head}"
    );
    assert_eq!(world.api.bodies()[0], r#"[{"a":1},{"b":2}]"#);
}

#[tokio::test]
async fn a_token_serves_until_a_tenth_of_its_life_is_left() {
    let world = world(|_, _| accepted()).await;
    for (second, tokens) in [(0, 1), (19_439, 1), (19_440, 2), (21_600, 2)] {
        *world.clock.0.lock().unwrap() = Moment::from_seconds(1_000_000 + second);
        world.platform.post(PATH, &["{}"]).await.unwrap();
        assert_eq!(world.auth.heads().len(), tokens, "{second}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t52_fifty_senders_without_a_token_fetch_one() {
    let world = world(|_, _| accepted()).await;
    let senders = (0..50).map(|_| {
        let platform = Arc::clone(&world.platform);
        tokio::spawn(async move { platform.tokens.get().await.map(|token| token.text().to_owned()) })
    });
    for sender in senders.collect::<Vec<_>>() {
        assert_eq!(sender.await.unwrap().unwrap(), "t0");
    }
    assert_eq!(world.auth.heads().len(), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let world = world(
        |_, request| {
            if request.head.contains("Bearer t1") { accepted() } else { Reply::json(401, "{}") }
        },
    )
    .await;
    let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
    assert_eq!(answer, PlatformAnswer::Items(vec![Verdict::Accepted]));
    assert_eq!((world.auth.heads().len(), world.api.heads().len()), (2, 2));
    // The new one is kept.
    world.platform.post(PATH, &["{}"]).await.unwrap();
    assert_eq!((world.auth.heads().len(), world.api.heads().len()), (2, 3));
}

#[tokio::test]
async fn a_platform_that_refuses_every_token_is_asked_twice() {
    let world = world(|_, _| Reply::json(401, "{}")).await;
    let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
    assert_eq!(answer, PlatformAnswer::Later("status 401".to_owned()));
    assert_eq!((world.auth.heads().len(), world.api.heads().len()), (2, 2));
}

#[tokio::test]
async fn fifty_refusals_of_one_token_fetch_one_more() {
    let world = world(|_, _| accepted()).await;
    let first = world.platform.tokens.get().await.unwrap();
    for _ in 0..50 {
        assert_eq!(world.platform.tokens.after(&first).await.unwrap().text(), "t1");
    }
    assert_eq!(world.auth.heads().len(), 2);
}

#[tokio::test]
async fn t50_silence_floods_and_redirects_leave_the_rows() {
    for reply in [
        (|| Reply::Hang) as fn() -> Reply,
        || Reply::Endless,
        || Reply::redirect("http://127.0.0.1:1/"),
        || Reply::Raw(Vec::new()),
        || Reply::json(503, ""),
        || Reply::json(200, "<html>"),
    ] {
        let world = world(move |_, _| reply()).await;
        let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
        assert!(matches!(answer, PlatformAnswer::Later(_)), "{answer:?}");
    }
}

#[tokio::test]
async fn no_token_is_later_and_posts_nothing() {
    let api = Stub::start(|_, _| accepted()).await;
    for reply in [(|| Reply::json(401, "{}")) as fn() -> Reply, || Reply::json(200, "{}"), || Reply::Endless]
    {
        let auth = Stub::start(move |_, _| reply()).await;
        let address = PlatformAddress { auth: auth.url(), api: api.url(), client_id: "c".to_owned() };
        let client = http::client(&Trust::webpki(), None).unwrap();
        let clock = Arc::new(Hand(Mutex::new(Moment::from_seconds(0))));
        let platform = MetricsPlatform::new(address, client.clone(), client, clock);
        let answer = platform.post(PATH, &["{}"]).await.unwrap();
        assert!(matches!(answer, PlatformAnswer::Later(_)), "{answer:?}");
    }
    assert!(api.heads().is_empty());
}
