//! The institution's own systems that call its management API: an authority for them alone, and for each of them a
//! certificate and an API key.

use std::path::{Path, PathBuf};

use ponte_machine::{SandboxError, files};
use ponte_pki::{Authority, Identity, KeyStore, Profile, SystemSubject};
use ponte_values::Moment;
use serde_json::{Value, json};

use crate::error::WorldError;
use crate::profiles::INSTITUTION;

/// The back office: sees every customer.
pub(crate) const BACKOFFICE: &str = "backoffice";
/// The servers behind the app: name their customer in every call.
pub(crate) const APP: &str = "app";

/// Common name of the certificate, scopes of the API key.
const SYSTEMS: [(&str, &[&str]); 2] = [
    (
        BACKOFFICE,
        &[
            "oob_consents:read",
            "oob_consents:write",
            "oob_payments:write",
            "pcm:read",
            "pcm:write",
            "quality:read",
        ],
    ),
    (APP, &["oob_customer"]),
];

/// The systems and their authority.
pub(crate) struct Systems {
    authority: Authority,
    systems: Vec<System>,
}

struct System {
    name: &'static str,
    scopes: &'static [&'static str],
    identity: Identity,
    /// File of the API key, mode 0600.
    api_key: PathBuf,
}

/// Where everything of an institution is.
fn folder(dir: &Path) -> PathBuf {
    dir.join(INSTITUTION.folder)
}

/// The private keys of the systems and of their authority, by their paths below the world's directory.
pub(crate) fn key_files() -> impl Iterator<Item = String> {
    let names = ["authority/root", "authority/issuing"].into_iter().chain(SYSTEMS.map(|(name, _)| name));
    names.map(|name| format!("{}/{name}.key", INSTITUTION.folder))
}

impl Systems {
    pub(crate) fn open(keys: &mut KeyStore, dir: &Path, now: Moment) -> Result<Self, SandboxError> {
        let folder = folder(dir);
        let authority_folder = folder.join("authority");
        let (root, issuing) = (
            keys.take(&authority_folder.join("root.key"))?,
            keys.take(&authority_folder.join("issuing.key"))?,
        );
        let authority = Authority::open(ponte_pki::INSTITUTION, &authority_folder, &root, issuing, now)?;
        let mut systems = Vec::new();
        for (name, scopes) in SYSTEMS {
            let key = keys.take(&folder.join(format!("{name}.key")))?;
            let subject = SystemSubject { organisation_name: INSTITUTION.name, common_name: name };
            let identity = authority.identity(&folder, name, &Profile::System(&subject), key, now)?;
            systems.push(System { name, scopes, identity, api_key: folder.join(format!("{name}.api-key")) });
        }
        Ok(Self { authority, systems })
    }

    /// The authority behind their certificates.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Files of a system, as `endpoints.json` has them.
    pub(crate) fn described(&self, name: &str) -> Value {
        let path = |path: &Path| path.display().to_string();
        self.systems.iter().find(|system| system.name == name).map_or(Value::Null, |system| {
            json!({
                "certificate": path(&system.identity.certificate_file),
                "private_key": path(&system.identity.key_file),
                "api_key": path(&system.api_key),
            })
        })
    }

    /// Issues the API keys that are missing, or that the authorization server does not know any more.
    pub(crate) async fn equip(
        &self,
        operator: impl AsyncFn(Value) -> Result<Value, String>,
    ) -> Result<(), WorldError> {
        for system in &self.systems {
            let failed = |reason| WorldError::ApiKey { system: system.name, reason };
            let listed = operator(json!({ "operator": "api-key.list" })).await.map_err(failed)?;
            let kept = files::read(&system.api_key)?;
            if kept.is_some_and(|key| counts(&listed, key.trim_end(), system.scopes)) {
                continue;
            }
            let command = json!({
                "operator": "api-key.issue", "caller": system.name, "scopes": system.scopes,
                "by": { "name": "sandbox", "reason": "first start, or the key is gone" },
            });
            let issued = operator(command).await.map_err(failed)?;
            let key = issued["key"].as_str().ok_or_else(|| failed("its text did not come".to_owned()))?;
            files::write_private(&system.api_key, &format!("{key}\n"))?;
        }
        Ok(())
    }
}

