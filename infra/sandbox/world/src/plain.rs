//! The one server of the world without TLS: the bank core, and the responder of the authority, which has to answer over plain
//! HTTP, with the controls of the payment core. `/sandbox/revocations` revokes.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use ponte_bank::Bank;
use ponte_machine::clock;
use ponte_payment_core::Control;
use ponte_pki::Responder;
use ponte_web::{Answer, Request, Site};
use serde::Deserialize;
use serde_json::json;

use crate::relay::Relay;

/// Path of the responder; its list is below it.
pub(crate) const RESPONDER: &str = "/authority";
/// Beginning of the paths of the payment core's controls.
pub(crate) const PAYMENT_CORE: &str = "/payment-core";
const REVOCATIONS: &str = "/sandbox/revocations";

/// Bank core and responder behind one listener.
pub(crate) struct PlainSite {
    pub(crate) bank: Arc<Bank>,
    pub(crate) responder: Arc<Responder>,
    /// The layer that answers in place of the bank's.
    pub(crate) layer: Option<Arc<Relay>>,
    /// Controls of the payment core, whose own listener asks for a certificate.
    pub(crate) payment_core: Control,
}

/// Body of `POST /sandbox/revocations`.
#[derive(Deserialize)]
struct Order {
    /// A certificate to revoke, PEM.
    certificate: Option<String>,
    /// For how many seconds answers are current from now on.
    life: Option<u64>,
}

impl Site for PlainSite {
    async fn answer(&self, request: Request) -> Answer {
        match request.path.strip_prefix(RESPONDER) {
            Some("") => self.question(&request),
            Some("/lista.crl") => self.list(&request),
            _ if request.path.starts_with(PAYMENT_CORE) => {
                self.payment_core.answer(&request.path[PAYMENT_CORE.len()..], &request).await
            }
            _ if request.path == REVOCATIONS => self.revocations(&request),
            _ => match &self.layer {
                Some(layer) if Relay::takes(&request.path) => layer.answer(request).await,
                _ => self.bank.answer(request).await,
            },
        }
    }
}

impl PlainSite {
    fn question(&self, request: &Request) -> Answer {
        if request.method != Method::POST || !request.is("application/ocsp-request") {
            return Answer::message(StatusCode::BAD_REQUEST, "POST of application/ocsp-request");
        }
        match self.responder.answer(&request.body, clock::now()) {
            Ok(answer) => Answer::binary("application/ocsp-response", answer),
            Err(problem) => Answer::message(StatusCode::INTERNAL_SERVER_ERROR, &problem.to_string()),
        }
    }

    fn list(&self, request: &Request) -> Answer {
        if request.method != Method::GET {
            return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "only GET");
        }
        match self.responder.list(clock::now()) {
            Ok(list) => Answer::binary("application/pkix-crl", list),
            Err(problem) => Answer::message(StatusCode::INTERNAL_SERVER_ERROR, &problem.to_string()),
        }
    }

    fn carry_out(&self, order: &Order) -> Result<(), String> {
        if let Some(seconds) = order.life {
            self.responder.live(Duration::from_secs(seconds));
        }
        let revoked = order.certificate.as_ref().map(|pem| self.responder.revoke(pem));
        revoked.transpose().map(|_| ()).map_err(|problem| problem.to_string())
    }

    /// `GET` and `POST /sandbox/revocations`.
    fn revocations(&self, request: &Request) -> Answer {
        match request.method {
            Method::GET => {}
            Method::POST => {
                if let Err(problem) = request.json().and_then(|order| self.carry_out(&order)) {
                    return Answer::message(StatusCode::BAD_REQUEST, &problem);
                }
            }
            _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET or POST"),
        }
        Answer::json(StatusCode::OK, &json!({ "revoked": self.responder.count() }))
    }
}
