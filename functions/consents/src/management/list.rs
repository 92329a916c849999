//! GET v1/consents: the consents of a customer, or for the back office those of a period.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::customer_listing::{ConsentOwner, Order};
use ponte_data_consent::consent::{Consent, ConsentStatus};
use ponte_edge::{
    Answer, Call, CursorPage, CustomerScope, MalformedRequest, ManagerCall, ParameterFault, Query, Refusal,
};
use ponte_ports::IndexFault;
use ponte_values::{ClientId, Date, Moment, PageFault};

use super::customer_scope;
use super::search::Search;
use super::view::ConsentItem;
use crate::ports::Ports;

/// Consents of a page where the call does not say, and at most.
const DEFAULT_SIZE: u8 = 25;
const LARGEST_SIZE: u8 = 100;
/// The last millisecond of a second and of a day: the wire shows seconds and days, an end includes all of them.
const OF_A_SECOND: i64 = 999;

/// Its parameters besides `status`, which may be repeated.
pub(super) const PARAMETERS: &[&str] =
    &["cpf", "cnpj", "clientId", "createdOnBegin", "createdOnEnd", "orderType", "page-size", "cursor"];

/// Longest period that is listed without a customer.
const LONGEST_PERIOD: Duration = Duration::from_hours(24 * 31);
/// Beginning of the cursors of such a list: those of a customer's list do not go on here, where others are shown.
const OF_A_PERIOD: &str = "p.";

const STATUSES: [ConsentStatus; 3] =
    [ConsentStatus::AwaitingAuthorisation, ConsentStatus::Authorised, ConsentStatus::Rejected];

