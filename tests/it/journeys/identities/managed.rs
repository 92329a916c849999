//! The management routes: for a certificate of the institution's own authority with a key of its own that has the scope.

use std::time::Duration;

use ponte_bank::customers::CUSTOMERS;
use ponte_machine::clock;
use ponte_web::caller::Caller;
use serde_json::{Value, json};

use super::routes::{App, Kind, ROUTES};
use super::{Attempt, DENIED, Matrix, UNAUTHENTICATED, UNKNOWN, Wanted};
use crate::journeys::systems::{LIST, issue, operate};

/// Keys of the back office that open nothing, or not this.
pub(super) struct Keys {
    revoked: String,
    expired: String,
    rotated: String,
    other_scope: String,
    /// Id of a key that is good.
    id: String,
}

/// Issues them; the last one that has to end has ended.
pub(super) async fn keys(matrix: &Matrix<'_>) -> Keys {
    let (stack, plain) = (matrix.stack, &matrix.world.plain);
    let both = ["oob_consents:read", "oob_consents:write"];
    let end = clock::now().plus(Duration::from_secs(2));
    let short = json!({
        "operator": "api-key.issue", "caller": "backoffice", "scopes": both, "expiresAt": end.to_string(),
    });
    let expired = operate(stack, plain, &short).await["key"].as_str().expect("a key").to_owned();
    let (revoked_id, revoked) = issue(stack, plain, "backoffice", &both).await;
    operate(stack, plain, &json!({ "operator": "api-key.revoke", "id": revoked_id })).await;
    let (rotated_id, rotated) = issue(stack, plain, "backoffice", &both).await;
    operate(stack, plain, &json!({ "operator": "api-key.rotate", "id": rotated_id, "graceSeconds": 0 }))
        .await;
    let (id, other_scope) = issue(stack, plain, "backoffice", &["pcm:read", "pcm:write"]).await;
    while clock::now() <= end {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Keys { revoked, expired, rotated, other_scope, id }
}

/// Tries every identity that may not call on every route; the number of attempts.
pub(super) async fn everybody(matrix: &Matrix<'_>, keys: &Keys) -> usize {
    let (office, app) = (&matrix.office, &matrix.app);
    let secret = "A".repeat(43);
    let mut tried = 0;
    for (method, template, kind) in ROUTES {
        let Kind::Managed(_, for_apps) = kind else { continue };
        let call = Call { matrix, method, template };
        let mut attempts: Vec<(&str, &Caller, Option<&str>, Wanted)> = vec![
            ("no certificate", &matrix.none, Some(office.0.key()), Wanted::NoConnection),
            ("a participant", &matrix.first, Some(office.0.key()), Wanted::NoConnection),
            ("no key", office.0.caller(), None, UNAUTHENTICATED),
            ("a key that was revoked", office.0.caller(), Some(&keys.revoked), UNAUTHENTICATED),
            ("a key that ended", office.0.caller(), Some(&keys.expired), UNAUTHENTICATED),
            ("a key that was rotated", office.0.caller(), Some(&keys.rotated), UNAUTHENTICATED),
            ("the app's key", office.0.caller(), Some(app.0.key()), UNAUTHENTICATED),
            ("the back office's key", app.0.caller(), Some(office.0.key()), UNAUTHENTICATED),
            ("a key for something else", office.0.caller(), Some(&keys.other_scope), DENIED),
            ("an app without its customer", app.0.caller(), Some(app.0.key()), DENIED),
        ];
        let texts = [
            String::new(),
            "ponte".to_owned(),
            format!("ponte_{}_{secret}", keys.id),
            format!("ponte_0123456789abcdef_{secret}"),
            format!("PONTE_{}", &office.0.key()[6..]),
            format!("{} ", &office.0.key()[..office.0.key().len() - 1]),
            format!("Bearer {}", office.0.key()),
        ];
        attempts.extend(
            texts.iter().map(|text| ("no such key", office.0.caller(), Some(text.as_str()), UNAUTHENTICATED)),
        );
        for (who, caller, key, wanted) in &attempts {
            call.refuse(who, (*caller, "management"), (*key, &[]), *wanted).await;
        }
        tried += attempts.len() + call.elsewhere().await + call.another_customer(*for_apps).await;
    }
    tried
}

/// One managed route.
struct Call<'m> {
    matrix: &'m Matrix<'m>,
    method: &'static str,
    template: &'static str,
}

