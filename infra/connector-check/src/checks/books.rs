//! The books of the day: what was executed is there once, and nothing of what was refused.

use serde_json::{Value, json};
use tokio::time::sleep;

use super::check::{BOOKS, Check};
use crate::requests::Pix;

/// Longest chain of pages.
const MOST_PAGES: usize = 1_000;

impl Check {
    pub(super) async fn books(&mut self) {
        sleep(self.settle).await;
        let entries = match self.entries().await {
            Ok(entries) => entries,
            Err(why) => return self.report.note((BOOKS, "what was paid, once"), Err(why)),
        };
        let wrong = self.executed.iter().find_map(|pix| once(&entries, pix).err());
        self.report.note((BOOKS, "what was paid, once"), wrong.map_or(Ok(()), Err));
        if !self.cancelled.is_empty() {
            let wrong = self.cancelled.iter().find_map(|pix| match once(&entries, pix) {
                Ok(entry) if entry["status"] == "CANC" => None,
                Ok(_) => Some("its status is not CANC".to_owned()),
                Err(why) => Some(why),
            });
            self.report.note((BOOKS, "what was cancelled"), wrong.map_or(Ok(()), Err));
        }
        let moved = |entry: &&Value| entry["status"] != "RJCT" && entry["status"] != "CANC";
        let wrong = self.never.iter().any(|pix| of(&entries, pix).iter().any(moved));
        let told = if wrong { Err("a payment that was refused is in the books".to_owned()) } else { Ok(()) };
        self.report.note((BOOKS, "nothing that was refused"), told);
    }

    async fn entries(&mut self) -> Result<Vec<Value>, String> {
        let (mut entries, mut cursor) = (Vec::new(), Value::Null);
        let day = self.now().date_brasilia().to_string();
        for _ in 0..MOST_PAGES {
            let mut data = json!({"day": day});
            if cursor.is_string() {
                data["cursor"] = cursor;
            }
            let said = self.ask(BOOKS, &json!({"requestBody": {"data": data}})).await?;
            let data = said.data(200)?;
            let page = data["payments"].as_array().ok_or("data.payments missing or no list")?;
            entries.extend(page.iter().cloned());
            if data["nextCursor"].is_null() {
                return Ok(entries);
            }
            cursor = data["nextCursor"].clone();
        }
        Err("pages without an end".to_owned())
    }
}

fn of<'a>(entries: &'a [Value], pix: &Pix) -> Vec<&'a Value> {
    entries.iter().filter(|entry| entry["endToEndId"] == pix.end_to_end_id.as_str()).collect()
}

/// The entry of a payment that must be there once.
fn once<'a>(entries: &'a [Value], pix: &Pix) -> Result<&'a Value, String> {
    match of(entries, pix)[..] {
        [entry]
            if entry["payment"]["amount"] == pix.amount.as_str()
                && entry["idempotencyKey"] == pix.key.as_str() =>
        {
            Ok(entry)
        }
        [_] => Err("another amount or key".to_owned()),
        [] => Err("a payment is missing".to_owned()),
        ref several => Err(format!("a payment is there {} times", several.len())),
    }
}
