//! What a call proves about its caller (T59): the id of an interaction alone proves nothing.
//!
//! | proof | shown as |
//! |---|---|
//! | the secret that the answer to the last login carried | header `x-session-secret`, or cookie for the channel's pages |
//! | the secret of the phone that read a code | header `x-session-secret`, until the login gives it another; a signature does not stand for it |
//! | the secret of an arrival | the cookie that `authorize` gave to the browser or the app |
//! | the institution's back end | header `x-channel-signature`: a JWS over this very call |
//!
//! Everybody else hears what somebody with an id that was never given hears.

use ponte_authorization::interaction::{
    ArrivalId, ArrivalSecret, Interaction, InteractionFault, Waiting, arrival_cookie,
};
use ponte_edge::{Call, Refusal};
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::ports::Ports;

/// Header with the secret of the session.
pub(crate) const SESSION_SECRET: &str = "x-session-secret";
/// Header with the JWS of the institution's back end.
pub(crate) const SIGNATURE: &str = "x-channel-signature";

/// What a call to an interaction proves.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude each other")]
pub(crate) struct Proof {
    /// The customer is known to come through another arrival than this one.
    another: bool,
    /// Signed by the institution's back end.
    signed: bool,
    /// A phone took the interaction over from the page of this arrival: nobody but it goes on.
    taken: bool,
    /// With the secret of that phone.
    phone: bool,
    /// The arrival is of an app, which brings a ticket back in any browser.
    by_app: bool,
    /// With the secret of the session.
    session: bool,
    /// With the secret of this arrival; true where an interaction of an older release has none.
    arrived: bool,
    /// Whether the institution's channel must prove itself (`ChannelSession`).
    required: bool,
}

/// The step that a caller wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// See the interaction.
    See,
    /// Take it over with a code, and see it.
    TakeOver,
    /// Log in.
    LogIn,
    /// Say yes.
    Agree,
    /// Say no.
    Decline,
}

/// Whether the institution's back end signed this call; its signature is good for one call.
///
/// # Errors
/// 401 for a signature that does not hold, whatever the interaction.
pub(crate) async fn signed(ports: &Ports, call: &Call) -> Result<bool, Refusal> {
    let (Some(keys), Some(jws)) = (&ports.channel_keys, call.request.header(SIGNATURE)) else {
        return Ok(false);
    };
    let signature = keys.signed_call(jws, call).await?;
    let fresh = ports.signed_calls.claim(&signature.jti, call.now, signature.until, &call.uuid()).await?;
    if fresh { Ok(true) } else { Err(Refusal::authentication()) }
}

impl Proof {
    /// What the call proves for this interaction through this arrival.
    pub(crate) fn of(
        ports: &Ports,
        call: &Call,
        (interaction, arrival): (&Interaction, &ArrivalId),
        signed: bool,
    ) -> Self {
        let shown = [
            call.request.header(SESSION_SECRET),
            call.request.cookie(&session_cookie_name(arrival.interaction())),
        ];
        let shown: Vec<String> = shown.into_iter().flatten().map(secret::hash).collect();
        let another = interaction.is_through_another(arrival);
        Self {
            another,
            signed,
            taken: interaction.is_taken() && !another,
            phone: shown.iter().any(|hash| interaction.is_phone(hash)),
            by_app: arrival.is_of_app(),
            session: shown.iter().any(|hash| interaction.is_session(hash)),
            arrived: arrival.reference().is_none() || arrived(call, interaction, arrival).is_some(),
            required: ports.settings.session_required,
        }
    }

    /// That of the caller whom the login of this very call opened the interaction to.
    pub(crate) const fn of_login() -> Self {
        Self {
            another: false,
            signed: false,
            taken: false,
            phone: false,
            by_app: false,
            session: true,
            arrived: true,
            required: true,
        }
    }

    /// That of a phone which took the interaction over by this very call, or once more.
    pub(crate) const fn of_phone(self) -> Self {
        Self { taken: true, phone: true, ..self }
    }

    /// Refuses the step as if there were no such interaction.
    pub(crate) fn require(&self, interaction: &Interaction, wish: Wish, now: Moment) -> Result<(), Refusal> {
        let may = match wish {
            Wish::See => self.may_see(interaction, now),
            // Whoever reads a code signed is a customer of whom the institution has said nothing yet: what somebody else logged
            // in to, or took over, is not theirs.
            Wish::TakeOver => {
                matches!(interaction.at(now), Waiting::Login) || self.unsigned().may_see(interaction, now)
            }
            Wish::LogIn => match interaction.at(now) {
                Waiting::Login | Waiting::Decision(_) => self.may_log_in(),
                _ => self.may_see(interaction, now),
            },
            // Before a login nobody says yes: the step is refused for that, to those who may hear of it.
            Wish::Agree if interaction.has_session() => self.holds_session(),
            Wish::Agree => self.holds_phone(),
            Wish::Decline => self.may_decline(interaction),
        };
        if may { Ok(()) } else { Err(InteractionFault::InvalidSession.into()) }
    }

