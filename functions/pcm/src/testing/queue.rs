//! The queue of tickets in memory.

use std::sync::Mutex;

use async_trait::async_trait;
use ponte_edge::Message;
use ponte_metrics::outbox::Ticket;
use ponte_metrics::ports::Tickets;
use ponte_ports::PortError;
use ponte_values::Moment;

/// A message of a queue as it comes for the first time, now.
pub(crate) fn received(body: &str, now: Moment) -> Message {
    Message { body: body.to_owned(), receives: 1, just_received: Some(now), ..Message::default() }
}

/// A queue in memory.
#[derive(Default)]
pub(crate) struct Queue {
    pub(crate) tickets: Mutex<Vec<Ticket>>,
    pub(crate) dying_sends: Mutex<usize>,
}

impl Queue {
    pub(crate) fn take(&self) -> Vec<Ticket> {
        std::mem::take(&mut *self.tickets.lock().unwrap())
    }
}

#[async_trait]
impl Tickets for Queue {
    async fn send(&self, tickets: &[Ticket]) -> Result<(), PortError> {
        let mut dying = self.dying_sends.lock().unwrap();
        if *dying > 0 {
            *dying -= 1;
            return Err(PortError::new("queue", "refused on purpose"));
        }
        self.tickets.lock().unwrap().extend_from_slice(tickets);
        Ok(())
    }
}
