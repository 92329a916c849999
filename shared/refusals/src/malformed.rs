//! Texts about calls that cannot be read: bodies, headers, parameters.
//!
//! To add one: a variant, and an arm with its text, which must not repeat what was sent.

use std::borrow::Cow;

use crate::refusal::Refusal;

/// A call that cannot be read (400).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MalformedRequest {
    /// A body that is not UTF-8 text, or not the base64 that the gateway announces.
    Body,
    /// No body where one is due.
    NoBody,
    /// A body above the limit.
    BodyTooLarge,
    /// JSON with a member that is wrong, at this place.
    Member {
        /// Its name with the names of those around it, `data.loggedUser`; empty if it is the body itself. Names of ours alone.
        name: String,
        /// What is wrong with it.
        fault: MemberFault,
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

/// What is wrong with a member of a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberFault {
    /// It must be there.
    Missing,
    /// It is there twice.
    Repeated,
    /// It holds a member that nobody knows, whose name is not repeated.
    Unknown,
    /// It has no value that it may have.
    Invalid,
}

impl From<MalformedRequest> for Refusal {
    fn from(fault: MalformedRequest) -> Self {
        Self::malformed(malformed_text(fault))
    }
}

fn malformed_text(fault: MalformedRequest) -> Cow<'static, str> {
    match fault {
        MalformedRequest::Body => "corpo da requisição ilegível".into(),
        MalformedRequest::NoBody => "corpo da requisição ausente".into(),
        MalformedRequest::BodyTooLarge => "corpo da requisição grande demais".into(),
        MalformedRequest::Member { name, fault, line, column } => {
            let name = if name.is_empty() { "corpo" } else { &name };
            let what = match fault {
                MemberFault::Missing => "campo obrigatório ausente",
                MemberFault::Repeated => "campo repetido",
                MemberFault::Unknown => "há um campo desconhecido",
                MemberFault::Invalid => "valor inválido",
            };
            format!("{name}: {what} (linha {line} coluna {column})").into()
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
        let member = |name: &str, fault| {
            let name = name.to_owned();
            MalformedRequest::Member { name, fault, line: 1, column: 9 }
        };
        for (fault, detail) in [
            (
                member("data.loggedUser", MemberFault::Missing),
                "data.loggedUser: campo obrigatório ausente (linha 1 coluna 9)",
            ),
            (member("data", MemberFault::Repeated), "data: campo repetido (linha 1 coluna 9)"),
            (member("data", MemberFault::Unknown), "data: há um campo desconhecido (linha 1 coluna 9)"),
            (member("", MemberFault::Invalid), "corpo: valor inválido (linha 1 coluna 9)"),
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
