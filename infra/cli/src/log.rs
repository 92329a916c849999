//! Log of the stack itself: `DIR/logs/ponte.log`.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends every event of this process to the log below `directory`.
pub(crate) fn to(directory: &Path) -> Result<(), String> {
    let logs = directory.join("logs");
    let open = || -> io::Result<File> {
        std::fs::create_dir_all(&logs)?;
        File::options().create(true).append(true).open(logs.join("ponte.log"))
    };
    let file = open().map_err(|error| format!("{}: {error}", logs.display()))?;
    // The embedded DynamoDB warns about every condition that does not hold.
    let targets = Targets::new().with_default(LevelFilter::INFO).with_target("dynoxide", LevelFilter::ERROR);
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    tracing_subscriber::registry().with(layer).with(targets).try_init().map_err(|error| error.to_string())
}
