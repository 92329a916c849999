//! Faults of the creation and of the changes of a consent.

use ponte_authorization::approval::AnswerFault;

use crate::groups::PermissionFault;

/// The reason why a consent cannot be created or changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsentFault {
    /// The permissions make no sense together (C24).
    Permissions(PermissionFault),
    /// `expirationDateTime` is in the past or more than the ceiling away (C08): DATA_EXPIRACAO_INVALIDA.
    ExpirationDate,
    /// Nothing that this institution offers is left (C23): SEM_PERMISSOES_FUNCIONAIS_RESTANTES.
    NothingFunctional,
    /// A person is named by another document than a CPF, or a company by another than a CNPJ: ERRO_NAO_MAPEADO.
    DocumentKind,
    /// This institution does not serve optimised journeys (C40): ERRO_NAO_MAPEADO.
    LinkedNotServed,
    /// The consent is REJECTED already (C10): CONSENTIMENTO_EM_STATUS_REJEITADO.
    AlreadyRejected,
    /// The transition needs AWAITING_AUTHORISATION.
    NotAwaiting,
    /// The transition needs AUTHORISED (C30): ESTADO_CONSENTIMENTO_INVALIDO.
    NotAuthorised,
    /// The consent cannot be renewed like this (C31, C33).
    Extension(ExtensionFault),
    /// The answer of an approver cannot be taken.
    Approval(ApprovalFault),
    /// No such consent, or it belongs to another client (C09).
    Unknown,
    /// The consent belongs to another client.
    OtherClient,
}

/// The reason why an authorised consent cannot be renewed. The order of the checks is the order of the variants (C33).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExtensionFault {
    /// Another person than the one who created a person's consent, or a company that is not the consent's (C31): 403.
    OtherCustomer,
    /// A company's consent without `businessEntity` (C33): ERRO_NAO_MAPEADO.
    CompanyNotNamed,
    /// The data consent of an optimised journey: ALTERACAO_NAO_PERMITIDA.
    Linked,
    /// A product of it needs several approvers (C31): DEPENDE_MULTIPLA_ALCADA.
    SeveralApprovers,
    /// The date is not later than now and than the current one (C30): DATA_EXPIRACAO_INVALIDA.
    ExpirationDate,
}

/// The reason why a shared product cannot be changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApprovalFault {
    /// No such product under the consent.
    UnknownResource,
    /// Nothing waits for an approval: all was answered, or the deadline is over.
    NothingPending,
    /// The person is not among the approvers.
    NotAnApprover,
    /// The person answered before; an answer stands.
    AlreadyAnswered,
    /// The product does not go from its status to that one (C60).
    Status,
}

impl From<ExtensionFault> for ConsentFault {
    fn from(fault: ExtensionFault) -> Self {
        Self::Extension(fault)
    }
}

impl From<ApprovalFault> for ConsentFault {
    fn from(fault: ApprovalFault) -> Self {
        Self::Approval(fault)
    }
}

impl From<AnswerFault> for ApprovalFault {
    fn from(fault: AnswerFault) -> Self {
        match fault {
            AnswerFault::NotAnApprover => Self::NotAnApprover,
            AnswerFault::AlreadyAnswered => Self::AlreadyAnswered,
        }
    }
}
