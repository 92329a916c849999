//! Reading JSON objects: headers, claims and keys are objects, never a list of their members in order.

use serde::Deserialize;

/// Reads a JSON object. A derived reader alone would take `["PS256"]` for `{"alg":"PS256"}`.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    if json.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    // As text, because a member that is passed over would not be looked at for UTF-8.
    serde_json::from_str(str::from_utf8(json).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn only_objects_are_read_rfc7515() {
        assert_eq!(object::<Value>(b" \n{\"a\":1}"), Some(json!({ "a": 1 })));
        for bad in ["", " ", "[]", "[\"PS256\"]", "\"{}\"", "7", "null", "{}x", "{"] {
            assert_eq!(object::<Value>(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn every_byte_is_utf_8_also_where_nobody_reads_rfc8259() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Nothing {}
        assert_eq!(object(b"{\"x\":\"\xc3\xa9\"}"), Some(Nothing {}));
        assert_eq!(object::<Nothing>(b"{\"x\":\"\xff\"}"), None);
    }
}
