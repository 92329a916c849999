//! Every fault on its way out: the only place that names status codes, Open Finance codes and Portuguese texts.

use std::borrow::Cow;

use ponte_domain::consent::{ApprovalFault, ConsentFault, ExtensionFault, ResourceStatus};
use ponte_domain::groups::PermissionFault;
use ponte_domain::interaction::InteractionFault;
use ponte_domain::ports::{CommitFault, IndexFault, InstitutionFault, PortError};
use ponte_fapi::claims::MessageFault;
use ponte_fapi::jws::JwsFault;
use ponte_values::{Moment, PageFault};
use serde::Serialize;

use crate::answer::Answer;
use crate::app::report_failure;
use crate::guard::TokenFault;

/// A refused call: what the caller may know, and what only the log may.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: Cow<'static, str>,
    cause: Option<PortError>,
}

impl Refusal {
    const fn new(status: u16, code: &'static str, title: &'static str, detail: &'static str) -> Self {
        Self { status, code, title, detail: Cow::Borrowed(detail), cause: None }
    }

    /// 400: the call cannot be read. `detail` must not repeat what was sent.
    #[must_use]
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::new(400, "PARAMETRO_INVALIDO", "Requisição inválida", "") }
    }

    /// 400 without a valid `x-fapi-interaction-id` (S31).
    #[must_use]
    pub const fn no_interaction() -> Self {
        Self::new(
            400,
            "PARAMETRO_INVALIDO",
            "Cabeçalho x-fapi-interaction-id ausente ou inválido",
            "Informe um UUID (RFC 4122) no cabeçalho x-fapi-interaction-id",
        )
    }

    /// 422: a parameter that can be read but makes no sense.
    #[must_use]
    pub fn parameter(name: &str, why: &str) -> Self {
        let detail = Cow::Owned(format!("{name}: {why}"));
        Self { detail, ..Self::new(422, "PARAMETRO_INVALIDO", "Parâmetro inválido", "") }
    }

    /// 401: no valid token, certificate or consent behind the call (S30, S32).
    #[must_use]
    pub const fn unauthenticated() -> Self {
        Self::new(
            401,
            "NAO_AUTORIZADO",
            "Não autorizado",
            "Token de acesso ausente, inválido, expirado, de outro certificado ou de consentimento não autorizado",
        )
    }

    /// 401: what the institution's back end is said to have signed about a customer does not hold.
    #[must_use]
    pub const fn authentication() -> Self {
        Self::new(
            401,
            "NAO_AUTORIZADO",
            "Autenticação não aceita",
            "O JWT não é PS256 de uma chave do JWKS registrado, está fora do prazo ou não é deste comando",
        )
    }

    /// 403: the token is good, the scope or permission is not.
    #[must_use]
    pub const fn forbidden() -> Self {
        Self::new(
            403,
            "ACESSO_NEGADO",
            "Acesso negado",
            "O escopo ou a permissão do consentimento não cobre esta operação",
        )
    }

    /// 403: the resource belongs to another client.
    #[must_use]
    pub const fn other_client() -> Self {
        Self::new(403, "ACESSO_NEGADO", "Acesso negado", "O recurso pertence a outro cliente")
    }

    /// 404: no such resource.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(404, "NAO_ENCONTRADO", "Recurso não encontrado", "O recurso solicitado não existe")
    }

    /// 404: no such endpoint.
    #[must_use]
    pub(crate) const fn no_route() -> Self {
        Self::new(404, "NAO_ENCONTRADO", "Endpoint não encontrado", "O endpoint solicitado não existe")
    }

    /// 405: the endpoint has no such method.
    #[must_use]
    pub(crate) const fn no_method() -> Self {
        Self::new(
            405,
            "METODO_NAO_PERMITIDO",
            "Método não permitido",
            "O endpoint não aceita este método HTTP",
        )
    }

    /// 406: the caller does not take what is served.
    #[must_use]
    pub(crate) const fn not_acceptable() -> Self {
        Self::new(
            406,
            "NAO_ACEITAVEL",
            "Formato não aceito",
            "O cabeçalho Accept não inclui o formato servido",
        )
    }

    /// 415: the body is of another type.
    #[must_use]
    pub(crate) const fn unsupported_type() -> Self {
        Self::new(
            415,
            "TIPO_NAO_SUPORTADO",
            "Tipo de conteúdo não suportado",
            "O Content-Type não é o deste endpoint",
        )
    }

    /// 422: a page after the last one (C52).
    #[must_use]
    pub const fn page_not_found() -> Self {
        Self::new(422, "PAGE_NOT_FOUND", "Página não encontrada", "A página solicitada está além da última")
    }

    /// 403: why a resource of the consent may not be read; none if it may (C60).
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

    /// 422: a part of the rules that this institution does not serve. `detail` must not repeat what was sent.
    #[must_use]
    pub const fn not_served(detail: &'static str) -> Self {
        Self::new(422, "ERRO_NAO_MAPEADO", "Operação não atendida", detail)
    }

    /// 500: something of ours broke; the log has it.
    #[must_use]
    pub const fn internal() -> Self {
        Self::new(500, "ERRO_INTERNO", "Erro interno", "Não foi possível atender à requisição")
    }

    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The answer with the Open Finance error body (C50). Logs the inner cause, once.
    #[must_use]
    pub fn into_answer(self, now: Moment) -> Answer {
        if let Some(cause) = &self.cause {
            report_failure("port failed", cause);
        }
        let body = Body {
            errors: [Item { code: self.code, title: self.title, detail: &self.detail }],
            meta: Meta { request_date_time: now.to_string() },
        };
        // Strings alone cannot fail to serialise.
        Answer::json(self.status, serde_json::to_string(&body).unwrap_or_default())
    }
}

