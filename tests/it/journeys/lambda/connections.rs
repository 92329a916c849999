//! Connections that died while the process was frozen: reset in its sleep or at its next bytes, closed, or silent.

use ponte_kit::proxy::Proxy;
use serde_json::{Value, json};

use super::environment::{CLOUD, ENDPOINT, Environment, LAYER, address, code};
use super::gateway::Gateway;
use super::moved_clock;
use super::workers::{ROWS, received, repeated, tickets, until_received};
use crate::journeys::callers::Callers;
use crate::journeys::cloud::Cloud;
use crate::journeys::pcm::ReportPipeline;
use crate::journeys::steps::World;
use crate::stack::Stack;

/// Longer than NAT gateways and balancers know a connection that nobody uses.
const FORGOTTEN: i64 = 360;

/// How the connections of a frozen process died.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// A reset that waits for it.
    Asleep,
    /// A reset in answer to its next bytes.
    AtNextBytes,
    /// Closed as it should be.
    Closed,
}

impl Death {
    async fn of_all(self, proxy: &Proxy) {
        match self {
            Self::Asleep => proxy.abort_open(),
            Self::AtNextBytes => return proxy.reset_open(),
            Self::Closed => proxy.close_open(),
        }
        proxy.until_open(0).await;
    }
}

/// The answer to a call, which must have this status.
async fn want(status: u64, what: &str, environment: &Environment, call: &Value) {
    let answer = environment.answer(call.to_string()).await;
    assert_eq!(code(&answer).0, status, "{what}: {answer}: {}", environment.log());
}

#[tokio::test]
async fn lb01_connections_to_the_bank_that_died_in_its_sleep_cost_a_process_no_call() {
    if !moved_clock::or_skipped("lb01") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let tokens = world.agree(&world.log_in(&world.create_consent(&own).await).await).await;
    let (layer, gateway) = (Proxy::before(address(&stack, "/bank_core")).await, Gateway::of(&stack));
    let variables = [(LAYER, layer.url())];
    let data = Environment::calling(&stack, "data", &variables).await;
    want(200, "warm", &data, &gateway.accounts(&tokens.access)).await;
    for round in 0..20 {
        let death = if round % 2 == 0 { Death::AtNextBytes } else { Death::Asleep };
        let before = layer.connections();
        data.asleep(async || death.of_all(&layer).await).await;
        want(200, "accounts", &data, &gateway.accounts(&tokens.access)).await;
        assert_eq!(layer.connections(), before + 1, "{death:?}: one fresh connection");
        assert_eq!(layer.dead_ends(), round / 2 + 1, "{death:?}");
    }
    // Silent ones are not used any more, by the wall clock.
    let (before, dead_ends) = (layer.connections(), layer.dead_ends());
    data.asleep(async || {
        layer.silence_open();
        data.clock.set(FORGOTTEN);
    })
    .await;
    want(200, "after minutes", &data, &gateway.later(FORGOTTEN).accounts(&tokens.access)).await;
    assert_eq!((layer.connections(), layer.dead_ends()), (before + 1, dead_ends));

    // A customer's login likewise.
    let channel = Environment::calling(&stack, "channel", &variables).await;
    let customer = world.channel_token(0);
    for death in [None, Some(Death::AtNextBytes), Some(Death::Asleep)] {
        let interaction = world.depart(&world.create_consent(&own).await).await.interaction;
        channel
            .asleep(async || {
                if let Some(death) = death {
                    death.of_all(&layer).await;
                }
            })
            .await;
        want(200, "login", &channel, &gateway.login(&interaction, customer)).await;
    }
    let interaction = world.depart(&world.create_consent(&own).await).await.interaction;
    let dead_ends = layer.dead_ends();
    channel
        .asleep(async || {
            layer.silence_open();
            channel.clock.set(60);
        })
        .await;
    want(200, "login after a minute", &channel, &gateway.later(60).login(&interaction, customer)).await;
    assert_eq!(layer.dead_ends(), dead_ends);
}

#[tokio::test]
async fn lb01_connections_to_directory_and_platform_that_died_in_its_sleep_cost_nothing() {
    if !moved_clock::or_skipped("lb01") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let gateway = Gateway::of(&stack);
    let directory = Proxy::before(address(&stack, "/directory")).await;
    let moved = directory.tls_url();
    register_at(&stack, &moved).await;
    let oauth = Environment::calling(&stack, "oauth", &[("DIRECTORY_URL", moved)]).await;
    want(200, "token", &oauth, &gateway.client_token()).await;
    // A key set is read again after ten minutes.
    for (minutes, connections) in [(11, 2), (22, 3)] {
        oauth
            .asleep(async || {
                if minutes == 11 {
                    directory.reset_open();
                } else {
                    directory.silence_open();
                }
                oauth.clock.set(minutes * 60);
            })
            .await;
        want(200, "token", &oauth, &gateway.later(minutes * 60).client_token()).await;
        assert_eq!(directory.connections(), connections, "{minutes} minutes");
    }

    let pipeline = ReportPipeline::of(&stack);
    pipeline.sweep().await;
    let (tokens, reports) = (address(&stack, "/pcm/auth"), address(&stack, "/pcm/api"));
    let (tokens, reports) = (Proxy::before(tokens).await, Proxy::before(reports).await);
    let variables = [("PCM_AUTH_URL", tokens.tls_url()), ("PCM_API_URL", reports.tls_url())];
    let pcm = Environment::calling(&stack, "pcm", &variables).await;
    for (round, death) in [None, Some(Death::AtNextBytes), Some(Death::Asleep)].into_iter().enumerate() {
        pipeline.write_all(&pipeline.many(ROWS)).await;
        if let Some(death) = death {
            pcm.asleep(async || {
                death.of_all(&reports).await;
                death.of_all(&tokens).await;
            })
            .await;
        }
        let answer = pcm.answer(tickets().to_string()).await;
        assert_eq!(answer["batchItemFailures"], json!([]), "{death:?}");
        let rows = (ROWS * (round + 1)) as u64;
        let summary = until_received(&pipeline, rows).await;
        assert_eq!((received(&summary), repeated(&summary)), (rows, 0), "{death:?}: {summary:#}");
    }
    assert!(
        reports.connections() >= 3 && reports.dead_ends() >= 1,
        "the platform was asked through the proxy"
    );
}

