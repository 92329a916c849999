//! Replies of a payment connector that works by queue, between the function that receives them and the one that waits. They lie in the
//! table of payment consents, which both may use.

use async_trait::async_trait;
use ponte_payment::ports::{ConnectorReplies, ConnectorReply};
use ponte_ports::PortError;
use ponte_values::Moment;

use crate::dynamo::Dynamo;
use crate::item::{Condition, item, key, n, s, text};
use crate::keys::META;

const WHAT: &str = "replies of the payment connector";

/// The replies for an institution.
pub struct ReplyTable {
    dynamo: Dynamo,
    table: String,
}

impl ReplyTable {
    /// The replies in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl ConnectorReplies for ReplyTable {
    async fn keep(&self, reply: &ConnectorReply) -> Result<(), PortError> {
        let attributes = [
            ("status", n(reply.status)),
            ("jwt", s(&reply.jwt)),
            ("until", s(reply.expires_at.with_millis())),
            ("expires_at", n(reply.expires_at.seconds())),
        ];
        let item = item(key(self.dynamo.keys.connector_reply(&reply.request), META), attributes);
        // Whoever is there first stays, the same one included.
        self.dynamo.put_if(WHAT, &self.table, item, Condition::absent()).await.map(drop)
    }

    async fn reply_to(&self, request: &str, now: Moment) -> Result<Option<ConnectorReply>, PortError> {
        let pk = self.dynamo.keys.connector_reply(request);
        let Some(found) = self.dynamo.get(WHAT, &self.table, pk, META).await? else { return Ok(None) };
        let status = found.get("status").and_then(|status| status.as_n().ok()?.parse().ok());
        let until = text(&found, "until").and_then(|until| Moment::parse(until).ok());
        let (Some(status), Some(jwt), Some(expires_at)) = (status, text(&found, "jwt"), until) else {
            return Err(PortError::new(WHAT, "a reply that cannot be read"));
        };
        let reply = ConnectorReply { request: request.to_owned(), status, jwt: jwt.to_owned(), expires_at };
        // Time to live cleans up late.
        Ok(Some(reply).filter(|reply| reply.expires_at > now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;

    #[tokio::test]
    async fn the_first_reply_to_a_request_stays_until_it_expires() {
        let database = Database::start().await;
        let replies = ReplyTable::new(&database.dynamo, "consents");
        let now = Moment::parse("2026-06-15T12:00:00Z").unwrap();
        let reply = |request: &str, jwt: &str| ConnectorReply {
            request: request.to_owned(),
            status: 201,
            jwt: jwt.to_owned(),
            expires_at: Moment::parse("2026-06-15T12:10:00Z").unwrap(),
        };
        assert_eq!(replies.reply_to("one", now).await.unwrap(), None);
        replies.keep(&reply("one", "a.b.c")).await.unwrap();
        replies.keep(&reply("one", "a.b.c")).await.unwrap();
        replies.keep(&reply("one", "x.y.z")).await.unwrap();
        replies.keep(&reply("two", "x.y.z")).await.unwrap();
        assert_eq!(replies.reply_to("one", now).await.unwrap(), Some(reply("one", "a.b.c")));
        assert_eq!(replies.reply_to("two", now).await.unwrap(), Some(reply("two", "x.y.z")));
        let over = Moment::parse("2026-06-15T12:10:00Z").unwrap();
        assert_eq!(replies.reply_to("one", over).await.unwrap(), None);
    }
}
