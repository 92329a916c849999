//! `consents.resend-notices`: the notice of a consent's last change of status goes into the outbox once more.
//!
//! The notice tells the consent as it is stored, so that whoever missed several hears what counts now. A change that comes
//! between the look and the notice has its own notice, with a higher version.

use std::time::Duration;

use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::Consents;
use ponte_ports::audit::OperatorOrder;
use ponte_ports::{Clock, Ids, PortError, StatusChange, StatusChanges, Trails, chain};
use ponte_values::{ConsentId, Moment};

use crate::commands::{MOST_DAYS, Resent};

use super::fault::CommandFault;

/// Audit rows that are read at a time.
const AT_A_TIME: u8 = 100;
/// Beginning of the actions that are about consents.
const OF_CONSENTS: &str = "consent.";

/// What the command works through.
pub(super) struct Resending<'a> {
    pub(super) consents: &'a dyn Consents,
    pub(super) changes: &'a dyn StatusChanges,
    pub(super) trails: &'a dyn Trails,
    pub(super) clock: &'a dyn Clock,
    pub(super) ids: &'a dyn Ids,
    pub(super) order: &'a OperatorOrder,
    pub(super) budget: Duration,
}

impl Resending<'_> {
    /// Those named.
    pub(super) async fn named(&self, ids: Vec<ConsentId>) -> Result<Resent, CommandFault> {
        let until = self.clock.now().plus(self.budget);
        let mut done = Resent::default();
        let mut last = None;
        for id in ids {
            if self.clock.now() >= until && last.is_some() {
                done.next = last;
                break;
            }
            match self.consents.find(&id).await {
                Ok(Some(consent)) => self.tell(&consent, &mut done).await?,
                Ok(None) => drop(done.left.insert(id.to_string(), "there is no such consent".to_owned())),
                Err(error) => leave(&mut done, id.as_str(), error)?,
            }
            last = Some(id.to_string());
        }
        Ok(done)
    }

    /// Those whose status changed last in a period. What is left over is of the same period, however late it is sent.
    pub(super) async fn of_period(
        &self,
        period: (Moment, Moment),
        after: Option<String>,
    ) -> Result<Resent, CommandFault> {
        let done = self.in_period(period, after).await?;
        let next = done.next.as_deref().map(|place| format!("{} {place}", period.1.with_millis()));
        Ok(Resent { next, ..done })
    }

    async fn in_period(
        &self,
        (from, to): (Moment, Moment),
        mut after: Option<String>,
    ) -> Result<Resent, CommandFault> {
        let until = self.clock.now().plus(self.budget);
        let mut done = Resent::default();
        loop {
            let page = self.changes.between(from, to, after.as_deref(), AT_A_TIME).await?;
            for change in &page.changes {
                self.tell_if_last(change, &mut done).await?;
                if self.clock.now() >= until {
                    done.next = Some(change.place.clone());
                    return Ok(done);
                }
            }
            match page.next {
                Some(next) if self.clock.now() < until => after = Some(next),
                next => {
                    done.next = next;
                    return Ok(done);
                }
            }
        }
    }

    /// A status is never entered twice, so the row of the one that counts now is the last change, and there is one.
    async fn tell_if_last(&self, change: &StatusChange, done: &mut Resent) -> Result<(), CommandFault> {
        let consent = change.action.starts_with(OF_CONSENTS).then(|| ConsentId::parse(&change.subject).ok());
        let Some(id) = consent.flatten() else { return Ok(()) };
        match self.consents.find(&id).await {
            Ok(Some(consent)) if stored_status(&consent) == change.after => self.tell(&consent, done).await,
            // It changed again since, or the table cleaned it away.
            Ok(_) => Ok(()),
            Err(error) => leave(done, id.as_str(), error),
        }
    }

    async fn tell(&self, consent: &Consent, done: &mut Resent) -> Result<(), CommandFault> {
        let Some(trail) = consent.notice_again(self.order, self.ids.uuid(), self.clock.now()) else {
            done.untold += 1;
            return Ok(());
        };
        self.trails.write(&trail).await?;
        done.resent += 1;
        Ok(())
    }
}

/// One that this release cannot read holds up no other; a store that fails ends the command.
fn leave(done: &mut Resent, id: &str, error: PortError) -> Result<(), CommandFault> {
    if !error.is_unreadable() {
        return Err(error.into());
    }
    done.left.insert(id.to_owned(), chain(&error));
    Ok(())
}

/// The status as of the last change, without what time made of it since.
fn stored_status(consent: &Consent) -> &'static str {
    consent.at(consent.status_updated_at).status().as_str()
}

/// The end of the period and the place in it, of a command that goes on: its `after` has both, so that a period that ended with the
/// first command does not grow.
pub(super) fn rest(
    until: Option<String>,
    after: Option<String>,
) -> Result<(Option<String>, Option<String>), CommandFault> {
    let Some(after) = after else { return Ok((until, None)) };
    // An answer of the release before has the place alone.
    let Some((end, place)) = after.split_once(' ') else { return Ok((until, Some(after))) };
    let ends = Moment::parse(end).map_err(|_| CommandFault::After)?;
    if until.is_some_and(|until| Moment::parse(&until) != Ok(ends)) {
        return Err(CommandFault::After);
    }
    Ok((Some(end.to_owned()), Some(place.to_owned())))
}

/// The period of a command.
pub(super) fn period(from: &str, until: Option<&str>, now: Moment) -> Result<(Moment, Moment), CommandFault> {
    let moment = |text| Moment::parse(text).map_err(|_| CommandFault::Period);
    let (from, until) = (moment(from)?, until.map_or(Ok(now), moment)?);
    let longest = Duration::from_hours(24) * u32::from(MOST_DAYS);
    if from > until || until > now || until.since(from) > longest {
        return Err(CommandFault::Period);
    }
    Ok((from, until))
}
