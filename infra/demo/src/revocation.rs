//! Chapter 7: the receiver revokes its refresh token, then the consent; tokens of the consent end with it.

use ponte_participant::DataRequest;

use crate::consent::PendingConsent;
use crate::data::ACCOUNTS;
use crate::expect::{interaction, refused, require, served, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};
use crate::tokens::CustomerTokens;

/// Revokes the refresh token, then the consent, and checks that its tokens are refused.
pub(crate) async fn revoke(
    runner: &mut Runner<'_>,
    participants: &Participants,
    asked: &PendingConsent,
    customer: &CustomerTokens,
) -> Result<(), Aborted> {
    runner.chapter("Token and consent are revoked");
    give_back(runner, participants, customer).await?;
    let step = Step {
        title: "The customer changes their mind at the receiver",
        from: "receiver",
        to: "ponte",
        call: "DELETE consents/{id}",
    };
    let deleted = participants.receiver.delete_consent(&asked.token, &asked.consent).await;
    runner.answer(&step, deleted, |reply| {
        status(reply, 204)?;
        interaction(reply)?;
        require(reply.body.is_empty(), || "no body".into()).map(|()| String::new())
    })?;
    nothing_opens(runner, participants, customer).await?;

    let step = Step {
        title: "The consent says why it ended",
        from: "receiver",
        to: "ponte",
        call: "GET consents/{id}",
    };
    let read = participants.receiver.read_consent(&asked.token, &asked.consent).await;
    runner.answer(&step, read, |reply| {
        let body = served(reply, 200)?;
        require(text(&body, "/data/status")? == "REJECTED", || "status REJECTED (C04)".into())?;
        let reason = text(&body, "/data/rejection/reason/code")?;
        require(reason == "CUSTOMER_MANUALLY_REVOKED", || "reason CUSTOMER_MANUALLY_REVOKED (C06)".into())?;
        Ok(format!("REJECTED, {reason}"))
    })?;
    Ok(())
}

/// The client revokes its refresh token (RFC 7009).
async fn give_back(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
) -> Result<(), Aborted> {
    let step = Step {
        title: "The receiver gives its refresh token back",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/revoke",
    };
    let revoked = participants.receiver.revoke(&customer.refresh, Some("refresh_token")).await;
    runner.answer(&step, revoked, |reply| status(reply, 200).map(|()| String::new()))?;

    let step =
        Step { title: "It is of no more use", from: "receiver", to: "ponte", call: "POST /auth/token" };
    let refreshed = participants.receiver.refresh(&customer.refresh, &customer.consent).await;
    runner.answer(&step, refreshed, |reply| {
        status(reply, 400)?;
        let body = reply.json();
        require(text(&body, "/error")? == "invalid_grant", || "error invalid_grant (RFC 7009)".into())?;
        Ok("invalid_grant".into())
    })?;
    Ok(())
}

/// The access token has not expired, but without its consent it is refused and inactive.
async fn nothing_opens(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
) -> Result<(), Aborted> {
    let step = Step {
        title: "The same access token, a moment later",
        from: "receiver",
        to: "ponte",
        call: "GET accounts",
    };
    let read = DataRequest {
        path: ACCOUNTS,
        template: ACCOUNTS,
        token: &customer.access,
        consent: &customer.consent,
        without_interaction: false,
    };
    runner.answer(&step, participants.receiver.get(&read).await, |reply| refused(reply, 401))?;

    let step = Step {
        title: "It asks again what that token is worth",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/introspect",
    };
    runner.answer(&step, participants.receiver.introspect(&customer.access).await, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        require(body["active"] == false, || "active: false (S30, RFC 7662)".into())?;
        let silent = body.as_object().is_some_and(|body| body.len() == 1);
        require(silent, || "nothing more about a token that is worth nothing (RFC 7662 2.2)".into())?;
        Ok("inactive".into())
    })?;
    Ok(())
}
