//! Ports of a stack: eleven in a row from a base, or any free ones that the next start in the same folder finds again.

use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use crate::file;

/// Base of the fixed ports.
pub const DEFAULT_BASE: u16 = 8440;
/// How many ports a stack has.
pub const COUNT: u16 = 11;
const FILE: &str = "ports.json";

/// The ports of a stack, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Port {
    /// Host with client certificates.
    Mtls,
    /// Host without.
    Public,
    /// DynamoDB, SQS and Secrets Manager.
    Aws,
    /// Token endpoint of the metrics platform.
    PcmAuth,
    /// Report APIs of the metrics platform.
    PcmApi,
    /// Directory.
    Directory,
    /// Integration layer of the institution.
    BankCore,
    /// Another participant.
    Participant,
    /// Ticks, invocations, status.
    Control,
    /// Host for the institution's own callers.
    Management,
    /// Payment core of the institution.
    PaymentCore,
}

/// Why a port cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PortsError {
    /// Somebody else listens there.
    #[error(
        "port {port} is already in use; is another ponte running? Choose other ports with --port-base N \
         (it takes N to N+10; 0 takes any free ones)"
    )]
    Busy {
        /// The port.
        port: u16,
    },
    /// The row would end above 65535.
    #[error("--port-base {base} is too high: eleven ports from there must fit below 65536")]
    TooHigh {
        /// The base asked for.
        base: u16,
    },
    /// The file of the last start cannot be used.
    #[error(transparent)]
    Remembered(io::Error),
    /// Something else is wrong with a port.
    #[error("port {port}: {source}")]
    Unusable {
        /// The port.
        port: u16,
        /// Error of the operating system.
        source: io::Error,
    },
}

/// The numbers to listen on; 0 for any free one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ports {
    numbers: [u16; COUNT as usize],
    remembered: Option<PathBuf>,
}

impl Ports {
    /// Ports from `base`; with base 0 those of the last start in `directory`, or any free ones.
    pub fn choose(base: u16, directory: &Path) -> Result<Self, PortsError> {
        if base == 0 {
            let file = directory.join(FILE);
            return Ok(Self { numbers: kept(&file)?, remembered: Some(file) });
        }
        if base.checked_add(COUNT - 1).is_none() {
            return Err(PortsError::TooHigh { base });
        }
        Ok(Self {
            numbers: std::array::from_fn(|index| base + u16::try_from(index).unwrap_or_default()),
            remembered: None,
        })
    }

    /// The number of a port; 0 for any free one.
    #[must_use]
    pub fn number(&self, port: Port) -> u16 {
        self.numbers.get(port as usize).copied().unwrap_or_default()
    }

    /// Listens on a port of loopback.
    pub async fn open(&self, port: Port) -> Result<TcpListener, PortsError> {
        let port = self.number(port);
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => PortsError::Busy { port },
            _ => PortsError::Unusable { port, source },
        })
    }

    /// Keeps the numbers that were really taken, when they were not fixed.
    pub fn remember(&self, taken: impl IntoIterator<Item = (Port, u16)>) -> io::Result<()> {
        let Some(file) = &self.remembered else { return Ok(()) };
        let mut numbers = [0; COUNT as usize];
        for (port, number) in taken {
            if let Some(place) = numbers.get_mut(port as usize) {
                *place = number;
            }
        }
        file::write_private(file, &serde_json::to_vec(&numbers)?)
    }
}

/// The numbers of the last start; free ones when there was none.
fn kept(file: &Path) -> Result<[u16; COUNT as usize], PortsError> {
    // A folder of an earlier release has fewer: what it does not name is any free one.
    let padded = |kept: Vec<u16>| std::array::from_fn(|index| kept.get(index).copied().unwrap_or_default());
    match file::read_json::<Vec<u16>>(file) {
        Ok(kept) => Ok(padded(kept)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok([0; COUNT as usize]),
        Err(error) => Err(PortsError::Remembered(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_gives_eleven_in_a_row() {
        let ports = Ports::choose(9_000, Path::new("nowhere")).unwrap();
        let named = [Port::Mtls, Port::Control, Port::Management, Port::PaymentCore];
        assert_eq!(named.map(|port| ports.number(port)), [9_000, 9_008, 9_009, 9_010]);
        assert!(matches!(Ports::choose(65_530, Path::new("nowhere")), Err(PortsError::TooHigh { .. })));
    }

    #[test]
    fn free_ports_are_found_again_in_the_same_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = Ports::choose(0, folder.path()).unwrap();
        assert_eq!(first.number(Port::Aws), 0);
        first.remember([(Port::Control, 9), (Port::Aws, 3)]).unwrap();
        assert_eq!(Ports::choose(0, folder.path()).unwrap().number(Port::Aws), 3);
        std::fs::write(folder.path().join(FILE), "[1,2,3,4,5,6,7,8,9,10]").unwrap();
        let kept = Ports::choose(0, folder.path()).unwrap();
        assert_eq!(
            (kept.number(Port::Management), kept.number(Port::PaymentCore)),
            (10, 0),
            "an earlier release"
        );
        std::fs::write(folder.path().join(FILE), "[1, 2").unwrap();
        let fault = Ports::choose(0, folder.path()).unwrap_err().to_string();
        assert!(fault.contains("ports.json is damaged"), "{fault}");
    }

    #[tokio::test]
    async fn a_busy_port_is_named_with_the_option() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports { numbers: [port; COUNT as usize], remembered: None };
        let message = ports.open(Port::Aws).await.unwrap_err().to_string();
        assert!(message.contains(&port.to_string()) && message.contains("--port-base"), "{message}");
    }
}
