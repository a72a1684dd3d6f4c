//! The headers that tell browsers what a page of ours may do: no script, style or frame but our own.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web::Data;
use std::ops::Range;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; object-src 'none'";

/// Middleware: sets them on every answer that has not set its own.
pub async fn secure(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_https = req.app_data::<Data<super::access::Https>>().is_some_and(|https| https.0);
    let mut response = next.call(req).await?;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    // Whatever is not said to be anybody's is somebody's: redirects, files and errors, too.
    set(CACHE_CONTROL, "no-store");
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    );
    if is_https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    Ok(response)
}

/// A download's header; the name is quoted in the form that carries any script.
pub fn attachment(filename: Option<&str>) -> String {
    let name = filename.unwrap_or("file");
    let plain: String = name.chars().filter(|char| char.is_ascii_alphanumeric() || " ._-".contains(*char)).collect();
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", plain.trim())
}

/// What a `Range` header asks for of so many bytes. None: the whole, because it is no single range.
///
/// # Errors
/// `NoSuchPart` where it begins behind the end.
pub fn part(asked: &str, length: u64) -> Result<Option<Range<u64>>, NoSuchPart> {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(last)) if first.is_empty() => length.saturating_sub(last)..length,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(NoSuchPart) }
}

/// A range of bytes that a file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchPart;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_within_the_file_or_refused_or_the_whole() {
        for (asked, range) in [
            ("bytes=0-1", Ok(Some(0..2))),
            ("bytes=4-", Ok(Some(4..10))),
            ("bytes=-3", Ok(Some(7..10))),
            ("bytes=-30", Ok(Some(0..10))),
            ("bytes=2-99", Ok(Some(2..10))),
            ("bytes=10-", Err(NoSuchPart)),
            ("bytes=-0", Err(NoSuchPart)),
            ("bytes=3-2", Ok(None)),
            ("bytes=0-1,4-5", Ok(None)),
            ("lines=1-2", Ok(None)),
            ("bytes=18446744073709551615-18446744073709551615", Err(NoSuchPart)),
        ] {
            assert_eq!(part(asked, 10), range, "{asked}");
        }
    }
}
