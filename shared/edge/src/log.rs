//! The log: one JSON line per event of ours, and an error with its chain, once.

use std::error::Error;

use ponte_ports::chain;
use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log. Libraries log from warnings on: the spans that an SDK opens around every call cost more than our own
/// work between two calls. Lambda's runtime logs events and panics as they are, tokens and all; only what it says of its
/// own API passes. A panic is logged by its place, since its message may hold what was read.
pub(crate) fn start() {
    let lines = tracing_subscriber::fmt::layer().json().with_current_span(false).with_span_list(false);
    tracing_subscriber::registry().with(lines).with(targets()).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
}

fn targets() -> Targets {
    Targets::new()
        .with_target("ponte", Level::INFO)
        .with_target("lambda_runtime", LevelFilter::OFF)
        .with_target("lambda_runtime::layers::api_client", Level::WARN)
        .with_default(Level::WARN)
}

/// Logs an error with its chain, once.
pub(crate) fn report_failure(what: &'static str, error: &(dyn Error + 'static)) {
    tracing::error!(chain = chain(error), "{what}");
}

#[cfg(test)]
mod tests {
    use ponte_ports::PortError;

    use super::*;
    use crate::captured_log::Log;

    #[test]
    fn t62_a_failure_is_one_line_with_its_whole_chain() {
        let log = Log::capture();
        report_failure("port failed", &PortError::new("consents table", "is down"));
        let text = log.text();
        assert_eq!(text.lines().count(), 1, "{text}");
        for told in ["ERROR", "port failed", "consents table", "is down"] {
            assert!(text.contains(told), "{text}");
        }
    }

    #[test]
    fn lb09_the_runtime_s_own_lines_about_events_stay_out_of_the_log() {
        let targets = targets();
        for quiet in
            ["lambda_runtime::layers::api_response", "lambda_runtime::layers::panic", "lambda_runtime"]
        {
            assert!(!targets.would_enable(quiet, &Level::ERROR), "{quiet}");
        }
        for heard in ["ponte_edge::app", "hyper_util::client", "lambda_runtime::layers::api_client"] {
            assert!(targets.would_enable(heard, &Level::ERROR), "{heard}");
        }
        assert!(!targets.would_enable("aws_smithy_runtime", &Level::INFO));
    }
}
