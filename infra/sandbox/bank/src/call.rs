//! A data request on its way through a family of operations: whose products it is about, what it filters by, and the answers
//! that every family gives in the same way.

use std::fmt::Write as _;

use http::StatusCode;
use ponte_values::{Date, Moment};
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::contract::{DataRequest, LegacyId, Meta};
use crate::customers::{CUSTOMERS, Customer};
use crate::refusal::{Refusal, invalid, not_found, of_another_customer};
use crate::statuses::Statuses;

/// What a family says to an operation; `None` when it has no such operation.
pub(crate) type Answered = Option<Result<Answer, Refusal>>;

/// A data request with its customer.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a DataRequest,
    pub(crate) customer: &'static Customer,
    pub(crate) now: Moment,
    statuses: &'a Statuses,
}

/// A product of a kind that customers do not choose one by one, as its family finds it.
pub(crate) struct Found {
    /// The bank's own identifier.
    pub(crate) id: LegacyId,
    /// Status by the bank's books; an order of the operator comes before it.
    pub(crate) status: &'static str,
}

impl<'a> Call<'a> {
    /// The request, if the customer of its consent is one of the bank's: by company where there is one, by person otherwise.
    pub(crate) fn new(
        request: &'a DataRequest,
        statuses: &'a Statuses,
        now: Moment,
    ) -> Result<Self, Refusal> {
        let consent = &request.consent;
        let cpf = &consent.logged_user.document.identification;
        let cnpj = consent.business_entity.as_ref().map(|company| company.document.identification.as_str());
        let customer = CUSTOMERS
            .iter()
            .find(|customer| customer.cnpj == cnpj && customer.cpf == cpf)
            .ok_or_else(|| not_found("cliente desconhecido"))?;
        Ok(Self { request, customer, now, statuses })
    }

    /// Today in Brasília (C56).
    pub(crate) fn today(&self) -> Date {
        self.now.date_brasilia()
    }

