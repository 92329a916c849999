//! A refused call: status, Open Finance code and Portuguese texts, and the body that carries them (C50).

use std::borrow::Cow;
use std::time::Duration;

use ponte_ports::PortError;
use ponte_values::Moment;
use serde::Serialize;

/// A refused call: the answer to the caller, and the cause for the log.
#[derive(Debug)]
pub struct Refusal {
    status: u16,
    code: &'static str,
    title: Cow<'static, str>,
    detail: Cow<'static, str>,
    /// Seconds until another try makes sense.
    retry_after: Option<u32>,
    /// The header that its status asks for, besides `Retry-After`. Boxed as the cause is.
    header: Option<Box<(&'static str, Cow<'static, str>)>>,
    /// Boxed: a refusal travels by value, and most have no cause.
    cause: Option<Box<PortError>>,
}

/// The header that says how a caller authenticates (RFC 9110 section 11.6.1).
const CHALLENGE: &str = "www-authenticate";
/// The code of what no other code names (C50).
pub(crate) const UNMAPPED: &str = "ERRO_NAO_MAPEADO";
/// Wait that an overloaded system is given where it does not say one, in seconds.
const OVERLOADED: u32 = 2;

impl Refusal {
    pub(crate) const fn new(
        status: u16,
        code: &'static str,
        title: &'static str,
        detail: &'static str,
    ) -> Self {
        let (title, detail) = (Cow::Borrowed(title), Cow::Borrowed(detail));
        Self { status, code, title, detail, retry_after: None, header: None, cause: None }
    }

