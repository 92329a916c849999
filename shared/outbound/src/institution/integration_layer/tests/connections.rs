//! Connections to the layer that died while nobody looked (LB-01), through a proxy.

use super::*;
use ponte_kit::proxy::Proxy;

/// What answers a login, and the question who is a customer.
const PERSON: &str = r#"{"data":{"cpf":"12345678909","isAccountHolder":true}}"#;

struct Scene {
    stub: Stub,
    proxy: Proxy,
    clock: Arc<ManualClock>,
    layer: IntegrationLayer,
}

/// A layer that keeps its connections and answers after a while.
async fn scene(after: Duration) -> Scene {
    let stub = Stub::start(move |_, _| Reply::Kept { after, body: PERSON.to_owned() }).await;
    let (proxy, clock) = (Proxy::before(stub.address).await, Arc::new(ManualClock::default()));
    let client = http::client(&Trust::webpki(), None).unwrap().by(clock.clone());
    let credential = SecretText::from("credential".to_owned());
    let breaker = untouched_breaker(&clock);
    let way = Way::over_http(client, proxy.url(), clock.clone());
    let mut layer = IntegrationLayer::new(way, credential, institution(), breaker, clock.clone());
    let time = Duration::from_secs(2);
    layer.budgets = LayerTimes { identify: time, discover: time, check: time };
    Scene { stub, proxy, clock, layer }
}

impl Scene {
    async fn served(&self) {
        self.asked().await.unwrap();
    }

    /// An operation that only reads.
    async fn asked(&self) -> Result<AccountHolderAnswer, InstitutionFault> {
        self.layer.check_account_holder(&created().consent, correlation()).await
    }

    /// One that may have an effect.
    async fn logged_in(&self) -> Result<Customer, InstitutionFault> {
        self.layer.identify("t", &organisation(), LONG).await
    }

    async fn served_at_once(&self, calls: usize) {
        let calls = (0..calls).map(|_| self.asked());
        for answer in futures_util::future::join_all(calls).await {
            answer.unwrap();
        }
    }

    /// Connections so far, and calls that came through.
    fn counted(&self) -> (usize, usize) {
        (self.proxy.connections(), self.stub.heads().len())
    }
}

#[tokio::test]
async fn lb01_a_connection_that_is_reset_at_its_next_bytes_costs_no_call() {
    let scene = scene(Duration::ZERO).await;
    for round in 1..=40 {
        scene.served().await;
        assert_eq!(scene.counted(), (round, 2 * round - 1));
        scene.served().await;
        assert_eq!(scene.counted(), (round, 2 * round), "the connection is kept");
        scene.proxy.reset_open();
    }
}

#[tokio::test]
async fn lb01_a_connection_that_fell_silent_while_the_environment_slept_is_not_used() {
    let scene = scene(Duration::ZERO).await;
    scene.served().await;
    scene.clock.forward(19);
    scene.served().await;
    assert_eq!(scene.counted(), (1, 2));
    scene.proxy.silence_open();
    scene.clock.forward(20);
    scene.served().await;
    assert_eq!(scene.counted(), (2, 3));
    // A clock that was ahead: nobody knows how long the connection was idle (LB-04).
    scene.clock.forward(-3_600);
    scene.served().await;
    assert_eq!(scene.counted(), (3, 4));
}

#[tokio::test]
async fn lb01_after_a_silent_call_the_next_is_on_a_fresh_connection() {
    let mut scene = scene(Duration::ZERO).await;
    scene.layer.budgets.check = Duration::from_millis(300);
    scene.served().await;
    scene.proxy.silence_open();
    let fault = scene.asked().await.unwrap_err();
    assert!(matches!(fault, InstitutionFault::Port(error) if error.is_timeout()));
    scene.served().await;
    assert_eq!(scene.counted(), (2, 2));
}

#[tokio::test]
async fn lb01_a_fresh_connection_that_breaks_or_an_answer_that_is_lost_is_tried_once_more() {
    let scene = scene(Duration::ZERO).await;
    scene.proxy.refuse(1);
    scene.served().await;
    assert_eq!(scene.counted(), (2, 1));
    scene.proxy.lose(1);
    scene.served().await;
    assert_eq!(scene.counted(), (3, 3), "it only reads");
    scene.proxy.close_open();
    scene.served().await;
    scene.proxy.lose(2);
    assert!(scene.asked().await.is_err(), "once, not for ever");
    assert_eq!(scene.counted(), (5, 6));
}

#[tokio::test]
async fn lb01_an_answer_is_an_answer() {
    let scene = scene(Duration::ZERO).await;
    scene.proxy.be_unavailable(1);
    assert!(scene.asked().await.is_err());
    assert_eq!(scene.counted(), (1, 0), "503 is not asked again");
}

#[tokio::test]
async fn lb01_lb12_two_of_twenty_connections_are_kept_and_for_20_s() {
    let scene = scene(Duration::from_millis(100)).await;
    scene.served_at_once(20).await;
    assert_eq!(scene.counted(), (20, 20));
    scene.proxy.until_open(2).await;
    scene.served_at_once(20).await;
    assert_eq!(scene.counted(), (38, 40));
    scene.proxy.until_open(2).await;
    scene.clock.forward(20);
    scene.served().await;
    scene.proxy.until_open(1).await;
    assert_eq!(scene.counted(), (39, 41));
}

#[tokio::test]
async fn lb01_a_login_goes_out_once_and_never_over_a_connection_that_was_idle() {
    let scene = scene(Duration::ZERO).await;
    scene.served().await;
    scene.proxy.silence_open();
    scene.logged_in().await.unwrap();
    assert_eq!(scene.counted(), (2, 2), "the connection that fell silent was not used");
    scene.served().await;
    assert_eq!(scene.counted(), (2, 3), "the new one is everybody's");
    // Its answer is lost: the token may be used up.
    scene.proxy.lose(1);
    assert!(scene.logged_in().await.is_err());
    assert_eq!(scene.counted(), (3, 4), "it did not go out again");
    scene.logged_in().await.unwrap();
    assert_eq!(scene.counted(), (4, 5));
}
