//! Ids of the institution as it writes them, and the public ones of products (C56).

use std::cell::OnceCell;
use std::collections::HashMap;

use ponte_ports::LegacyId;
use ponte_records::{NotAKey, Product};
use serde_json::value::RawValue;

/// Products by the institution's key of them.
pub(crate) struct ByKey<'a> {
    products: &'a [Product<'a>],
    /// Their places, from the first time that one is asked for: an institution that lists them as it was told of them never does.
    places: OnceCell<HashMap<&'a str, usize>>,
}

impl<'a> ByKey<'a> {
    pub(crate) fn of(products: &'a [Product<'a>]) -> Self {
        Self { products, places: OnceCell::new() }
    }

    /// The place of the product that the institution names by this key.
    pub(crate) fn place(&self, own: &str) -> Result<Option<usize>, NotAKey> {
        let products = self.products.iter().enumerate();
        let places =
            self.places.get_or_init(|| products.map(|(place, product)| (product.key, place)).collect());
        // Most institutions write a key as we keep it, and then it need not be read.
        if let Some(place) = places.get(own) {
            return Ok(Some(*place));
        }
        Ok(places.get(key(own)?.as_str()).copied())
    }
}

/// Whether the institution means this product by a key. No key is as good as the right one.
pub(crate) fn is_of(own: &str, product: &LegacyId) -> Result<bool, NotAKey> {
    Ok(own == product.as_str() || own == "null" || key(own)?.as_str() == product.as_str())
}

/// Whether this can be a public id: the files give all of them one form, and no other spelling of one is asked for or counted.
pub(crate) fn is_public(id: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_alphanumeric();
    let rest = |byte: u8| alphanumeric(byte) || byte == b'-';
    id.len() <= 100 && id.bytes().next().is_some_and(alphanumeric) && id.bytes().all(rest)
}

/// The institution's own id of a record, a text or a key of pairs, as a text that is the same however it is spelled.
pub(crate) fn text(own: &str) -> Result<String, NotAKey> {
    if own.starts_with('[') {
        return key(own).map(|key| key.as_str().to_owned());
    }
    serde_json::from_str(own).map_err(|_| NotAKey)
}

fn key(own: &str) -> Result<LegacyId, NotAKey> {
    let own: &RawValue = serde_json::from_str(own).map_err(|_| NotAKey)?;
    LegacyId::parse(own).map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l06_public_ids_have_the_form_of_the_files() {
        for id in ["a", "0-", "0b2c6a5e-4f0e-4c5b-9d0e-6a1f7c1f0f11", &"a".repeat(100)] {
            assert!(is_public(id), "{id}");
        }
        for id in ["", "-a", "a%61", "a_b", "a.", "é", "a/b", &"a".repeat(101)] {
            assert!(!is_public(id), "{id}");
        }
    }

    #[test]
    fn c56_a_product_is_known_however_its_key_is_spelled() {
        let products =
            [Product { key: r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#, public: "public-1" }];
        let known = ByKey::of(&products);
        for same in [
            r#"[{"key":"a","value":"1"},{"key":"b","value":"é"}]"#,
            r#"[ {"value":"\u00e9","key":"b"}, {"key":"a","value":"1"} ]"#,
        ] {
            assert_eq!(known.place(same), Ok(Some(0)), "{same}");
        }
        assert_eq!(known.place(r#"[{"key":"a","value":"1"}]"#), Ok(None));
        for none in [r#""1""#, "[1]", "{}", "null", "1"] {
            assert_eq!(known.place(none), Err(NotAKey), "{none}");
        }
    }

    #[test]
    fn c56_an_id_of_a_record_is_one_text_however_it_is_spelled() {
        assert_eq!(text(r#""\u0061b""#), text(r#""ab""#));
        let key = r#"[{"key":"k","value":"v"}]"#;
        assert_eq!(text(r#"[ {"value":"v","key":"k"} ]"#), Ok(key.to_owned()));
        for none in ["1", "null", "true", r#"["a"]"#, "{}"] {
            assert_eq!(text(none), Err(NotAKey), "{none}");
        }
    }
}
