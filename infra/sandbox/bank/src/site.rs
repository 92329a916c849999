//! The bank behind its listener: pages for people, operations for Ponte.

use ponte_machine::clock;
use ponte_web::{Answer, Request, Site};
use serde_json::json;

use crate::bank::Bank;
use crate::page;
use crate::refusal::Refusal;

impl Site for Bank {
    async fn answer(&self, request: Request) -> Answer {
        match request.path.as_str() {
            "/" | "/login" | "/login/consent" | "/login/cancel" => page::answer(self, &request).await,
            _ => self.operation(&request).unwrap_or_else(|refusal| refused(&refusal)),
        }
    }
}

fn refused(refusal: &Refusal) -> Answer {
    Answer::json(
        refusal.status,
        &json!({
            "errors": [{ "code": refusal.code, "title": refusal.title, "detail": refusal.detail }],
            "meta": { "requestDateTime": clock::now().to_string() },
        }),
    )
}
