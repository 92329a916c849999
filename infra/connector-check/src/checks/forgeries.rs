//! Requests that are not ours, not for this connector, or not of now: each must be refused, and move nothing.

use serde_json::{Value, json};

use super::check::{Check, FIND, PAYMENTS};
use crate::connector::unsigned;

impl Check {
    pub(super) async fn forgeries(&mut self, account: &Value) {
        for check in ["a signature of a stranger", "a stranger's signature under our kid", "alg none"] {
            let pix = self.pix(account);
            let claims = self.connector.claims(PAYMENTS, &self.scene.payment(&pix));
            let sides = &self.connector.sides;
            let said = match check {
                "alg none" => self.connector.carry_token(PAYMENTS, &claims, unsigned(&claims)).await,
                "a signature of a stranger" => self.connector.send(PAYMENTS, &claims, &sides.stranger).await,
                _ => self.connector.send(PAYMENTS, &claims, &sides.impostor).await,
            };
            self.report.note((PAYMENTS, check), said.and_then(|said| is_client_error(said.status)));
            self.never.push(pix);
        }
        for (check, name, value) in [
            ("for another operation", "aud", json!(format!("{}{FIND}", self.connector.sides.address))),
            ("of another institution", "iss", json!("somebody-else")),
            ("too old", "exp", json!(self.now().seconds() - 120)),
        ] {
            let pix = self.pix(account);
            let mut claims = self.connector.claims(PAYMENTS, &self.scene.payment(&pix));
            claims[name] = value;
            let said = self.connector.send(PAYMENTS, &claims, &self.connector.sides.signer).await;
            self.report.note((PAYMENTS, check), said.and_then(|said| is_client_error(said.status)));
            self.never.push(pix);
        }
        let plain = self.connector.carried(("POST", PAYMENTS), "application/json", b"{}".to_vec()).await;
        let refused = plain.and_then(|(received, _)| is_client_error(received.status));
        self.report.note((PAYMENTS, "not signed"), refused);
        self.replayed(account).await;
    }

    /// The same signed request twice: its `jti` counts once.
    async fn replayed(&mut self, account: &Value) {
        let pix = self.pix(account);
        let claims = self.connector.claims(PAYMENTS, &self.scene.payment(&pix));
        let signer = &self.connector.sides.signer;
        let first = self.connector.send(PAYMENTS, &claims, signer).await;
        let paid = first.and_then(|said| said.data(201).map(drop));
        let second = self.connector.send(PAYMENTS, &claims, signer).await;
        let refused = second.and_then(|said| is_client_error(said.status));
        self.report.note((PAYMENTS, "the same jti twice"), paid.and(refused));
        self.executed.push(pix);
    }
}

/// Whether a request was refused as wrong.
fn is_client_error(status: u16) -> Result<(), String> {
    if (400..500).contains(&status) { Ok(()) } else { Err(format!("status {status} where 400 is due")) }
}
