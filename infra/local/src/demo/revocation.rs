//! Chapter 6: the consent ends, and everything that stood on it.

use ponte_sandbox::participant::Asked as Read;

use super::consent::{Asked, Cast};
use super::data::ACCOUNTS;
use super::expect::{interaction, refused, require, served, status, text};
use super::story::{Broken, Story, Told};
use super::tokens::CustomerTokens;

/// The receiver revokes; the same token opens nothing any more.
pub(super) async fn revoke(
    story: &mut Story<'_>,
    cast: &Cast,
    asked: &Asked,
    customer: &CustomerTokens,
) -> Result<(), Broken> {
    story.chapter("The consent is revoked");
    let told = Told {
        title: "The customer changes their mind at the receiver",
        from: "receiver",
        to: "ponte",
        call: "DELETE consents/{id}",
    };
    let deleted = cast.receiver.delete_consent(&asked.token, &asked.consent).await;
    story.answer(&told, deleted, |reply| {
        status(reply, 204)?;
        interaction(reply)?;
        require(reply.body.is_empty(), || "no body".into()).map(|()| String::new())
    })?;

    let told = Told {
        title: "The same access token, a moment later",
        from: "receiver",
        to: "ponte",
        call: "GET accounts",
    };
    let read = Read {
        path: ACCOUNTS,
        template: ACCOUNTS,
        token: &customer.access,
        consent: &customer.consent,
        without_interaction: false,
    };
    story.answer(&told, cast.receiver.get(&read).await, |reply| refused(reply, 401))?;

    let told = Told {
        title: "The refresh token is of no more use either",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/token",
    };
    let refreshed = cast.receiver.refresh(&customer.refresh, &customer.consent).await;
    story.answer(&told, refreshed, |reply| {
        status(reply, 400)?;
        let body = reply.json();
        require(text(&body, "/error")? == "invalid_grant", || "error invalid_grant (S12)".into())?;
        Ok("invalid_grant".into())
    })?;

    let told = Told {
        title: "The consent says why it ended",
        from: "receiver",
        to: "ponte",
        call: "GET consents/{id}",
    };
    let read = cast.receiver.read_consent(&asked.token, &asked.consent).await;
    story.answer(&told, read, |reply| {
        let body = served(reply, 200)?;
        require(text(&body, "/data/status")? == "REJECTED", || "status REJECTED (C04)".into())?;
        let reason = text(&body, "/data/rejection/reason/code")?;
        require(reason == "CUSTOMER_MANUALLY_REVOKED", || "reason CUSTOMER_MANUALLY_REVOKED (C06)".into())?;
        Ok(format!("REJECTED, {reason}"))
    })?;
    Ok(())
}
