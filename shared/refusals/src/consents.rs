//! Faults of data consents and of their products.

use ponte_data_consent::consent::{ApprovalFault, ConsentFault, ExtensionFault, ResourceStatus};
use ponte_data_consent::groups::PermissionFault;

use crate::Refusal;

impl From<PermissionFault> for Refusal {
    fn from(fault: PermissionFault) -> Self {
        match fault {
            PermissionFault::PersonAndCompany => Self::new(
                422,
                "PERMISSAO_PF_PJ_EM_CONJUNTO",
                "Permissões de pessoa natural e jurídica em conjunto",
                "Solicite permissões de cadastro de pessoa natural ou de pessoa jurídica, não de ambas",
            ),
            PermissionFault::CompanyNotNamed => Self::new(
                422,
                "INFORMACOES_PJ_NAO_INFORMADAS",
                "Pessoa jurídica não informada",
                "Permissões de pessoa jurídica exigem businessEntity",
            ),
            PermissionFault::CompanyWithPersonPermissions => Self::new(
                422,
                "PERMISSOES_PJ_INCORRETAS",
                "Permissões incorretas para pessoa jurídica",
                "Com businessEntity não se solicitam permissões de cadastro de pessoa natural",
            ),
            PermissionFault::NotWholeGroups => Self::new(
                422,
                "COMBINACAO_PERMISSOES_INCORRETA",
                "Combinação de permissões incorreta",
                "Solicite agrupamentos completos de permissões, com RESOURCES_READ",
            ),
        }
    }
}

impl From<ConsentFault> for Refusal {
    fn from(fault: ConsentFault) -> Self {
        match fault {
            ConsentFault::Permissions(fault) => fault.into(),
            ConsentFault::ExpirationDate => Self::new(
                422,
                "DATA_EXPIRACAO_INVALIDA",
                "Data de expiração inválida",
                "expirationDateTime deve ser futura e dentro do prazo máximo, ou omitida para prazo indeterminado",
            ),
            ConsentFault::NothingFunctional => Self::new(
                422,
                "SEM_PERMISSOES_FUNCIONAIS_RESTANTES",
                "Sem permissões funcionais restantes",
                "A instituição não oferece nenhum dos produtos solicitados",
            ),
            ConsentFault::LinkedNotServed => {
                Self::not_served("isLinked: a jornada otimizada não é atendida por esta instituição")
            }
            ConsentFault::DocumentKind => {
                Self::not_served("document.rel: somente CPF para pessoa natural e CNPJ para pessoa jurídica")
            }
            ConsentFault::AlreadyRejected => Self::new(
                422,
                "CONSENTIMENTO_EM_STATUS_REJEITADO",
                "Consentimento em status rejeitado",
                "O consentimento já está em REJECTED",
            ),
            ConsentFault::NotAwaiting => {
                Self::wrong_status("O consentimento não está mais em AWAITING_AUTHORISATION")
            }
            ConsentFault::NotAuthorised => Self::wrong_status("O consentimento não está em AUTHORISED"),
            ConsentFault::Extension(fault) => fault.into(),
            ConsentFault::Approval(fault) => fault.into(),
            ConsentFault::Unknown => Self::not_found(),
            ConsentFault::OtherClient => Self::other_client(),
        }
    }
}

impl From<ExtensionFault> for Refusal {
    fn from(fault: ExtensionFault) -> Self {
        match fault {
            ExtensionFault::OtherCustomer => Self::new(
                403,
                "ACESSO_NEGADO",
                "Acesso negado",
                "loggedUser ou businessEntity não é quem pode renovar este consentimento",
            ),
            ExtensionFault::CompanyNotNamed => Self::new(
                422,
                "ERRO_NAO_MAPEADO",
                "businessEntity não informado",
                "Informe o businessEntity do consentimento de pessoa jurídica",
            ),
            ExtensionFault::Linked => Self::new(
                422,
                "ALTERACAO_NAO_PERMITIDA",
                "Alteração não permitida",
                "O consentimento da jornada otimizada segue o consentimento principal e não é renovado",
            ),
            ExtensionFault::SeveralApprovers => Self::new(
                422,
                "DEPENDE_MULTIPLA_ALCADA",
                "Necessário aprovação de múltipla alçada",
                "O consentimento depende de múltipla alçada e não é renovado sem redirecionamento",
            ),
            ExtensionFault::ExpirationDate => Self::new(
                422,
                "DATA_EXPIRACAO_INVALIDA",
                "Nova data para expiração do consentimento é inválida",
                "expirationDateTime deve ser posterior ao momento atual e à expiração vigente, ou omitida",
            ),
        }
    }
}

impl From<ApprovalFault> for Refusal {
    fn from(fault: ApprovalFault) -> Self {
        match fault {
            ApprovalFault::UnknownResource => Self::not_found(),
            ApprovalFault::NothingPending => Self::new(
                422,
                "SEM_APROVACAO_PENDENTE",
                "Sem aprovação pendente",
                "Nenhum recurso do consentimento aguarda aprovação",
            ),
            ApprovalFault::NotAnApprover => Self::new(
                403,
                "ACESSO_NEGADO",
                "Acesso negado",
                "A pessoa não é aprovadora de recurso deste consentimento",
            ),
            ApprovalFault::AlreadyAnswered => Self::new(
                422,
                "APROVACAO_JA_RESPONDIDA",
                "Aprovação já respondida",
                "A pessoa já respondeu; a resposta não muda",
            ),
            ApprovalFault::Status => Self::new(
                422,
                "TRANSICAO_INVALIDA",
                "Transição inválida",
                "O recurso não passa da situação atual para a informada",
            ),
        }
    }
}

impl Refusal {
    /// 422: the consent is not in the status that the operation needs.
    #[must_use]
    pub const fn wrong_status(detail: &'static str) -> Self {
        Self::new(422, "ESTADO_CONSENTIMENTO_INVALIDO", "Estado do consentimento inválido", detail)
    }

    /// 403: a resource of the consent may not be read in this status; `None` if it may (C60).
    #[must_use]
    pub const fn of_resource(status: ResourceStatus) -> Option<Self> {
        let (code, title) = match status {
            ResourceStatus::Available => return None,
            ResourceStatus::PendingAuthorisation => {
                ("STATUS_RESOURCE_PENDING_AUTHORISATION", "Aguardando autorização de múltiplas alçadas")
            }
            ResourceStatus::TemporarilyUnavailable => {
                ("STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE", "Recurso temporariamente indisponível")
            }
            ResourceStatus::Unavailable => ("STATUS_RESOURCE_UNAVAILABLE", "Recurso indisponível"),
        };
        Some(Self::new(403, code, title, "Consulte a situação do recurso na API Resources"))
    }
}
