//! The institution's systems behind the integration layer (`docs/integration-layer.md`).
//!
//! | file | what it holds |
//! |---|---|
//! | `integration_layer` | the calls, their time budgets, and what a status means |
//! | `breaker` | who is held back while an operation does not answer |
//! | `silences` | the calls without an answer that it goes by |
//! | `credential` | the credential that is shown, as its secret changes |
//! | `request`, `answer` | the bodies sent and received |

mod answer;
mod breaker;
mod credential;
mod integration_layer;
mod request;
mod silences;

pub use breaker::Breaker;
pub use credential::credential;
pub use integration_layer::IntegrationLayer;
