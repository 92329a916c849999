//! The institution's systems behind the integration layer (`docs/integration-layer.md`).
//!
//! | file | what it holds |
//! |---|---|
//! | `integration_layer` | the calls, their deadlines, and what a status means |
//! | `credential` | the credential that is shown, as its secret changes |
//! | `request`, `answer` | the bodies sent and received |

mod answer;
mod credential;
mod integration_layer;
mod request;

pub use credential::credential;
pub use integration_layer::IntegrationLayer;