/// Filters, order and page of the query; the customer is in [`CustomerScope`].
struct ListRequest<'a> {
    statuses: Vec<ConsentStatus>,
    client: Option<ClientId>,
    begin: Option<(&'a str, Moment)>,
    end: Option<(&'a str, Moment)>,
    order: Order,
    size: u8,
    cursor: Option<&'a str>,
}

pub(crate) async fn list(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of_list(&call, &ports.settings.institution, ApiScope::ConsentsRead)?;
    let request = ListRequest::of(&call)?;
    let (owner, mark) = match customer.owner(ports.pseudonyms.as_ref()) {
        Some(owner) => (owner, ""),
        None => (request.of_a_period()?, OF_A_PERIOD),
    };
    let cursor =
        request.cursor.map(|cursor| cursor.strip_prefix(mark).ok_or(IndexFault::Cursor)).transpose()?;
    let keep =
        |consent: &Consent| customer_scope::sees(&customer, consent) && request.counts(consent, call.now);
    let search = Search {
        owner,
        from: request.begin.map(|(_, moment)| moment),
        until: request.end.map(|(_, moment)| moment),
        order: request.order,
        keep: &keep,
        dense: request.statuses.is_empty() && request.client.is_none(),
    };
    let found = search.page(ports.index.as_ref(), cursor, request.size).await?;
    let items: Vec<ConsentItem<'_>> =
        found.consents.iter().map(|consent| ConsentItem::of(consent, &ports.settings, call.now)).collect();
    let page = CursorPage {
        own: request.link(request.cursor),
        prev: None,
        next: found.next.map(|cursor| request.link(Some(&format!("{mark}{cursor}")))),
    };
    call.cursor_page(200, &items, &page, None)
}

impl<'a> ListRequest<'a> {
    fn of(call: &'a Call) -> Result<Self, Refusal> {
        let query = |name| call.request.query(name);
        let order = match query("orderType") {
            None | Some("DESC") => Order::Newest,
            Some("ASC") => Order::Oldest,
            Some(_) => return Err(Refusal::invalid_parameter("orderType", ParameterFault::Order)),
        };
        let begin =
            query("createdOnBegin").map(|text| begin(text).map(|moment| (text, moment))).transpose()?;
        let end = query("createdOnEnd").map(|text| end(text).map(|moment| (text, moment))).transpose()?;
        if let (Some((_, begin)), Some((_, end))) = (begin, end)
            && end < begin
        {
            return Err(Refusal::invalid_parameter("createdOnEnd", ParameterFault::RangeReversed));
        }
        let client = query("clientId").map(ClientId::parse).transpose();
        Ok(Self {
            statuses: statuses(call)?,
            client: client.map_err(|_| MalformedRequest::Invalid("clientId"))?,
            begin,
            end,
            order,
            size: query("page-size").map_or(Ok(DEFAULT_SIZE), size)?,
            cursor: query("cursor"),
        })
    }

    /// Who is listed where no customer is named: whoever was asked in a period, of one client or of all. Both its ends must be said.
    fn of_a_period(&self) -> Result<ConsentOwner, Refusal> {
        let (Some((_, begin)), Some((_, end))) = (self.begin, self.end) else {
            return Err(MalformedRequest::NoCustomer.into());
        };
        if end.since(begin) > LONGEST_PERIOD {
            return Err(Refusal::invalid_parameter("createdOnEnd", ParameterFault::RangeTooFar));
        }
        Ok(self.client.clone().map_or(ConsentOwner::Everybody, ConsentOwner::Client))
    }

    /// Whether a consent is of the client and has one of the statuses at `now`: a deadline counts although no sweep has written it
    /// down.
    fn counts(&self, consent: &Consent, now: Moment) -> bool {
        if self.client.as_ref().is_some_and(|client| consent.client != *client) {
            return false;
        }
        self.statuses.is_empty() || self.statuses.contains(&consent.at(now).status())
    }

    /// The query of a link. The customer is not in it: the caller names it again with each call.
    fn link(&self, cursor: Option<&str>) -> Query {
        let mut query: Query = Vec::new();
        if !self.statuses.is_empty() {
            let names: Vec<&str> = self.statuses.iter().map(|status| status.as_str()).collect();
            query.push(("status", names.join(",")));
        }
        query.extend(self.client.as_ref().map(|client| ("clientId", client.to_string())));
        query.extend(self.begin.map(|(text, _)| ("createdOnBegin", text.to_owned())));
        query.extend(self.end.map(|(text, _)| ("createdOnEnd", text.to_owned())));
        if self.order == Order::Oldest {
            query.push(("orderType", "ASC".to_owned()));
        }
        query.push(("page-size", self.size.to_string()));
        query.extend(cursor.map(|cursor| ("cursor", cursor.to_owned())));
        query
    }
}

/// `status`, repeated or with commas.
fn statuses(call: &Call) -> Result<Vec<ConsentStatus>, Refusal> {
    let values = call.request.queries().iter().filter(|(name, _)| name == "status");
    let mut statuses = Vec::new();
    for word in values.flat_map(|(_, value)| value.split(',')) {
        let known = STATUSES.into_iter().find(|status| status.as_str() == word);
        let status =
            known.ok_or_else(|| Refusal::invalid_parameter("status", ParameterFault::UnknownValue))?;
        if !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    Ok(statuses)
}

fn size(text: &str) -> Result<u8, Refusal> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(PageFault::NotANumber("page-size").into());
    }
    let size = text.parse().ok().filter(|size| (1..=LARGEST_SIZE).contains(size));
    size.ok_or_else(|| Refusal::invalid_parameter("page-size", ParameterFault::PageSize(LARGEST_SIZE)))
}

/// The first moment that counts: a date-time, or the beginning of a day in Brasília (C56).
fn begin(text: &str) -> Result<Moment, Refusal> {
    let text = match Date::parse(text) {
        Ok(day) => format!("{day}T00:00:00-03:00"),
        Err(_) => text.to_owned(),
    };
    Moment::parse(&text).map_err(|_| unreadable("createdOnBegin"))
}

/// The last moment that counts: the whole second of a date-time, or a whole day in Brasília (C56).
fn end(text: &str) -> Result<Moment, Refusal> {
    let text = match Date::parse(text) {
        Ok(day) => format!("{day}T23:59:59-03:00"),
        Err(_) => text.to_owned(),
    };
    let end = Moment::parse(&text).map_err(|_| unreadable("createdOnEnd"))?;
    let whole = end.millis().rem_euclid(1000) == 0;
    Ok(if whole { Moment::from_millis(end.millis() + OF_A_SECOND) } else { end })
}

fn unreadable(name: &str) -> Refusal {
    Refusal::invalid_parameter(name, ParameterFault::DateTime)
}
