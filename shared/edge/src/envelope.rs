//! Envelopes of answers: `data`, `links` and `meta`, spliced from JSON that is already text.

use ponte_catalog::{Meta, Row};
use ponte_refusals::Refusal;
use ponte_values::Page;
use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::links::{self, CursorPage};

impl Call {
    /// An answer whose `data` is one object, already JSON text.
    #[must_use]
    pub fn object(&self, status: u16, data: &str) -> Answer {
        self.envelope(status, data, (1, 1), &links::own(self))
    }

    /// An answer whose `data` is a whole list that its file gives no pages, a JSON array of `total` records.
    #[must_use]
    pub fn whole_list(&self, status: u16, data: &str, total: u64) -> Answer {
        self.envelope(status, data, (total, total.min(1)), &links::own(self))
    }

    /// An answer whose `data` is one value.
    pub fn value<T: Serialize>(&self, status: u16, data: &T) -> Result<Answer, Refusal> {
        serde_json::to_string(data).map(|data| self.object(status, &data)).map_err(|_| Refusal::internal())
    }

    /// One page of a list that a cursor continues; its links show the parameters of `page` alone. `totals` are records and
    /// pages in all, where they are known.
    pub fn cursor_page<T: Serialize>(
        &self,
        status: u16,
        data: &T,
        page: &CursorPage,
        totals: Option<(u64, u64)>,
    ) -> Result<Answer, Refusal> {
        let data = serde_json::to_string(data).map_err(|_| Refusal::internal())?;
        Ok(self.enclosed(status, &data, totals, &links::cursor(self, page)))
    }

    /// One page of `data`, a JSON array of `total` records in all (C51, C52). Page 1 always exists.
    pub fn paged(&self, data: &str, page: Page, total: u64) -> Result<Answer, Refusal> {
        let pages = page.total_pages(total);
        if page.number() > 1 && u64::from(page.number()) > pages {
            return Err(Refusal::page_not_found());
        }
        Ok(self.envelope(200, data, (total, pages), &links::paged(self, page, pages)))
    }

    /// Splices text that is already JSON: parsing a page of a thousand records again would cost more than the call.
    fn envelope(&self, status: u16, data: &str, totals: (u64, u64), links: &str) -> Answer {
        self.enclosed(status, data, self.shows_totals().then_some(totals), links)
    }

    /// Whether answers say how many records and pages there are in all.
    pub(crate) fn shows_totals(&self) -> bool {
        matches!(self.row, Some(Row { meta: Meta::Totals, .. }))
    }

    fn enclosed(&self, status: u16, data: &str, totals: Option<(u64, u64)>, links: &str) -> Answer {
        let totals = totals.map_or_else(String::new, |(records, pages)| {
            format!(r#""totalRecords":{records},"totalPages":{pages},"#)
        });
        let now = self.now.to_string();
        let parts = [
            r#"{"data":"#,
            data,
            r#","links":"#,
            links,
            r#","meta":{"#,
            &totals,
            r#""requestDateTime":""#,
            &now,
            r#""}}"#,
        ];
        Answer::json(status, parts.concat())
    }
}
