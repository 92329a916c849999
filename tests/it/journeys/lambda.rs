//! What production does to functions: one real process of a function behind a Runtime API, stopped and gone on with, with a clock
//! that can be moved, and events that no gateway of ours sends. The numbers are those of the cases that other people's functions met.
//!
//! | file | subject |
//! |---|---|
//! | `environment` | used by all: the process, its events, its log, stop and continue |
//! | `moved_clock` | the clock of such a process |
//! | `clocks` | LB-03, LB-05: clocks that are ahead, and behind |
//! | `deaths` | LB-28: killed between what was stored and the answer |
//! | `workers` | LB-16, LB-24, LB-25, LB-29: the same work at several environments at once |
//! | `odd_events` | LB-09, LB-10, LB-13, LB-26: events that cannot be read |

mod clocks;
mod deaths;
mod environment;
mod moved_clock;
mod odd_events;
mod workers;
