//! Error for a template that cannot be built on this machine.

/// Why the template cannot be built locally.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("infra/template.yaml, {path}: {fault}")]
pub struct TemplateError {
    /// Where, as dotted path.
    pub path: String,
    /// The fault at that place.
    pub fault: String,
}

impl TemplateError {
    pub(crate) fn new(path: impl Into<String>, fault: impl Into<String>) -> Self {
        Self { path: path.into(), fault: fault.into() }
    }
}
