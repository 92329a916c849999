//! Helpers of the checks: an SDK error as a finding, and an expectation that fails as one.

/// An SDK error with its chain of causes as text.
pub(super) fn fault(doing: &str) -> impl Fn(Box<dyn std::error::Error + Send + Sync>) -> String + '_ {
    move |error| {
        let mut text = format!("{doing}: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}

/// `Err` with the sentence unless `holds`.
pub(super) fn expect(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
