//! `ponte`: the cloud on one machine.

use std::process::ExitCode;

use ponte_local::cli::Story;
use ponte_local::demo::{self, Reporter};

/// The demo journey, told on the running stack.
const STORY: Story = |running, json| {
    Box::pin(async move { demo::run(&running.endpoints, Reporter::new(json)).await.exit_code() == 0 })
};

fn main() -> ExitCode {
    ponte_local::cli::run(Some(STORY))
}
