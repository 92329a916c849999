//! How records are written.

use serde_json::Value;

/// One record with the properties of another one as well.
pub(crate) fn with(mut record: Value, more: Value) -> Value {
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
        record.extend(more);
    }
    record
}

/// A number in units of ten to the minus `decimals`: `12345` with two decimals is `123.45`, with six `0.012345`.
pub(crate) fn decimal(value: i64, decimals: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decimals_are_all_there() {
        for (value, decimals, text) in [
            (0, 2, "0.00"),
            (5, 2, "0.05"),
            (-123_456, 2, "-1234.56"),
            (18_500, 6, "0.018500"),
            (1_050_000, 6, "1.050000"),
        ] {
            assert_eq!(decimal(value, decimals), text);
        }
    }
}
