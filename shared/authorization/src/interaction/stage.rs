//! The stage of an interaction as stored, and the step it waits for at a moment.

use serde::{Deserialize, Serialize};

use super::decision::{Decision, Login, Outcome};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Stage {
    AwaitingLogin,
    AwaitingDecision(Login),
    /// Decided on a phone; the page that handed the interaction off has no ticket yet.
    AwaitingPage(Outcome),
    Decided(Decision),
    Completed,
}

/// The step that an interaction waits for at a moment.
#[derive(Clone, Copy, Debug)]
pub enum Waiting<'a> {
    /// For the login.
    Login,
    /// For the customer's decision after this login.
    Decision(&'a Login),
    /// For the page that handed the interaction off to fetch its ticket.
    Page(&'a Outcome),
    /// For the browser to come back with the ticket.
    Browser(&'a Decision),
    /// For nothing: the browser was sent back.
    Nothing,
    /// Too late: the session ended undecided.
    Expired,
}
