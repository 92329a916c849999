//! T25: kill -9 of `ponte` in the middle of a journey loses nothing that was answered.

use ponte_participant::Tokens;

use super::steps::{World, served, want};
use crate::stack::Stack;

#[tokio::test]
async fn a_killed_stack_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let before = World::around(&stack).await;

    // One journey as far as data, another as far as the customer thinking it over.
    let client = before.client_token().await;
    let done = before.create_consent(&client).await;
    let tokens = before.agree(&before.log_in(&done).await).await;
    want(200, "accounts", before.accounts(&tokens.access, &done).await);
    let middle = before.create_consent(&client).await;
    let interaction = before.log_in(&middle).await;
    let reported = before.receiver.send_reports().await.expect("the platform answers");
    assert_eq!(reported.problems, Vec::<String>::new());
    let calls = reported.interactions;
    let arrived = served(&before.summary(&calls).await);
    assert!(arrived < calls.len() as u64, "nothing is pending: all {arrived} reports have arrived already");

    stack.kill();
    let mut stack = Stack::up(folder.path());
    let after = World::around(&stack).await.going_on_from(&before);

    // Every pending report arrives and finds its other half.
    let summary = after.sweep_until_all_arrived(&calls).await;
    assert_eq!(summary["private"]["byStatus"]["UNPAIRED"].as_u64().unwrap_or(0), 0, "{summary:#}");
    assert_eq!(summary["private"]["discarded"], serde_json::json!([]), "{summary:#}");

    // Consents and grants are there: the first journey reads and refreshes, the second goes on.
    assert_eq!(after.status(&client, &done).await, "AUTHORISED");
    assert_eq!(after.status(&client, &middle).await, "AWAITING_AUTHORISATION");
    want(200, "accounts", after.accounts(&tokens.access, &done).await);
    let refresh = tokens.refresh.expect("a customer's grant has a refresh token");
    let reply = after.receiver.refresh(&refresh, &done).await.expect("the token endpoint answers");
    let fresh = Tokens::of(&want(200, "refresh", reply)).expect("a refresh token becomes tokens");
    want(200, "accounts", after.accounts(&fresh.access, &done).await);
    let late = after.agree(&interaction).await;
    want(200, "accounts", after.accounts(&late.access, &middle).await);
    assert!(stack.is_alive());
}
