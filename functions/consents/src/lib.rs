//! Data consents: the regulatory API, the interactions in which the institution's channel lets its customer decide, and
//! what time does.
//!
//! | module | what it serves |
//! |---|---|
//! | `create`, `read`, `revoke`, `extend`, `extensions` | `/open-banking/consents/v3/consents`, for clients |
//! | `channel` | `/api/{client_name}/consents/v1/interactions/{interactionId}`, for the channel |
//! | `commands` | `/auth/app/commands/{id}`, `/auth/handoff/{code}`, the command loop of apps and web |
//! | `handoff` | `/auth/handoff/v1/{interactionId}`, the page that hands a visit to a phone |
//! | `management` | `/open-banking/oob-consents`, for the institution's own callers |
//! | `sweep` | the schedule, every minute: what time did to consents |
//! | `drop_reasons` | the same schedule: what became of the customers of new consents |
//!
//! To add an operation: a file with its handler, and a line in [`router`].

mod change;
mod channel;
mod commands;
mod cors;
mod create;
mod drop_reasons;
mod extend;
mod extensions;
mod handoff;
mod management;
mod minute;
mod outline;
mod read;
mod revoke;
mod sweep;
mod visit;

use std::sync::Arc;

pub use commands::ChannelKeys;
pub use drop_reasons::DropReasons;
pub use minute::EveryMinute;
use ponte_authorization::ports::{Handoffs, Interactions};
use ponte_catalog::consents::{CREATE, EXTEND, EXTENSIONS, READ, REVOKE};
use ponte_data_consent::authority::ConsentAuthority;
pub use ponte_data_consent::consent::ConsentPolicy;
use ponte_data_consent::ports::{ConsentIndex, Consents, Extensions, Institution, Pseudonyms};
use ponte_edge::{Context, Guard, Router};
use ponte_ports::History;
use ponte_values::Institution as InstitutionName;
pub use sweep::Sweeper;

/// What the operations need from outside.
pub struct Ports {
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// Their renewals.
    pub extensions: Arc<dyn Extensions>,
    /// The consents by their customer.
    pub index: Arc<dyn ConsentIndex>,
    /// What happened to them.
    pub history: Arc<dyn History>,
    /// The interactions in progress.
    pub interactions: Arc<dyn Interactions>,
    /// Their short codes.
    pub handoffs: Arc<dyn Handoffs>,
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
    /// Public ids of customers and products.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Keys of the institution's back end; none switches the command loop off.
    pub channel_keys: Option<ChannelKeys>,
    /// What differs between institutions.
    pub settings: Settings,
}

/// What differs between institutions.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name space of the consent ids (S50).
    pub institution: InstitutionName,
    /// Limits of a consent.
    pub policy: ConsentPolicy,
    /// `client_name` in the paths of the channel.
    pub channel_name: String,
    /// Origin of the channel's pages that may call from a browser; none keeps browsers out.
    pub channel_origin: Option<String>,
    /// Base URL of the public host, where the browser comes back.
    pub public_url: String,
}

const INTERACTION: &str = "/api/{client_name}/consents/v1/interactions/{interactionId}";
const LOGIN: &str = "/api/{client_name}/consents/v1/interactions/{interactionId}/login";
const CONSENT: &str = "/api/{client_name}/consents/v1/interactions/{interactionId}/consent";
const CANCEL: &str = "/api/{client_name}/consents/v1/interactions/{interactionId}/cancel";
const COMMAND: &str = "/auth/app/commands/{id}";
const COMMAND_AUTHENTICATION: &str = "/auth/app/commands/{id}/authentication";
const COMMAND_CONSENT: &str = "/auth/app/commands/{id}/consent";
const HANDOFF: &str = "/auth/handoff/{code}";
const PAGE: &str = "/auth/handoff/v1/{interactionId}";
const PAGE_STATUS: &str = "/auth/handoff/v1/{interactionId}/status";
const PAGE_FINISH: &str = "/auth/handoff/v1/{interactionId}/finish";
const PAGE_ABORT: &str = "/auth/handoff/v1/{interactionId}/abort";
const SCRIPT: &str = "/auth/handoff/v1/oob-handoff.js";

/// The operations of this function.
#[must_use]
pub fn router(context: Context, guard: Option<Guard>, ports: Ports) -> Router<Ports> {
    let json = Some("application/json");
    let for_browsers = ports.settings.channel_origin.is_some();
    let commands = ports.channel_keys.is_some();
    let authority = Arc::new(ConsentAuthority::new(Arc::clone(&ports.consents)));
    let mut router = Router::new(context, guard, ports)
        .client(&CREATE, create::create)
        .client(&READ, read::read)
        .client(&REVOKE, revoke::revoke)
        .customer(&EXTEND, &authority, extend::extend)
        .client(&EXTENSIONS, extensions::list)
        .open("GET", INTERACTION, None, channel::show)
        .open("POST", LOGIN, json, channel::login)
        .open("POST", CONSENT, json, channel::consent)
        .open("POST", CANCEL, json, channel::cancel);
    router = management::routes(router);
    let mut for_channels = vec![INTERACTION, LOGIN, CONSENT, CANCEL];
    if commands {
        router = router
            .open("GET", COMMAND, None, commands::show)
            .open("PUT", COMMAND_AUTHENTICATION, json, commands::authentication)
            .open("PUT", COMMAND_CONSENT, json, commands::consent)
            .open("GET", HANDOFF, None, commands::handoff)
            .open("GET", SCRIPT, None, handoff::script)
            .open("GET", PAGE, None, handoff::page)
            .open("GET", PAGE_STATUS, None, handoff::status)
            .open("POST", PAGE_FINISH, json, handoff::finish)
            .open("POST", PAGE_ABORT, json, handoff::abort);
        for_channels.extend([COMMAND, COMMAND_AUTHENTICATION, COMMAND_CONSENT, HANDOFF]);
    }
    if !for_browsers {
        return router;
    }
    for_channels.into_iter().fold(router, |router, path| router.open("OPTIONS", path, None, cors::preflight))
}

#[cfg(test)]
mod tests;
