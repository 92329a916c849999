//! The metrics platform: reports in batches, with a token of its own (M01 to M03, M20).
//!
//! | file | what it holds |
//! |---|---|
//! | `metrics_platform` | the calls, with one repetition after a 401 |
//! | `answer` | verdicts on a batch, read from its answer |
//! | `token` | the token, fetched once for all environments of the function |
//! | `address` | hosts and `client_id`, read from the environment |

mod address;
mod answer;
mod metrics_platform;
mod token;

pub use address::PlatformAddress;
pub use metrics_platform::MetricsPlatform;
