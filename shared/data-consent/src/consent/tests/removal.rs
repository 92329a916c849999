//! Which consents end with a removed client (T60).

use ponte_authorization::removed_client::Removal;

use super::*;
use crate::removal::RemovalRound;

#[test]
fn t60_a_round_concerns_the_consents_of_its_clients_alone() {
    let removal = |name: &&str| Removal {
        client: ClientId::parse(name).unwrap(),
        at: now(),
        organisation: None,
        by: None,
    };
    let round = |names: &[&str]| RemovalRound::begin(names.iter().map(removal).collect());
    let consent = create(request()).unwrap();
    assert!(round(&["client-2", "client-1"]).concerns(&consent));
    assert!(!round(&["client-2", "client-3"]).concerns(&consent) && !round(&[]).concerns(&consent));
}