/// Whether the key with this text is in the list, counts, opens what these scopes open, and has the secret it was issued with.
fn counts(listed: &Value, key: &str, scopes: &[&str]) -> bool {
    let keys = listed["keys"].as_array().into_iter().flatten();
    let is_it =
        |listed: &&Value| listed["id"].as_str().is_some_and(|id| key.starts_with(&format!("ponte_{id}_")));
    let mut same = keys.filter(is_it);
    let opens = |listed: &Value| {
        let known = listed["scopes"].as_array();
        scopes.iter().all(|scope| known.is_some_and(|known| known.iter().any(|one| one == scope)))
    };
    same.any(|listed| listed["status"] == "ACTIVE" && listed["rotatedAt"].is_null() && opens(listed))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use ponte_machine::clock;

    /// An authorization server that keeps keys.
    #[derive(Default)]
    struct Server(RefCell<Vec<Value>>);

    impl Server {
        fn run(&self, command: &Value) -> Value {
            let mut keys = self.0.borrow_mut();
            if command["operator"] == "api-key.list" {
                return json!({ "keys": *keys });
            }
            assert_eq!(command["operator"], "api-key.issue");
            assert!(command["by"]["name"].is_string() && command["by"]["reason"].is_string(), "T47");
            let id = format!("{:016x}", keys.len());
            let key = json!({
                "id": id, "caller": command["caller"], "scopes": command["scopes"], "status": "ACTIVE",
            });
            keys.push(key.clone());
            let mut told = key;
            told["key"] = json!(format!("ponte_{id}_{}", clock::random_text::<32>()));
            told
        }
    }

    async fn equip(dir: &Path, server: &Server) -> Vec<String> {
        let files: Vec<String> = key_files().collect();
        let mut keys = KeyStore::open(dir, &files).unwrap();
        let systems = Systems::open(&mut keys, dir, clock::now()).unwrap();
        systems.equip(async |command| Ok(server.run(&command))).await.unwrap();
        let file = |name: &str| systems.described(name)["api_key"].as_str().map(PathBuf::from).unwrap();
        [BACKOFFICE, APP].map(|name| std::fs::read_to_string(file(name)).unwrap()).into()
    }

    #[tokio::test]
    async fn keys_are_issued_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::default();
        let first = equip(dir.path(), &server).await;
        assert_ne!(first[0], first[1]);
        let mode = dir.path().join("institution/backoffice.api-key").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(first, equip(dir.path(), &server).await);
        let scopes = [
            "oob_consents:read",
            "oob_consents:write",
            "oob_payments:write",
            "pcm:read",
            "pcm:write",
            "quality:read",
        ];
        assert_eq!(server.0.borrow()[0]["scopes"], json!(scopes));
        assert_eq!(server.0.borrow()[1]["caller"], "app");
        // One revoked, one with another secret than the one in the file.
        server.0.borrow_mut()[0]["status"] = json!("REVOKED");
        server.0.borrow_mut()[1]["rotatedAt"] = json!("2026-06-15T12:00:00Z");
        let second = equip(dir.path(), &server).await;
        assert!(first[0] != second[0] && first[1] != second[1]);
        // A folder of a release whose back office had fewer scopes.
        for key in server.0.borrow_mut().iter_mut() {
            key["scopes"] = json!(["oob_consents:read", "oob_customer"]);
        }
        let third = equip(dir.path(), &server).await;
        assert!(second[0] != third[0] && second[1] == third[1], "the app has what it had");
        // A server that has forgotten everything.
        assert_ne!(third, equip(dir.path(), &Server::default()).await);
    }

    #[tokio::test]
    async fn a_refused_command_names_the_system() {
        let dir = tempfile::tempdir().unwrap();
        let mut keys = KeyStore::open(dir.path(), &key_files().collect::<Vec<_>>()).unwrap();
        let systems = Systems::open(&mut keys, dir.path(), clock::now()).unwrap();
        let fault = systems.equip(async |_| Err("no".to_owned())).await.unwrap_err().to_string();
        assert_eq!(fault, "backoffice has no API key: no");
    }
}