    /// Whether the caller may end the interaction.
    pub(crate) fn may_decline(&self, interaction: &Interaction) -> bool {
        if interaction.has_session() {
            self.holds_session()
        } else if self.taken {
            self.holds_phone()
        } else {
            self.has_arrived()
        }
    }

    /// Whether a login is taken through this arrival. One that a phone took over is the phone's alone: who merely knows its id,
    /// at the institution's own page, whose back end signs for her, would log in for somebody who reads the code himself. One of
    /// an app is that app's, because its ticket is good in every browser.
    const fn may_log_in(&self) -> bool {
        let of_app = self.arrived || self.session || self.signed || !self.required;
        (self.holds_phone() || self.session) && (!self.by_app || of_app)
    }

    /// Whether the caller sees the interaction as if nobody had logged in: the customer did through another arrival, and
    /// may do so again through this one.
    pub(crate) const fn sees_no_login(&self) -> bool {
        self.another
    }

    /// Whether the caller showed the secret of the phone that took the interaction over.
    pub(crate) const fn is_phone(&self) -> bool {
        self.taken && self.phone
    }

    /// Whether the institution's back end signed the call.
    pub(crate) const fn is_signed(&self) -> bool {
        self.signed
    }

    /// Whether the caller showed more than an id: a signature, or a secret of this arrival, of its phone or of the session.
    pub(crate) const fn is_shown(&self) -> bool {
        self.signed || self.arrived || self.phone || self.session
    }

    /// Whether the caller showed nothing that is harder to get than the cookie of an arrival, which everybody gets who opens the
    /// link, and each time another. What was told through another arrival counts for no more: one secret would do for them all.
    pub(crate) const fn is_of_link(&self) -> bool {
        !self.signed && (self.another || !(self.phone || self.session))
    }

    /// Whether the secret of the session or a signature came with the call, also where none is required.
    pub(crate) const fn shows_session(&self) -> bool {
        self.session || self.signed
    }

    /// The same without the signature.
    pub(crate) fn unsigned(&self) -> Self {
        Self { signed: false, ..self.clone() }
    }

    /// Whether an answer that was given before is told again: to whoever proves to have given it, also where no proof is
    /// required, because the way back is in it (T61).
    pub(crate) const fn hears_again(&self, interaction: &Interaction) -> bool {
        let shown = match (interaction.has_session(), self.taken) {
            (true, _) => self.shows_session(),
            (false, true) => self.phone,
            (false, false) => self.arrived || self.signed,
        };
        !self.another && shown
    }

    /// What nobody logged in to is shown to whoever knows its id, what follows a login to those who prove themselves. Who
    /// comes through another arrival than the customer is shown a login, while one is possible.
    fn may_see(&self, interaction: &Interaction, now: Moment) -> bool {
        match interaction.at(now) {
            Waiting::Decision(_) if self.another => true,
            _ if interaction.has_session() => self.holds_session(),
            _ => self.holds_phone(),
        }
    }

    /// Whether the caller is the phone that took the interaction over, or none did from the page of this arrival. A signature
    /// proves the institution, whoever is in front of it, and not that phone.
    const fn holds_phone(&self) -> bool {
        !self.taken || self.phone || !self.required
    }

    const fn holds_session(&self) -> bool {
        !self.another && (self.session || self.signed || !self.required)
    }

    const fn has_arrived(&self) -> bool {
        !self.another && (self.arrived || self.signed || !self.required)
    }
}

/// The secret of this arrival, if the call shows it.
pub(crate) fn arrived(call: &Call, interaction: &Interaction, arrival: &ArrivalId) -> Option<ArrivalSecret> {
    let shown = call.request.cookie(&arrival_cookie(&interaction.id))?;
    let (arrivals, reference) = (interaction.arrivals(), arrival.reference()?);
    arrivals.read(shown).filter(|secret| arrivals.is_of(secret, reference))
}

/// The cookie with the secret of a session, for the channel's pages: they alone send it, and scripts do not see it.
pub(crate) fn session_cookie(interaction: &Interaction, secret: &str, now: Moment) -> String {
    let seconds = interaction.over_at().seconds() - now.seconds();
    let name = session_cookie_name(&interaction.id);
    format!("{name}={secret}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict")
}

fn session_cookie_name(interaction: &str) -> String {
    format!("__Host-session-{interaction}")
}
