//! Holds a payment connector to `docs/payment-connector.md`: drives every operation the way Ponte does and in ways it must refuse, and
//! says what is wrong. It moves money between test accounts. No document, account or name is ever told.
//!
//! | file | what it holds |
//! |---|---|
//! | `connector` | signed calls over a [`Transport`] of the caller's, and what their answers say |
//! | `requests`, `ids` | bodies of calls, and the ids in them |
//! | `checks` | what is asked, in order, a file for each kind of question |
//! | `report` | what was found |
//!
//! To add a check: a function below `checks` with its call in `run`, and a flaw of the sandbox's payment core that it finds.

mod checks;
mod connector;
mod ids;
mod report;
mod requests;

pub use checks::{Dedupe, Plan, run};
pub use connector::Sides;
pub use ponte_layer_check::Transport;
pub use report::{Finding, Outcome, Report};
pub use requests::Scene;

#[cfg(test)]
mod tests;
