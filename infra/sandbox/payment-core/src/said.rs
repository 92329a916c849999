//! What the core says to a request, before it is signed.

use serde_json::{Value, json};

/// An answer: HTTP status and members of the body. `signed` tells whether it leaves as a JWT.
#[derive(Clone, PartialEq, Debug)]
pub struct Said {
    /// HTTP status.
    pub status: u16,
    /// Members of the body.
    pub body: Value,
    /// Whether it leaves signed.
    pub signed: bool,
}

impl Said {
    /// `data`.
    pub(crate) fn data(status: u16, data: Value) -> Self {
        let body = Value::Object([("data".to_owned(), data)].into_iter().collect());
        Self { status, body, signed: true }
    }

    /// A refusal by a code of the contract.
    pub(crate) fn refused(status: u16, code: &str, detail: &str) -> Self {
        let title = code.replace('_', " ").to_lowercase();
        let body = json!({ "errors": [{ "code": code, "title": title, "detail": detail }] });
        Self { status, body, signed: true }
    }

    /// Something that is no answer of the contract's, as anybody on the way may say it.
    pub(crate) fn plain(status: u16, code: &str, detail: &str) -> Self {
        Self { signed: false, ..Self::refused(status, code, detail) }
    }
}

/// 400: the request is not what the operation takes.
pub(crate) fn invalid(detail: &str) -> Said {
    Said::plain(400, "REQUISICAO_INVALIDA", detail)
}
