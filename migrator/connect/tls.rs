//! TCP and TLS to a server that proves its name with a certificate of an authority that we chose.
//! sqlx trusts the system's authorities besides any that it is given, so the encryption is done here, with rustls,
//! and sqlx speaks to a Unix socket in a folder that only this process can enter. Never accepts another certificate,
//! and never goes on in the clear.

use std::fs::Permissions;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpStream, UnixListener};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address::{DatabaseUrl, Tls};
use super::{ConnectError, explain_io, roots};
use crate::code::Code;

/// <https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST>
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// A folder with a Unix socket that leads to the server. The connection through it outlives the folder.
#[derive(Debug)]
pub struct Tunnel {
    folder: TempDir,
}

impl Tunnel {
    /// Connects, and lets exactly one client in.
    pub async fn open(url: &DatabaseUrl, tls: &Tls) -> Result<Self, ConnectError> {
        let mut encrypted = handshake(url, tls).await?;
        let failed = |error: io::Error| {
            let message = "no temporary folder for the connection could be made".to_owned();
            ConnectError { source: Some(Box::new(error.into())), ..ConnectError::new(Code::OutOfResources, message) }
        };
        let folder = private_folder().map_err(failed)?;
        let listener = UnixListener::bind(folder.path().join(format!(".s.PGSQL.{}", url.options.get_port())));
        let listener = listener.map_err(failed)?;
        tokio::spawn(async move {
            let Ok((mut client, _)) = listener.accept().await else { return };
            drop(listener);
            // When one end is gone the other is closed, and whoever reads there learns of it.
            let _ = copy_bidirectional(&mut client, &mut encrypted).await;
        });
        Ok(Self { folder })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Nobody else may connect to what is inside, whatever the process' umask.
fn private_folder() -> io::Result<TempDir> {
    tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir()
}

async fn handshake(url: &DatabaseUrl, tls: &Tls) -> Result<TlsStream<TcpStream>, ConnectError> {
    let config = config(url, tls)?;
    let name = ServerName::try_from(url.host().to_owned()).map_err(|_| {
        ConnectError::new(Code::MalformedUrl, format!("'{}' is no name that a certificate can be for", url.host()))
    })?;
    let broken = |error: io::Error| {
        let (code, message) = explain_io(&error, url);
        ConnectError { source: Some(Box::new(error.into())), ..ConnectError::new(code, message) }
    };
    let mut stream = connect(url).await.map_err(broken)?;
    stream.write_all(&SSL_REQUEST).await.map_err(broken)?;
    match stream.read_u8().await.map_err(broken)? {
        b'S' => {}
        b'N' => {
            let message = format!("{} offers no TLS, and nothing is sent to it in the clear", url.place());
            return Err(ConnectError::new(Code::TlsUnavailable, message));
        }
        _ => {
            return Err(ConnectError::new(
                Code::NotPostgres,
                format!("what listens at {} is not PostgreSQL", url.place()),
            ));
        }
    }
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| refused(url, error))
}

async fn connect(url: &DatabaseUrl) -> io::Result<TcpStream> {
    let port = url.options.get_port();
    let stream = match url.host_address {
        Some(address) => TcpStream::connect(SocketAddr::new(address, port)).await?,
        None => TcpStream::connect((url.host(), port)).await?,
    };
    // Requests are small and answered one by one; waiting to fill a packet would only cost time.
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn config(url: &DatabaseUrl, tls: &Tls) -> Result<ClientConfig, ConnectError> {
    let roots = roots::for_host(url.host(), url.region.as_deref(), tls.authority.as_deref())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let failed = |error: rustls::Error| ConnectError::new(Code::TlsFailed, format!("TLS cannot be set up: {error}"));
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let builder = builder.with_root_certificates(roots);
    let Some((certificate, key)) = &tls.identity else { return Ok(builder.with_no_client_auth()) };
    let unreadable = |file: &Path| {
        let message = format!("the file {} holds no certificate or key in PEM form that can be read", file.display());
        ConnectError::new(Code::CertificateUnreadable, message)
    };
    let chain = CertificateDer::pem_file_iter(certificate).map_err(|_| unreadable(certificate))?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(|_| unreadable(certificate))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|_| unreadable(key))?;
    builder.with_client_auth_cert(chain, key).map_err(failed)
}

/// What is wrong with the server's certificate: each has a remedy of its own.
fn refused(url: &DatabaseUrl, error: io::Error) -> ConnectError {
    let place = url.place();
    let reason = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (code, message) = match reason {
        Some(rustls::Error::InvalidCertificate(certificate)) => match certificate {
            // An authority that only has the name of a trusted one signs with another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => (
                Code::CertificateUntrusted,
                format!("the certificate of {place} comes from no authority that is trusted for this host"),
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
                Code::CertificateForAnother,
                format!("the certificate of {place} was issued for another host name than {}", url.host()),
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                (Code::CertificateExpired, format!("the certificate of {place} has expired"))
            }
            other => (Code::TlsFailed, format!("the certificate of {place} is not valid: {other}")),
        },
        Some(other) => (Code::TlsFailed, format!("no secure connection to {place} came about: {other}")),
        None => explain_io(&error, url),
    };
    ConnectError { source: Some(Box::new(error.into())), ..ConnectError::new(code, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_else_enters_the_folder_of_a_connection() {
        let folder = private_folder().unwrap();
        assert_eq!(folder.path().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
