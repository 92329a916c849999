//! Reports from the outbox to the metrics platform, over a running stack: sweep, queue, worker, simulator.
//!
//! | file | subject |
//! |---|---|
//! | `scenarios` | the six scenarios of the platform's manual |
//! | `faults` | T50: mixed verdicts, floods, silence, lost answers |
//! | `funnel` | M40: arrivals, and what an institution tells of its customers itself |
//! | `operator` | T53: what an operator may do about a report |
//! | `crash` | T51: the worker dies between post and note |
//! | `customers` | M38: what became of the customers of new consents; M50: the stock of a day |
//! | `tokens` | T52: one token for all environments, at the start, after a refusal and at its end |
//! | `load` | thousands of reports: lost, sent twice, token calls, seconds, CPU |
//! | `pipeline` | used by all: rows into the outbox, sweeps, and what is where |

mod crash;
mod customers;
mod faults;
mod funnel;
mod load;
mod operator;
mod pipeline;
mod scenarios;
mod tokens;

pub(super) use pipeline::ReportPipeline;
