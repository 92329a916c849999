//! The cloud on one machine: reads `infra/template.yaml`, embeds DynamoDB, SQS and Secrets Manager, terminates (m)TLS,
//! runs every function as a process of its own and feeds queues and schedules to them. Loopback only.
//!
//! Nothing is listed twice: a new table, queue, secret, route, variable, mapping or schedule is a change of the
//! template alone. A new *type* of resource starts in [`template`]; a new AWS service is a file in [`aws`] and a line
//! in its endpoint. Deviations from AWS, on purpose: expired items are not swept (see [`aws`]), a failed tick is not retried,
//! at most four processes work for one function.

pub mod aws;
mod clock;
pub mod control;
pub mod endpoints;
pub mod events;
mod file;
pub mod gateway;
pub mod launch;
mod payment_queue;
pub mod ports;
pub mod qualify;
pub mod runtime;
mod serve;
pub mod stack;
pub mod template;
pub mod world;
