//! Everything that may be wrong with the core shows from outside: somebody who asks everything hears it.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::{ANA, NOON, Scene, ana, consent, payment, shop};
use crate::account::Account;
use crate::mode::{Flaw, Mode};
use crate::order::{Behaviour, Order};

/// What a core says to everything, without what is new each time.
#[expect(clippy::too_many_lines, reason = "one list of everything that may be asked")]
async fn heard(flaws: &[Flaw]) -> Vec<Value> {
    let scene = Scene::new();
    scene.core.become_mode(Mode { flaws: flaws.iter().copied().collect(), ..Mode::default() });
    let mut heard = Vec::new();
    let mut number = 0;
    let mut claims = |operation: &str, body: &Value| {
        number += 1;
        scene.claims(operation, body, number)
    };
    let mut tokens: Vec<(&str, String)> = Vec::new();
    let bruno = (
        json!([{ "key": "accountId", "value": "0000-00055501" }]),
        Account::new("11444777", None, "000555010", "TRAN"),
    );
    let mut bodies = vec![("/payments", payment("a", "1.00")), ("/payments", payment("a", "1.00"))];
    bodies.push(("/payments", payment("a", "1.01")));
    bodies.push(("/payments", payment("b", "40000.00")));
    scene.core.order(Order::always(Behaviour::Hold).of_amount("1.11"));
    let mut late = payment("c", "1.00");
    late["notAfter"] = "2026-03-02T14:59:59Z".into();
    let mut foreign = payment("d", "1.00");
    foreign["consent"] = consent(ANA, bruno, "1.00", &shop());
    let mut key = payment("e", "1.00");
    key["requestBody"]["data"]["proxy"] = "ninguem@exemplo.test".into();
    let mut cancellation = payment("a", "1.00");
    cancellation["requestBody"] = json!({ "data": {
        "status": "CANC", "cancellation": { "cancelledBy": { "document": { "identification": ANA, "rel": "CPF" } } },
    } });
    let discovery = json!({ "consent": consent(ANA, ana(), "1.00", &shop()) });
    let day = json!({ "requestBody": { "data": { "day": "2026-03-02" } } });
    bodies.extend([("/payments", late), ("/payments", foreign), ("/payments", key)]);
    bodies.extend([
        ("/find", payment("a", "1.00")),
        ("/find", payment("z", "1.00")),
        ("/cancellation", cancellation),
    ]);
    bodies.extend([("/account-discovery", discovery), ("/payments-of-day", day)]);
    for (operation, body) in &bodies {
        tokens.push((operation, scene.sign(&claims(operation, body))));
    }
    let mut held = payment("h", "1.11");
    tokens.push(("/payments", scene.sign(&claims("/payments", &held))));
    held["requestBody"] = json!({ "data": {
        "status": "CANC", "cancellation": { "cancelledBy": { "document": { "identification": ANA, "rel": "CPF" } } },
    } });
    tokens.push(("/cancellation", scene.sign(&claims("/cancellation", &held))));
    let by_id = |id: Value| {
        let mut asked = payment("h", "1.11");
        asked["paymentId"] = id;
        asked
    };
    // Its number among what the core took, refusals included; and one that nobody has.
    tokens.push((
        "/find",
        scene.sign(&claims("/find", &by_id(json!([{ "key": "pix", "value": "PIX-000005" }])))),
    ));
    tokens.push((
        "/find",
        scene.sign(&claims("/find", &by_id(json!([{ "key": "pix", "value": "PIX-999999" }])))),
    ));
    let odd = |change: &dyn Fn(&mut Value), claims: &mut Value| {
        change(claims);
        scene.sign(claims)
    };
    let find = payment("a", "1.00");
    let good = scene.sign(&claims("/find", &find));
    let (start, end) = good.rsplit_once('.').unwrap();
    let flipped = if end.starts_with('A') { "B" } else { "A" };
    tokens.push(("/find", format!("{start}.{flipped}{}", &end[1..])));
    tokens.push((
        "/find",
        odd(&|claims| claims["aud"] = "https://elsewhere/find".into(), &mut claims("/find", &find)),
    ));
    tokens.push(("/find", odd(&|claims| claims["exp"] = (NOON - 9).into(), &mut claims("/find", &find))));
    tokens.push(("/find", odd(&|claims| claims["iss"] = "another".into(), &mut claims("/find", &find))));
    tokens.extend([("/find", good.clone()), ("/find", good.clone())]);
    let twice = scene.sign(&claims("/payments", &payment("a", "1.00")));
    tokens.extend([("/payments", twice.clone()), ("/payments", twice)]);
    for (operation, token) in tokens {
        let answered = scene.core.called(operation, &token).await;
        let verified = scene.verified(&answered);
        let said = verified.clone().unwrap_or_default();
        let to_it = said["inReplyTo"] != said["jti"];
        heard.push(json!([
            operation,
            answered.status,
            answered.signed,
            verified.is_some(),
            to_it,
            said["aud"],
            said["data"],
            said["errors"][0]["code"],
        ]));
    }
    let race = scene.sign(&claims("/payments", &payment("r", "1.00")));
    let same = scene.sign(&claims("/payments", &payment("r", "1.00")));
    let both = tokio::join!(scene.core.called("/payments", &race), scene.core.called("/payments", &same));
    heard.push(json!([both.0.status, both.1.status, scene.core.entries().len()]));
    assert_eq!(scene.core.books().difference, 0);
    scene.now.store(NOON, Ordering::Relaxed);
    heard
}

#[tokio::test]
async fn every_flaw_shows_and_a_core_without_one_says_what_the_contract_does() {
    let healthy = heard(&[]).await;
    let statuses: Vec<&Value> = healthy[..12].iter().map(|said| &said[1]).collect();
    assert_eq!(
        statuses,
        [201, 201, 422, 422, 422, 422, 422, 200, 404, 422, 200, 200]
            .map(|code| json!(code))
            .iter()
            .collect::<Vec<_>>()
    );
    let statuses: Vec<&Value> = healthy[12..24].iter().map(|said| &said[1]).collect();
    assert_eq!(
        statuses,
        [201, 200, 200, 404, 400, 400, 400, 400, 200, 200, 201, 400]
            .map(|code| json!(code))
            .iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(healthy[24], json!([201, 201, 2]));
    for flaw in Flaw::ALL {
        assert_ne!(heard(&[flaw]).await, healthy, "{flaw:?}");
    }
    let names: Vec<String> = Flaw::ALL.iter().map(|flaw| serde_json::to_string(flaw).unwrap()).collect();
    assert!(names.contains(&r#""trusts_any_signature""#.to_owned()));
}
