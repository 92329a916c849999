//! Requests to the integration layer.

use ponte_authorization::approval::{Approvals, Approver};
use ponte_data_consent::consent::{Consent, Resource};
use ponte_data_consent::ports::RecordsRequest;
use ponte_ports::LegacyId;
use ponte_values::{InstitutionId, Page, PermissionSet, PersonName, ResourceKind};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// Body of `/authentication/decrypt`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identify<'a> {
    pub(super) access_token: &'a str,
}

/// Body of `/check-account-holder`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountHolderCheck<'a> {
    request_meta: Meta<'a>,
    request_body: Body<CheckedCustomer<'a>>,
}

#[derive(Serialize)]
struct Body<T> {
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckedCustomer<'a> {
    logged_user_document: Document<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity_document: Option<Document<'a>>,
}

impl<'a> AccountHolderCheck<'a> {
    pub(super) fn of(brand: &InstitutionId, correlation: &'a str, consent: &'a Consent) -> Self {
        let company = consent.business.as_ref();
        Self {
            request_meta: Meta { correlation_id: correlation, brand_id: brand.to_string() },
            request_body: Body {
                data: CheckedCustomer {
                    logged_user_document: Document {
                        identification: consent.logged_user.expose(),
                        rel: "CPF",
                    },
                    business_entity_document: company
                        .map(|company| Document { identification: company.expose(), rel: "CNPJ" }),
                },
            },
        }
    }
}

/// Body of a data request: the common part, and what the operation asks for besides.
pub(super) struct Data<'a> {
    meta: Meta<'a>,
    consent: ConsentPart<'a>,
    resource: Option<&'a LegacyId>,
    ids: &'a [(&'static str, &'a str)],
    page: Option<Page>,
    filters: &'a [(&'static str, String)],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    correlation_id: &'a str,
    brand_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentPart<'a> {
    brand_id: String,
    creation_date_time: String,
    external_id: &'a str,
    tpp: Tpp<'a>,
    logged_user: Party<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity: Option<Party<'a>>,
    permissions: PermissionSet,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date_time: Option<String>,
    resources: Vec<ResourcePart<'a>>,
}

#[derive(Serialize)]
struct Tpp<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Party<'a> {
    document: Document<'a>,
}

#[derive(Serialize)]
struct Document<'a> {
    identification: &'a str,
    rel: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourcePart<'a> {
    #[serde(rename = "type")]
    kind: ResourceKind,
    resource_legacy_id: &'a LegacyId,
    /// Whether others than the customer had to agree, and who they are; of a product that no customer chose the institution
    /// alone knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_multiple_authorisers: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorizers: Vec<Authorizer<'a>>,
}

#[derive(Serialize)]
struct Authorizer<'a> {
    cpf: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> Data<'a> {
    /// Nothing is chosen yet at discovery, so no resources are sent.
    pub(super) fn discovery(brand: &InstitutionId, correlation: &'a str, consent: &'a Consent) -> Self {
        Self {
            meta: Meta { correlation_id: correlation, brand_id: brand.to_string() },
            consent: ConsentPart::new(brand, consent, Vec::new()),
            resource: None,
            ids: &[],
            page: None,
            filters: &[],
        }
    }

    pub(super) fn records(brand: &InstitutionId, correlation: &'a str, request: &RecordsRequest<'a>) -> Self {
        let shared = request.shared.iter().map(|resource| ResourcePart::of(resource)).collect();
        Self {
            consent: ConsentPart::new(brand, request.consent, shared),
            resource: request.resource.map(|resource| &resource.legacy_id),
            ids: request.ids,
            page: request.page,
            filters: request.filters,
            ..Self::discovery(brand, correlation, request.consent)
        }
    }
}

impl<'a> ResourcePart<'a> {
    fn of(resource: &'a Resource) -> Self {
        let people = resource.approvals().map_or(&[][..], Approvals::approvers);
        let authorizer = |person: &'a Approver| Authorizer {
            cpf: person.cpf.expose(),
            name: person.name.as_ref().map(PersonName::expose),
        };
        Self {
            kind: resource.kind,
            resource_legacy_id: &resource.legacy_id,
            has_multiple_authorisers: resource.kind.selectable().then_some(!people.is_empty()),
            authorizers: people.iter().map(authorizer).collect(),
        }
    }
}

impl<'a> ConsentPart<'a> {
    fn new(brand: &InstitutionId, consent: &'a Consent, resources: Vec<ResourcePart<'a>>) -> Self {
        let party = |identification, rel| Party { document: Document { identification, rel } };
        Self {
            brand_id: brand.to_string(),
            creation_date_time: consent.created_at.to_string(),
            external_id: consent.id.as_str(),
            tpp: Tpp { name: consent.organisation.as_str() },
            logged_user: party(consent.logged_user.expose(), "CPF"),
            business_entity: consent.business.as_ref().map(|company| party(company.expose(), "CNPJ")),
            permissions: consent.permissions,
            expiration_date_time: consent.expires_at.map(|end| end.to_string()),
            resources,
        }
    }
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("requestMeta", &self.meta)?;
        map.serialize_entry("consent", &self.consent)?;
        if let Some(resource) = self.resource {
            map.serialize_entry("resourceLegacyId", resource)?;
        }
        for (name, value) in self.ids {
            map.serialize_entry(name, value)?;
        }
        for (name, value) in self.filters {
            map.serialize_entry(name, value)?;
        }
        if let Some(page) = self.page {
            map.serialize_entry("page", &page.number())?;
            map.serialize_entry("pageSize", &page.size())?;
        }
        map.end()
    }
}
