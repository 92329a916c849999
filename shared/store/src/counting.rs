//! A count of a window as a conditional update: up to a limit, forgotten by the table after the window (T60, T62).

use ponte_authorization::count_window::CountWindow;

use crate::item::{Condition, n};

/// The change that counts one more in `attribute`, and the condition under which it is below `limit`.
pub(crate) fn one_more(attribute: &str, window: CountWindow, limit: u32) -> (String, Condition) {
    let change = format!("SET expires_at = :until ADD {attribute} :one");
    let values = [(":until", n(window.forgotten_at().seconds())), (":one", n(1)), (":limit", n(limit))];
    let below = Condition {
        expression: format!("attribute_not_exists({attribute}) OR {attribute} < :limit").into(),
        ..Condition::new("", values)
    };
    (change, below)
}
