//! Accounts that a payment may debit: asked of the core, named by public ids (C56).

use ponte_authorization::approval::{Approvals, Approver};
use ponte_edge::Call;
use ponte_payment::connector::{CallContext, ConnectorFault, DebtorAccount};
use ponte_payment::consent::{Debtor, PaymentConsent};
use ponte_ports::InstitutionFault;
use ponte_values::{Amount, ResourceKind};
use serde_json::value::RawValue;

use super::ports::PaymentDecisions;
use crate::target::Offer;

/// Currency of every balance here.
const BRL: &str = "BRL";

/// An account the core listed.
#[derive(Clone)]
pub(super) struct OfferedAccount {
    /// Public id.
    pub(super) id: String,
    /// The account and its key.
    pub(super) debtor: Debtor,
    /// The people who must agree; the customer may be among them.
    pub(super) approvers: Vec<Approver>,
    name: Box<RawValue>,
    balance: Option<Amount>,
    default_selected: Option<bool>,
}

/// The accounts to choose from. Where the client names one, that one alone: no other may be debited.
pub(super) async fn accounts(
    ports: &PaymentDecisions,
    consent: &PaymentConsent,
    call: &Call,
) -> Result<Vec<OfferedAccount>, InstitutionFault> {
    let found = ports.connector.discover(consent, context(call)).await.map_err(unanswered)?;
    let mut accounts: Vec<OfferedAccount> = Vec::new();
    for account in found.into_iter().filter(|account| may_be_debited(consent, account)) {
        let account = OfferedAccount::of(ports, consent, account);
        if !accounts.iter().any(|other| other.id == account.id) {
            accounts.push(account);
        }
    }
    Ok(accounts)
}

fn may_be_debited(consent: &PaymentConsent, account: &DebtorAccount) -> bool {
    consent.request.debtor_account.as_ref().is_none_or(|named| *named == account.debtor.account)
}

/// The call to the core that a call of the channel causes.
pub(super) fn context(call: &Call) -> CallContext {
    CallContext { correlation: call.interaction, left: call.time_left() }
}

/// Nothing moves in these calls: without an answer they may be tried again, whether they arrived or not.
pub(super) fn unanswered(fault: ConnectorFault) -> InstitutionFault {
    match fault {
        ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error) => InstitutionFault::Port(error),
    }
}

impl OfferedAccount {
    fn of(ports: &PaymentDecisions, consent: &PaymentConsent, found: DebtorAccount) -> Self {
        let DebtorAccount { debtor, name, balance, default_selected, approvers } = found;
        let (person, company) = (consent.person(), consent.company());
        let id = ports.pseudonyms.resource(person, company, ResourceKind::Account, &debtor.legacy_id);
        // The client's own is chosen until the customer says no.
        let named = consent.request.debtor_account.is_some().then_some(true);
        Self { id, debtor, approvers, name, balance, default_selected: named.or(default_selected) }
    }

    /// Whether others than the customer must agree (P06).
    pub(super) fn waits_for_others(&self, consent: &PaymentConsent) -> bool {
        Approvals::besides(consent.person(), self.approvers.clone(), consent.expires_at).is_some()
    }

    /// The offer the customer sees.
    pub(super) fn offer(&self, consent: &PaymentConsent) -> Offer {
        let waits_for_others = self.waits_for_others(consent);
        Offer {
            id: self.id.clone(),
            kind: ResourceKind::Account.as_str(),
            name: self.name.clone(),
            status: if waits_for_others { "PENDING_AUTHORISATION" } else { "AVAILABLE" },
            balance_currency: self.balance.map(|_| BRL.to_owned()),
            balance_amount: self.balance.map(|amount| amount.to_string()),
            default_selected: self.default_selected,
            waits_for_others,
        }
    }
}
