//! Why an operation was refused, as `docs/integration-layer.md` lists it.

use http::StatusCode;

/// Why an operation was refused.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) detail: String,
}

/// 400: the body is not what the operation takes.
pub(crate) fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "REQUISICAO_INVALIDA",
        title: "Requisição inválida",
        detail: detail.into(),
    }
}

/// 404: nobody knows this.
pub(crate) fn not_found(detail: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::NOT_FOUND,
        code: "RECURSO_NAO_ENCONTRADO",
        title: "Recurso não encontrado",
        detail: detail.into(),
    }
}

/// 403: it is there, and another customer's.
pub(crate) fn of_another_customer() -> Refusal {
    Refusal {
        status: StatusCode::FORBIDDEN,
        code: "RECURSO_DE_OUTRO_CLIENTE",
        title: "Recurso de outro cliente",
        detail: "o recurso não pertence ao cliente do consentimento".into(),
    }
}
