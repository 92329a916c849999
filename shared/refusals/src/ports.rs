//! Faults that several nouns share: of commits, of lists, of pages, of the institution, and of what may be asked again.

use ponte_ports::{CommitFault, IndexFault, InstitutionFault, Unavailable};
use ponte_values::PageFault;

use crate::Refusal;

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
                "ERRO_NAO_MAPEADO",
                "Recusado pela instituição",
                "A instituição recusou a operação por regra própria",
            ),
            InstitutionFault::Port(error) => error.into(),
        }
    }
}

impl From<Unavailable> for Refusal {
    fn from(fault: Unavailable) -> Self {
        Self::unavailable(fault.cause).after(Some(fault.after))
    }
}
