//! What production does to functions: one real process of a function behind a Runtime API, stopped and gone on with, with a clock
//! that can be moved, and events that no gateway of ours sends. The numbers are those of the cases that other people's functions met.
//!
//! | file | subject |
//! |---|---|
//! | `environment` | used by all: the process, its events, its log, stop and continue |
//! | `moved_clock` | the clock of such a process |
//! | `gateway` | calls as such a process gets them |
//! | `clocks` | LB-03 to LB-06: clocks that are ahead, and behind, and come right again |
//! | `connections` | LB-01, LB-12, LB-20: connections that died while the process was frozen |
//! | `deaths` | LB-28: killed between what was stored and the answer |
//! | `directory` | LB-02: a directory that fails at the first call of a process |
//! | `odd_events` | LB-09, LB-10, LB-13, LB-26: events that cannot be read |
//! | `secrets` | LB-11, LB-23: credentials that are over, secrets that cannot be read at the start |
//! | `store` | LB-08, LB-21, LB-22: replies of the store that are lost, and its refusals |
//! | `workers` | LB-16, LB-24, LB-25, LB-29: the same work at several environments at once |

mod clocks;
mod connections;
mod deaths;
mod directory;
mod environment;
mod gateway;
pub(super) mod moved_clock;
mod odd_events;
mod secrets;
mod store;
mod workers;
