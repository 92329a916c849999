//! Whether the bank would pay: the account, the creditor's key, the limits, the balance.

use ponte_values::{Amount, Moment};

use crate::account::Account;
use crate::contract::{Chosen, Consent, Item};
use crate::holders::{BANK_ISPB, Holding, customer, holding, holdings};
use crate::mode::Flaw;
use crate::payment::Reason;
use crate::state::State;

/// When a payment is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The customer says yes.
    Consent,
    /// It is about to be accepted.
    Payment,
    /// Its day has come.
    Settlement,
    /// It is to be executed.
    Execution,
}

/// What is judged.
pub(crate) struct Judged<'a> {
    pub(crate) consent: &'a Consent,
    pub(crate) chosen: Option<&'a Chosen>,
    pub(crate) amount: &'a str,
    pub(crate) creditor: &'a Account,
    pub(crate) proxy: Option<&'a str>,
    pub(crate) stage: Stage,
}

fn no<T>(code: &str, detail: &str) -> Result<T, Reason> {
    Err(Reason { code: code.to_owned(), detail: detail.to_owned() })
}

/// Cents of an amount.
pub(crate) fn cents(amount: &str) -> Result<u64, Reason> {
    match Amount::parse(amount).map(Amount::cents) {
        Ok(cents) if cents > 0 => Ok(cents),
        _ => no("VALOR_INVALIDO", "o valor não pode ser pago"),
    }
}

impl<'a> Judged<'a> {
    /// A consent whose customer says yes.
    pub(crate) fn consent(consent: &'a Consent) -> Self {
        let details = &consent.payment.details;
        Self {
            consent,
            chosen: consent.resources.first(),
            amount: &consent.payment.amount,
            creditor: &details.creditor_account,
            proxy: None,
            stage: Stage::Consent,
        }
    }

    /// A payment.
    pub(crate) fn payment(consent: &'a Consent, item: &'a Item, stage: Stage) -> Self {
        Self {
            consent,
            chosen: consent.resources.first(),
            amount: &item.payment.amount,
            creditor: &item.creditor_account,
            proxy: item.proxy.as_deref(),
            stage,
        }
    }

    /// Whether the balance counts already: not while a scheduled payment waits for its day (P35).
    fn balance_counts(&self) -> bool {
        let waits = matches!(self.stage, Stage::Consent | Stage::Payment);
        !(waits && self.consent.payment.schedule.is_some())
    }
}

impl State {
    /// The account to debit and the cents, if the bank would pay.
    pub(crate) fn judge(&self, judged: &Judged<'_>, now: Moment) -> Result<(Holding, u64), Reason> {
        let holding = self.debtor(judged)?;
        if holding.account == *judged.creditor {
            return no("CONTAS_ORIGEM_DESTINO_IGUAIS", "a conta de origem é a de destino");
        }
        let cents = cents(judged.amount)?;
        if judged.stage != Stage::Consent {
            self.creditor(judged)?;
        }
        if cents > self.limits.payment {
            return no("VALOR_ACIMA_LIMITE", "acima do limite por pagamento");
        }
        if judged.balance_counts() {
            let spent = self.spent_today(&holding.account, now);
            if spent.saturating_add(cents) > self.limits.day {
                return no("VALOR_ACIMA_LIMITE", "acima do limite do dia");
            }
            let lacks = i64::try_from(cents).map_or(true, |cents| cents > self.available(&holding));
            if lacks && !self.flawed(Flaw::Overdraws) {
                return no("SALDO_INSUFICIENTE", "saldo insuficiente");
            }
        }
        Ok((holding, cents))
    }

    /// The account that the customer chose, if it is theirs and may pay.
    fn debtor(&self, judged: &Judged<'_>) -> Result<Holding, Reason> {
        let refused = "CONTA_NAO_PERMITE_PAGAMENTO";
        let Some(chosen) = judged.chosen else { return no(refused, "nenhuma conta foi escolhida") };
        let consent = judged.consent;
        let cnpj = consent.business_entity.as_ref().map(|company| company.document.identification.as_str());
        let owner = customer(&consent.logged_user.document.identification, cnpj);
        let own = owner.into_iter().flat_map(holdings).find(|one| one.account == chosen.debtor_account);
        let own = own.filter(|one| one.legacy_id == chosen.resource_legacy_id);
        let anybodys = || holding(&chosen.debtor_account).filter(|_| self.flawed(Flaw::PaysFromAnyAccount));
        let Some(holding) = own.or_else(anybodys) else {
            return no(refused, "a conta não é deste cliente");
        };
        if holding.pays { Ok(holding) } else { no(refused, "a conta não permite pagamento") }
    }

    /// Whether the creditor's account is there, and its key leads to it.
    fn creditor(&self, judged: &Judged<'_>) -> Result<(), Reason> {
        let scheduled = judged.stage == Stage::Settlement;
        if let Some(proxy) = judged.proxy
            && !self.flawed(Flaw::IgnoresPixKeys)
        {
            let late =
                scheduled || judged.stage == Stage::Execution && judged.consent.payment.schedule.is_some();
            let found = self.keys.account(proxy, late);
            if found != Some(judged.creditor) {
                let code = if scheduled {
                    "CHAVE_PIX_DIVERGENTE_AGENDAMENTO_LIQUIDACAO"
                } else {
                    "DETALHE_PAGAMENTO_INVALIDO"
                };
                return no(code, "a chave Pix não é desta conta");
            }
        }
        if judged.creditor.ispb == BANK_ISPB && !self.ledger.knows(judged.creditor) {
            return no("DETALHE_PAGAMENTO_INVALIDO", "a conta de destino não existe");
        }
        Ok(())
    }
}
