//! Limits of calls that are counted here: which one, and when it is as good as new.

use ponte_ports::Limit;
use ponte_ports::limits::{LimitReached, Reached};

use crate::Refusal;
use crate::ports::limited;

impl From<LimitReached> for Refusal {
    fn from(fault: LimitReached) -> Self {
        let (refusal, what, reached) = match fault {
            LimitReached::Second(reached) => {
                (Self::overloaded(), "requisições por segundo de toda a instituição", reached)
            }
            LimitReached::Minute(reached) => (
                limited(Limit::Traffic),
                "requisições por minuto desta participante a este endpoint",
                reached,
            ),
            LimitReached::Month(reached) => (
                limited(Limit::Operational),
                "consultas por mês desta receptora a este recurso do cliente neste endpoint",
                reached,
            ),
        };
        let Reached { limit, resets_at, now } = reached;
        refusal
            .saying(format!("O limite de {limit} {what} foi atingido; a contagem recomeça em {resets_at}"))
            .after(Some(resets_at.since(now)))
    }
}