/// Gives the first client's registration another address of the directory.
async fn register_at(stack: &Stack, directory: &str) {
    let callers = Callers::of(stack);
    let cloud = Cloud::of(stack, &callers);
    let (table, client) = (cloud.table("oauth", "CLIENTS_TABLE"), stack.text("/clients/0/client_id"));
    let is_of_client = |row: &&serde_json::Map<String, Value>| {
        let text = Value::Object((*row).clone()).to_string();
        text.contains(client) && text.contains(stack.text("/directory"))
    };
    let rows = cloud.items(table).await;
    let row = rows.iter().find(is_of_client).expect("the client is registered");
    let row = Value::Object(row.clone()).to_string().replace(stack.text("/directory"), directory);
    let item: Value = serde_json::from_str(&row).expect("a row is JSON");
    cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item })).await;
}

#[tokio::test]
async fn lb12_a_process_keeps_two_connections_to_a_host_and_ends_them_after_20_s() {
    if !moved_clock::or_skipped("lb12") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (cloud, gateway) = (Proxy::before(address(&stack, CLOUD)).await, Gateway::of(&stack));
    let oauth = Environment::calling(&stack, "oauth", &[(ENDPOINT, cloud.url())]).await;
    // What a start reads side by side is the largest burst of a process.
    let burst = cloud.connections();
    assert!(burst > 4, "{burst} connections at once");
    cloud.until_open(2).await;
    want(200, "token", &oauth, &gateway.client_token()).await;
    cloud.until_open(2).await;

    for (later, ended) in [(19, false), (40, true)] {
        let before = cloud.connections();
        oauth.asleep(async || oauth.clock.set(later)).await;
        want(200, "token", &oauth, &gateway.later(later).client_token()).await;
        let fresh = cloud.connections() - before;
        assert_eq!(fresh > 0, ended, "{later} s: {fresh} fresh connections");
        assert!(cloud.open() <= 2, "{later} s: {} connections are open", cloud.open());
    }
    // Dead ones cost one try, however many they are, at every call after it none.
    for death in [Death::AtNextBytes, Death::Asleep] {
        let dead_ends = cloud.dead_ends();
        oauth.asleep(async || death.of_all(&cloud).await).await;
        want(200, "token", &oauth, &gateway.later(40).client_token()).await;
        assert!(cloud.dead_ends() <= dead_ends + 1, "{death:?}: {} dead ends", cloud.dead_ends() - dead_ends);
    }
}

#[tokio::test]
async fn lb20_connections_closed_properly_while_frozen_are_not_noticed_by_seven_kinds_of_call() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let layer = Proxy::before(address(&stack, "/bank_core")).await;
    let cloud = Proxy::before(address(&stack, CLOUD)).await;
    let gateway = Gateway::of(&stack);
    let variables = [(LAYER, layer.url()), (ENDPOINT, cloud.url())];
    let environment = async |name: &str| Environment::calling(&stack, name, &variables).await;
    let (data, consents) = (environment("data").await, environment("consents").await);
    let (oauth, channel) = (environment("oauth").await, environment("channel").await);
    let customer = world.channel_token(0);
    let mut served = 0;
    for (round, death) in
        [Death::Closed; 8].into_iter().chain([Death::Asleep, Death::AtNextBytes]).enumerate()
    {
        let interaction = world.depart(&world.create_consent(&own).await).await.interaction;
        for (what, status, function, call) in [
            ("accounts", 200, &data, gateway.accounts(&tokens.access)),
            ("resources", 200, &data, gateway.resources(&tokens.access)),
            ("a new consent", 201, &consents, gateway.create_consent(&own)),
            ("a consent", 200, &consents, gateway.read_consent(&own, &consent)),
            ("a token", 200, &oauth, gateway.client_token()),
            ("a login", 200, &channel, gateway.login(&interaction, customer)),
            ("a login once more", 200, &channel, gateway.login(&interaction, customer)),
        ] {
            // In the first round nothing died yet.
            if round > 0 {
                function
                    .asleep(async || {
                        death.of_all(&layer).await;
                        death.of_all(&cloud).await;
                    })
                    .await;
            }
            want(status, what, function, &call).await;
            served += 1;
        }
    }
    assert_eq!(served, 70);
}
