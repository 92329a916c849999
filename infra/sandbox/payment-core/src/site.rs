//! The operations over HTTPS, for whoever shows the certificate of the connector.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use ponte_web::{Answer, Request, Site};
use serde_json::json;

use crate::payment_core::{Answered, PaymentCore};

/// Largest request, bytes.
const MOST: usize = 1024 * 1024;

/// Common name of the certificate that the core expects.
pub const CONNECTOR: &str = "payment-connector";

/// The core behind its listener.
pub struct CoreSite(pub Arc<PaymentCore>);

impl Site for CoreSite {
    async fn answer(&self, request: Request) -> Answer {
        let refused = |status, code| {
            let errors = json!([{ "code": code, "title": code, "detail": code }]);
            Answer::json(status, &json!({ "errors": errors }))
        };
        if !request.certificate.as_ref().is_some_and(|certificate| is_connector(certificate)) {
            return refused(StatusCode::UNAUTHORIZED, "NAO_AUTORIZADO");
        }
        if request.method != Method::POST {
            return refused(StatusCode::METHOD_NOT_ALLOWED, "METODO_NAO_PERMITIDO");
        }
        if !request.is("application/jwt") {
            return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "TIPO_NAO_SUPORTADO");
        }
        if request.body.len() > MOST {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, "REQUISICAO_GRANDE_DEMAIS");
        }
        let Ok(token) = std::str::from_utf8(&request.body) else {
            return refused(StatusCode::BAD_REQUEST, "REQUISICAO_INVALIDA");
        };
        let Answered { status, body, signed } = self.0.called(&request.path, token).await;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = Answer::json_text(status, body);
        let jwt = HeaderValue::from_static("application/jwt");
        if signed { answer.with(header::CONTENT_TYPE, jwt) } else { answer }
    }
}

/// Whether a certificate is the connector's; the listener has verified who issued it.
fn is_connector(certificate: &[u8]) -> bool {
    x509_parser::parse_x509_certificate(certificate).is_ok_and(|(_, leaf)| {
        let mut names = leaf.subject().iter_common_name().filter_map(|name| name.as_str().ok());
        names.any(|name| name == CONNECTOR)
    })
}
