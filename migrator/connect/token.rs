//! Tokens that stand in for a password at RDS, signed on this machine and anew for every connection.
//! The credentials come from the environment and from nowhere else: neither STS nor the instance metadata service is
//! ever asked, because nothing answers in a subnet without a way out. Never shows a token.

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_rds::auth_token::{AuthTokenGenerator, Config};
use aws_smithy_async::time::SystemTimeSource;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;
use url::Host;

use super::ConnectError;
use super::address::{DatabaseUrl, is_region};
use crate::code::Code;

/// The longest life that RDS grants; a token is only looked at while a connection is made.
const LIFETIME_SECONDS: u64 = 900;

const TIME: &str = "%Y-%m-%dT%H:%M:%SZ";

/// What Signature Version 4 leaves as it is
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A token, and what it says: that is all there is to go by when a server refuses it.
#[derive(Debug)]
pub struct Token {
    pub secret: SecretString,
    pub claim: String,
}

/// Signs a token for the role, the endpoint and the region of an address.
pub async fn sign(url: &DatabaseUrl) -> Result<Token, ConnectError> {
    let (host, port, role) = (url.host(), url.options.get_port(), url.role());
    let region = region(url)?;
    let credentials = credentials().await?;
    // The generator takes any host for granted, and panics on some.
    if !matches!(Host::parse(host), Ok(Host::Domain(_) | Host::Ipv4(_))) {
        let message = format!("a token cannot be signed for the host '{host}'");
        return Err(ConnectError::new(Code::MalformedUrl, message));
    }
    let claim = format!(
        "the token, which was signed for role {role} at {host}:{port} in {region}, with the access key {} and this machine's clock at {}",
        credentials.access_key_id(),
        jiff::Timestamp::now().strftime(TIME)
    );
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        ConnectError::new(
            Code::TokenUnsigned,
            format!("a token for role {role} at {host}:{port} in {region} could not be signed: {error}"),
        )
    };
    let config = Config::builder()
        .hostname(host)
        .port(port.into())
        .username(utf8_percent_encode(role, RESERVED).to_string())
        .region(Region::new(region.clone()))
        .expires_in(LIFETIME_SECONDS)
        .build()
        .map_err(failed)?;
    let sdk = SdkConfig::builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .time_source(SystemTimeSource::new())
        .build();
    let token = AuthTokenGenerator::new(config).auth_token(&sdk).await.map_err(failed)?;
    Ok(Token { secret: token.as_str().into(), claim })
}

/// What a token says of itself that somebody signed elsewhere and wrote into the address as a password.
pub fn describe(password: &str) -> Option<String> {
    let (_, query) = password.split_once("/?").filter(|(_, query)| query.contains("X-Amz-Signature="))?;
    let parameter = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let date = parameter("X-Amz-Date").and_then(|date| jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok());
    let signed = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok())?.timestamp();
    let lasts = parameter("X-Amz-Expires").and_then(|seconds| seconds.parse::<i64>().ok()).unwrap_or_default();
    let expiry = signed.checked_add(jiff::SignedDuration::from_secs(lasts)).ok()?;
    let state = if expiry < jiff::Timestamp::now() { "expired" } else { "expires" };
    Some(format!("the token in the address, which {state} at {}", expiry.strftime(TIME)))
}

/// The address' own, or the one that this process runs in. There is no default: a token for another region is refused
/// without a word about it.
fn region(url: &DatabaseUrl) -> Result<String, ConnectError> {
    match url.region.clone().or_else(region_of_process) {
        Some(region) if is_region(&region) => Ok(region),
        Some(region) => Err(ConnectError::new(Code::RegionMissing, format!("'{region}' is no region of AWS"))),
        None => {
            let message = format!("the host name {} does not say in which region of AWS it is", url.host());
            Err(ConnectError::new(Code::RegionMissing, message))
        }
    }
}

/// The region that this process runs in, or is told to act in.
pub fn region_of_process() -> Option<String> {
    let named = |name: &str| std::env::var(name).ok().filter(|region| !region.is_empty());
    named("AWS_REGION").or_else(|| named("AWS_DEFAULT_REGION"))
}

/// What `AWS_ACCESS_KEY_ID` and its companions hold.
async fn credentials() -> Result<Credentials, ConnectError> {
    let missing = |message: &str| ConnectError::new(Code::CredentialsMissing, message.to_owned());
    let found = EnvironmentVariableCredentialsProvider::new().provide_credentials().await;
    let credentials = found.map_err(|_| missing("the environment holds no credentials of AWS to sign a token with"))?;
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
    if credentials.access_key_id().starts_with("ASIA") && credentials.session_token().is_none() {
        return Err(missing(
            "the access key is a temporary one, and AWS_SESSION_TOKEN, which belongs to it, is not set",
        ));
    }
    Ok(credentials)
}
