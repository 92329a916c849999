//! What was found in the institution's records, as an operator asks for it.

use ponte_ports::Quality as _;
use ponte_ports::quality::Counted;

use super::*;
use crate::commands::Findings;

#[tokio::test]
async fn findings_are_listed_for_an_operator_page_by_page() {
    let world = world(|_, items| accept(items));
    let found = [Counted { path: "data[].amount".to_owned(), rule: "pattern", count: 3 }];
    for number in 0..101 {
        world
            .quality
            .count(Date::parse(DAY).unwrap(), &format!("operation{number:03}"), &found)
            .await
            .unwrap();
    }
    let asked = async |after: Value| {
        let mut asked = json!({"operator": "pcm.quality", "from": DAY});
        asked["after"] = after;
        serde_json::from_value::<Findings>(send(&world, asked).await.unwrap()).unwrap()
    };
    let first = asked(Value::Null).await;
    let rest = asked(json!(first.next)).await;
    assert_eq!((first.findings.len(), rest.findings.len(), rest.next), (100, 1, None));
    assert_eq!((first.findings[0].calls, first.findings[0].findings[0].count), (1, 3));
    typed::<Findings>(&world, json!({"operator": "pcm.quality", "from": DAY, "api": "accounts"})).await;
    for wrong in
        [json!({"from": "today"}), json!({"api": "nothing"}), json!({"from": "2026-01-01", "to": DAY})]
    {
        let mut asked = json!({"operator": "pcm.quality"});
        asked.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert!(matches!(send(&world, asked).await, Err(CommandFault::Question(_))), "{wrong}");
    }
}
