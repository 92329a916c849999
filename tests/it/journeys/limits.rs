//! L06 and C53 over a running stack: 64 calls at once through the gateway, and the pages of a list that was counted (T56).

use futures_util::future::join_all;
use ponte_machine::clock;
use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::Value;

use super::callers::Callers;
use super::cloud::Cloud;
use super::steps::{ACCOUNTS, World, want};
use crate::stack::Stack;

/// What the regulation leaves a receiver; the sandbox has more.
const FLOORS: &[&str] = &["CallsPerMonth=8 30 120 240 420"];

/// A day in Brasília, so many from today.
fn day(days: i64) -> String {
    clock::now().date_brasilia().plus_days(days).to_string()
}

/// A receiver with whom the first customer shares her accounts.
struct Shared {
    world: World,
    token: String,
    consent: String,
}

impl Shared {
    async fn with(stack: &Stack, client: usize) -> Self {
        let world = World::around_client(stack, client).await;
        let own = world.client_token().await;
        let consent = world.create_consent(&own).await;
        let token = world.agree(&world.log_in(&consent).await).await.access;
        Self { world, token, consent }
    }

    /// A path, or a link of an answer.
    async fn get(&self, path: &str) -> Reply {
        let path = path.strip_prefix(self.world.receiver.mtls_host()).unwrap_or(path);
        let (token, consent) = (&self.token, &self.consent);
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }

    /// So many calls at the same time; how many were served. The others are 423, and say when to come back.
    async fn served_of_64(&self, path: &str) -> usize {
        let replies = join_all((0..64).map(|_| self.get(path))).await;
        let (served, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        for reply in refused {
            let wait = reply.header("retry-after").and_then(|seconds| seconds.parse::<u32>().ok());
            assert!(wait.is_some_and(|seconds| seconds > 0), "{path}: {}", reply.excerpt());
            let body = want(423, path, reply).json();
            assert_eq!(body["errors"][0]["code"], "LIMITE_OPERACIONAL_EXCEDIDO");
        }
        served.len()
    }
}

#[tokio::test]
async fn t56_of_64_calls_at_once_eight_are_served_and_the_pages_of_a_list_go_on_by_its_key() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up_with(folder.path(), FLOORS);
    let one = Shared::with(&stack, 0).await;
    assert_eq!(one.served_of_64(ACCOUNTS).await, 8);
    assert_eq!(one.served_of_64(ACCOUNTS).await, 0);
    let other = Shared::with(&stack, 1).await;
    let accounts = want(200, "another receiver", other.get(ACCOUNTS).await).json();
    let account = accounts["data"][0]["accountId"].as_str().expect("an account");

    let (from, to) = (day(-90), day(0));
    let list =
        format!("{ACCOUNTS}/{account}/transactions?fromBookingDate={from}&toBookingDate={to}&page-size=2");
    let first = want(200, "transactions", one.get(&list).await).json();
    assert_eq!(one.served_of_64(&list).await, 7);
    let mut next = first["links"]["next"].clone();
    for page in 2..8 {
        let link = next.as_str().unwrap_or_else(|| panic!("page {page}"));
        assert!(link.contains("pagination-key="), "{link}");
        let mut body = want(200, link, one.get(link).await).json();
        assert_eq!(body["data"].as_array().map(Vec::len), Some(2), "page {page}");
        next = body["links"]["next"].take();
    }
    let first_without = |link: &Value| {
        let link = link.as_str().expect("a link");
        let (before, after) = link.split_once("pagination-key=").expect("a key");
        format!("{before}{}", after.split_once('&').expect("page and size").1)
    };
    want(423, "a page without the key", one.get(&first_without(&next)).await);

    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let items = cloud.items(cloud.table("data", "LIMITS_TABLE")).await;
    let calls = |item: &super::cloud::Item| item["calls"]["N"].as_str().map(str::to_owned);
    assert_eq!(items.iter().filter(|item| calls(item).as_deref() == Some("8")).count(), 2, "{items:?}");
    assert!(items.iter().all(|item| item["expires_at"]["N"].is_string()), "each leaves the table");
}
