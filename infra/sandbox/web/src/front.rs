//! What the front of a real API does before a request reaches anybody: it takes connections, completes or refuses handshakes, ends
//! who says nothing, and wants to be told the host. The servers of the world and the hosts of the local cloud share it.

mod accept;
mod flight;
mod head;
mod idle;

pub use accept::{Arrivals, accept};
pub use flight::{Flight, handshake};
pub use head::{names_one_host, size};
pub use idle::{Busy, Idle, LIMIT, Watched};
