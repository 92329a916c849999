//! The tests of the whole project, in one binary: a module per subject.
//!
//! `house`, `entropy`, `events` and `template` check rules over the sources; `journeys` starts the local cloud and calls it over
//! its real hosts and ports; `layer_contract` and `connector_contract` compare what an institution implements with the code, and `lies` spoils what it
//! answers, field by field. One more subject: a module here. One more journey: a file under `journeys/`.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod checkout;
mod connector_contract;
mod entropy;
mod events;
mod house;
mod journeys;
mod layer_contract;
mod lies;
mod processes;
mod stack;
mod template;
