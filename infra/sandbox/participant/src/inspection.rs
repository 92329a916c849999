//! Userinfo, introspection and revocation of tokens (OpenID Connect Core 5.3, RFC 7662, RFC 7009).

use ponte_machine::clock;
use ponte_web::caller::{Call, NoAnswer, Reply};

use crate::receiver::Receiver;
use crate::report::About;

impl Receiver {
    /// `GET` userinfo with a customer's access token (S08).
    pub async fn userinfo(&self, access_token: &str) -> Result<Reply, NoAnswer> {
        let url = self.server.endpoint("userinfo_endpoint")?;
        let call = Call::get(url).bearer(access_token).header("accept", "application/json");
        self.mtls.send(call.header("x-fapi-interaction-id", clock::new_id())).await
    }

    /// `POST` introspect: whether a token of this client lives, and for what.
    pub async fn introspect(&self, token: &str) -> Result<Reply, NoAnswer> {
        let url = self.server.endpoint("introspection_endpoint")?;
        let result = self.authenticated(&url, &[("token", token)]).await;
        self.note(&About::security("/introspection", &url), None, &result);
        result
    }

    /// `POST` revoke; `hint` is `refresh_token` or `access_token`, where it is given.
    pub async fn revoke(&self, token: &str, hint: Option<&str>) -> Result<Reply, NoAnswer> {
        let url = self.server.endpoint("revocation_endpoint")?;
        let fields = [("token", token), ("token_type_hint", hint.unwrap_or_default())];
        let fields = if hint.is_some() { &fields[..] } else { &fields[..1] };
        let result = self.authenticated(&url, fields).await;
        self.note(&About::security("/revocation", &url), None, &result);
        result
    }
}
