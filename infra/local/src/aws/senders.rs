//! Who sent a message: `SenderId`, the access key a send was signed with, so that two operators are two here as on AWS,
//! where it is their principal. The embedded queues call every sender by the account.

use std::collections::VecDeque;

use bytes::Bytes;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::Value;

use super::clients::ACCESS_KEY_ID;

/// Messages of others that are remembered; the stack itself sends all but a few.
const MOST: usize = 1_000;

/// The senders of messages that did not come from the stack itself.
#[derive(Default)]
pub(super) struct Senders(VecDeque<(String, String)>);

/// The access key that signed a request (Signature Version 4).
pub(super) fn access_key(headers: &HeaderMap) -> Option<String> {
    let (_, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once("Credential=")?;
    rest.split_once('/').map(|(key, _)| key.to_owned())
}

impl Senders {
    /// Remembers who sent the messages of an answer to a send.
    pub(super) fn sent(&mut self, by: &str, answer: &[u8]) {
        if by == ACCESS_KEY_ID {
            return;
        }
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let batch = answer["Successful"].as_array().into_iter().flatten();
        for id in batch.chain([&answer]).filter_map(|sent| sent["MessageId"].as_str()) {
            self.0.push_back((id.to_owned(), by.to_owned()));
        }
        while self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// The answer to a receive with the senders in it.
    pub(super) fn named(&self, answer: Bytes) -> Bytes {
        let Ok(mut named) = serde_json::from_slice::<Value>(&answer) else { return answer };
        for message in named["Messages"].as_array_mut().into_iter().flatten() {
            let known = self.0.iter().find(|(id, _)| message["MessageId"] == id.as_str());
            let sender = known.map_or(ACCESS_KEY_ID, |(_, sender)| sender);
            if let Some(shown) = message.get_mut("Attributes").and_then(|shown| shown.get_mut("SenderId")) {
                *shown = sender.into();
            }
        }
        serde_json::to_vec(&named).map_or(answer, Bytes::from)
    }
}
