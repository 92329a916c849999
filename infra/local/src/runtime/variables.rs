//! Environment variables of a function's process: the template's, Lambda's reserved ones, and one addition.

use super::settings::Settings;
use crate::aws::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use crate::template::REGION;

/// The library that moves the clock of a test's whole stack, and where it reads by how much: a function goes by the same clock.
const CLOCK: [&str; 2] = ["LD_PRELOAD", "MOVED_CLOCK"];

/// Everything the process sees. Nothing is inherited but a clock that a test moves.
///
/// `AWS_ENDPOINT_URL` is the one variable that Lambda would not set: it points the SDKs at the local cloud.
pub(super) fn variables(settings: &Settings, runtime_api: &str) -> Vec<(String, String)> {
    let reserved: [(&str, &str); 16] = [
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("AWS_LAMBDA_FUNCTION_NAME", &settings.name),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &settings.memory.to_string()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &format!("/aws/lambda/{}", settings.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("_HANDLER", "bootstrap"),
        ("LAMBDA_TASK_ROOT", "/var/task"),
        ("TZ", ":UTC"),
        ("AWS_ENDPOINT_URL", &settings.endpoint_url),
    ];
    let own = settings.environment.iter().map(|(name, value)| (name.clone(), value.clone()));
    let clock = CLOCK.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
    own.chain(clock).chain(reserved.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
}
