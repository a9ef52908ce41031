//! What the host name of an RDS or Aurora endpoint says of itself.
//! The region of a token and the authority of a certificate both follow from it, so neither is ever guessed. Knows
//! nothing but the name.

use super::address::is_region;

/// An endpoint under `rds.amazonaws.com` (in China, under `amazonaws.com.cn`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdsHost {
    /// Absent where the name has none: the endpoint of a global cluster.
    pub region: Option<String>,
    /// RDS Proxy shows a certificate of Amazon Trust Services.
    pub proxy: bool,
}

impl RdsHost {
    pub fn of(host: &str) -> Option<Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        // In China `rds` stands before the region, elsewhere behind it.
        let (name, region) = match host.strip_suffix(".amazonaws.com.cn") {
            Some(name) => {
                let (name, region) = name.rsplit_once('.')?;
                (name.strip_suffix(".rds")?, region)
            }
            None => host.strip_suffix(".rds.amazonaws.com")?.rsplit_once('.')?,
        };
        let account = name.rsplit('.').next().unwrap_or(name);
        Some(Self { region: is_region(region).then(|| region.to_owned()), proxy: account.starts_with("proxy-") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_say_their_region_and_whether_they_are_a_proxy() {
        let of = |host: &str| RdsHost::of(host).map(|rds| (rds.region.unwrap_or_default(), rds.proxy));
        let in_frankfurt = |proxy| Some(("eu-central-1".to_owned(), proxy));
        assert_eq!(of("shop.abc123.eu-central-1.rds.amazonaws.com"), in_frankfurt(false));
        assert_eq!(of("shop.cluster-ro-abc123.EU-central-1.rds.amazonaws.com."), in_frankfurt(false));
        assert_eq!(of("shop.proxy-abc123.eu-central-1.rds.amazonaws.com"), in_frankfurt(true));
        assert_eq!(of("reads.endpoint.proxy-abc123.eu-central-1.rds.amazonaws.com"), in_frankfurt(true));
        assert_eq!(of("proxy-shop.abc123.us-gov-west-1.rds.amazonaws.com"), Some(("us-gov-west-1".to_owned(), false)));
        assert_eq!(of("shop.abc123.rds.cn-north-1.amazonaws.com.cn"), Some(("cn-north-1".to_owned(), false)));
        assert_eq!(of("shop.global-abc123.global.rds.amazonaws.com"), Some((String::new(), false)));
        assert_eq!(of("rds.amazonaws.com.example.org"), None);
        assert_eq!(of("db.example"), None);
    }
}
