//! The authorization server and the public pages, with a document where something else belongs.

use ponte_machine::clock;
use ponte_web::caller::Call;
use serde_json::json;

use super::{ANA, Flows};
use crate::journeys::callers::{Host, authentication};

impl Flows<'_> {
    /// The authorization server with documents where names of clients, tokens and tickets belong.
    pub(in super::super) async fn authorization(&mut self) {
        const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
        let who = format!("{}+{}", ANA.name.replace(' ', "+"), ANA.cpf);
        let now = clock::now().seconds();
        let authenticated = |jti: &str, more: (&str, &str)| {
            let fields = authentication(self.stack, now, jti);
            url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .append_pair(more.0, more.1)
                .append_pair("login_hint", ANA.cpf)
                .finish()
        };
        let claims = json!({ "iss": ANA.cpf, "login_hint": ANA.name, "client_id": ANA.cpf });
        let object = self.world.receiver.signed_request(&claims);
        let posts = [
            ("/auth/token", format!("grant_type=client_credentials&client_id={who}&scope={who}")),
            ("/auth/token", format!("client_assertion_type={who}&client_assertion={who}")),
            ("/auth/par", authenticated("canary-1", ("request", ANA.cpf))),
            ("/auth/par", authenticated("canary-2", ("request", &object))),
            ("/auth/introspect", format!("token={who}")),
            ("/auth/revoke", format!("token={who}&token_type_hint={who}")),
        ];
        for (path, form) in posts {
            let got = self.callers.call(Host::Mtls, ("POST", path), &[FORM], form.into_bytes()).await;
            self.heard(path, (got.status, got.body.into_bytes()), &[400, 401, 404]);
        }
        for path in [
            format!("/auth/authorize?client_id={who}&request_uri={who}"),
            format!("/auth/authorize?{who}"),
            format!("/auth/resume?ticket={who}"),
            format!("/auth/handoff/v1/{who}"),
            format!("/auth/handoff/v1/{}/status", ANA.cpf),
            format!("/auth/{}", ANA.cpf),
            format!("/.well-known/{}", ANA.cpf),
        ] {
            // The app asks for JSON, a browser for a page; both bring a cookie that is none.
            for accept in ["application/json", "text/html"] {
                let cookie = format!("__Host-handoff-{}={}", ANA.cpf, ANA.name.replace(' ', "."));
                let headers = [("accept", accept), ("cookie", cookie.as_str())];
                let got = self.callers.call(Host::Public, ("GET", &path), &headers, Vec::new()).await;
                self.heard("a public page", (got.status, got.body.into_bytes()), &[400, 404]);
            }
        }
        let got =
            self.callers.call(Host::Mtls, ("GET", &format!("/auth/register/{who}")), &[], Vec::new()).await;
        self.heard("a registration", (got.status, got.body.into_bytes()), &[401, 404]);
        let url = format!("{}/invoke/oauth", self.stack.text("/control"));
        for command in ["api-key.revoke", "api-key.rotate", ANA.name] {
            let command = json!({
                "operator": command, "id": ANA.cpf, "caller": 1, ANA.cpf: ANA.name,
                "by": { "name": "operador", "reason": "a slip" },
            });
            let reply = self.world.plain.send(Call::post_json(&url, &command)).await;
            self.replied("an operator's slip", reply, &[200, 502]);
        }
    }
}
