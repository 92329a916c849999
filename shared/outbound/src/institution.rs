//! The institution's systems behind the integration layer (`docs/integration-layer.md`).
//!
//! | file | what it holds |
//! |---|---|
//! | `integration_layer` | the calls, their deadlines, and what a status means |
//! | `request`, `answer` | the bodies sent and received |

mod answer;
mod integration_layer;
mod request;

pub use integration_layer::IntegrationLayer;
