//! The organisations of the world, put together from profile, ids and keys.

use std::path::Path;
use std::sync::Arc;

use ponte_directory::{EncryptionKey, Organisation};
use ponte_machine::{SandboxError, clock};
use ponte_pki::{Authority, Identity, KeyStore, Profile, SealSubject, TransportSubject};

use crate::profiles::{INSTITUTION, OrganisationProfile, PARTICIPANTS};
use crate::state::{Member, State};
use crate::{payment_core, systems};

/// The institution first, then the participants; `site` is where the latter are found.
pub(crate) fn organisations(
    keys: &mut KeyStore,
    dir: &Path,
    authority: &Authority,
    state: &State,
    site: &str,
) -> Result<Vec<Arc<Organisation>>, SandboxError> {
    let mut organisations = Vec::new();
    for (profile, member) in profiles().into_iter().zip(state.members()) {
        let folder = dir.join(profile.folder);
        let receives = profile.folder != INSTITUTION.folder;
        let file = folder.join("encryption.key");
        let encryption = EncryptionKey { key: keys.take(&file)?, file };
        let (transport, seal) = identities(keys, &folder, authority, profile, member)?;
        let messages =
            if receives { None } else { Some(messages(keys, &folder, authority, profile, member)?) };
        organisations.push(Arc::new(Organisation {
            folder: profile.folder,
            id: member.organisation_id.clone(),
            name: profile.name.into(),
            cnpj: profile.cnpj.into(),
            software_statement_id: member.software_statement_id.clone(),
            pcm_client_id: member.pcm_client_id.clone(),
            roles: profile.roles.iter().map(|role| (*role).into()).collect(),
            redirect_uris: if receives { vec![format!("{site}/callback")] } else { Vec::new() },
            webhook_uris: profile.webhook.iter().map(|path| format!("{site}{path}")).collect(),
            transport,
            seal,
            messages,
            encryption,
        }));
    }
    Ok(organisations)
}

/// The organisations as the metrics platform knows them.
pub(crate) fn of_the_platform(organisations: &[Arc<Organisation>]) -> Vec<ponte_metrics_platform::Member> {
    let member = |organisation: &Arc<Organisation>| ponte_metrics_platform::Member {
        id: organisation.id.clone(),
        software_statement_id: organisation.software_statement_id.clone(),
        pcm_client_id: organisation.pcm_client_id.clone(),
    };
    organisations.iter().map(member).collect()
}

/// BRCAC and BRSEAL of an organisation.
fn identities(
    keys: &mut KeyStore,
    folder: &Path,
    authority: &Authority,
    profile: &OrganisationProfile,
    member: &Member,
) -> Result<(Identity, Identity), SandboxError> {
    let transport = TransportSubject {
        cnpj: profile.cnpj.into(),
        organisation_name: profile.name.into(),
        organisation_id: member.organisation_id.clone(),
        software_statement_id: member.software_statement_id.clone(),
        common_name: profile.host.into(),
    };
    let seal = seal_subject(profile, member);
    let (brcac, brseal) = (Profile::Transport(&transport), Profile::Seal(&seal));
    let (transport_key, seal_key) =
        (keys.take(&folder.join("transport.key"))?, keys.take(&folder.join("signing.key"))?);
    let now = clock::now();
    Ok((
        authority.identity(folder, "transport", &brcac, transport_key, now)?,
        authority.identity(folder, "signing", &brseal, seal_key, now)?,
    ))
}

/// The BRSEAL of the institution that signs messages about payments, apart from the one that signs tokens.
fn messages(
    keys: &mut KeyStore,
    folder: &Path,
    authority: &Authority,
    profile: &OrganisationProfile,
    member: &Member,
) -> Result<Identity, SandboxError> {
    let subject = seal_subject(profile, member);
    let key = keys.take(&folder.join("messages.key"))?;
    authority.identity(folder, "messages", &Profile::Seal(&subject), key, clock::now())
}

fn seal_subject(profile: &OrganisationProfile, member: &Member) -> SealSubject {
    SealSubject {
        cnpj: profile.cnpj.into(),
        organisation_name: profile.name.into(),
        organisation_id: member.organisation_id.clone(),
    }
}

/// The institution first, then the participants.
fn profiles() -> [&'static OrganisationProfile; 3] {
    [&INSTITUTION, &PARTICIPANTS[0], &PARTICIPANTS[1]]
}

/// Signing key of the institution's back end (command loop).
pub(crate) const CHANNEL_KEY: &str = "institution/channel.key";

/// Every private key of the world, by its path below the directory.
pub(crate) fn key_files() -> Vec<String> {
    let mut files: Vec<String> = [
        "authority/root.key",
        "authority/issuing.key",
        "server/server.key",
        "directory/signing.key",
        "directory/stranger.key",
        "pcm/signing.key",
        CHANNEL_KEY,
        "institution/messages.key",
    ]
    .map(String::from)
    .to_vec();
    files.extend(systems::key_files());
    files.extend(payment_core::key_files());
    for profile in profiles() {
        files.push(format!("{}/transport.key", profile.folder));
        files.push(format!("{}/signing.key", profile.folder));
        files.push(format!("{}/encryption.key", profile.folder));
    }
    files
}
