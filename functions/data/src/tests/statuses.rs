//! Faults of the institution as each row may answer them (T63).

use std::time::Duration;

use ponte_edge::Refusal;
use ponte_ports::{InstitutionFault, Limit, PortError};

#[test]
fn t63_no_row_answers_a_fault_of_the_institution_with_a_status_that_its_file_does_not_print() {
    let faults: [fn() -> InstitutionFault; 8] = [
        || InstitutionFault::NotFound,
        || InstitutionFault::Refused("RECURSO_DE_OUTRO_CLIENTE".to_owned()),
        || InstitutionFault::Limited(Limit::Operational, None),
        || InstitutionFault::Limited(Limit::Traffic, None),
        || InstitutionFault::NotReady(Some(Duration::from_secs(1))),
        || InstitutionFault::Port(PortError::overloaded("layer", "529")),
        || InstitutionFault::Port(PortError::timeout("layer", "504")),
        || InstitutionFault::Port(PortError::new("layer", "500")),
    ];
    let asked = || ponte_catalog::ALL.iter().copied().flatten().filter(|row| row.layer.is_some());
    assert!(asked().count() > 6);
    for row in asked() {
        for fault in faults {
            let told = format!("{:?}", fault());
            let status = Refusal::from(fault()).within(row.codes).status();
            assert!(row.codes.contains(&status), "{}: {told} as {status}", row.operation);
        }
    }
}
