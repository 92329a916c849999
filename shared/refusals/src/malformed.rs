//! Texts about calls that cannot be read: bodies, headers, parameters.
//!
//! To add one: a variant, and an arm with its text, which must not repeat what was sent.

use std::borrow::Cow;

use crate::refusal::Refusal;

/// A call that cannot be read (400).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MalformedRequest {
    /// A body that is not UTF-8 text, or not the base64 that the gateway announces.
    Body,
    /// A body above the limit.
    BodyTooLarge,
    /// JSON with a member that is missing, unknown or invalid, at this place.
    Member {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
    },
    /// A body that is not JSON, from this place on.
    Json {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
    },
    /// A header that is required, and is missing or invalid.
    Header(&'static str),
    /// A header whose value is not text.
    UnreadableHeader(&'static str),
    /// `x-correlation-id` that is not a UUID.
    CorrelationId,
    /// A parameter, header or member that is invalid.
    Invalid(&'static str),
    /// A query parameter that the call does not know: left out, it would show more than was asked for.
    UnknownParameter,
    /// The list names no customer.
    NoCustomer,
    /// Query and header name different customers.
    OtherCustomer,
    /// A consent id that is no URN.
    ConsentUrn,
    /// Neither `jwt` nor `refused`, or both (command loop).
    JwtOrRefused,
    /// More `selectedResources` than this (command loop).
    TooManySelected(usize),
    /// A `request_uri` that is unknown, spent or expired, or not of this client.
    AuthorizationRequest,
    /// A step of the journey API that is not `step` and `data`.
    Step,
    /// A member of `data` that the step requires (journey API).
    StepMemberMissing(&'static str),
    /// A member of `data` that is invalid (journey API).
    StepMember(&'static str),
    /// A member of `data` that does not belong to the step (journey API).
    StepMemberUnwanted(&'static str),
}

impl From<MalformedRequest> for Refusal {
    fn from(fault: MalformedRequest) -> Self {
        Self::malformed(malformed_text(fault))
    }
}

fn malformed_text(fault: MalformedRequest) -> Cow<'static, str> {
    match fault {
        MalformedRequest::Body => "corpo da requisição ilegível".into(),
        MalformedRequest::BodyTooLarge => "corpo da requisição grande demais".into(),
        MalformedRequest::Member { line, column } => {
            format!("campo ausente, desconhecido ou inválido (linha {line} coluna {column})").into()
        }
        MalformedRequest::Json { line, column } => {
            format!("JSON malformado (linha {line} coluna {column})").into()
        }
        MalformedRequest::Header(name) => format!("cabeçalho {name} ausente ou inválido").into(),
        MalformedRequest::UnreadableHeader(name) => format!("cabeçalho {name} ilegível").into(),
        MalformedRequest::CorrelationId => "cabeçalho X-Correlation-ID inválido, informe um UUID".into(),
        MalformedRequest::Invalid(name) => format!("{name} inválido").into(),
        MalformedRequest::UnknownParameter => "há um parâmetro desconhecido na consulta".into(),
        MalformedRequest::NoCustomer => "informe cpf ou cnpj, ou createdOnBegin e createdOnEnd".into(),
        MalformedRequest::OtherCustomer => "o cliente da consulta não é o do cabeçalho".into(),
        MalformedRequest::ConsentUrn => "consentId inválido: informe a URN do consentimento".into(),
        MalformedRequest::JwtOrRefused => "Informe jwt, ou refused verdadeiro, e não ambos".into(),
        MalformedRequest::TooManySelected(most) => format!("selectedResources: o máximo é {most}").into(),
        MalformedRequest::AuthorizationRequest => "O pedido de autorização não é válido ou expirou".into(),
        MalformedRequest::Step => {
            "o corpo não é o de um passo: informe step e data, sem outros membros".into()
        }
        MalformedRequest::StepMemberMissing(name) => {
            format!("data.{name}: campo obrigatório neste passo").into()
        }
        MalformedRequest::StepMember(name) => format!("data.{name}: valor inválido").into(),
        MalformedRequest::StepMemberUnwanted(name) => {
            format!("data.{name}: não pertence a este passo").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c50_a_detail_names_the_member_or_the_place_and_never_what_was_sent() {
        for (fault, detail) in [
            (
                MalformedRequest::Member { line: 1, column: 9 },
                "campo ausente, desconhecido ou inválido (linha 1 coluna 9)",
            ),
            (
                MalformedRequest::Header("x-customer-user-agent"),
                "cabeçalho x-customer-user-agent ausente ou inválido",
            ),
            (MalformedRequest::StepMember("type"), "data.type: valor inválido"),
            (MalformedRequest::TooManySelected(100), "selectedResources: o máximo é 100"),
        ] {
            assert_eq!(malformed_text(fault), detail);
        }
    }
}
