//! A bucket of S3 that does what an archive asks of its place.
//! Objects are written once (`If-None-Match`), HEAD only from where it was seen (`If-Match`), each with its SHA-256 for
//! S3 to check. Its endpoint is trusted by certificates that are built in, its credentials come from the environment.
//! Never asks STS or the instance metadata service, and never waits without an end.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aws_config::Region;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Config};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ServerSideEncryption};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use backon::{ConstantBuilder, Retryable};
use futures_util::future::BoxFuture;
use url::Url;

use super::MalformedLocation;
use super::store::{Store, StoreError};
use crate::code::Code;
use crate::connect::roots::AMAZON_TRUST_SERVICES;
use crate::connect::{is_loopback, is_region, region_of_process};

/// Where in S3 an archive is: `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketAddress {
    bucket: String,
    /// Empty, or ends with a slash.
    prefix: String,
    region: Option<String>,
    encryption: Option<Encryption>,
}

/// Encryption that is asked for with every object; without it the bucket's own default holds
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html>).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Encryption {
    S3,
    Kms { key: Option<String> },
}

impl FromStr for BucketAddress {
    type Err = MalformedLocation;

    /// `s3://bucket/prefix?region=eu-central-1&sse=aws:kms&kms_key=alias/archive`
    fn from_str(text: &str) -> Result<Self, MalformedLocation> {
        let malformed = |what: String| MalformedLocation(format!("The archive's address {what}"));
        let url = Url::parse(text).map_err(|error| malformed(format!("is no URL: {error}")))?;
        let bucket = url.host_str().unwrap_or_default().to_owned();
        if !is_bucket(&bucket) {
            return Err(malformed(format!("names no bucket: '{bucket}' cannot be one")));
        }
        let (mut region, mut sse, mut key) = (None, None, None);
        for (name, value) in url.query_pairs().into_owned() {
            match name.as_str() {
                "region" if is_region(&value) => region = Some(value),
                "sse" if matches!(value.as_str(), "AES256" | "aws:kms") => sse = Some(value),
                "kms_key" => key = Some(value),
                "region" | "sse" => return Err(malformed(format!("has a {name} that is not known"))),
                _ => return Err(malformed(format!("has a parameter '{name}', which is not known"))),
            }
        }
        let encryption = match (sse.as_deref(), key) {
            (Some("AES256"), Some(_)) => {
                return Err(malformed("has a kms_key, and says sse=AES256, which has none".to_owned()));
            }
            (Some("AES256"), None) => Some(Encryption::S3),
            (None, None) => None,
            (_, key) => Some(Encryption::Kms { key }),
        };
        let prefix = url.path().trim_matches('/');
        let prefix = percent_encoding::percent_decode_str(prefix).decode_utf8_lossy();
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Self { bucket, prefix, region, encryption })
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn is_bucket(name: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len()) && bytes.iter().copied().all(known) && edge(bytes.first()) && edge(bytes.last())
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix.trim_end_matches('/'))
    }
}

/// How long S3 may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    pub connect: Duration,
    /// One request, with its answer.
    pub attempt: Duration,
    /// A request with all its repetitions.
    pub operation: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(3), attempt: seconds(15), operation: seconds(40) }
    }
}

/// A bucket, or the part of it under a prefix.
#[derive(Debug, Clone)]
pub struct Bucket {
    client: Client,
    address: BucketAddress,
}

/// An object and the tag by which a later write can say that it saw this one.
struct Seen {
    bytes: Vec<u8>,
    tag: Option<String>,
}

type Failed<E> = SdkError<E, HttpResponse>;

