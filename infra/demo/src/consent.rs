//! Chapter 2: a receiver asks for a consent.

use std::time::Duration;

use ponte_machine::clock;
use ponte_participant::{NewConsent, Tokens};

use crate::expect::{require, served, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// Balances and statements of accounts, each group whole (C21). No overdraft limits: chapter 6 asks for them in vain.
pub(crate) const PERMISSIONS: &[&str] =
    &["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "ACCOUNTS_TRANSACTIONS_READ", "RESOURCES_READ"];
/// Half a year.
pub(crate) const TERM: Duration = Duration::from_hours(180 * 24);

/// A consent that waits for its customer.
pub(crate) struct PendingConsent {
    pub(crate) consent: String,
    /// Access token of the receiver itself.
    pub(crate) token: String,
}

/// A token for the receiver itself, and the consent.
pub(crate) async fn ask(
    runner: &mut Runner<'_>,
    participants: &Participants,
) -> Result<PendingConsent, Aborted> {
    runner.chapter("A receiver asks for a consent");
    let step = Step {
        title: "It proves who it is and gets a token of its own",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/token",
    };
    let reply = runner.answer(&step, participants.receiver.client_token("consents").await, |reply| {
        status(reply, 200)?;
        let tokens = Tokens::of(reply).ok_or("access_token and expires_in")?;
        require((300..=900).contains(&tokens.expires_in), || "expires_in from 300 to 900 (S09)".into())?;
        Ok(format!("client_credentials, private_key_jwt, bound to its certificate; {} s", tokens.expires_in))
    })?;
    let token = Tokens::of(&reply).ok_or(Aborted)?.access;

    let step = Step {
        title: "It asks for balances and statements of one customer",
        from: "receiver",
        to: "ponte",
        call: "POST consents",
    };
    let new = NewConsent {
        cpf: &participants.cpf,
        cnpj: None,
        permissions: PERMISSIONS,
        expires: Some(clock::now().plus(TERM)),
    };
    let reply = runner.answer(&step, participants.receiver.create_consent(&token, &new).await, |reply| {
        let body = served(reply, 201)?;
        let state = text(&body, "/data/status")?;
        require(state == "AWAITING_AUTHORISATION", || "status AWAITING_AUTHORISATION (C03)".into())?;
        text(&body, "/data/consentId").map(str::to_owned)
    })?;
    let consent = text(&reply.json(), "/data/consentId").map_err(|_| Aborted)?.to_owned();
    Ok(PendingConsent { consent, token })
}
