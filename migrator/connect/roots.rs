//! The certificate authorities that are trusted: those in `certs/`, built in, and one more if the address names it.
//! An endpoint of RDS is held to the roots of its own region, RDS Proxy and S3 to those of Amazon Trust Services.
//! Never asks the operating system.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::ConnectError;
use super::rds::RdsHost;
use crate::code::Code;

/// Each certificate follows a comment with its name, `# Amazon RDS eu-central-1 Root CA RSA2048 G1`.
const RDS: &str = include_str!("../../certs/rds.pem");

/// Amazon's public authorities, of which RDS Proxy and S3 have their certificates
/// (<https://www.amazontrust.com/repository/>).
pub const AMAZON_TRUST_SERVICES: &str = include_str!("../../certs/amazon-trust-services.pem");

const NAME: &str = "# Amazon RDS ";

/// The authorities that may vouch for a host.
pub fn for_host(host: &str, region: Option<&str>, extra: Option<&Path>) -> Result<RootCertStore, ConnectError> {
    let mut roots = RootCertStore::empty();
    match RdsHost::of(host) {
        Some(RdsHost { proxy: true, .. }) => add(&mut roots, AMAZON_TRUST_SERVICES)?,
        _ => in_region(region).try_for_each(|pem| add(&mut roots, pem))?,
    }
    if let Some(file) = extra {
        add_file(&mut roots, file)?;
    }
    if roots.is_empty() {
        let region = region.unwrap_or_default();
        let message = format!("this build of migrator knows no certificate authority of RDS in {region}");
        return Err(ConnectError::new(Code::RegionUnknown, message));
    }
    Ok(roots)
}

/// The roots of a region; of every region where the host does not say in which it is.
fn in_region(region: Option<&str>) -> impl Iterator<Item = &'static str> {
    RDS.split(NAME).skip(1).filter(move |block| {
        let name = block.split(' ').next().unwrap_or_default();
        region.is_none_or(|region| region == name)
    })
}

fn add(roots: &mut RootCertStore, pem: &str) -> Result<(), ConnectError> {
    let damaged = |error: &dyn std::fmt::Display| {
        ConnectError::new(Code::TlsFailed, format!("a certificate that is built in cannot be used: {error}"))
    };
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(|error| damaged(&error))?).map_err(|error| damaged(&error))?;
    }
    Ok(())
}

fn add_file(roots: &mut RootCertStore, file: &Path) -> Result<(), ConnectError> {
    let unreadable = |why: &dyn std::fmt::Display| {
        let message = format!("sslrootcert: the file {} holds no certificate that can be used: {why}", file.display());
        ConnectError::new(Code::CertificateUnreadable, message)
    };
    let mut found = false;
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
        found = true;
    }
    if found { Ok(()) } else { Err(unreadable(&"it has no CERTIFICATE section")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_its_three_roots_and_no_other() {
        let names: Vec<&str> = RDS.split(NAME).skip(1).filter_map(|block| block.lines().next()).collect();
        let of = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
        let regions: std::collections::BTreeSet<String> = names.iter().map(|name| of(name)).collect();
        assert!(regions.len() > 25 && regions.contains("eu-central-1"), "{regions:?}");
        for region in &regions {
            let keys: Vec<&str> = names.iter().filter(|name| of(name) == *region).copied().collect();
            assert_eq!(keys.len(), 3, "{keys:?}");
            let host = format!("shop.abc123.{region}.rds.amazonaws.com");
            assert_eq!(for_host(&host, Some(region), None).unwrap().len(), 3, "{region}");
        }
        assert_eq!(for_host("db.example", None, None).unwrap().len(), names.len());
        assert_eq!(
            for_host("shop.proxy-abc123.eu-central-1.rds.amazonaws.com", Some("eu-central-1"), None).unwrap().len(),
            5
        );
        assert_eq!(for_host("x", Some("il-central-1"), None).unwrap_err().code, Code::RegionUnknown);
    }
}
