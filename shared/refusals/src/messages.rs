//! What is wrong with the `data` of a signed request (422, P30, P31): its members are named, what was sent is not repeated.

use crate::refusal::Refusal;

/// A member of `data` that is not as the OpenAPI file has it. Where the file prints no such codes, the handler answers with its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DataFault {
    /// A member that must be there; its name with those of the members around it: `data.payment.amount`, `data[1].endToEndId`.
    Missing(String),
    /// A member without a value that it may have, or that is there twice, or one with a member that nobody knows.
    Invalid(String),
}

impl From<DataFault> for Refusal {
    fn from(fault: DataFault) -> Self {
        match fault {
            DataFault::Missing(name) => {
                Self::new(422, "PARAMETRO_NAO_INFORMADO", "Parâmetro não informado", "")
                    .saying(format!("Parâmetro {name} obrigatório não informado."))
            }
            DataFault::Invalid(name) => Self::new(422, "PARAMETRO_INVALIDO", "Parâmetro inválido", "")
                .saying(format!("Parâmetro {name} não obedece as regras de formatação esperadas.")),
        }
    }
}
