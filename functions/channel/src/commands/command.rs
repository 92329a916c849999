//! Commands on the wire.

use ponte_edge::{Answer, Refusal};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::ports::Ports;
use crate::session::Session;
use crate::steps::Completion;
use crate::target::Offer;

/// The interaction a command belongs to; kept when the session itself is used up.
pub(super) struct CommandHeader {
    id: String,
    tpp: String,
    /// Type of the target that is decided on.
    kind: &'static str,
    handed_off: bool,
}

impl CommandHeader {
    pub(super) fn of(session: &Session) -> Self {
        Self {
            id: session.arrival.as_str().to_owned(),
            tpp: session.interaction.client_name.clone(),
            kind: session.target.command_type(),
            handed_off: session.is_handed_off(),
        }
    }
}

#[derive(Serialize)]
struct Command<'a> {
    #[serde(rename = "command")]
    name: &'static str,
    #[serde(rename = "commandId")]
    id: &'a str,
    tpp: Tpp<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Where the customer is to log in or decide: whether the request began on another screen, which goes back to the client.
    #[serde(rename = "isHandOff", skip_serializing_if = "is_false")]
    begun_elsewhere: bool,
    /// In the answers to a login and to a code alone: what every later step must show.
    #[serde(rename = "sessionSecret", skip_serializing_if = "Option::is_none")]
    session_secret: Option<&'a str>,
    #[serde(flatten)]
    payload: Payload<'a>,
}

#[derive(Clone, Copy, Serialize)]
struct Tpp<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::enum_variant_names, reason = "the names are the wire's")]
enum Payload<'a> {
    AuthenticateCommand { acr: &'static str, jti: String },
    ConsentCommand(Box<RawValue>),
    ErrorCommand(ErrorCommand<'a>),
    CompletedCommand(CompletedCommand<'a>),
}

#[derive(Serialize)]
struct ErrorCommand<'a> {
    #[serde(rename = "type")]
    kind: ErrorType,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<Redirect<'a>>,
}

#[derive(Serialize)]
struct CompletedCommand<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<Redirect<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Redirect<'a> {
    /// The browser that began the interaction goes back by itself: the app has nowhere to go.
    is_hand_off: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_to: Option<&'a str>,
}

const HANDED_OFF: Redirect<'static> = Redirect { is_hand_off: true, redirect_to: None };

/// Type of an error command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ErrorType {
    CpfMismatch,
    CnpjMismatch,
    ExpiredConsent,
    InvalidSession,
    DiscoveryError,
    DiscoveryTimeout,
    HandoffAborted,
    InvalidStatusConfirmation,
    ResourceMustContainId,
    ResourceMustContainIdSelectableProducts,
    /// Several accounts to debit were chosen.
    #[serde(rename = "INVALID_PAYMENT_DATA")]
    SeveralDebtors,
    /// The institution cannot do what the customer agreed to: it was rejected (P33).
    #[serde(rename = "INVALID_PAYMENT_DATA")]
    PaymentRefused,
    /// Nobody knows for the moment whether it can.
    #[serde(rename = "GENERIC_ERROR")]
    NotJudged,
}

impl ErrorType {
    const fn message(self) -> &'static str {
        match self {
            Self::CpfMismatch => "Quem se autenticou não é a pessoa que o consentimento nomeia",
            Self::CnpjMismatch => "Quem se autenticou não age pela empresa que o consentimento nomeia",
            Self::ExpiredConsent => "O consentimento não aguarda mais autorização",
            Self::InvalidSession => "A sessão terminou; recomece na instituição que pediu os dados",
            Self::DiscoveryError => "Não foi possível consultar os produtos; tente novamente",
            Self::DiscoveryTimeout => "A consulta dos produtos não respondeu a tempo; tente novamente",
            Self::HandoffAborted => "O pedido foi cancelado na tela em que começou",
            Self::InvalidStatusConfirmation => "A interação não está na etapa que esta resposta supõe",
            Self::ResourceMustContainId => "Há um produto escolhido que não foi oferecido nesta interação",
            Self::ResourceMustContainIdSelectableProducts => "Escolha ao menos um produto",
            Self::SeveralDebtors => "Escolha uma conta a debitar, e somente uma",
            Self::PaymentRefused => "O pagamento não pode ser feito; volte à instituição que o iniciou",
            Self::NotJudged => "Não foi possível verificar o pagamento; tente novamente",
        }
    }
}

/// The institution shall authenticate the customer; for a phone that read a code with its secret.
pub(super) fn authenticate(session: &Session, phone_secret: Option<&str>) -> Result<Answer, Refusal> {
    let interaction = &session.interaction;
    let (acr, jti) = (interaction.assurance.acr(), session.authentication_jti());
    let payload = Payload::AuthenticateCommand { acr, jti };
    answer(&CommandHeader::of(session), "authenticate", payload, phone_secret)
}

/// The customer shall decide, and choose from these offers; after a login with its secret.
pub(super) fn decide(
    ports: &Ports,
    session: &Session,
    offers: &[Offer],
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    let (brand, tpp) = (ports.settings.institution.to_string(), &session.interaction.client_name);
    let command = session.target.consent_command(&brand, tpp, offers)?;
    answer(&CommandHeader::of(session), "consent", Payload::ConsentCommand(command), session_secret)
}

/// The interaction is over; the redirect is told once, when it ends. A handed-off interaction has no such secret.
pub(super) fn completed(header: &CommandHeader, completion: Option<&Completion>) -> Result<Answer, Refusal> {
    let redirect = if header.handed_off { Some(HANDED_OFF) } else { completion.map(redirect) };
    answer(header, "completed", Payload::CompletedCommand(CompletedCommand { redirect }), None)
}

/// An error: the end with a completion, else until the channel sends the step that is due.
pub(super) fn error(
    header: &CommandHeader,
    kind: ErrorType,
    completion: Option<&Completion>,
) -> Result<Answer, Refusal> {
    failed(header, ErrorCommand { kind, message: kind.message(), redirect: completion.map(redirect) }, None)
}

/// The customer gave up at the page that handed the interaction off: it is over.
pub(super) fn aborted(header: &CommandHeader) -> Result<Answer, Refusal> {
    let kind = ErrorType::HandoffAborted;
    failed(header, ErrorCommand { kind, message: kind.message(), redirect: Some(HANDED_OFF) }, None)
}

/// The products could not be listed for a customer who just logged in: the secret of the login is told all the same.
pub(super) fn undiscovered(
    header: &CommandHeader,
    kind: ErrorType,
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    failed(header, ErrorCommand { kind, message: kind.message(), redirect: None }, session_secret)
}

fn failed(
    header: &CommandHeader,
    command: ErrorCommand<'_>,
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    answer(header, "error", Payload::ErrorCommand(command), session_secret)
}

fn answer(
    header: &CommandHeader,
    name: &'static str,
    payload: Payload<'_>,
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    let tpp = Tpp { name: &header.tpp };
    let due = matches!(payload, Payload::AuthenticateCommand { .. } | Payload::ConsentCommand(_));
    let command = Command {
        name,
        id: &header.id,
        tpp,
        kind: header.kind,
        begun_elsewhere: due && header.handed_off,
        session_secret,
        payload,
    };
    let body = serde_json::to_string(&command).map_err(|_| Refusal::internal())?;
    Ok(Answer::json(200, body))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn redirect(completion: &Completion) -> Redirect<'_> {
    let redirect_to = completion.redirect_uri.as_deref();
    Redirect { is_hand_off: redirect_to.is_none(), redirect_to }
}
