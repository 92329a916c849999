//! The metrics platform over real sockets: tokens, posts, and every way not to answer.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::http::Trust;
use crate::testing::{shown, trust};
use ponte_kit::authority::Authority;
use ponte_kit::clock::ManualClock;
use ponte_kit::proxy::Proxy;
use ponte_kit::shared_tokens::TokensInMemory;
use ponte_kit::stub::{Reply, Request, Stub};
use ponte_metrics::verdict::ReportVerdict;
use ponte_values::Moment;

const PATH: &str = "/report-api/v1/private/report";

struct World {
    authority: Authority,
    auth: Stub,
    api: Stub,
    clock: Arc<ManualClock>,
    tokens: Arc<TokensInMemory>,
    platform: Arc<MetricsPlatform>,
}

fn issued(number: usize) -> Reply {
    Reply::json(200, format!(r#"{{"access_token":"t{number}","expires_in":21600,"token_type":"Bearer"}}"#))
}

impl World {
    /// Another environment of the same function: nothing but the token is shared.
    fn another(&self) -> Arc<MetricsPlatform> {
        let address = PlatformAddress {
            auth: self.auth.tls_url(),
            api: self.api.url(),
            client_id: "pcm-client".to_owned(),
        };
        let mutual = http::client(&trust(&self.authority), Some(&shown(self.authority.identity()))).unwrap();
        let plain = http::client(&Trust::webpki(), None).unwrap();
        let mut platform =
            MetricsPlatform::new(address, mutual, plain, self.tokens.clone(), self.clock.clone());
        platform.deadline = Duration::from_millis(400);
        Arc::new(platform)
    }

    fn forward(&self, seconds: i64) {
        self.clock.forward(seconds);
    }
}

/// A token host over mTLS that numbers its tokens, and an API host with a rule.
async fn world(rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> World {
    let numbers = AtomicUsize::new(0);
    world_with(rule, move |_, _| issued(numbers.fetch_add(1, Ordering::SeqCst))).await
}

async fn world_with(
    rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
    token: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
) -> World {
    let authority = Authority::generate();
    let auth = Stub::start_tls(authority.mutual_server(), token).await;
    let api = Stub::start(rule).await;
    let clock = Arc::new(ManualClock::at(Moment::from_seconds(1_000_000)));
    let address =
        PlatformAddress { auth: auth.tls_url(), api: api.url(), client_id: "pcm-client".to_owned() };
    let mutual = http::client(&trust(&authority), Some(&shown(authority.identity()))).unwrap();
    let plain = http::client(&Trust::webpki(), None).unwrap();
    let tokens = Arc::new(TokensInMemory::default());
    let mut platform = MetricsPlatform::new(address, mutual, plain, tokens.clone(), clock.clone());
    platform.deadline = Duration::from_millis(400);
    World { authority, auth, api, clock, tokens, platform: Arc::new(platform) }
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
    assert_eq!(
        answer,
        PlatformAnswer::Items(vec![ReportVerdict::Accepted, ReportVerdict::Discarded("m".to_owned())])
    );
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
        world.clock.set(Moment::from_seconds(1_000_000 + second));
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
    assert_eq!(answer, PlatformAnswer::Items(vec![ReportVerdict::Accepted]));
    assert_eq!((world.auth.heads().len(), world.api.heads().len()), (2, 2));
    // The new one is kept.
    world.platform.post(PATH, &["{}"]).await.unwrap();
    assert_eq!((world.auth.heads().len(), world.api.heads().len()), (2, 3));
}

#[tokio::test]
async fn a_platform_that_refuses_every_token_is_asked_twice() {
    let world = world(|_, _| Reply::json(401, "{}")).await;
    let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
    assert_eq!(
        answer,
        PlatformAnswer::Later(PlatformUnavailable { reason: "status 401".to_owned(), after: None })
    );
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
    let tokens = Arc::new(TokensInMemory::default());
    for (number, reply) in
        [(|| Reply::json(401, "{}")) as fn() -> Reply, || Reply::json(200, "{}"), || Reply::Endless]
            .into_iter()
            .enumerate()
    {
        let auth = Stub::start(move |_, _| reply()).await;
        let address = PlatformAddress { auth: auth.url(), api: api.url(), client_id: "c".to_owned() };
        let client = http::client(&Trust::webpki(), None).unwrap();
        let at = i64::try_from(number).unwrap() * 60;
        let clock = Arc::new(ManualClock::at(Moment::from_seconds(at)));
        let platform = MetricsPlatform::new(address, client.clone(), client, tokens.clone(), clock);
        let answer = platform.post(PATH, &["{}"]).await.unwrap();
        assert!(matches!(answer, PlatformAnswer::Later(_)), "{answer:?}");
    }
    assert!(api.heads().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t52_fifty_senders_in_ten_environments_fetch_one_token() {
    let world = world(|_, _| accepted()).await;
    let environments = (0..10).map(|_| world.another()).collect::<Vec<_>>();
    let stampede = || async {
        let senders = (0..50).map(|sender| {
            let platform = Arc::clone(&environments[sender % 10]);
            tokio::spawn(async move { platform.post(PATH, &["{}"]).await.unwrap() })
        });
        for sender in senders.collect::<Vec<_>>() {
            assert_eq!(sender.await.unwrap(), PlatformAnswer::Items(vec![ReportVerdict::Accepted]));
        }
    };
    stampede().await;
    assert_eq!(world.auth.heads().len(), 1);
    // A tenth of its life is left: one fetches the next, the others go on with the old one until they see it.
    world.forward(19_441);
    stampede().await;
    assert_eq!(world.auth.heads().len(), 2);
    world.forward(10);
    stampede().await;
    assert_eq!(world.auth.heads().len(), 2);
    assert!(world.api.heads().iter().rev().take(50).all(|head| head.contains("Bearer t1")));
    // All of it is over for everybody at once.
    world.forward(21_600);
    stampede().await;
    assert_eq!(world.auth.heads().len(), 3);
}

#[tokio::test]
async fn t52_a_token_that_ends_while_it_is_sent_is_replaced_once_for_all() {
    let world = world(
        |_, request| if request.head.contains("Bearer t0") { Reply::json(401, "{}") } else { accepted() },
    )
    .await;
    let others = (0..5).map(|_| world.another()).collect::<Vec<_>>();
    for platform in &others {
        platform.tokens.get().await.unwrap();
    }
    // Everybody holds the one that ended, finds out, and finds the one that the first of them fetched.
    for platform in &others {
        assert_eq!(
            platform.post(PATH, &["{}"]).await.unwrap(),
            PlatformAnswer::Items(vec![ReportVerdict::Accepted])
        );
    }
    assert_eq!(world.auth.heads().len(), 2);
}

#[tokio::test]
async fn t52_the_turn_of_a_dead_fetcher_runs_out() {
    let world = world(|_, _| accepted()).await;
    let now = world.clock.now();
    let turn = now..now.plus(Duration::from_secs(10));
    assert!(world.tokens.take_turn(0, "dead", turn).await.unwrap());
    let waiting = tokio::spawn({
        let platform = world.another();
        async move { platform.tokens.get().await.map(|token| token.text().to_owned()) }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(world.auth.heads().is_empty(), "it is the turn of another");
    world.forward(10);
    assert_eq!(waiting.await.unwrap().unwrap(), "t0");
    assert_eq!(world.auth.heads().len(), 1);
}

#[tokio::test]
async fn t52_the_old_token_goes_on_while_the_token_host_is_away() {
    let world =
        world_with(|_, _| accepted(), |number, _| if number == 0 { issued(0) } else { Reply::json(503, "") })
            .await;
    world.platform.post(PATH, &["{}"]).await.unwrap();
    world.forward(20_000);
    for (second, tries) in [(0, 2), (4, 2), (5, 3)] {
        world.forward(second);
        let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
        assert_eq!(answer, PlatformAnswer::Items(vec![ReportVerdict::Accepted]));
        assert_eq!(world.auth.heads().len(), tries, "after {second} s");
    }
    world.forward(1_600);
    assert!(matches!(world.platform.post(PATH, &["{}"]).await.unwrap(), PlatformAnswer::Later(_)));
}

#[tokio::test]
async fn lb01_connections_to_the_platform_that_died_cost_no_batch() {
    let authority = Authority::generate();
    let token = r#"{"access_token":"t0","expires_in":10,"token_type":"Bearer"}"#;
    let auth = Stub::start_tls(authority.mutual_server(), move |_, _| Reply::kept(token)).await;
    let api = Stub::start(|_, request| {
        if request.head.starts_with("GET") {
            Reply::kept("[]")
        } else {
            Reply::kept(r#"[{"status":"ACCEPTED"}]"#)
        }
    })
    .await;
    let (tokens, posts) = (Proxy::before(auth.address).await, Proxy::before(api.address).await);
    let clock = Arc::new(ManualClock::default());
    let address = PlatformAddress { auth: tokens.tls_url(), api: posts.url(), client_id: "c".to_owned() };
    let mutual = http::client(&trust(&authority), Some(&shown(authority.identity()))).unwrap();
    let plain = http::client(&Trust::webpki(), None).unwrap();
    let (mutual, plain) = (mutual.by(clock.clone()), plain.by(clock.clone()));
    let platform =
        MetricsPlatform::new(address, mutual, plain, Arc::new(TokensInMemory::default()), clock.clone());
    let accepted = PlatformAnswer::Items(vec![ReportVerdict::Accepted]);
    for round in 1..4 {
        assert_eq!(platform.post(PATH, &["{}"]).await.unwrap(), accepted);
        posts.reset_open();
        tokens.reset_open();
        // The token is over, and both connections are.
        clock.forward(10);
        assert_eq!(platform.find("i").await.unwrap(), Vec::new());
        assert_eq!((auth.heads().len(), tokens.connections()), (round + 1, round + 1));
        assert_eq!((api.heads().len(), posts.connections()), (2 * round, round + 1));
    }
    // On a fresh connection the items may have arrived: the worker decides.
    clock.forward(20);
    posts.lose(1);
    assert!(matches!(platform.post(PATH, &["{}"]).await.unwrap(), PlatformAnswer::Later(_)));
    posts.lose(1);
    assert_eq!(platform.find("i").await.unwrap(), Vec::new(), "what only reads goes out again");
}

#[tokio::test]
async fn lb04_a_token_of_a_clock_that_was_ahead_is_not_counted_on() {
    let world = world(|_, _| accepted()).await;
    let right = world.clock.now();
    world.forward(86_400);
    world.platform.tokens.get().await.unwrap();
    let turn = world.clock.now()..world.clock.now().plus(Duration::from_secs(10));
    world.clock.set(right);
    // Neither this environment nor another knows when the token ends.
    for platform in [world.another(), Arc::clone(&world.platform)] {
        assert_eq!(platform.tokens.get().await.unwrap().text(), "t1");
    }
    assert_eq!(world.auth.heads().len(), 2);
    // A turn that was taken by such a clock holds nobody up.
    world.forward(21_600);
    assert!(world.tokens.take_turn(2, "ahead", turn).await.unwrap());
    assert_eq!(world.another().tokens.get().await.unwrap().text(), "t2");
}

#[tokio::test]
async fn m02_the_reports_of_an_interaction_are_read_back() {
    let world = world(|_, request| {
        if request.head.starts_with("GET /report-api/v1/private/report/known ") {
            Reply::json(200, r#"[{"reportId":"1","status":"PAIRED","role":"SERVER","statusCode":200},{"reportId":"2","status":"PAIRED","role":"CLIENT"}]"#)
        } else if request.head.contains("/alone ") {
            Reply::json(200, r#"{"reportId":"1","status":"UNPAIRED","role":"SERVER"}"#)
        } else if request.head.contains("/broken ") {
            Reply::json(500, "")
        } else {
            Reply::json(404, r#"{"message":"Not Found"}"#)
        }
    })
    .await;
    assert_eq!(world.platform.find("known").await.unwrap().len(), 2);
    assert_eq!(world.platform.find("alone").await.unwrap().len(), 1);
    assert!(world.platform.find("unknown").await.unwrap().is_empty());
    assert!(world.platform.find("broken").await.is_err());
}

#[tokio::test]
async fn m50_a_stock_report_goes_out_as_an_object() {
    let world = world(|_, _| Reply::json(200, r#"{"reportId":"1","status":"ACCEPTED"}"#)).await;
    let answer =
        world.platform.post("/report-api/v1/consents/stock", &[r#"{"date":"2026-03-01"}"#]).await.unwrap();
    assert_eq!(answer, PlatformAnswer::Items(vec![ReportVerdict::Accepted]));
    assert_eq!(world.api.bodies(), [r#"{"date":"2026-03-01"}"#]);
}

#[tokio::test]
async fn t50_retry_after_reaches_the_worker() {
    let world = world(|_, _| {
        Reply::Raw(
            b"HTTP/1.1 429 X\r\nretry-after: 7\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec(),
        )
    })
    .await;
    let answer = world.platform.post(PATH, &["{}"]).await.unwrap();
    let later = PlatformUnavailable { reason: "status 429".to_owned(), after: Some(Duration::from_secs(7)) };
    assert_eq!(answer, PlatformAnswer::Later(later));
}
