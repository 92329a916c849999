//! Days with very many audit rows.

use super::*;

async fn flood(world: &World, rows: usize) {
    for number in 0..rows {
        let sk = format!("{}#{number:08}#0", now().with_millis());
        let at = key(
            world.database.dynamo.keys.audit_part(AuditPart { day: now().date_utc(), shard: Some(1) }),
            sk,
        );
        world.put("audit", item(at, [("body", s("{}"))])).await;
    }
}

async fn sealed_in_stretches(rows: usize) -> (u64, usize) {
    let world = World::new().await;
    flood(&world, rows).await;
    world.forward(MARGIN * 2);
    let sealed = world.sweep().await;
    assert_eq!(sealed.rows, u64::try_from(rows).unwrap());
    assert!(world.proven(now()).await.findings.is_empty());
    let list =
        |item: &Item| item.get("rows").and_then(|rows| rows.as_b().ok()).map(|rows| rows.as_ref().len());
    let largest = world.database.items("seals").await.iter().filter_map(list).max().unwrap();
    (sealed.seals, largest)
}

#[tokio::test]
async fn t48_many_rows_take_several_seals_which_their_items_hold() {
    let rows = SEAL_ROWS + 1;
    let (seals, largest) = sealed_in_stretches(rows).await;
    assert_eq!(seals, 2);
    assert!(largest < 200_000, "{largest} bytes of the 400 KB that an item holds");
}

#[tokio::test]
#[ignore = "takes a minute: 20,000 rows"]
async fn t48_twenty_thousand_rows_are_sealed_in_one_sweep() {
    let (seals, largest) = sealed_in_stretches(20_000).await;
    assert_eq!(seals, 10);
    println!("{largest} bytes for {SEAL_ROWS} rows");
}
