//! Reading of `endpoints.json` for clients that are made from it.

use std::path::Path;

use ponte_machine::SandboxError;
use serde_json::Value;

/// The content of an `endpoints.json`.
pub(crate) struct Described<'a>(pub(crate) &'a Value);

impl Described<'_> {
    /// A text by JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> Result<&str, SandboxError> {
        let text = self.0.pointer(pointer).and_then(Value::as_str);
        text.ok_or_else(|| SandboxError::unusable(format!("endpoints.json has no text at {pointer}")))
    }

    /// The content of the file that is named there.
    pub(crate) fn file(&self, pointer: &str) -> Result<String, SandboxError> {
        let file = Path::new(self.text(pointer)?);
        std::fs::read_to_string(file).map_err(SandboxError::file(file))
    }
}
