//! Commands on the wire.

use ponte_authorization::interaction::Interaction;
use ponte_data_consent::consent::{Consent, ResourceStatus};
use ponte_edge::{Answer, Refusal};
use ponte_values::{Permission, PermissionSet, ResourceKind};
use serde::Serialize;
use serde_json::value::RawValue;

use super::keys::jti;
use crate::ports::Ports;
use crate::visit::offer::Offer;
use crate::visit::{Ending, words};

const DATA_SHARING: &str = "DATA_SHARING";

/// Whose visit a command belongs to; kept when the visit itself is used up.
pub(super) struct Head {
    id: String,
    tpp: String,
    handed_off: bool,
}

impl Head {
    pub(super) fn of(interaction: &Interaction) -> Self {
        Self {
            id: interaction.id.clone(),
            tpp: interaction.client_name.clone(),
            handed_off: interaction.is_handed_off(),
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
    #[serde(flatten)]
    part: Part<'a>,
}

#[derive(Clone, Copy, Serialize)]
struct Tpp<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::enum_variant_names, reason = "the names are the wire's")]
enum Part<'a> {
    AuthenticateCommand { acr: &'static str, jti: String },
    ConsentCommand(Box<ConsentCommand<'a>>),
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
    /// The browser that began the visit goes back by itself: the app has nowhere to go.
    is_hand_off: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_to: Option<&'a str>,
}

const HANDED_OFF: Redirect<'static> = Redirect { is_hand_off: true, redirect_to: None };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentCommand<'a> {
    brand: Brand<'a>,
    consent: Asked<'a>,
    permissions: Vec<Explained>,
    resource_types: Vec<ResourceType>,
}

#[derive(Serialize)]
struct Brand<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    brand_id: &'a str,
    creation_date_time: String,
    tpp: Tpp<'a>,
    external_id: &'a str,
    resources: Vec<Product<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date_time: Option<String>,
    permissions: PermissionSet,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: ResourceKind,
    name: &'a RawValue,
    has_multiple_authorisers: bool,
}

/// A permission in plain words.
#[derive(Serialize)]
struct Explained {
    name: Permission,
    description: &'static str,
}

#[derive(Serialize)]
struct ResourceType {
    name: ResourceKind,
    title: &'static str,
    permissions: Vec<Permission>,
}

/// Why the loop does not go on.
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
        }
    }
}

/// The institution shall authenticate the customer.
pub(super) fn authenticate(interaction: &Interaction) -> Result<Answer, Refusal> {
    let part = Part::AuthenticateCommand { acr: interaction.assurance.acr(), jti: jti(interaction) };
    answer(&Head::of(interaction), "authenticate", part)
}

/// The customer shall decide, and choose from these products.
pub(super) fn decide(
    ports: &Ports,
    head: &Head,
    consent: &Consent,
    offers: &[Offer],
) -> Result<Answer, Refusal> {
    let brand = &ports.settings.institution.to_string();
    let tpp = Tpp { name: &head.tpp };
    let asked = Asked {
        kind: DATA_SHARING,
        brand_id: brand,
        creation_date_time: consent.created_at.to_string(),
        tpp,
        external_id: consent.id.as_str(),
        resources: offers.iter().map(product).collect(),
        expiration_date_time: consent.expires_at.map(|end| end.to_string()),
        permissions: consent.permissions,
    };
    let explained = |permission| Explained { name: permission, description: words::of(permission) };
    let command = ConsentCommand {
        brand: Brand { id: brand },
        consent: asked,
        permissions: consent.permissions.iter().map(explained).collect(),
        resource_types: resource_types(consent),
    };
    answer(head, "consent", Part::ConsentCommand(Box::new(command)))
}

/// It is over; where the browser goes is said once, when it ends. A visit that was handed off has no such secret.
pub(super) fn completed(head: &Head, ending: Option<&Ending>) -> Result<Answer, Refusal> {
    let redirect = if head.handed_off { Some(HANDED_OFF) } else { ending.map(redirect) };
    answer(head, "completed", Part::CompletedCommand(CompletedCommand { redirect }))
}

/// It does not go on: for good with an ending, else until the channel does what is due.
pub(super) fn error(head: &Head, kind: ErrorType, ending: Option<&Ending>) -> Result<Answer, Refusal> {
    let redirect = ending.map(redirect);
    answer(head, "error", Part::ErrorCommand(ErrorCommand { kind, message: kind.message(), redirect }))
}

/// The customer gave up at the page that handed the visit off: it is over.
pub(super) fn aborted(head: &Head) -> Result<Answer, Refusal> {
    let kind = ErrorType::HandoffAborted;
    let command = ErrorCommand { kind, message: kind.message(), redirect: Some(HANDED_OFF) };
    answer(head, "error", Part::ErrorCommand(command))
}

fn answer(head: &Head, name: &'static str, part: Part<'_>) -> Result<Answer, Refusal> {
    let tpp = Tpp { name: &head.tpp };
    let command = Command { name, id: &head.id, tpp, kind: DATA_SHARING, part };
    let body = serde_json::to_string(&command).map_err(|_| Refusal::internal())?;
    Ok(Answer::json(200, body))
}

fn redirect(ending: &Ending) -> Redirect<'_> {
    let redirect_to = ending.redirect_uri.as_deref();
    Redirect { is_hand_off: redirect_to.is_none(), redirect_to }
}

fn product(offer: &Offer) -> Product<'_> {
    Product {
        id: &offer.id,
        kind: offer.kind,
        name: &offer.name,
        has_multiple_authorisers: offer.status == ResourceStatus::PendingAuthorisation,
    }
}

/// The kinds of products to choose from, with the permissions that show something of each.
fn resource_types(consent: &Consent) -> Vec<ResourceType> {
    let of_kind = |kind: &ResourceKind| {
        let asked = consent.permissions.iter();
        let permissions: Vec<Permission> =
            asked.filter(|permission| kind.permissions().contains(*permission)).collect();
        let title = kind.title();
        (!permissions.is_empty()).then_some(ResourceType { name: *kind, title, permissions })
    };
    ResourceKind::ALL.iter().filter_map(of_kind).collect()
}

/// Whether a permission shows nothing without a product that was chosen.
pub(super) fn requires_product(permission: Permission) -> bool {
    ResourceKind::of_permission(permission).is_some()
}
