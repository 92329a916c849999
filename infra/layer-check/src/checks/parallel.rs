//! Two calls at once: each gets its own answer.

use futures_util::future;

use super::answer::{Base, WHOLE_PAGE};
use crate::answers::{self, timeless};
use crate::inquiry::Inquiry;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// How often two calls are made.
const ROUNDS: usize = 3;

/// Asks about two subjects whose answers differ, of two customers if it can be.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(one) = bases.first() else { return };
    let differs = |other: &&Base<'_>| timeless(&other.first) != timeless(&one.first);
    let of_another = |other: &&Base<'_>| other.question.customer != one.question.customer;
    let others = || bases.iter().skip(1).filter(differs);
    let Some(other) = others().find(of_another).or_else(|| others().next()) else {
        return inquiry.sheet.note("two calls at once: no two answers differ");
    };
    let page = one.question.row.smallest_page.map(|_| PageAsked { number: 1, size: WHOLE_PAGE });
    let first = Question { page, ..one.question.clone() };
    let second = Question { page, ..other.question.clone() };
    for _ in 0..ROUNDS {
        let (to_first, to_second) = future::join(inquiry.ask(&first), inquiry.ask(&second)).await;
        for (asked, base) in [(to_first, one), (to_second, other)] {
            let Some(body) = answers::data(asked, Check::Parallel, inquiry.sheet) else { return };
            inquiry.sheet.made(Check::Parallel);
            if timeless(&body.data) != timeless(&base.first) {
                inquiry.sheet.wrong_at(
                    Check::Parallel,
                    "data",
                    "another answer than to the same call alone",
                    1,
                );
            }
        }
    }
}
