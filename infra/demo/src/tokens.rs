//! Chapter 4: the code becomes tokens, and the refresh token another one.

use ponte_participant::{Authorization, Tokens};

use crate::decision::Authorised;
use crate::expect::{require, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// The receiver's tokens of its customer.
pub(crate) struct CustomerTokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) consent: String,
    /// `sub` of the customer at this receiver (S16).
    pub(crate) subject: String,
}

/// Code with PKCE, then one refresh.
pub(crate) async fn obtain(
    runner: &mut Runner<'_>,
    participants: &Participants,
    authorised: Authorised,
) -> Result<CustomerTokens, Aborted> {
    runner.chapter("The receiver gets its tokens");
    let Authorised { authorization, callback } = authorised;
    let step = Step {
        title: "It trades the code and the PKCE verifier for tokens",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/token",
    };
    let traded = participants.receiver.code_token(&authorization, &callback.code).await;
    let subject = callback.id_token.sub.as_str();
    let reply = runner.answer(&step, traded, |reply| {
        status(reply, 200)?;
        let tokens = Tokens::of(reply).ok_or("access_token and expires_in")?;
        require((300..=900).contains(&tokens.expires_in), || "expires_in from 300 to 900 (S09)".into())?;
        require(tokens.refresh.is_some(), || "a refresh_token (S11)".into())?;
        same_customer(participants, &authorization, &tokens, subject)?;
        Ok("access token, refresh token, and an id_token with the same sub".into())
    })?;
    let tokens = Tokens::of(&reply).ok_or(Aborted)?;
    let refresh = tokens.refresh.ok_or(Aborted)?;

    let step = Step { title: "It refreshes once", from: "receiver", to: "ponte", call: "POST /auth/token" };
    let refreshed = participants.receiver.refresh(&refresh, &authorization.consent).await;
    let reply = runner.answer(&step, refreshed, |reply| {
        status(reply, 200)?;
        let again = Tokens::of(reply).ok_or("access_token and expires_in")?;
        require(again.access != tokens.access, || "another access token".into())?;
        let same = again.refresh.is_none_or(|token| token == refresh);
        require(same, || "no other refresh token: it never rotates (S11)".into())?;
        Ok("another access token; the refresh token stays the same".into())
    })?;
    let access = Tokens::of(&reply).ok_or(Aborted)?.access;
    let subject = callback.id_token.sub;
    Ok(CustomerTokens { access, refresh, consent: authorization.consent, subject })
}

/// Reads userinfo and introspects the access token.
pub(crate) async fn look_into(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
) -> Result<(), Aborted> {
    let step = Step {
        title: "It asks who the customer is",
        from: "receiver",
        to: "ponte",
        call: "GET /auth/userinfo",
    };
    runner.answer(&step, participants.receiver.userinfo(&customer.access).await, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        let same = text(&body, "/sub")? == customer.subject;
        require(same, || "the sub of the id_token (S08, S16)".into())?;
        let alone = body.as_object().is_some_and(|claims| claims.len() == 1);
        require(alone, || "no claim about the person besides (S17)".into())?;
        Ok("the same sub, and nothing else".into())
    })?;

    let step = Step {
        title: "It asks what its access token is worth",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/introspect",
    };
    runner.answer(&step, participants.receiver.introspect(&customer.access).await, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        require(body["active"] == true, || "active: true (RFC 7662)".into())?;
        require(text(&body, "/client_id")? == participants.receiver.record().client_id, || {
            "its client_id".into()
        })?;
        text(&body, "/cnf/x5t#S256")?;
        let scope = text(&body, "/scope")?;
        let consent = format!("consent:{}", customer.consent);
        require(scope.split(' ').any(|one| one == consent), || format!("the scope {consent} (S50)"))?;
        Ok("active, tied to the consent and to its certificate".into())
    })?;
    Ok(())
}

fn same_customer(
    participants: &Participants,
    authorization: &Authorization,
    tokens: &Tokens,
    subject: &str,
) -> Result<(), String> {
    let token = tokens.id_token.as_deref().ok_or("an id_token (S14)")?;
    let claims = participants
        .receiver
        .id_token_of(authorization, token)
        .map_err(|fault| format!("an id_token that holds (S14), not one with: {fault}"))?;
    require(claims.sub == subject, || "the same sub as in the callback (S16)".into())
}
