//! The address of whoever asks: the peer's, or what a trusted proxy says of it.

use actix_web::HttpRequest;
use std::net::IpAddr;

/// `SWITCHBOARD_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

/// Walks `X-Forwarded-For` from its right end and stops at the first hop that is no proxy of ours: what stands further
/// left was written by the client.
pub fn of(req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip();
    let proxies = &req.app_data::<actix_web::web::Data<TrustedProxies>>()?.0;
    if !proxies.contains(&peer) {
        return Some(peer);
    }
    let hops = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> = hops.flat_map(|line| line.split(',')).map_while(|hop| hop.trim().parse().ok()).collect();
    Some(hops.into_iter().rev().find(|hop| !proxies.contains(hop)).unwrap_or(peer))
}
