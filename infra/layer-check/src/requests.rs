//! Bodies of calls, as `docs/integration-layer.md` has them.

use std::sync::atomic::{AtomicU64, Ordering};

use ponte_catalog::{FilterKind, Reach, Row};
use ponte_values::{Date, Moment, ResourceKind};
use serde_json::{Map, Value, json};

use crate::customers::Customer;

/// Makes bodies: the moment of the check, and numbers for what must be told apart.
pub(crate) struct Requests {
    now: Moment,
    brand: String,
    calls: AtomicU64,
}

/// A page.
#[derive(Clone, Copy)]
pub(crate) struct PageAsked {
    pub(crate) number: i64,
    pub(crate) size: i64,
}

/// What is asked of an endpoint.
#[derive(Clone)]
pub(crate) struct Question<'a> {
    pub(crate) row: &'static Row,
    pub(crate) customer: &'a Customer,
    /// Products of the row's kind that the consent shares.
    pub(crate) shared: &'a [Value],
    /// The product of the path.
    pub(crate) product: Option<Value>,
    /// Other ids of the path.
    pub(crate) ids: Vec<(&'static str, String)>,
    /// Filters besides those of [`Requests::widest`].
    pub(crate) filters: Vec<(&'static str, String)>,
    /// The page, where the row has pages.
    pub(crate) page: Option<PageAsked>,
}

impl Requests {
    pub(crate) fn new(now: Moment, brand: &str) -> Self {
        Self { now, brand: brand.to_owned(), calls: AtomicU64::new(1) }
    }

    /// Today in Brasília.
    pub(crate) fn today(&self) -> Date {
        self.now.date_brasilia()
    }

    fn meta(&self) -> Value {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        json!({ "correlationId": format!("00000000-0000-4000-8000-{number:012}"), "brandId": self.brand })
    }

    /// The common part for a consent with these products.
    fn common(
        &self,
        customer: &Customer,
        kind: Option<ResourceKind>,
        permission: &str,
        shared: &[Value],
    ) -> Value {
        let resource = |id: &Value| {
            json!({
                "type": kind.map(ResourceKind::as_str), "resourceLegacyId": id, "hasMultipleAuthorisers": false,
            })
        };
        let mut consent = json!({
            "brandId": self.brand,
            "creationDateTime": self.now.to_string(),
            "externalId": format!("urn:{}:00000000-0000-4000-8000-000000000000", self.brand),
            "tpp": { "name": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a" },
            "loggedUser": { "document": { "identification": customer.cpf, "rel": "CPF" } },
            "permissions": [permission, "RESOURCES_READ"],
            "resources": shared.iter().map(resource).collect::<Vec<_>>(),
        });
        if let Some(cnpj) = &customer.cnpj {
            consent["businessEntity"] = json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
        }
        json!({ "requestMeta": self.meta(), "consent": consent })
    }

    /// A customer's products of a kind.
    pub(crate) fn discovery(&self, kind: ResourceKind, customer: &Customer) -> Value {
        self.common(customer, Some(kind), kind.permission().as_str(), &[])
    }

    /// The data of an endpoint.
    pub(crate) fn data(&self, question: &Question<'_>) -> Value {
        let kind = ResourceKind::of_api(question.row.api.name);
        let permission = crate::operations::permission(question.row).unwrap_or_default();
        let mut body = self.common(question.customer, kind, permission, question.shared);
        let mut more = Map::new();
        more.extend(question.product.clone().map(|id| ("resourceLegacyId".to_owned(), id)));
        more.extend(question.ids.iter().map(|(name, id)| ((*name).to_owned(), json!(id))));
        more.extend(self.widest(question.row).into_iter().map(|(name, day)| (name.to_owned(), json!(day))));
        more.extend(question.filters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        if let Some(PageAsked { number, size }) = question.page {
            more.extend([("page".to_owned(), json!(number)), ("pageSize".to_owned(), json!(size))]);
        }
        if let Some(body) = body.as_object_mut() {
            body.extend(more);
        }
        body
    }

    /// Who somebody is.
    pub(crate) fn holder(&self, customer: &Customer) -> Value {
        let mut data = json!({ "loggedUserDocument": { "identification": customer.cpf, "rel": "CPF" } });
        if let Some(cnpj) = &customer.cnpj {
            data["businessEntityDocument"] = json!({ "identification": cnpj, "rel": "CNPJ" });
        }
        json!({ "requestMeta": self.meta(), "requestBody": { "data": data } })
    }

    /// The widest range of days of an endpoint (C57): first and last.
    pub(crate) fn range(&self, row: &Row) -> Option<(Date, Date)> {
        let today = self.today();
        let (back, ahead) = match row.reach {
            Reach::None => return None,
            Reach::Open | Reach::All | Reach::Year => (365, 365),
            Reach::PastYear => (365, 0),
            Reach::Current => (6, 365),
            Reach::PastWeek => (6, 0),
        };
        Some((today.plus_days(-back), today.plus_days(ahead)))
    }

    /// The filters of that range.
    fn widest(&self, row: &Row) -> Vec<(&'static str, String)> {
        let Some((first, last)) = self.range(row) else { return Vec::new() };
        let filters = row.filters.iter().filter_map(|filter| match filter.kind {
            FilterKind::From(_) => Some((filter.name, first.to_string())),
            FilterKind::To(_) => Some((filter.name, last.to_string())),
            FilterKind::OneOf(_) | FilterKind::Whole { .. } => None,
        });
        filters.collect()
    }
}
