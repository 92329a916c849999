//! L03 and L04 through the gateway: the calls of a minute and of a second that other environments have told of are used up.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_catalog::accounts;
use ponte_machine::clock;
use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::json;

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{ACCOUNTS, World, want};
use crate::stack::Stack;

/// The floors of the regulation: what a participant has a minute at an endpoint of low frequency, and the institution a second.
const FLOORS: &[&str] = &["CallsPerMinute=2500 2000 1500 1000", "CallsPerSecond=300"];
const A_MINUTE: u32 = 1_000;
const A_SECOND: u32 = 300;
/// Calls in which an environment tells of its own at least once, whatever it is given: four make a lease, and a function has four
/// environments.
const CALLS: usize = 17;
/// Windows from this one on that are used up, so that none ends while the test looks: ten minutes.
const MINUTES: i64 = 10;
const SECONDS: i64 = 600;

/// What the environments share.
struct Counts<'s> {
    cloud: Cloud<'s>,
    institution: &'s str,
}

impl Counts<'_> {
    /// As if other environments had told of so many calls in the windows of `length` seconds from this one on.
    async fn tell(&self, whose: &str, (calls, windows): (u32, i64), length: i64) {
        let begun = clock::now().seconds() / length * length;
        let whose = URL_SAFE_NO_PAD.encode(digest(&SHA256, whose.as_bytes()));
        let table = self.cloud.table("data", "LIMITS_TABLE");
        for window in 1..=windows {
            let ends = begun + window * length;
            let item = json!({
                "pk": { "S": format!("I#{}#CALLS#{ends}#{whose}", self.institution) },
                "sk": { "S": "META" },
                "calls": { "N": calls.to_string() },
                "expires_at": { "N": (ends + 3_600).to_string() },
            });
            self.cloud.call("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item })).await;
        }
    }
}

/// The first answer that is none of 200, and how many were before it.
async fn until_refused(mut call: impl AsyncFnMut() -> Reply) -> (Reply, usize) {
    for served in 0..CALLS {
        let reply = call().await;
        if reply.status != 200 {
            return (reply, served);
        }
    }
    panic!("none of {CALLS} calls is refused");
}

/// Seconds until the refused caller may come back.
#[track_caller]
fn wait(reply: &Reply) -> u32 {
    let told = reply.header("retry-after").and_then(|seconds| seconds.parse().ok());
    told.unwrap_or_else(|| panic!("a number of seconds: {}", reply.excerpt()))
}

/// A receiver with whom the first customer shares her accounts.
struct Shared {
    world: World,
    /// The receiver's own token.
    own: String,
    token: String,
    consent: String,
}

impl Shared {
    async fn with(stack: &Stack, client: usize) -> Self {
        let world = World::around_client(stack, client).await;
        let own = world.client_token().await;
        let consent = world.create_consent(&own).await;
        let token = world.agree(&world.log_in(&consent).await).await.access;
        Self { world, own, token, consent }
    }

    async fn get(&self, path: &str) -> Reply {
        let (token, consent) = (&self.token, &self.consent);
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }

    async fn read_consent(&self) -> Reply {
        let read = self.world.receiver.read_consent(&self.own, &self.consent).await;
        read.expect("the consents API answers")
    }
}

#[tokio::test]
async fn l03_l04_calls_beyond_those_of_a_minute_are_429_and_beyond_those_of_a_second_529() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), FLOORS);
    let (one, other) = (Shared::with(&stack, 0).await, Shared::with(&stack, 1).await);
    let listed = want(200, "accounts", one.get(ACCOUNTS).await).json();
    let account = listed["data"][0]["accountId"].as_str().expect("an account").to_owned();
    let callers = Callers::of(&stack);
    let institution = stack.text("/functions/data/env/INSTITUTION");
    let counts = Counts { cloud: Cloud::of(&stack, &callers), institution };

    let organisation = &one.world.receiver.record().organisation_id;
    let whose = format!("minute {} {organisation}", accounts::LIST.template);
    counts.tell(&whose, (A_MINUTE, MINUTES), 60).await;
    let (refused, served) = until_refused(async || one.get(ACCOUNTS).await).await;
    let refused = want(429, "the minute is used up", refused);
    assert!((1..=60).contains(&wait(&refused)), "{}", refused.excerpt());
    assert_eq!(refused.json()["errors"][0]["code"], "LIMITE_TRAFEGO_EXCEDIDO", "after {served}");
    want(429, "and stays so", one.get(ACCOUNTS).await);
    // Another endpoint and another participant have calls of their own.
    want(200, "another endpoint", one.get(&format!("{ACCOUNTS}/{account}")).await);
    want(200, "another participant", other.get(ACCOUNTS).await);

    counts.tell("second", (A_SECOND, SECONDS), 1).await;
    let consents = until_refused(async || other.read_consent().await).await;
    let data = until_refused(async || other.get(ACCOUNTS).await).await;
    for (refused, served) in [consents, data] {
        let refused = want(529, "the second is used up", refused);
        assert_eq!(wait(&refused), 1, "after {served}: {}", refused.excerpt());
        assert_eq!(refused.json()["errors"][0]["code"], "SOBRECARGA", "after {served}");
    }
    let token = one.world.receiver.client_token("consents").await.expect("the token endpoint answers");
    want(200, "tokens are no calls of an API", token);
}