    /// The refusal with a header that its status asks for.
    fn with(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some(Box::new((name, value.into()))), ..self }
    }

    /// 400: the call cannot be read. `detail` must not repeat what was sent.
    #[must_use]
    pub(crate) fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
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
    pub(crate) fn parameter(name: &str, why: &str) -> Self {
        let detail = Cow::Owned(format!("{name}: {why}"));
        Self { detail, ..Self::new(422, "PARAMETRO_INVALIDO", "Parâmetro inválido", "") }
    }

    /// 401: no valid token, certificate or consent behind the call (S30, S32).
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::no_token().with(CHALLENGE, r#"Bearer error="invalid_token""#)
    }

    /// 401: no token at all. The body is that of a bad token; the challenge names no error (RFC 6750 section 3.1).
    #[must_use]
    pub fn no_token() -> Self {
        let refusal = Self::new(
            401,
            "NAO_AUTORIZADO",
            "Não autorizado",
            "Token de acesso ausente, inválido, expirado, de outro certificado ou de consentimento não autorizado",
        );
        refusal.with(CHALLENGE, "Bearer")
    }

    /// 401: the JWT of the institution's back end about an authenticated customer is not valid.
    #[must_use]
    pub fn authentication() -> Self {
        let refusal = Self::new(
            401,
            "NAO_AUTORIZADO",
            "Autenticação não aceita",
            "O JWT não é PS256 de uma chave do JWKS registrado, está fora do prazo ou não é deste comando",
        );
        refusal.with(CHALLENGE, r#"Bearer error="invalid_token""#)
    }

    /// 401: no certificate of the institution's own callers, or no API key that counts with it. One text for all, so
    /// that it tells nothing of what exists.
    #[must_use]
    pub fn unknown_manager() -> Self {
        let refusal = Self::new(
            401,
            "NAO_AUTORIZADO",
            "Não autorizado",
            "Certificado ou chave de API ausente, inválida, expirada, revogada ou de outro certificado",
        );
        // No registered scheme is that of a key in a header of its own.
        refusal.with(CHALLENGE, r#"ApiKey header="x-api-key""#)
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

    /// 403: the token is good and lacks the scope, or names no target of the operation (RFC 6750 section 3.1).
    #[must_use]
    pub fn insufficient_scope() -> Self {
        Self::forbidden().with(CHALLENGE, r#"Bearer error="insufficient_scope""#)
    }

    /// 403: the caller may not do this, for the reason given. `detail` must not repeat what was sent.
    #[must_use]
    pub(crate) const fn denied(detail: &'static str) -> Self {
        Self::new(403, "ACESSO_NEGADO", "Acesso negado", detail)
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
    pub const fn no_route() -> Self {
        Self::new(404, "NAO_ENCONTRADO", "Endpoint não encontrado", "O endpoint solicitado não existe")
    }

    /// 405: the endpoint has these methods and no other (RFC 9110 section 15.5.6).
    #[must_use]
    pub fn no_method(methods: &[&str]) -> Self {
        let refusal = Self::new(
            405,
            "METODO_NAO_PERMITIDO",
            "Método não permitido",
            "O endpoint não aceita este método HTTP",
        );
        Self { header: Some(Box::new(("allow", methods.join(", ").into()))), ..refusal }
    }

    /// 406: the caller does not accept the media type served.
    #[must_use]
    pub const fn not_acceptable() -> Self {
        Self::new(
            406,
            "NAO_ACEITAVEL",
            "Formato não aceito",
            "O cabeçalho Accept não inclui o formato servido",
        )
    }

    /// 415: the body is of another type.
    #[must_use]
    pub const fn unsupported_type() -> Self {
        Self::new(
            415,
            "TIPO_NAO_SUPORTADO",
            "Tipo de conteúdo não suportado",
            "O Content-Type não é o deste endpoint",
        )
    }

    /// 415: the body is compressed, which nothing here reads; the header says so (RFC 9110 section 12.5.3).
    #[must_use]
    pub fn unsupported_coding() -> Self {
        let refusal = Self::new(
            415,
            "TIPO_NAO_SUPORTADO",
            "Codificação de conteúdo não suportada",
            "Envie o corpo sem compressão, sem Content-Encoding ou com identity",
        );
        refusal.with("accept-encoding", "identity")
    }

    /// 422: a page after the last one (C52).
    #[must_use]
    pub const fn page_not_found() -> Self {
        Self::new(422, "PAGE_NOT_FOUND", "Página não encontrada", "A página solicitada está além da última")
    }

    /// 422: a part of the rules that this institution does not serve. `detail` must not repeat what was sent.
    #[must_use]
    pub(crate) const fn not_served(detail: &'static str) -> Self {
        Self::new(422, UNMAPPED, "Operação não atendida", detail)
    }

    /// 500: something of ours broke; the log has it.
    #[must_use]
    pub const fn internal() -> Self {
        Self::new(500, "ERRO_INTERNO", "Erro interno", "Não foi possível atender à requisição")
    }

    /// 529: for the moment more was asked for than can be done. No API file lists 503.
    #[must_use]
    pub fn overloaded() -> Self {
        let refusal = Self::new(
            529,
            "SOBRECARGA",
            "Sobrecarga momentânea",
            "Há mais requisições do que é possível atender agora; tente novamente após o tempo em Retry-After",
        );
        Self { retry_after: Some(OVERLOADED), ..refusal }
    }

    /// 503: something that the call needs cannot be had now.
    pub(crate) fn unavailable(cause: PortError) -> Self {
        let refusal = Self::new(
            503,
            "SERVICO_INDISPONIVEL",
            "Serviço indisponível",
            "O serviço está temporariamente indisponível; tente novamente após o tempo indicado em Retry-After",
        );
        Self { cause: Some(Box::new(cause)), ..refusal }
    }

    /// The refusal with the wait of `Retry-After`, a second at least; the one it has, if no other is known.
    #[must_use]
    pub fn after(self, wait: Option<Duration>) -> Self {
        let seconds = wait.map(|wait| wait.as_millis().div_ceil(1000).max(1));
        let seconds = seconds.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
        Self { retry_after: seconds.or(self.retry_after), ..self }
    }

    /// The refusal as an endpoint may answer it whose file prints `codes`: a refusal by a rule of the institution's own, a limit or
    /// an outage that the file does not know becomes the nearest one that it knows. Contention that outlasted every try is overload
    /// (529). A page that is not there is 422 wherever there are pages (C52).
    #[must_use]
    pub fn within(self, codes: &[u16]) -> Self {
        let near: &[u16] = match self.status {
            422 if self.code == UNMAPPED => &[403],
            409 | 423 | 429 => &[529],
            503 => &[504],
            504 => &[503],
            529 => &[503, 504],
            _ => return self,
        };
        let printed = |status: &u16| codes.contains(status);
        if printed(&self.status) {
            return self;
        }
        match near.iter().find(|status| printed(status)) {
            Some(529) => Self::overloaded(),
            Some(status) => Self { status: *status, ..self },
            None => self,
        }
    }

    /// The refusal with another title.
    #[must_use]
    pub(crate) fn titled(self, title: String) -> Self {
        Self { title: Cow::Owned(title), ..self }
    }

    /// The refusal with another detail, which must not repeat what was sent.
    #[must_use]
    pub(crate) fn saying(self, detail: String) -> Self {
        Self { detail: Cow::Owned(detail), ..self }
    }

    /// Seconds until another try makes sense, for `Retry-After`.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// Name and value of the header that its status asks for: `www-authenticate` with 401, `allow` with 405.
    #[must_use]
    pub fn header(&self) -> Option<(&'static str, &str)> {
        self.header.as_deref().map(|(name, value)| (*name, value.as_ref()))
    }

    /// 500: the answer does not fit what carries it (6 MB). A smaller page does.
    #[must_use]
    pub const fn answer_too_large() -> Self {
        Self::new(
            500,
            "ERRO_INTERNO",
            "Resposta grande demais",
            "A resposta excede o limite de 6 MB; solicite uma página menor (page-size)",
        )
    }

    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Open Finance code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Title, in Portuguese.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Detail, in Portuguese; it repeats nothing of what was sent.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Cause, for the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&PortError> {
        self.cause.as_deref()
    }

    /// The error body of the regulatory APIs (C50), JSON text.
    #[must_use]
    pub fn body(&self, now: Moment) -> String {
        let body = Body {
            errors: [Item { code: self.code, title: &self.title, detail: &self.detail }],
            meta: Meta { request_date_time: now.to_string() },
        };
        // Strings alone cannot fail to serialise.
        serde_json::to_string(&body).unwrap_or_default()
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
    title: &'a str,
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
        } else if error.is_overloaded() {
            Self::overloaded()
        } else {
            Self::internal()
        };
        let refusal = refusal.after(error.retry_after());
        Self { cause: Some(Box::new(error)), ..refusal }
    }
}