    /// A filter or a further id of the path; absent and `null` mean the same.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.request.more.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid(format!("{name} não é um texto"))),
        }
    }

    /// A filter that is one of `words`.
    pub(crate) fn word(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        let found = self.text(name)?;
        match found {
            Some(word) if !words.contains(&word) => Err(invalid(format!("{name} é {}", words.join(", ")))),
            _ => Ok(found),
        }
    }

    /// A filter that is a day.
    pub(crate) fn day(&self, name: &str) -> Result<Option<Date>, Refusal> {
        let text = self.text(name)?;
        text.map(|text| Date::parse(text).map_err(|_| invalid(format!("{name} não é uma data")))).transpose()
    }

    /// First and last day of a filter, both inclusive, today where they are absent (C57), cut to so many days around today.
    pub(crate) fn days(
        &self,
        (from, to): (&str, &str),
        earliest: i64,
        latest: i64,
    ) -> Result<(Date, Date), Refusal> {
        let today = self.today();
        let from = self.day(from)?.unwrap_or(today).max(today.plus_days(earliest));
        let to = self.day(to)?.unwrap_or(today).min(today.plus_days(latest));
        Ok((from, to))
    }

    /// The same, where an absent filter leaves the reach as it is.
    pub(crate) fn window(
        &self,
        (from, to): (&str, &str),
        earliest: i64,
        latest: i64,
    ) -> Result<(Date, Date), Refusal> {
        let (first, last) = (self.today().plus_days(earliest), self.today().plus_days(latest));
        let (from, to) = (self.day(from)?, self.day(to)?);
        Ok((from.map_or(first, |from| from.max(first)), to.map_or(last, |to| to.min(last))))
    }

    /// A filter that is a number, whether as a number or as the text that the caller sent.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let number = match self.request.more.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64().and_then(|number| u32::try_from(number).ok()),
        };
        number.map(Some).ok_or_else(|| invalid(format!("{name} não é um número")))
    }

    /// The product asked for, which must be the customer's. `all` finds the products of a customer, `id` names one.
    pub(crate) fn product<T>(
        &self,
        all: impl Fn(&'static Customer) -> Vec<T>,
        id: impl Fn(&T) -> LegacyId,
    ) -> Result<T, Refusal> {
        let asked = self.request.resource_legacy_id.as_ref();
        self.owned(asked.ok_or_else(|| invalid("resourceLegacyId é obrigatório"))?, all, id)
    }

    /// The products of this kind that the consent shares, in its order.
    pub(crate) fn shared<T>(
        &self,
        kind: &str,
        all: impl Fn(&'static Customer) -> Vec<T>,
        id: impl Fn(&T) -> LegacyId,
    ) -> Result<Vec<T>, Refusal> {
        // Made once: there may be a thousand of them.
        let mut own: Vec<Option<T>> = all(self.customer).into_iter().map(Some).collect();
        let ids: Vec<LegacyId> = own.iter().flatten().map(&id).collect();
        let shared = self.request.consent.resources.iter().filter(|resource| resource.kind == kind);
        shared
            .map(|resource| {
                let asked = &resource.resource_legacy_id;
                let known = ids.iter().position(|id| id == asked).and_then(|position| own[position].take());
                known.map_or_else(|| self.owned(asked, &all, &id), Ok)
            })
            .collect()
    }

    fn owned<T>(
        &self,
        asked: &LegacyId,
        all: impl Fn(&'static Customer) -> Vec<T>,
        id: impl Fn(&T) -> LegacyId,
    ) -> Result<T, Refusal> {
        if let Some(product) = all(self.customer).into_iter().find(|product| id(product) == *asked) {
            return Ok(product);
        }
        if CUSTOMERS.iter().flat_map(all).any(|product| id(&product) == *asked) {
            return Err(of_another_customer());
        }
        let name = asked.first().map_or("resourceLegacyId", |part| part.key.as_str());
        Err(not_found(format!("{name} desconhecido")))
    }

    /// Whether a product of a kind that customers choose one by one can be chosen: no order of the operator speaks against it.
    pub(crate) fn is_available(&self, kind: &str, id: &LegacyId) -> bool {
        self.statuses.of(kind, id).is_none_or(|status| status == "AVAILABLE")
    }

    /// Discovery of a kind that customers do not choose one by one: good for an hour.
    pub(crate) fn discovered(&self, kind: &str, products: impl Iterator<Item = Found>) -> Answer {
        let valid_until = self.now.plus(std::time::Duration::from_hours(1)).to_string();
        let resources: Vec<Value> = products
            .map(|found| {
                let status = self.statuses.of(kind, &found.id).unwrap_or(found.status);
                json!({ "resourceLegacyId": found.id, "validUntil": valid_until, "status": status })
            })
            .collect();
        let meta = self.meta(resources.len(), 1000);
        Answer::json(StatusCode::OK, &json!({ "data": { "resources": resources }, "meta": meta }))
    }

    /// One record.
    pub(crate) fn single(&self, data: &Value) -> Answer {
        Answer::json(StatusCode::OK, &json!({ "data": data, "meta": self.meta(1, 1) }))
    }

    /// The page of these records that is asked for.
    pub(crate) fn list(&self, records: &[Value]) -> Result<Answer, Refusal> {
        self.texts(records.len(), records.iter())
    }

    /// The page that is asked for of `total` records, each already the text of its JSON.
    pub(crate) fn texts(
        &self,
        total: usize,
        records: impl Iterator<Item = impl std::fmt::Display>,
    ) -> Result<Answer, Refusal> {
        let (page, size) = self.page()?;
        let meta = self.meta(total, size);
        let mut body = String::with_capacity(512 * size.min(total) + 256);
        body.push_str(r#"{"data":["#);
        for (position, record) in records.skip((page - 1).saturating_mul(size)).take(size).enumerate() {
            let _ = write!(body, "{}{record}", if position > 0 { "," } else { "" });
        }
        let _ = write!(
            body,
            r#"],"meta":{{"totalRecords":{},"totalPages":{},"requestDateTime":"{}"}}}}"#,
            meta.total_records, meta.total_pages, meta.request_date_time
        );
        Ok(Answer::json_text(StatusCode::OK, body))
    }

    fn page(&self) -> Result<(usize, usize), Refusal> {
        let page = self.request.page.unwrap_or(1);
        let size = self.request.page_size.unwrap_or(25);
        if page < 1 || !(1..=1000).contains(&size) {
            return Err(invalid("page começa em 1, pageSize vai de 1 a 1000"));
        }
        Ok((usize::try_from(page).unwrap_or(usize::MAX), usize::try_from(size).unwrap_or(1000)))
    }

    pub(crate) fn meta(&self, total: usize, size: usize) -> Meta {
        Meta {
            total_records: total,
            total_pages: total.div_ceil(size.max(1)),
            request_date_time: self.now.to_string(),
        }
    }
}
