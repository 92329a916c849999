//! Faults that several nouns share: of commits, of lists, of pages, of the institution, and of what may be asked again.

use std::time::Duration;

use ponte_ports::{CommitFault, IndexFault, InstitutionFault, Limit, PortError, Unavailable};
use ponte_values::PageFault;

use crate::Refusal;
use crate::refusal::UNMAPPED;

/// The counters of traffic begin anew at each full minute (L03), so that this wait is always enough.
const A_MINUTE: Duration = Duration::from_mins(1);

impl From<CommitFault> for Refusal {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Conflict => Self::new(
                409,
                "CONFLITO",
                "Alteração concorrente",
                "O recurso foi alterado por outra requisição; consulte-o e tente novamente",
            ),
            CommitFault::Port(error) => error.into(),
        }
    }
}

impl From<IndexFault> for Refusal {
    fn from(fault: IndexFault) -> Self {
        match fault {
            IndexFault::Cursor => Self::parameter("cursor", "não foi emitido para esta consulta"),
            IndexFault::Port(error) => error.into(),
        }
    }
}

impl From<PageFault> for Refusal {
    fn from(fault: PageFault) -> Self {
        match fault {
            PageFault::NotANumber(name) => {
                Self::malformed(format!("{name}: informe um número inteiro positivo"))
            }
            PageFault::TooLarge(most) => Self::parameter("page-size", &format!("o máximo é {most}")),
        }
    }
}

impl From<InstitutionFault> for Refusal {
    fn from(fault: InstitutionFault) -> Self {
        match fault {
            InstitutionFault::NotFound => Self::not_found(),
            InstitutionFault::Refused(_) => Self::new(
                422,
                UNMAPPED,
                "Recusado pela instituição",
                "A instituição recusou a operação por regra própria",
            ),
            InstitutionFault::Limited(limit, wait) => limited(limit).after(wait),
            // Whoever can wait for it does not come here with it.
            InstitutionFault::NotReady(wait) => {
                PortError::timeout("integration layer", "not ready").after(wait).into()
            }
            InstitutionFault::Port(error) => error.into(),
        }
    }
}

impl From<Unavailable> for Refusal {
    fn from(fault: Unavailable) -> Self {
        Self::unavailable(fault.cause).after(Some(fault.after))
    }
}

/// 423 or 429, whoever counted the calls.
pub(crate) fn limited(limit: Limit) -> Refusal {
    match limit {
        Limit::Operational => Refusal::new(
            423,
            "LIMITE_OPERACIONAL_EXCEDIDO",
            "Limite operacional excedido",
            "O limite mensal de chamadas para este cliente e recurso foi atingido",
        ),
        Limit::Traffic => Refusal::new(
            429,
            "LIMITE_TRAFEGO_EXCEDIDO",
            "Limite de tráfego excedido",
            "O limite de chamadas por minuto foi atingido; tente novamente após o tempo em Retry-After",
        )
        .after(Some(A_MINUTE)),
    }
}
