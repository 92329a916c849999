//! The bank behind its listener: pages for people, operations for Ponte.

use ponte_machine::clock;
use ponte_web::{Answer, Request, Site};
use serde_json::json;

use crate::bank::Bank;
use crate::refusal::Refusal;
use crate::{orders, page};

impl Site for Bank {
    async fn answer(&self, request: Request) -> Answer {
        match request.path.as_str() {
            "/" | "/login" | "/login/consent" | "/login/cancel" => page::answer(self, &request).await,
            orders::PATH => orders::answer(self, &request).await.unwrap_or_else(|refusal| refused(&refusal)),
            _ => self.operation(&request).unwrap_or_else(|refusal| refused(&refusal)),
        }
    }
}

pub(crate) fn refused(refusal: &Refusal) -> Answer {
    Answer::json(
        refusal.status,
        &json!({
            "errors": [{ "code": refusal.code, "title": refusal.title, "detail": refusal.detail }],
            "meta": { "requestDateTime": clock::now().to_string() },
        }),
    )
}
