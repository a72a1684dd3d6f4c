//! The address of whoever asks: the peer's, or what a trusted proxy says of it.

use actix_web::HttpRequest;
use std::net::{IpAddr, SocketAddr};

/// `SWITCHBOARD_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

/// Walks `X-Forwarded-For` from its right end and stops at the first hop that is no proxy of ours, or is no address: what
/// stands further left was written by the client.
pub fn of(req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip().to_canonical();
    let proxies = &req.app_data::<actix_web::web::Data<TrustedProxies>>()?.0;
    let is_proxy = |ip: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *ip);
    if !is_proxy(&peer) {
        return Some(peer);
    }
    let lines: Vec<&str> =
        req.headers().get_all("x-forwarded-for").map(|value| value.to_str().unwrap_or_default()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).map_while(address);
    let mut last = peer;
    for hop in hops {
        last = hop;
        if !is_proxy(&hop) {
            break;
        }
    }
    Some(last)
}

/// Some proxies tell the port, too.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let ip = hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    ip.map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use actix_web::web::Data;

    /// Asked by `peer`, with these lines of `X-Forwarded-For`, behind the proxies 10.0.0.1 and 10.0.0.2.
    fn seen(peer: &str, lines: &[&str]) -> String {
        let proxies = TrustedProxies(vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]);
        let req = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1234));
        let req = req.app_data(Data::new(proxies));
        let req = lines.iter().fold(req, |req, line| req.append_header(("x-forwarded-for", *line)));
        of(&req.to_http_request()).unwrap().to_string()
    }

    #[test]
    fn strangers_are_who_they_are_whatever_they_say() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.3", &["198.51.100.7"]), "10.0.0.3");
    }

    #[test]
    fn a_proxy_tells_who_asked_it_and_nobody_further_left_is_believed() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["nonsense, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, nonsense, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn addresses_come_in_several_forms() {
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7:5678"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["[2001:db8::1]:5678, 10.0.0.2"]), "2001:db8::1");
    }
}
