//! Lost reports that waited for a fact.

use super::*;

#[tokio::test]
async fn t64_m38_a_lost_report_that_waited_for_a_fact_waits_again() {
    let world = judging();
    let row = row_at("good-1", noon());
    let mut one = lost(&row);
    one["consent"] = json!("urn:banco:1");
    let done = restore(&world, &[one.clone(), one.clone()]).await;
    assert_eq!((done.restored, done.known), (1, 1));
    work(&world).await;
    assert_eq!((world.memory.pending(), world.memory.counts().sent), (0, 0), "it does not go out");
    let held = world.memory.state.lock().unwrap().held.clone();
    let held = held.iter().map(|(key, consent)| (key.as_str(), consent.as_str())).collect::<Vec<_>>();
    assert_eq!(held, [(row.sort_key.as_str(), "urn:banco:1")]);
    assert_eq!(restore(&world, &[one]).await.known, 1, "it waits already");
}
