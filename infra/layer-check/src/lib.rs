//! Holds an institution's integration layer to `docs/integration-layer.md`: drives every operation the way Ponte does and in
//! ways it must refuse, and says what is wrong, where, and how often. No value of a record is ever told.
//!
//! | file | what it holds |
//! |---|---|
//! | `operations` | what there is to ask, from the catalog and the table of kinds |
//! | `customers` | whose data is asked for |
//! | `scene`, `inquiry` | who is there and what was found of them; an operation while it is asked |
//! | `legacy_id` | keys of products |
//! | `requests` | bodies of calls |
//! | `names` | JSON whose objects have each name once |
//! | `layer` | calls, measured and bounded, over a [`Transport`] of the caller's |
//! | `answers` | what comes back, as far as every operation answers alike |
//! | `gate` | records against the field tables |
//! | `checks` | one file for each way of asking |
//! | `sheet`, `report` | what was found |
//! | `run` | all of it, in order |
//!
//! To add a check: a [`Check`], a file in `checks`, its call in `run`, and a fault in `ponte_bank::faulty` that it alone finds.

mod answers;
mod checks;
mod customers;
mod gate;
mod inquiry;
mod layer;
mod legacy_id;
mod names;
mod operations;
mod report;
mod requests;
mod run;
mod scene;
mod sheet;

pub use customers::{Customer, CustomerFault};
pub use layer::{Received, Sent, Transport};
pub use report::Report;
pub use run::{Plan, run};
pub use sheet::{Check, Fault, Outcome};

#[cfg(test)]
mod tests;
