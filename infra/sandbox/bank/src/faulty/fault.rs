//! The faults, and the operation that each is in.

macro_rules! faults {
    ($($(#[$words:meta])* $fault:ident in $operation:literal,)*) => {
        /// A fault of a layer.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Fault {
            $($(#[$words])* $fault,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &[Self] = &[$(Self::$fault,)*];

            /// The operation that has it.
            #[must_use]
            pub const fn operation(self) -> &'static str {
                match self {
                    $(Self::$fault => $operation,)*
                }
            }
        }
    };
}

faults! {
    /// A number where a text is due.
    NumberForText in "/accounts/find",
    /// A required property is not there.
    FieldMissing in "/accounts/find",
    /// A required property is `null`.
    FieldNull in "/accounts/find",
    /// A word that the standard does not have.
    WrongWord in "/accounts/accounts",
    /// A text longer than it may be.
    TextTooLong in "/accounts/accounts",
    /// Money as a number.
    MoneyAsNumber in "/accounts/balances",
    /// Money with a comma.
    MoneyWithComma in "/accounts/transactions",
    /// A time of Brasília where UTC is due.
    ZonedTime in "/accounts/balances",
    /// The thirtieth of February.
    NoSuchDay in "/accounts/transactions-current",
    /// An id that only Ponte writes.
    PublicId in "/accounts/accounts",
    /// A product without the institution's key.
    NoLegacyId in "/accounts/accounts",
    /// Another key of the same product in each list.
    LegacyIdChanges in "/accounts/accounts",
    /// A product of the consent is not listed.
    ProductLeftOut in "/accounts/accounts",
    /// Another key of the same product at each discovery.
    DiscoveryChanges in "/accounts/account-discovery",
    /// A discovery as a list.
    DiscoveryAsList in "/accounts/account-discovery",
    /// A product to choose without a name.
    NoName in "/accounts/account-discovery",
    /// The name of a product as a text.
    NameAsText in "/accounts/account-discovery",
    /// The people who must agree as an object.
    ApproversAsObject in "/accounts/account-discovery",
    /// Nobody has to agree, as `null`.
    ApproversNull in "/accounts/account-discovery",
    /// A person who must agree without a CPF.
    ApproverWithoutCpf in "/accounts/account-discovery",
    /// A balance as a number.
    BalanceAsNumber in "/accounts/account-discovery",
    /// A product that nobody chooses without a status.
    NoStatus in "/loans/discovery",
    /// A status that the standard does not have.
    WrongStatus in "/loans/discovery",
    /// A status without an end.
    NoEnd in "/loans/discovery",
    /// The end of a status by the time of Brasília.
    ZonedEnd in "/loans/discovery",
    /// A key that is longer than what is stored.
    KeyTooLong in "/loans/discovery",
    /// There is always one more page.
    EndlessPages in "/accounts/transactions",
    /// A total of one too many.
    TotalWrong in "/accounts/transactions-current",
    /// A number of pages of one too many.
    PagesWrong in "/accounts/transactions-current",
    /// On every small page but the first a record comes twice, in the place of another.
    RepeatsOverPages in "/accounts/transactions",
    /// The order depends on the size of the page.
    OrderChanges in "/accounts/transactions",
    /// Pages of 25, whatever is asked for.
    PageSizeIgnored in "/accounts/transactions",
    /// A name twice in a product of a discovery.
    NameTwiceAtDiscovery in "/accounts/account-discovery",
    /// What the consent shares does not matter: all that the customer has is listed.
    WholeCustomer in "/accounts/accounts",
    /// A bill is found under every card of the customer.
    AnyCardsBill in "/credit-cards-accounts/bills-transactions",
    /// The registration of another person.
    OthersRegistration in "/customers/personal/identifications",
    /// The registration of another company.
    OthersCompany in "/customers/business/identifications",
    /// The id of a bill is so long that Ponte can add nothing to it.
    LongBillId in "/credit-cards-accounts/bills",
    /// A note is found whether or not its product is shared.
    AnyProductsNote in "/variable-incomes/broker-notes",
    /// gzip is offered, and what comes compressed is taken for no JSON.
    GzipUnread in "/accounts/find",
    /// Whose product it is does not matter.
    OthersData in "/accounts/balances",
    /// 200 for a product that nobody knows.
    UnknownIsOk in "/accounts/overdraft-limits",
    /// A page of HTML as the error.
    ErrorAsPage in "/accounts/overdraft-limits",
    /// A filter by word is not applied.
    WordIgnored in "/accounts/transactions-current",
    /// The days are not applied.
    DaysIgnored in "/accounts/transactions-current",
    /// 500 for a body that is none.
    BadBodyFails in "/accounts/find",
    /// Another media type is taken for JSON.
    MediaTypeIgnored in "/accounts/find",
    /// GET is answered.
    GetAnswered in "/accounts/find",
    /// A negative page counts as the first.
    NegativePage in "/accounts/reserved-balances",
    /// More than a thousand records are given when asked for.
    LargePage in "/accounts/reserved-balances",
    /// It takes longer than the class of the endpoint allows.
    Slow in "/accounts/balances",
    /// The JSON ends in the middle.
    CutOff in "/accounts/balances",
    /// JSON that says it is HTML.
    WrongMediaType in "/accounts/balances",
    /// A number that JSON does not have.
    NotANumber in "/accounts/balances",
    /// A name twice in an object.
    NameTwice in "/accounts/balances",
    /// No `meta`.
    NoMeta in "/accounts/reserved-balances",
    /// `data` is `null`.
    NullData in "/accounts/overdraft-limits",
    /// A list where an object is due.
    ListForObject in "/accounts/overdraft-limits",
    /// Two calls at once get each other's answers.
    MixedUp in "/accounts/balances",
    /// A wrong credential opens as well.
    OpenToAll in "/accounts/transactions",
    /// Every token is the first customer's.
    AnyToken in "/authentication/decrypt",
    /// The name of the person is not there.
    NobodysName in "/authentication/decrypt",
    /// Everybody is a customer.
    EverybodyHolds in "/check-account-holder",
    /// Whether somebody is a customer, as a text.
    HolderAsText in "/check-account-holder",
}