impl Call<'_> {
    async fn refuse(
        &self,
        who: &str,
        (caller, host): (&Caller, &str),
        (key, headers): (Option<&str>, &[(&'static str, &str)]),
        wanted: Wanted,
    ) {
        self.refuse_about(&self.matrix.consent, who, (caller, host), (key, headers), wanted).await;
    }

    async fn refuse_about(
        &self,
        consent: &str,
        who: &str,
        (caller, host): (&Caller, &str),
        (key, headers): (Option<&str>, &[(&'static str, &str)]),
        wanted: Wanted,
    ) {
        let path = self.template.replace("{consentId}", consent);
        let url = format!("{}{path}", self.matrix.host(host));
        let mut all: Vec<(&'static str, String)> =
            headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        all.extend(key.map(|key| ("x-api-key", key.to_owned())));
        let (call, body) = ((self.method, url), (self.method != "GET").then(|| self.body()));
        let route = (host, self.template);
        self.matrix.refuse(Attempt { who, caller, route, call, headers: all, body, wanted }).await;
    }

    /// On the other hosts there is no such route, whatever a caller says of the host it came to.
    async fn elsewhere(&self) -> usize {
        let office = &self.matrix.office;
        let management = self.matrix.host("management").trim_start_matches("https://");
        let port = management.rsplit(':').next().unwrap_or_default();
        let posing: [&[(&'static str, &str)]; 3] = [
            &[],
            &[("x-forwarded-port", port), ("x-forwarded-host", management)],
            &[("host", management), ("x-forwarded-port", port)],
        ];
        for headers in posing {
            let key = Some(office.0.key());
            self.refuse("a participant elsewhere", (&self.matrix.first, "mtls"), (key, headers), UNKNOWN)
                .await;
            let public = (&self.matrix.none, "public");
            self.refuse("anybody elsewhere", public, (key, headers), Wanted::NoRoute).await;
        }
        2 * posing.len()
    }

    /// The app with its own good key, for another customer than the consent's.
    async fn another_customer(&self, for_apps: App) -> usize {
        let app = &self.matrix.app;
        let bruno = CUSTOMERS[1].cpf;
        let (bakery, company) = (CUSTOMERS[2].cpf, CUSTOMERS[2].cnpj.expect("a company"));
        let wanted = match for_apps {
            App::MayNot => DENIED,
            // The list is the named customer's own; that it holds no other's is the management journey's.
            App::May if self.template == LIST => return 0,
            App::May => UNKNOWN,
        };
        let customers: [&[(&'static str, &str)]; 3] = [
            &[("x-customer-cpf", bruno)],
            &[("x-customer-cpf", bakery), ("x-customer-cnpj", company)],
            // The right person, for a company that the consent does not know.
            &[("x-customer-cpf", CUSTOMERS[0].cpf), ("x-customer-cnpj", company)],
        ];
        for headers in customers {
            let key = Some(app.0.key());
            self.refuse(
                "an app for another customer",
                (app.0.caller(), "management"),
                (key, headers),
                wanted,
            )
            .await;
        }
        // A consent that there is not is answered like one of another customer.
        let unknown = format!("{}0", self.matrix.consent);
        let (key, own) = (Some(app.0.key()), ("x-customer-cpf", CUSTOMERS[0].cpf));
        let management = (app.0.caller(), "management");
        self.refuse_about(&unknown, "an unknown consent", management, (key, &[own]), wanted).await;
        customers.len() + 1
    }

    /// A body with nothing wrong in it.
    fn body(&self) -> Value {
        match self.template.rsplit('/').next() {
            Some("authorisation") => json!({ "data": { "authorised": true } }),
            Some("resources-notification") => {
                json!({ "data": { "key": { "cpf": CUSTOMERS[0].cpf }, "type": "ACCOUNT" } })
            }
            _ => json!({ "data": { "status": "REVOKED", "revocation": { "revokedBy": "USER" } } }),
        }
    }
}
