//! Faults of interactions, in which customers decide about a target.

use ponte_authorization::interaction::InteractionFault;

use crate::Refusal;

impl From<InteractionFault> for Refusal {
    fn from(fault: InteractionFault) -> Self {
        match fault {
            InteractionFault::InvalidSession => {
                Self::new(404, "INVALID_SESSION", "Sessão inválida", "A interação não existe ou já terminou")
            }
            InteractionFault::ClientGone => Self::new(
                404,
                "INVALID_SESSION",
                "Sessão inválida",
                "Quem pediu o compartilhamento não é mais atendido por esta instituição",
            ),
            InteractionFault::OutOfOrder => Self::new(
                409,
                "INVALID_STATUS_CONFIRMATION",
                "Etapa fora de ordem",
                "A interação não está na etapa que esta operação exige",
            ),
            InteractionFault::DocumentMismatch => Self::new(
                403,
                "CPF_MISMATCH",
                "Documento divergente",
                "Quem se autenticou não é quem o consentimento nomeia",
            ),
            InteractionFault::WeakLogin => Self::new(
                422,
                "NIVEL_AUTENTICACAO_INSUFICIENTE",
                "Autenticação insuficiente",
                "O pedido exige autenticação por dois fatores; autentique o cliente novamente",
            ),
            InteractionFault::WrongTicket => {
                Self::new(403, "INVALID_SESSION", "Sessão inválida", "Retorno não reconhecido")
            }
            InteractionFault::TooManyLogins(wait) => Self::new(
                429,
                "LIMITE_EXCEDIDO",
                "Muitas tentativas",
                "Houve tentativas demais de autenticação; tente novamente após o tempo indicado em Retry-After",
            )
            .after(Some(wait)),
            InteractionFault::TooManyDiscoveries(wait) => Self::new(
                429,
                "LIMITE_EXCEDIDO",
                "Muitas tentativas",
                "Os produtos foram consultados vezes demais; tente novamente após o tempo indicado em Retry-After",
            )
            .after(Some(wait)),
            InteractionFault::TooManyGuesses(wait) => Self::new(
                429,
                "LIMITE_EXCEDIDO",
                "Muitas tentativas",
                "Foram digitados muitos códigos que não existem; tente novamente após o tempo indicado em Retry-After",
            )
            .after(Some(wait)),
        }
    }
}
