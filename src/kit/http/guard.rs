//! Which addresses a user may point us at.
//!
//! A gateway usually lives on the same LAN or machine, so loopback and private ranges are legitimate. What is refused is
//! what hands out a cloud machine's credentials: link-local addresses (169.254.0.0/16, fe80::/10) and the metadata
//! services outside of them, in every spelling (the URL parser turns decimal, hex and octal into one form; addresses
//! inside IPv6 are unwrapped) and also behind a name, because the client resolves names through [`GuardedDns`].

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Metadata services that are not link-local: AWS over IPv6, Alibaba, Oracle, Azure's wire server.
const METADATA: [IpAddr; 4] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
];

/// Why an address was refused; the text is fit to stand beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("Enter an address like http://waha:3000.")]
    Malformed,
    #[error("The address must begin with http:// or https://.")]
    Scheme,
    #[error("The address must not hold a user name or password.")]
    Credentials,
    #[error("The address must not hold a query or a fragment.")]
    Query,
    #[error("Link-local and metadata addresses are not allowed.")]
    Forbidden,
}

/// Reads the base address of a neighbour: http(s), no credentials, no query, no forbidden host.
pub fn checked_url(text: &str) -> Result<Url, BadUrl> {
    let url = Url::parse(text.trim()).map_err(|_| BadUrl::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(BadUrl::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadUrl::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BadUrl::Query);
    }
    match url.host() {
        None => Err(BadUrl::Malformed),
        Some(Host::Ipv4(ip)) if is_forbidden(ip.into()) => Err(BadUrl::Forbidden),
        Some(Host::Ipv6(ip)) if is_forbidden(ip.into()) => Err(BadUrl::Forbidden),
        Some(_) => Ok(url),
    }
}

fn is_forbidden(ip: IpAddr) -> bool {
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || inner_v4(ip).is_some_and(|ip| is_forbidden(ip.into())),
    };
    link_local || METADATA.contains(&ip)
}

/// The IPv4 address that an IPv6 one stands for: mapped (::ffff:a.b.c.d), compatible (::a.b.c.d), NAT64 (64:ff9b::),
/// 6to4 (2002::).
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    let (high, low) = match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => (high, low),
        (0x2002, ..) => (b, c),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

/// Resolves as the system does and leaves out what is forbidden. Leaves out rather than fails, since a name on a LAN
/// often has a link-local address beside its real one.
pub struct GuardedDns;

impl Resolve for GuardedDns {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found.into_iter().filter(|addr| !is_forbidden(addr.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other(BadUrl::Forbidden).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways_on_the_lan_and_in_public_are_fine() {
        for url in ["http://localhost:3000", "http://10.0.0.7", "https://waha.example.org/waha/", "http://[::1]:3000"] {
            assert!(checked_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn metadata_addresses_are_refused_in_every_spelling() {
        for host in [
            "169.254.169.254",
            "2852039166",
            "0xA9FEA9FE",
            "0251.0376.0251.0376",
            "169.254.43518",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "[::169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[fd00:ec2::254]",
            "100.100.100.200",
            "169。254。169。254",
        ] {
            assert_eq!(checked_url(&format!("http://{host}/")), Err(BadUrl::Forbidden), "{host}");
        }
    }

    #[test]
    fn other_urls_are_refused_with_their_reason() {
        assert_eq!(checked_url("waha:3000"), Err(BadUrl::Scheme));
        assert_eq!(checked_url("not a url"), Err(BadUrl::Malformed));
        assert_eq!(checked_url("file:///etc/passwd"), Err(BadUrl::Scheme));
        assert_eq!(checked_url("http://me:pass@waha"), Err(BadUrl::Credentials));
        assert_eq!(checked_url("http://waha/?x-api-key=1"), Err(BadUrl::Query));
    }

    #[tokio::test]
    async fn names_are_resolved_and_still_guarded() {
        let local = GuardedDns.resolve("localhost".parse().unwrap()).await.map(|found| found.count());
        // A resolver hands numeric names back as they are, which stands in for a name with such a record.
        let metadata = GuardedDns.resolve("169.254.169.254".parse().unwrap()).await.map(|found| found.count());

        assert!(local.is_ok_and(|count| count > 0));
        assert!(metadata.is_err_and(|error| error.to_string().contains("metadata")));
    }
}
