//! Any bytes as the answer of an institution, at each table: what passes is JSON, is no longer than what came but for public ids, holds
//! no key of the institution, and passes again as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ponte_records::{ALL, Ids, LEGACY_ID, NotAKey, Product, accounts, pass};

fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let mut schemas = ALL.iter().flat_map(|tables| tables.paths);
    let count = schemas.clone().count();
    let Some((_, schema)) = schemas.nth(usize::from(*choice) % count) else { return };
    let products = [Product { key: "[]", public: "public" }];
    let place = |own: &str| if own.starts_with('[') { Ok(Some(0)) } else { Err(NotAKey) };
    let ids = if std::ptr::eq(*schema, &accounts::LIST) {
        Ids::Products { name: "accountId", products: &products, place: &place }
    } else {
        Ids::None { product: None }
    };
    let Ok(passed) = pass(body, schema, ids) else { return };
    assert!(std::str::from_utf8(body).is_ok());
    let value: serde_json::Value = serde_json::from_str(&passed.data).expect("what passes is JSON");
    assert!(value.is_object() || value.is_array());
    assert!(!passed.data.contains(&format!("\"{LEGACY_ID}\":")), "{}", passed.data);
    let again = format!("{{\"data\":{}}}", passed.data);
    let second = pass(again.as_bytes(), schema, Ids::None { product: None }).expect("it passes again");
        assert_eq!(second.data, passed.data);
});
