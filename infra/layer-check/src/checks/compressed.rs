//! Questions that are compressed, as Ponte sends long ones where the layer takes gzip.

use super::answer::Base;
use crate::answers::{self, timeless};
use crate::inquiry::Inquiry;
use crate::layer::Sent;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// A layer that offered gzip may take it back by this status (RFC 9110 section 15.5.16): the question comes again as it is.
const TAKEN_BACK: u16 = 415;

/// Asks once plainly, and once compressed if the answer offers it: both times the same is answered.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(base) = bases.first() else { return };
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: 25 });
    let body = inquiry.scene.requests.data(&Question { page, ..base.question.clone() });
    let (layer, path) = (&inquiry.scene.layer, inquiry.operation.path);
    let plain = layer.ask(path, &body).await;
    if !plain.received.as_ref().is_ok_and(|received| received.takes_gzip) {
        return;
    }
    let call = layer.call(path, body.to_string().into_bytes());
    let asked = layer.send(Sent { gzip: true, ..call }).await;
    inquiry.sheet.made(Check::Gzip);
    if asked.status() == Some(TAKEN_BACK) {
        return;
    }
    let Some(plain) = answers::data(plain, Check::Gzip, inquiry.sheet) else { return };
    let Some(packed) = answers::data(asked, Check::Gzip, inquiry.sheet) else { return };
    if timeless(&packed.data) != timeless(&plain.data) {
        inquiry.sheet.wrong_at(Check::Gzip, "data", "another answer than to the same call uncompressed", 1);
    }
}
