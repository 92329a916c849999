//! Numbers and tables for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A number in groups of three digits.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// A line below `text` for each reason, with how often it was the one.
pub(crate) fn reasons(text: &mut String, reasons: &BTreeMap<String, u64>) {
    for (reason, count) in reasons {
        // Writing into a text does not fail.
        let _ = write!(text, "\n  {} {reason}", number(*count));
    }
}

/// Columns as wide as their widest cell, numbers to the right.
pub(crate) fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or_default()
    };
    let is_number = |column: usize| {
        rows.iter().all(|row| row[column].chars().all(|c| c.is_ascii_digit() || ".%".contains(c)))
    };
    let line = |cells: &[String; N]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            let width = width(column);
            if is_number(column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let heads = heads.map(str::to_owned);
    std::iter::once(line(&heads)).chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}
