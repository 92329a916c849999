//! The payment connector of an institution: the core that moves the money (`docs/payment-connector.md`).
//!
//! | file | what it holds |
//! |---|---|
//! | `core_connector` | the port: one call an operation, and what every answer says of the money |
//! | `operations` | the operations, their time budgets, and whether they have an effect |
//! | `codes` | what a code means at each stage |
//! | `statuses` | what a status may say |
//! | `signed` | the claims around requests and answers |
//! | `request`, `answer` | the bodies |
//! | `over_queue`, `queue_messages` | the way by queues; URL and function are ways of [`crate::institution`] |
//! | `settings` | which way, as the environment says |

mod answer;
mod codes;
mod core_connector;
mod operations;
mod over_queue;
mod queue_messages;
mod request;
mod settings;
mod signed;
mod statuses;

pub use codes::{CODES, CodeMeans, CodeRow, Stage};
pub use core_connector::{CoreConnector, Party};
pub use operations::{OPERATIONS, Operation};
pub use queue_messages::{UnreadableReply, read_reply};
pub use settings::{
    ConnectorSettings, ConnectorSurroundings, PAYMENT_CONNECTOR_DEDUPE, PAYMENT_CONNECTOR_KEYS,
    PAYMENT_CONNECTOR_SETTLE_MS, connector_keys,
};
pub use statuses::{ANSWERS, AnswerRow, AnswerSays};
