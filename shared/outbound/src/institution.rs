//! The institution's systems behind the integration layer (`docs/integration-layer.md`). The ways, the breaker and the meaning of
//! statuses serve the payment connector too.
//!
//! | file | what it holds |
//! |---|---|
//! | `integration_layer` | the calls and their time budgets |
//! | `statuses` | what a status means |
//! | `way`, `over_http`, `over_function` | the ways to the layer: a URL, or a Lambda function |
//! | `settings` | which way, as the environment says |
//! | `breaker` | who is held back while an operation does not answer |
//! | `silences` | the calls without an answer that it goes by |
//! | `credential`, `tls` | the credential and the certificate that are shown, as their secrets change |
//! | `request`, `answer` | the bodies sent and received |

mod answer;
mod breaker;
mod credential;
mod integration_layer;
mod over_function;
mod over_http;
mod request;
mod settings;
mod silences;
mod statuses;
mod tls;
mod way;

pub(crate) use answer::Authorizer;
pub use breaker::Breaker;
pub(crate) use breaker::{Asked, Heard};
pub use integration_layer::IntegrationLayer;
pub use over_http::offers_gzip;
pub use settings::InstitutionSettings;
pub use statuses::{Means, STATUSES, StatusRow};
pub(crate) use tls::layer_client;
pub(crate) use way::{Carry, Media, Names, Question, Reply, Unanswered};
pub use way::{ERROR_LIMIT, LIMIT, Way};
