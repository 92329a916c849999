//! Chapter 6: calls that must be refused, each with the right code and the Open Finance error body.

use ponte_machine::clock;
use ponte_participant::{DataRequest, Receiver};

use crate::data::ACCOUNTS;
use crate::expect::refused;
use crate::participants::Participants;
use crate::runner::{Runner, Step};
use crate::tokens::CustomerTokens;

/// One call that must fail, and how.
struct Mistake<'a> {
    title: &'a str,
    from: &'static str,
    call: &'a str,
    by: &'a Receiver,
    asked: DataRequest<'a>,
    status: u16,
}

/// Five mistakes; each is tried, whatever came of the others.
pub(crate) async fn provoke(
    runner: &mut Runner<'_>,
    participants: &Participants,
    customer: &CustomerTokens,
    account: &str,
) {
    runner.chapter("Refusals, on purpose");
    without_certificate(runner, participants).await;
    let day = clock::now().date_brasilia();
    let limits = format!("{ACCOUNTS}/{account}/overdraft-limits");
    let limits_template = format!("{ACCOUNTS}/{{accountId}}/overdraft-limits");
    let large =
        format!("{ACCOUNTS}/{account}/transactions?fromBookingDate={day}&toBookingDate={day}&page-size=1001");
    let large_template = format!("{ACCOUNTS}/{{accountId}}/transactions");
    let accounts = DataRequest {
        path: ACCOUNTS,
        template: ACCOUNTS,
        token: &customer.access,
        consent: &customer.consent,
        without_interaction: false,
    };
    let mistakes = [
        Mistake {
            title: "Another organisation shows the stolen token",
            from: "other",
            call: "GET accounts",
            by: &participants.other,
            asked: accounts.clone(),
            status: 401,
        },
        Mistake {
            title: "No interaction id in the request",
            from: "receiver",
            call: "GET accounts",
            by: &participants.receiver,
            asked: DataRequest { without_interaction: true, ..accounts.clone() },
            status: 400,
        },
        Mistake {
            title: "A permission that the customer was not asked for",
            from: "receiver",
            call: "GET accounts/{id}/overdraft-limits",
            by: &participants.receiver,
            asked: DataRequest { path: &limits, template: &limits_template, ..accounts.clone() },
            status: 403,
        },
        Mistake {
            title: "A page of 1001 records",
            from: "receiver",
            call: "GET accounts/{id}/transactions",
            by: &participants.receiver,
            asked: DataRequest { path: &large, template: &large_template, ..accounts },
            status: 422,
        },
    ];
    for mistake in mistakes {
        let step = Step { title: mistake.title, from: mistake.from, to: "ponte", call: mistake.call };
        let result = mistake.by.get(&mistake.asked).await;
        // The summary counts it; the next mistake stands on its own.
        let _ = runner.answer(&step, result, |reply| refused(reply, mistake.status));
    }
}

/// Without a client certificate there is not even an HTTP answer.
async fn without_certificate(runner: &mut Runner<'_>, participants: &Participants) {
    let step = Step {
        title: "No client certificate: the handshake is refused",
        from: "receiver",
        to: "ponte",
        call: "TLS, GET accounts",
    };
    let expected = || "no HTTP answer: the TLS layer refuses the connection (S72)".to_owned();
    let result = match participants.receiver.without_certificate(ACCOUNTS).await {
        Err(problem) if problem.refused_by_tls => {
            let alert = problem.reason.rsplit(": ").next().unwrap_or_default().to_owned();
            Ok(((), alert))
        }
        Err(problem) => Err((expected(), problem.reason)),
        Ok(reply) => Err((expected(), format!("{} {}", reply.status, reply.excerpt()))),
    };
    let _ = runner.fact(&step, result);
}
