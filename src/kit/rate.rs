//! How often one address may ask for what costs much or is worth guessing at: kept in the process, by actix-governor.
//!
//! A route is limited by `.wrap(limit.guard())`. Whoever is over it gets 429 with Retry-After, as page, toast or problem.
//! What all processes must count together, failed sign-ins, is not counted here.

use super::client_address;
use super::error::Error;
use actix_governor::governor::clock::QuantaInstant;
use actix_governor::governor::middleware::NoOpMiddleware;
use actix_governor::{Governor, GovernorConfig, GovernorConfigBuilder, KeyExtractor};
use actix_web::dev::ServiceRequest;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

/// The header that actix-governor marks its refusals with.
pub const LIMITED: &str = "x-ratelimit-after";
/// How often addresses that have been quiet are forgotten.
const FORGET: Duration = Duration::from_secs(600);

/// Clones count together.
#[derive(Clone)]
pub struct Limit(GovernorConfig<PerAddress, NoOpMiddleware<QuantaInstant>>);

impl Limit {
    /// `burst` requests at once, and one more each `period`. Must be called inside the runtime.
    pub fn per_address(burst: u32, period: Duration) -> Self {
        let config =
            GovernorConfigBuilder::const_default().key_extractor(PerAddress).burst_size(burst).period(period).finish();
        let config = config.expect("burst and period are constants above zero");
        let limiter = Arc::downgrade(&config.limiter());
        tokio::spawn(async move {
            while let Some(limiter) = limiter.upgrade() {
                limiter.retain_recent();
                drop(limiter);
                tokio::time::sleep(FORGET).await;
            }
        });
        Self(config)
    }

    pub fn guard(&self) -> Governor<PerAddress, NoOpMiddleware<QuantaInstant>> {
        Governor::new(&self.0)
    }
}

/// Counts by the asker's address; of IPv6 by the network, which one asker has whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerAddress;

impl KeyExtractor for PerAddress {
    type Key = Option<IpAddr>;
    type KeyExtractionError = Error;

    fn extract(&self, req: &ServiceRequest) -> Result<Self::Key, Error> {
        Ok(client_address::of(req.request()).map(network))
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_askers_ipv6_network_counts_as_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
