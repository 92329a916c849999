//! The daily stock of active consents: one object a day and role, the first of equal ones kept, a changed one in its
//! place (M50).

use ponte_values::{Date, Moment};
use serde_json::Value;

use crate::check::{Discard, Fields, discard, invalid};
use crate::intake::Intake;

const REQUIRED: &[&str] = &["date", "orgId", "role", "scope", "consentsStockList"];
const FIELDS: &[&str] =
    &["date", "orgId", "role", "scope", "totalCustomerPF", "totalCustomerPJ", "consentsStockList"];
const PAIR: &[&str] = &["clientOrgId", "serverOrgId", "totalActiveConsents"];
/// Equal numbers count once within so many seconds.
const SAME_SECONDS: i64 = 86_400;

/// A day's stock as one side counted it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stock {
    date: Date,
    role: String,
    persons: u64,
    companies: u64,
    /// Client, server, active consents.
    pairs: Vec<(String, String, u64)>,
}

/// A stock as kept.
pub(crate) struct KeptStock {
    pub(crate) id: String,
    pub(crate) reporter: String,
    pub(crate) received: Moment,
    pub(crate) stock: Stock,
}

impl Stock {
    /// Judges the object of a request.
    pub(crate) fn read(item: &Value, intake: &Intake<'_>) -> Result<Self, Discard> {
        let fields = Fields::of(item, FIELDS)?;
        fields.required(REQUIRED)?;
        let date = Date::parse(fields.text("date")?).map_err(|_| invalid("date"))?;
        if date > intake.now.date_utc() {
            return Err(discard("Invalid field value", "'date' is in the future"));
        }
        if fields.uuid("orgId")? != intake.reporter {
            return Err(discard("Requester id mismatch with", "orgId"));
        }
        let role = fields.one_of("role", &["CLIENT", "SERVER"])?;
        fields.one_of("scope", &["DADOS"])?;
        let stock = Self {
            date,
            role: role.to_owned(),
            persons: fields.count("totalCustomerPF")?,
            companies: fields.count("totalCustomerPJ")?,
            pairs: fields
                .list("consentsStockList")?
                .iter()
                .map(|pair| read_pair(pair, role, intake))
                .collect::<Result<_, _>>()?,
        };
        // A customer with a consent has at least one.
        if stock.persons.saturating_add(stock.companies) > stock.consents() {
            return Err(discard("Invalid field value", "unique customers are more than active consents"));
        }
        Ok(stock)
    }

    /// Active consents of all pairs.
    pub(crate) fn consents(&self) -> u64 {
        self.pairs.iter().map(|(_, _, consents)| *consents).fold(0, u64::saturating_add)
    }

    /// `YYYY-MM-DD` and the role.
    pub(crate) fn day(&self) -> (String, &str) {
        (self.date.to_string(), &self.role)
    }
}

fn read_pair(pair: &Value, role: &str, intake: &Intake<'_>) -> Result<(String, String, u64), Discard> {
    let fields = Fields::of(pair, PAIR)?;
    fields.required(PAIR)?;
    let (client, server) = (fields.uuid("clientOrgId")?, fields.uuid("serverOrgId")?);
    intake.knows(client)?;
    intake.knows(server)?;
    let (own, name) = if role == "CLIENT" { (client, "clientOrgId") } else { (server, "serverOrgId") };
    if own != intake.reporter {
        return Err(discard("Requester id mismatch with", name));
    }
    Ok((client.to_owned(), server.to_owned(), fields.count("totalActiveConsents")?))
}

/// The id under which a stock counts: that of the same numbers received within a day, or `id` in place of what was said
/// of this day and role before.
pub(crate) fn keep(all: &mut Vec<KeptStock>, new: KeptStock) -> String {
    let place = all.iter_mut().find(|kept| {
        kept.reporter == new.reporter
            && (kept.stock.date, &kept.stock.role) == (new.stock.date, &new.stock.role)
    });
    let Some(kept) = place else {
        let id = new.id.clone();
        all.push(new);
        return id;
    };
    let soon = new.received.seconds() - kept.received.seconds() < SAME_SECONDS;
    if !(soon && kept.stock == new.stock) {
        *kept = new;
    }
    kept.id.clone()
}
