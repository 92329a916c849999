//! Routes of this function; those of the command loop only where the institution's keys are known, those of the handoff only
//! where the institution has set it up besides.

use ponte_edge::{Context, Router};

use crate::ports::Ports;
use crate::{commands, cors, handoff, interactions};

const JSON: Option<&str> = Some("application/json");
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

/// The address of the page that hands interactions to a phone, without the id.
#[must_use]
pub fn handoff_page(public_url: &str) -> String {
    format!("{public_url}/auth/handoff/v1/")
}

/// The operations of this function.
#[must_use]
pub fn router(context: Context, ports: Ports) -> Router<Ports> {
    let for_browsers = ports.settings.channel_origin.is_some();
    let with_commands = ports.channel_keys.is_some();
    let with_handoff = with_commands && ports.settings.handoff;
    let mut router = Router::new(context, None, ports)
        .open("GET", INTERACTION, None, cors::readable(interactions::show))
        .open("POST", LOGIN, JSON, cors::readable(interactions::login))
        .open("POST", CONSENT, JSON, cors::readable(interactions::consent))
        .open("POST", CANCEL, JSON, cors::readable(interactions::cancel));
    let mut for_channels = vec![INTERACTION, LOGIN, CONSENT, CANCEL];
    if with_commands {
        router = router
            .open("GET", COMMAND, None, cors::readable(commands::show))
            .open("PUT", COMMAND_AUTHENTICATION, JSON, cors::readable(commands::authentication))
            .open("PUT", COMMAND_CONSENT, JSON, cors::readable(commands::consent));
        for_channels.extend([COMMAND, COMMAND_AUTHENTICATION, COMMAND_CONSENT]);
    }
    if with_handoff {
        router = router
            .open("GET", HANDOFF, None, cors::readable(commands::handoff))
            .open("GET", SCRIPT, None, handoff::script)
            .head_as_get()
            .open("GET", PAGE, None, handoff::page)
            .open("GET", PAGE_STATUS, None, handoff::status)
            .open("POST", PAGE_FINISH, JSON, handoff::finish)
            .open("POST", PAGE_ABORT, JSON, handoff::abort);
        for_channels.push(HANDOFF);
    }
    if !for_browsers {
        return router;
    }
    for_channels.into_iter().fold(router, |router, path| router.open("OPTIONS", path, None, cors::preflight))
}
