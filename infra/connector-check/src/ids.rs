//! Ids of requests and payments: new with every one, as Ponte's are.

use uuid::Uuid;

/// A random UUID.
#[expect(clippy::disallowed_methods, reason = "a tool that stands for Ponte makes its own ids")]
pub(crate) fn new_id() -> String {
    Uuid::new_v4().to_string()
}
