//! Faults of callers: the target of their token, API keys, signed messages.

use ponte_authorization::api_key::ApiKeyFault;
use ponte_fapi::claims::MessageFault;
use ponte_fapi::jws::JwsFault;
use ponte_ports::authority::AuthorityFault;

use crate::Refusal;

impl From<AuthorityFault> for Refusal {
    fn from(fault: AuthorityFault) -> Self {
        match fault {
            AuthorityFault::NotInForce => Self::unauthenticated(),
            AuthorityFault::Permission => Self::forbidden(),
            AuthorityFault::Port(error) => error.into(),
        }
    }
}

impl From<ApiKeyFault> for Refusal {
    fn from(fault: ApiKeyFault) -> Self {
        match fault {
            ApiKeyFault::Unauthenticated(_) => Self::unknown_manager(),
            ApiKeyFault::Scope => Self::new(
                403,
                "ACESSO_NEGADO",
                "Acesso negado",
                "A chave de API não tem o escopo desta operação",
            ),
        }
    }
}

impl From<MessageFault> for Refusal {
    fn from(fault: MessageFault) -> Self {
        match fault {
            MessageFault::Signature(JwsFault::Signing) => Self::internal(),
            MessageFault::Signature(
                JwsFault::TooLarge
                | JwsFault::Malformed
                | JwsFault::Algorithm
                | JwsFault::Type
                | JwsFault::ForbiddenHeader(_)
                | JwsFault::KeyIdMissing
                | JwsFault::UnknownKey
                | JwsFault::Signature
                | JwsFault::Claims,
            ) => Self::new(
                400,
                "BAD_SIGNATURE",
                "Assinatura da mensagem inválida",
                "A mensagem não é um JWT assinado em PS256 com uma chave ativa do cliente no diretório",
            ),
            MessageFault::Claims(_) => Self::new(
                403,
                "INVALID_CLIENT",
                "Mensagem assinada não aceita",
                "aud, iss, iat ou jti da mensagem ausente, inválido ou de outra chamada",
            ),
            MessageFault::Replayed => Self::new(
                403,
                "INVALID_CLIENT",
                "Mensagem assinada repetida",
                "O jti da mensagem já foi usado nas últimas 24 horas",
            ),
        }
    }
}
