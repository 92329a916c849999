//! The rows of the catalog: for a client with its own token, or with the token of the customer of this consent.

use ponte_bank::customers::CUSTOMERS;
use ponte_catalog::consents::{CREATE, ROWS};
use ponte_catalog::{Access, Row};
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate};
use ponte_fapi::jws::Signer;
use ponte_machine::clock;
use ponte_web::caller::Caller;
use serde_json::{Value, json};

use super::{Attempt, DENIED, Matrix, UNAUTHENTICATED, Wanted, regulatory};
use crate::journeys::systems::file;

/// An identity: who it is, over which certificate, with which token, and what it gets from a client's row and from one
/// that needs the customer's token; `None` where it is the right one.
type Identity<'a> = (&'static str, &'a Caller, String, [Option<Wanted>; 2]);

/// Tries every identity that may not call on every row; the number of attempts.
pub(super) async fn everybody(matrix: &Matrix<'_>) -> usize {
    let identities = identities(matrix);
    let mut tried = 0;
    for row in ROWS {
        for (who, caller, token, wanted) in &identities {
            let place = usize::from(matches!(row.access, Access::Customer(_)));
            // Whose own consents those are is decided by the consent in the path; a new one is its creator's.
            let creates = row.operation == CREATE.operation && *who == "another client";
            let Some(wanted) = wanted[place].filter(|_| !creates) else { continue };
            attempt(matrix, row, (who, caller, "mtls"), (regulatory(token), wanted)).await;
            tried += 1;
        }
        tried += elsewhere(matrix, row).await;
    }
    tried
}

fn identities<'a>(matrix: &'a Matrix<'_>) -> Vec<Identity<'a>> {
    let (first, second) = (&matrix.first, &matrix.second);
    let forge = Forge::of(matrix);
    let nobody = [Some(UNAUTHENTICATED); 2];
    let denied = [Some(DENIED); 2];
    let own = matrix.first_token.as_str();
    let (head, _) = own.rsplit_once('.').expect("a token has three parts");
    vec![
        ("no certificate", &matrix.none, own.to_owned(), [Some(Wanted::NoConnection); 2]),
        (
            "a system of the institution",
            matrix.office.0.caller(),
            own.to_owned(),
            [Some(Wanted::NoConnection); 2],
        ),
        ("no token", first, String::new(), nobody),
        ("garbage", first, "not-a-token".to_owned(), nobody),
        ("a broken signature", first, format!("{head}.AAAA"), nobody),
        ("an expired token", first, forge.token(&forge.issuer, -1_000, "consents"), nobody),
        ("a token of the future", first, forge.token(&forge.issuer, 1_000, "consents"), nobody),
        ("another institution", first, forge.token("https://outro.banco.example", 0, "consents"), nobody),
        ("a client that signs for us", first, forge.own(matrix), nobody),
        ("a stolen token of a client", second, own.to_owned(), nobody),
        ("a stolen token of a customer", second, matrix.customer_token.clone(), nobody),
        ("another client", second, matrix.second_token.clone(), denied),
        ("a client without its customer", first, own.to_owned(), [None, Some(DENIED)]),
        ("a customer's token", first, matrix.customer_token.clone(), [Some(DENIED), None]),
        ("another consent's token", first, matrix.other_consent_token.clone(), denied),
        ("a token without the scope", first, forge.token(&forge.issuer, 0, "accounts"), denied),
    ]
}

/// The other hosts know no such route; the key of a system opens nothing here.
async fn elsewhere(matrix: &Matrix<'_>, row: &Row) -> usize {
    let own = || regulatory(&matrix.first_token);
    attempt(matrix, row, ("the public host", &matrix.none, "public"), (own(), Wanted::NoRoute)).await;
    let office = &matrix.office;
    let mut headers = own();
    headers.push(("x-api-key", office.0.key().to_owned()));
    attempt(
        matrix,
        row,
        ("the management host", office.0.caller(), "management"),
        (headers, Wanted::NoRoute),
    )
    .await;
    let mut headers = regulatory("");
    headers.push(("x-api-key", office.0.key().to_owned()));
    attempt(matrix, row, ("the key of a system", &matrix.first, "mtls"), (headers, UNAUTHENTICATED)).await;
    3
}

async fn attempt(
    matrix: &Matrix<'_>,
    row: &Row,
    (who, caller, host): (&str, &Caller, &str),
    (headers, wanted): (Vec<(&'static str, String)>, Wanted),
) {
    let path = row.template.replace("{consentId}", &matrix.consent);
    let call = (row.method.as_str(), format!("{}{path}", matrix.host(host)));
    let body = row.body.then(|| body(row));
    let route = (host, row.template);
    matrix.refuse(Attempt { who, caller, route, call, headers, body, wanted }).await;
}

/// A body with nothing wrong in it: only who asks decides.
fn body(row: &Row) -> Value {
    let person = json!({ "document": { "identification": CUSTOMERS[0].cpf, "rel": "CPF" } });
    if row.operation == CREATE.operation {
        json!({ "data": { "loggedUser": person, "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"] } })
    } else {
        json!({ "data": { "loggedUser": person } })
    }
}

/// Signs with the institution's own key what its authorization server never would.
struct Forge {
    signer: Signer,
    issuer: String,
    claims: AccessToken,
}

impl Forge {
    fn of(matrix: &Matrix<'_>) -> Self {
        let stack = matrix.stack;
        let world = std::path::Path::new(stack.text("/ca_file")).parent().expect("the world has a folder");
        let key = std::fs::read_to_string(world.join("institution/signing.key")).expect("the key is there");
        let kid = ponte_pki::RsaKey::from_pem(&key).expect("a key").kid().to_owned();
        let certificate = ClientCertificate::from_pem(&file(stack, "/clients/0/transport_cert"));
        let certificate = certificate.expect("the client has a certificate");
        let record = matrix.world.receiver.record();
        let issuer = matrix.host("public").to_owned();
        let claims = AccessToken {
            iss: issuer.clone(),
            aud: issuer.clone(),
            sub: record.client_id.clone(),
            client_id: record.client_id.clone(),
            org_id: record.organisation_id.clone(),
            ss_id: record.software_statement_id.clone(),
            scope: String::new(),
            consent_id: None,
            iat: NumericDate::at(0),
            exp: NumericDate::at(0),
            jti: clock::new_id(),
            cnf: ConfirmationClaim { thumbprint: *certificate.thumbprint() },
        };
        Self { signer: Signer::from_pkcs8_pem(&key, &kid).expect("the key signs"), issuer, claims }
    }

    /// A token of `issuer` from now on and `late` seconds, with this scope.
    fn claims(&self, issuer: &str, late: i64, scope: &str) -> AccessToken {
        let at = |seconds: i64| {
            NumericDate::at(u64::try_from(clock::now().seconds() + seconds).expect("after 1970"))
        };
        let (iss, aud, scope) = (issuer.to_owned(), issuer.to_owned(), scope.to_owned());
        AccessToken { iss, aud, scope, iat: at(late), exp: at(late + 600), ..self.claims.clone() }
    }

    fn token(&self, issuer: &str, late: i64, scope: &str) -> String {
        self.claims(issuer, late, scope).mint(&self.signer).expect("the key signs")
    }

    /// Everything right but the key, which is the client's.
    fn own(&self, matrix: &Matrix<'_>) -> String {
        let token = self.claims(&self.issuer, 0, "consents").mint(matrix.world.receiver.signer());
        token.expect("the key signs")
    }
}