impl Bucket {
    /// Makes the client; nothing is connected to yet.
    pub fn new(address: &BucketAddress, timeouts: Timeouts) -> Result<Self, StoreError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let region = address.region.clone().or_else(region_of_process);
        let region = region.ok_or_else(|| StoreError::Bucket {
            code: Code::BucketElsewhere,
            message: format!("nothing says in which region of AWS the bucket {} is", address.bucket),
            source: None,
        })?;
        let authorities = TrustStore::empty().with_pem_certificate(AMAZON_TRUST_SERVICES.as_bytes());
        let tls = TlsContext::builder().with_trust_store(authorities).build().map_err(|error| StoreError::Bucket {
            code: Code::TlsFailed,
            message: "TLS cannot be set up".to_owned(),
            source: Some(Box::new(error)),
        })?;
        let provider = Provider::Rustls(CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(provider).tls_context(tls).build_https();
        let endpoint = variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL"));
        check_endpoint(endpoint.as_deref())?;
        let limits = TimeoutConfig::builder()
            .connect_timeout(timeouts.connect)
            .operation_attempt_timeout(timeouts.attempt)
            .operation_timeout(timeouts.operation)
            .build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .http_client(http)
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(200)))
            .timeout_config(limits)
            // Only Amazon gives every bucket a host name of its own.
            .force_path_style(endpoint.is_some());
        let config = endpoint.into_iter().fold(config, Builder::endpoint_url);
        Ok(Self { client: Client::from_conf(config.build()), address: address.clone() })
    }

    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.address.prefix)
    }

    /// An answer that breaks off in its middle is asked for again; the SDK does so only up to an answer's beginning.
    async fn see(&self, key: &str) -> Result<Option<Seen>, StoreError> {
        let again = ConstantBuilder::default().with_delay(Duration::from_millis(200)).with_max_times(2);
        let cut = |error: &StoreError| matches!(error, StoreError::Bucket { code: Code::ArchiveCut, .. });
        (|| self.see_once(key)).retry(again).when(cut).await
    }

    async fn see_once(&self, key: &str) -> Result<Option<Seen>, StoreError> {
        let request = self.client.get_object().bucket(&self.address.bucket).key(self.name(key));
        let answer = match request.checksum_mode(ChecksumMode::Enabled).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(self.failed(key, "read", error)),
        };
        let tag = answer.e_tag;
        let body = answer.body.collect().await.map_err(|error| StoreError::Bucket {
            code: Code::ArchiveCut,
            message: format!("'{key}' could not be read: the answer broke off in its middle"),
            source: Some(Box::new(error)),
        })?;
        Ok(Some(Seen { bytes: body.to_vec(), tag }))
    }

    /// Over the object with this tag, or where none is yet.
    fn put(&self, key: &str, bytes: &[u8], tag: Option<&str>) -> PutObjectFluentBuilder {
        let request = self.client.put_object().bucket(&self.address.bucket).key(self.name(key));
        let request = request.body(ByteStream::from(bytes.to_vec())).checksum_algorithm(ChecksumAlgorithm::Sha256);
        let request = match tag {
            Some(tag) => request.if_match(tag),
            None => request.if_none_match("*"),
        };
        match &self.address.encryption {
            None => request,
            Some(Encryption::S3) => request.server_side_encryption(ServerSideEncryption::Aes256),
            Some(Encryption::Kms { key }) => {
                request.server_side_encryption(ServerSideEncryption::AwsKms).set_ssekms_key_id(key.clone())
            }
        }
    }

    /// Sends a conditional write. That the condition does not hold is no failure if the bytes are there: an earlier
    /// attempt, whose answer was lost, may have written them. 409 says that another write is under way, perhaps ours
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>).
    async fn write(&self, key: &str, bytes: &[u8], tag: Option<&str>) -> Result<(), StoreError> {
        let pause = ConstantBuilder::default().with_delay(Duration::from_millis(300)).with_max_times(4);
        let meanwhile = |error: &Failed<PutObjectError>| status(error) == Some(409);
        let sent = (|| self.put(key, bytes, tag).send()).retry(pause).when(meanwhile).await;
        let Err(error) = sent else { return Ok(()) };
        // NoSuchKey: what was to be replaced is gone.
        let is_conditional = matches!(status(&error), Some(409 | 412)) || error.code() == Some("NoSuchKey");
        if !is_conditional {
            return Err(self.failed(key, "written", error));
        }
        let there = self.see(key).await?;
        if there.is_some_and(|seen| seen.bytes == bytes) {
            return Ok(());
        }
        Err(StoreError::Conflict { key: key.to_owned() })
    }

    async fn write_if(&self, key: &str, previous: Option<&[u8]>, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(previous) = previous else {
            return self.write(key, bytes, None).await;
        };
        match self.see(key).await? {
            Some(seen) if seen.bytes == previous => {
                // Without a tag the write would have no condition.
                let tag = seen.tag.ok_or_else(|| StoreError::Conflict { key: key.to_owned() })?;
                self.write(key, bytes, Some(&tag)).await
            }
            Some(seen) if seen.bytes == bytes => Ok(()),
            _ => Err(StoreError::Conflict { key: key.to_owned() }),
        }
    }

    async fn names(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let request = self.client.list_objects_v2().bucket(&self.address.bucket).prefix(self.name(prefix));
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed(prefix, "listed", error))?;
            let names = page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key);
            keys.extend(names.filter_map(|name| name.strip_prefix(&self.address.prefix).map(str::to_owned)));
        }
        keys.sort();
        Ok(keys)
    }

    /// By S3's own error codes (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
    fn failed<E>(&self, key: &str, done: &str, error: Failed<E>) -> StoreError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let bucket = &self.address.bucket;
        let (code, why) = match (&error, error.code()) {
            (_, Some("NoSuchBucket")) => (Code::BucketMissing, format!("there is no bucket {bucket}")),
            (
                _,
                Some(
                    "SignatureDoesNotMatch"
                    | "InvalidAccessKeyId"
                    | "ExpiredToken"
                    | "InvalidToken"
                    | "RequestTimeTooSkewed",
                ),
            ) => (
                Code::CredentialsRefused,
                format!("S3 does not accept the credentials ({})", error.code().unwrap_or_default()),
            ),
            (_, Some("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException")) => {
                (Code::BucketElsewhere, format!("the bucket {bucket} is in another region"))
            }
            (SdkError::TimeoutError(_), _) => (Code::ArchiveTimeout, "S3 gave no answer in time".to_owned()),
            // The chain of causes ends in the provider of credentials, whose types are not public.
            (SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_), _)
                if DisplayErrorContext(&error).to_string().contains("environment variable not set") =>
            {
                (Code::CredentialsMissing, "the environment holds no credentials of AWS".to_owned())
            }
            (SdkError::DispatchFailure(failure), _) if failure.is_timeout() => {
                (Code::ArchiveTimeout, "S3 cannot be reached in time".to_owned())
            }
            (SdkError::DispatchFailure(_), _) => (Code::ArchiveUnreachable, "S3 cannot be reached".to_owned()),
            (SdkError::ResponseError(_), _) => (Code::ArchiveCut, "S3's answer broke off or is none".to_owned()),
            (_, code) => match status(&error) {
                Some(403) => {
                    (Code::ArchiveDenied, format!("S3 does not allow it ({})", code.unwrap_or("AccessDenied")))
                }
                Some(number) => {
                    (Code::ArchiveUnreachable, format!("S3 answered {number} {}", code.unwrap_or_default()))
                }
                None => (Code::ArchiveUnreachable, "S3 cannot be reached".to_owned()),
            },
        };
        let message = format!("'{key}' could not be {done}: {}", why.trim_end());
        StoreError::Bucket { code, message, source: Some(Box::new(error)) }
    }
}

