//! The interaction: what the authorization server and the institution's channel share while a customer decides. It has an id
//! of its own, not the `x-fapi-interaction-id` of a call (`InteractionId`).

mod answer;
mod arrival;
mod assurance;
mod decision;
mod fault;
mod guessing;
mod handoff;
mod handoff_page;
mod session;
mod short_code;
mod stage;

pub use answer::CustomerAnswer;
pub use arrival::{ARRIVAL_COOKIE, ArrivalId, ArrivalSecret, Arrivals, arrival_cookie, interaction_id};
pub use assurance::Assurance;
pub use decision::{ChannelSession, Decision, Login, Outcome};
pub use fault::InteractionFault;
pub use guessing::{OF_ALL, OF_ONE_SOURCE, admit_guess};
pub use handoff_page::{CodeReader, HandoffPage, PageStatus, Takeover};
pub use session::{INTERACTION_LIMIT, Interaction, NewInteraction, SESSION_LIMIT, WAY_BACK};
pub use short_code::ShortCode;
pub use stage::Waiting;

#[cfg(test)]
mod random_interactions;
#[cfg(test)]
mod tests;