#[derive(Serialize)]
struct Body<'a> {
    errors: [Item<'a>; 1],
    meta: Meta,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'static str,
    title: &'static str,
    detail: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    request_date_time: String,
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        let refusal = if error.is_timeout() {
            Self::new(504, "TEMPO_ESGOTADO", "Tempo esgotado", "A instituição não respondeu a tempo")
        } else {
            Self::internal()
        };
        Self { cause: Some(error), ..refusal }
    }
}

impl From<TokenFault> for Refusal {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Unauthenticated => Self::unauthenticated(),
            TokenFault::Scope | TokenFault::Permission => Self::forbidden(),
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
            MessageFault::Data => Self::malformed("Informe o objeto data na mensagem assinada"),
        }
    }
}

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
            ConsentFault::AlreadyRejected => Self::new(
                422,
                "CONSENTIMENTO_EM_STATUS_REJEITADO",
                "Consentimento em status rejeitado",
                "O consentimento já está em REJECTED",
            ),
            ConsentFault::NotAwaiting => Self::new(
                422,
                "ESTADO_CONSENTIMENTO_INVALIDO",
                "Estado do consentimento inválido",
                "O consentimento não está mais em AWAITING_AUTHORISATION",
            ),
            ConsentFault::NotAuthorised => Self::new(
                422,
                "ESTADO_CONSENTIMENTO_INVALIDO",
                "Estado do consentimento inválido",
                "O consentimento não está em AUTHORISED",
            ),
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
            ExtensionFault::BusinessEntity => Self::new(
                422,
                "ERRO_NAO_MAPEADO",
                "businessEntity não corresponde ao consentimento",
                "Informe businessEntity para consentimento de pessoa jurídica, e somente para ele",
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

impl From<IndexFault> for Refusal {
    fn from(fault: IndexFault) -> Self {
        match fault {
            IndexFault::Cursor => Self::parameter("cursor", "não foi emitido para esta consulta"),
            IndexFault::Port(error) => error.into(),
        }
    }
}

impl From<InteractionFault> for Refusal {
    fn from(fault: InteractionFault) -> Self {
        match fault {
            InteractionFault::InvalidSession => {
                Self::new(404, "INVALID_SESSION", "Sessão inválida", "A interação não existe ou já terminou")
            }
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

#[cfg(test)]
mod tests;