/// What goes to S3 in the clear stays on this machine.
fn check_endpoint(endpoint: Option<&str>) -> Result<(), StoreError> {
    let url = endpoint.and_then(|endpoint| Url::parse(endpoint).ok());
    let is_safe = url.as_ref().is_none_or(|url| url.scheme() == "https" || url.host_str().is_some_and(is_loopback));
    if is_safe && endpoint.is_some() == url.is_some() {
        return Ok(());
    }
    let message = "AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) is no https:// address".to_owned();
    Err(StoreError::Bucket { code: Code::EndpointRefused, message, source: None })
}

fn status<E>(error: &Failed<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

impl Store for Bucket {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move { Ok(self.see(key).await?.map(|seen| seen.bytes)) })
    }

    fn put_new<'a>(&'a self, key: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.write_if(key, None, bytes))
    }

    fn put_if<'a>(
        &'a self,
        key: &'a str,
        previous: Option<&'a [u8]>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.write_if(key, previous, bytes))
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        Box::pin(self.names(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_bucket_and_what_is_asked_of_it() {
        let address: BucketAddress = "s3://acme-revisions/shop/prod/?region=eu-central-1".parse().unwrap();
        assert_eq!((address.bucket.as_str(), address.prefix.as_str()), ("acme-revisions", "shop/prod/"));
        assert_eq!((address.to_string().as_str(), address.encryption), ("s3://acme-revisions/shop/prod", None));
        let address: BucketAddress = "s3://acme-revisions?sse=aws:kms&kms_key=alias/archive".parse().unwrap();
        assert_eq!(address.encryption, Some(Encryption::Kms { key: Some("alias/archive".to_owned()) }));
        for malformed in [
            "s3://",
            "s3:///prefix",
            "s3://No_Bucket/x",
            "s3://acme-revisions?sse=rot13",
            "s3://acme-revisions?acl=public",
        ] {
            assert!(malformed.parse::<BucketAddress>().is_err(), "{malformed}");
        }
    }
}
