//! Who arrives at the authorization endpoint, and the report of it (M40): what the browser or the app says of its device, and
//! what the customer waits for next.

use ponte_authorization::interaction::Interaction;
use ponte_edge::Call;
use ponte_metrics::report::{Arrival, FunnelStep};
use ponte_ports::PortError;
use ponte_ports::outbox::OutboxRow;
use ponte_values::{Device, Moment, OperatingSystem, Platform};

use crate::ports::PublicPorts;

/// A browser or an app that arrives.
pub(crate) struct Arriving {
    pub(crate) device: Device,
    pub(crate) at: Moment,
}

impl Arriving {
    /// The caller, by its `User-Agent`.
    pub(crate) fn of(call: &Call, platform: Platform) -> Self {
        let user_agent = call.request.header("user-agent").unwrap_or_default();
        Self { device: Device::of_user_agent(user_agent, platform), at: call.now }
    }

    /// The report of its arrival at an interaction.
    pub(crate) fn report(
        &self,
        ports: &PublicPorts,
        interaction: &Interaction,
    ) -> Result<OutboxRow, PortError> {
        let endpoint = ports.site.authorization_endpoint();
        let step = FunnelStep::RedirectTarget {
            arrival: self.waits_for(ports.site.hands_off()),
            authorization_endpoint: Some(&endpoint),
        };
        step.into_row(ports.shared.ids.uuid(), &interaction.target.id, &self.device, self.at)
            .map_err(|error| PortError::new("outbox", error))
    }

    /// What the customer waits for: the page that hands interactions to a phone opens the app on a phone itself. Whoever comes to
    /// another page of the institution, or is in its app, logs in there.
    fn waits_for(&self, to_the_page: bool) -> Arrival {
        let on_a_phone = matches!(self.device.os, OperatingSystem::Ios | OperatingSystem::Android);
        match (self.device.platform, to_the_page) {
            (Platform::Browser, true) if on_a_phone => Arrival::AwaitingRedirectToApp,
            (Platform::Browser, true) => Arrival::AwaitingHandoff,
            (Platform::Browser, false) | (Platform::App, _) => Arrival::AwaitingUserAuth,
        }
    }
}
