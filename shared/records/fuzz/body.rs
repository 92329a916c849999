//! What holds for any bytes as the answer of an institution: what passes is JSON, is no longer than what came but for public ids, holds
//! no key of the institution, and passes again as it is.

use ponte_records::{ALL, Ids, LEGACY_ID, NotAKey, Product, accounts, pass};
use serde::de::IgnoredAny;

/// Holds the gate to it: the first byte chooses the table, the others are the answer. Whether it passed.
pub(crate) fn judge(input: &[u8]) -> bool {
    let Some((choice, body)) = input.split_first() else { return false };
    let mut schemas = ALL.iter().flat_map(|tables| tables.paths);
    let count = schemas.clone().count();
    let Some((_, schema)) = schemas.nth(usize::from(*choice) % count) else { return false };
    let products = [Product { key: "[]", public: "public" }];
    let place = |own: &str| if own.starts_with('[') { Ok(Some(0)) } else { Err(NotAKey) };
    let ids = if std::ptr::eq(*schema, &raw const accounts::LIST) {
        Ids::Products { name: "accountId", products: &products, place: &place }
    } else {
        Ids::None { product: None }
    };
    let Ok(passed) = pass(body, schema, ids) else { return false };
    assert!(std::str::from_utf8(body).is_ok());
    assert!(
        serde_json::from_slice::<IgnoredAny>(body).is_ok(),
        "what another reader takes for no JSON passed"
    );
    let value = serde_json::from_str::<serde_json::Value>(&passed.data);
    assert!(value.is_ok_and(|value| value.is_object() || value.is_array()), "what passes is JSON");
    assert!(!passed.data.contains(&format!("\"{LEGACY_ID}\":")), "{}", passed.data);
    let public = passed.data.matches(r#""accountId":"public""#).count() * r#""accountId":"public""#.len();
    assert!(passed.data.len() <= body.len() + public);
    let again = format!("{{\"data\":{}}}", passed.data);
    let second = pass(again.as_bytes(), schema, Ids::None { product: None }).map(|second| second.data);
    assert_eq!(second, Ok(passed.data), "it passes again");
    true
}
