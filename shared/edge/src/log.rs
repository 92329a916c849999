//! The log: one JSON line per event of ours, and an error with its chain, once.

use std::error::Error;

use ponte_ports::chain;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log. Libraries log from warnings on: the spans that an SDK opens around every call cost more than our own
/// work between two calls.
pub(crate) fn start() {
    let ours = Targets::new().with_target("ponte", Level::INFO).with_default(Level::WARN);
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false).with_span_list(false);
    tracing_subscriber::registry().with(lines).with(ours).init();
}

/// Logs an error with its chain, once.
pub(crate) fn report_failure(what: &'static str, error: &(dyn Error + 'static)) {
    tracing::error!(chain = chain(error), "{what}");
}
