//! What operators order by the operator queues, over a running stack (T23, T47, T68).
//!
//! | file | subject |
//! |---|---|
//! | `orders` | an order is done once, refused, approved by a second operator; long work goes on by itself |
//! | `night` | an operator's night: alarm, look, mend, move back, audit |
//! | `desk` | used by both: sends as an operator, follows what becomes of it |

mod desk;
mod night;
mod orders;
