//! GET v1/tpps/payment-legacy-ids: the payments that each initiator made in a period, with the core's key of each.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CursorPage, CustomerScope, ManagerCall, ParameterFault, Query, Refusal};
use ponte_payment::payment::Payment;
use ponte_ports::outbox::SHARDS;
use ponte_ports::{IndexFault, LegacyId};
use ponte_values::{Amount, Date, EndToEndId, OrganisationId};
use serde::Serialize;

use crate::ports::Ports;

/// Its parameters.
pub(super) const PARAMETERS: &[&str] =
    &["createdOnBegin", "createdOnEnd", "organisationId", "page-size", "cursor"];

/// Longest period.
const LONGEST_PERIOD: u8 = 31;
/// Payments of a page where the call does not say, and at most.
const DEFAULT_SIZE: u8 = 25;
const LARGEST_SIZE: u8 = 60;
/// Reads of the index for one call at most: where a period is sparse, the rest is left to the next call.
const READS: usize = 64;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    organisation_id: &'a OrganisationId,
    client_id: &'a str,
    consent_id: &'a str,
    payment_id: &'a str,
    end_to_end_id: &'a EndToEndId,
    #[serde(skip_serializing_if = "Option::is_none")]
    legacy_id: Option<&'a LegacyId>,
    status: &'static str,
    amount: Amount,
    created_on: String,
}

/// Where a listing goes on: a day (UTC), a shard of it, and the place in that.
struct Place {
    day: Date,
    shard: u8,
    after: Option<String>,
}

pub(super) async fn list(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsRead)?;
    let query = |name| call.request.query(name);
    let day = |name: &'static str| {
        let text =
            query(name).ok_or_else(|| Refusal::invalid_parameter(name, ParameterFault::RangeIncomplete))?;
        Date::parse(text).map_err(|_| Refusal::invalid_parameter(name, ParameterFault::Date))
    };
    let (begin, end) = (day("createdOnBegin")?, day("createdOnEnd")?);
    if end < begin {
        return Err(Refusal::invalid_parameter("createdOnEnd", ParameterFault::RangeReversed));
    }
    if begin.plus_days(i64::from(LONGEST_PERIOD)) <= end {
        return Err(Refusal::invalid_parameter("createdOnEnd", ParameterFault::RangeTooFar));
    }
    let size = query("page-size").map_or(Some(DEFAULT_SIZE), |text| text.parse().ok());
    let size = size
        .filter(|size| (1..=LARGEST_SIZE).contains(size))
        .ok_or_else(|| Refusal::invalid_parameter("page-size", ParameterFault::PageSize(LARGEST_SIZE)))?;
    let start = match query("cursor") {
        None => Place { day: begin, shard: 0, after: None },
        Some(text) => {
            Place::read(text).filter(|place| (begin..=end).contains(&place.day)).ok_or(IndexFault::Cursor)?
        }
    };
    let organisation = query("organisationId");
    let (found, next) = page(&ports, start, end, size, organisation).await?;
    let link = |cursor: Option<String>| -> Query {
        let mut link: Query = vec![
            ("createdOnBegin", begin.to_string()),
            ("createdOnEnd", end.to_string()),
            ("page-size", size.to_string()),
        ];
        link.extend(organisation.map(|id| ("organisationId", id.to_owned())));
        link.extend(cursor.map(|cursor| ("cursor", cursor)));
        link
    };
    let items: Vec<Item<'_>> = found.iter().map(Item::of).collect();
    let page = CursorPage {
        own: link(query("cursor").map(str::to_owned)),
        prev: None,
        next: next.map(|place| link(Some(place.text()))),
    };
    call.cursor_page(200, &items, &page, None)
}

/// At most `size` payments from a place on; fewer do not mean the end.
async fn page(
    ports: &Ports,
    mut place: Place,
    end: Date,
    size: u8,
    organisation: Option<&str>,
) -> Result<(Vec<Payment>, Option<Place>), Refusal> {
    let mut found = Vec::new();
    for _ in 0..READS {
        let room = u16::from(size).saturating_sub(u16::try_from(found.len()).unwrap_or(u16::MAX));
        if room == 0 {
            return Ok((found, Some(place)));
        }
        let read = ports.payments.created_on(place.day, place.shard, place.after.as_deref(), room).await?;
        let payments = ports.payments.find_all(&read.payments).await?;
        found.extend(payments.into_iter().filter(|payment| {
            organisation.is_none_or(|organisation| payment.organisation.to_string() == organisation)
        }));
        match (read.next, place.shard + 1 < SHARDS) {
            (Some(after), _) => place.after = Some(after),
            (None, true) => place = Place { shard: place.shard + 1, after: None, ..place },
            (None, false) if place.day < end => {
                place = Place { day: place.day.plus_days(1), shard: 0, after: None };
            }
            (None, false) => return Ok((found, None)),
        }
    }
    Ok((found, Some(place)))
}

impl Place {
    fn text(&self) -> String {
        format!("{}.{}.{}", self.day, self.shard, self.after.as_deref().unwrap_or_default())
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (day, shard, after) = (parts.next()?, parts.next()?, parts.next()?);
        let shard = shard.parse().ok().filter(|shard| *shard < SHARDS)?;
        let after = (!after.is_empty()).then(|| after.to_owned());
        Some(Self { day: Date::parse(day).ok()?, shard, after })
    }
}

impl<'a> Item<'a> {
    fn of(payment: &'a Payment) -> Self {
        Self {
            organisation_id: &payment.organisation,
            client_id: payment.client.as_str(),
            consent_id: payment.consent.as_str(),
            payment_id: payment.id.as_str(),
            end_to_end_id: &payment.item.end_to_end_id,
            legacy_id: payment.core_id.as_ref(),
            status: payment.status().as_str(),
            amount: payment.amount(),
            created_on: payment.created_at.to_string(),
        }
    }
}
