//! Funnel reports: the steps of the customer as the metrics platform counts them (M40), from the device of the call.
//! A call that does not name a device reports nothing.

use ponte_authorization::interaction::{Interaction, Waiting};
use ponte_edge::{Call, Refusal};
use ponte_metrics::report::{Arrival, FunnelStep};
use ponte_ports::outbox::OutboxRow;
use ponte_values::{Device, Moment};

/// The rows of one step, committed with what it changes.
pub(super) struct Funnel<'a> {
    call: &'a Call,
    interaction: &'a Interaction,
    device: Option<&'a Device>,
    rows: Vec<OutboxRow>,
}

impl<'a> Funnel<'a> {
    /// Begins with the arrival of the customer at an interaction that a release began which did not report it on arrival.
    pub(super) fn of(
        call: &'a Call,
        interaction: &'a Interaction,
        device: Option<&'a Device>,
    ) -> Result<Self, Refusal> {
        let funnel = Self { call, interaction, device, rows: Vec::new() };
        match interaction.at(call.now) {
            Waiting::Login if !interaction.arrival_reported() => {
                let arrival = if interaction.is_handed_off() {
                    Arrival::AwaitingHandoff
                } else {
                    Arrival::AwaitingUserAuth
                };
                let step = FunnelStep::RedirectTarget { arrival, authorization_endpoint: None };
                funnel.and(step, interaction.started_at)
            }
            _ => Ok(funnel),
        }
    }

    /// The institution knows who the customer is.
    pub(super) fn authenticated(self) -> Result<Vec<OutboxRow>, Refusal> {
        let now = self.call.now;
        self.and(FunnelStep::Authenticated, now).map(|funnel| funnel.rows)
    }

    /// The customer goes back to the client.
    pub(super) fn sent_back(self, authorised: bool) -> Result<Vec<OutboxRow>, Refusal> {
        let callback = self.interaction.redirect_uri.as_str();
        let now = self.call.now;
        let step = FunnelStep::RedirectToClient { callback, authorised };
        self.and(step, now).map(|funnel| funnel.rows)
    }

    fn and(mut self, step: FunnelStep<'_>, at: Moment) -> Result<Self, Refusal> {
        let Some(device) = self.device else { return Ok(self) };
        let row = step.into_row(self.call.uuid(), &self.interaction.target.id, device, at);
        self.rows.push(row.map_err(|_| Refusal::internal())?);
        Ok(self)
    }
}
