//! The directory of keys (DICT) as the sandbox has it: which account a key belongs to, now and once a scheduled payment is settled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::holders::BANK_ISPB;

/// ISPB of the other institution.
pub const OTHER_ISPB: &str = "00099901";

/// Where a key leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PixKey {
    /// Its account; none if nobody has registered it.
    pub account: Option<Account>,
    /// Whether it leads elsewhere once the day of a scheduled payment has come (P23).
    #[serde(default)]
    pub gone_at_settlement: bool,
}

/// All keys.
pub(crate) struct PixKeys(BTreeMap<String, PixKey>);

impl Default for PixKeys {
    fn default() -> Self {
        let shop = Account::new(OTHER_ISPB, Some("0007"), "00012345678", "CACC");
        let carla = Account::new(OTHER_ISPB, None, "55500011", "TRAN");
        let bakery = Account::new(BANK_ISPB, Some("0003"), "000900011", "CACC");
        let bruno = Account::new(BANK_ISPB, None, "000555010", "TRAN");
        let keys = [
            ("cea24d72-0b41-5f88-97fc-6115dcd3db3a", &shop, false),
            ("loja@exemplo.test", &shop, false),
            ("PONTE001000160", &shop, false),
            ("+5561990010001", &carla, false),
            ("98765432100", &carla, false),
            ("carla@exemplo.test", &carla, false),
            ("mudou@exemplo.test", &carla, true),
            ("11222333000181", &bakery, false),
            ("padaria@exemplo.test", &bakery, false),
            ("+5511900005550", &bruno, false),
        ];
        let key = |(proxy, account, gone_at_settlement): (&str, &Account, bool)| {
            (proxy.to_owned(), PixKey { account: Some(account.clone()), gone_at_settlement })
        };
        Self(keys.map(key).into())
    }
}

impl PixKeys {
    /// The account behind a key, on the day of a settlement or before.
    pub(crate) fn account(&self, proxy: &str, settlement: bool) -> Option<&Account> {
        let key = self.0.get(proxy)?;
        key.account.as_ref().filter(|_| !(settlement && key.gone_at_settlement))
    }

    /// Registers, moves or, without an account, deletes a key.
    pub(crate) fn set(&mut self, proxy: String, key: PixKey) {
        self.0.insert(proxy, key);
    }

    /// All of them.
    pub(crate) fn all(&self) -> &BTreeMap<String, PixKey> {
        &self.0
    }
}
