//! Files that came with messages. The gateway deletes them after minutes, so they are fetched when the webhook arrives.
//!
//! `media.url` names whatever host the gateway believes to have, often `localhost:3000`. Only the path after `/api/files/`
//! is taken from it: the request, and with it the key, always goes to our gateway.

use super::client::{Waha, next_chunk};
use super::error::{Error, Result};
use crate::kit::http::Permit;
use actix_web::web::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Response};
use url::Url;

const FILES: &str = "/api/files/";

/// A file on its way, of at most the size that was asked for.
#[derive(Debug)]
pub struct Download {
    pub mimetype: Option<String>,
    /// As the gateway announces it.
    pub size: Option<u64>,
    response: Response,
    permit: Option<Permit>,
    left: u64,
    limit: u64,
}

impl Waha {
    pub async fn download_media(&self, media_url: &str, limit: u64) -> Result<Download> {
        let url = self.file_url(media_url)?;
        let call = self.call_url(Method::GET, url).within(self.patience().media);
        let (permit, response) = call.start().await?;
        let size = response.content_length();
        if size.is_some_and(|size| size > limit) {
            permit.answered();
            return Err(Error::TooLarge(limit));
        }
        let mimetype = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Download { mimetype, size, response, permit: Some(permit), left: limit, limit })
    }

    fn file_url(&self, media_url: &str) -> Result<Url> {
        let refusal = || Error::refused(400, "This is not a file of the gateway.");
        let theirs = Url::parse(media_url).or_else(|_| self.base().join(media_url)).map_err(|_| refusal())?;
        let (_, file) = theirs.path().split_once(FILES).ok_or_else(refusal)?;
        Ok(self.url(&format!("{}{file}", &FILES[1..]), theirs.query()))
    }
}

impl Download {
    /// The next piece, None at the end.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = match next_chunk(&mut self.response).await {
            Ok(chunk) => chunk,
            Err(error) => {
                self.permit.take().into_iter().for_each(Permit::failed);
                return Err(error);
            }
        };
        let length = chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        if chunk.is_none() || length > self.left {
            self.permit.take().into_iter().for_each(Permit::answered);
        }
        self.left = self.left.checked_sub(length).ok_or(Error::TooLarge(self.limit))?;
        Ok(chunk)
    }

    /// The whole file in memory, for small ones.
    pub async fn bytes(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next_chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_always_asked_of_our_gateway() {
        let waha = Waha::new("https://gate.example.org/waha/", None).unwrap();

        for theirs in [
            "http://localhost:3000/api/files/shop/3A3F.jpg?v=1",
            "http://elsewhere.example.org/waha/api/files/shop/3A3F.jpg?v=1",
            "/api/files/shop/3A3F.jpg?v=1",
        ] {
            let ours = waha.file_url(theirs).unwrap();
            assert_eq!(ours.as_str(), "https://gate.example.org/waha/api/files/shop/3A3F.jpg?v=1", "{theirs}");
        }
    }

    #[test]
    fn other_paths_are_not_files() {
        let waha = Waha::new("http://waha:3000", None).unwrap();

        for theirs in ["http://waha:3000/api/sessions", "http://waha:3000/api/files/../keys", "file:///etc/passwd", ""]
        {
            assert_eq!(waha.file_url(theirs).unwrap_err().refused_with(), Some(400), "{theirs}");
        }
        assert!(waha.file_url("http://x/api/files/%2e%2e/keys").is_err());
    }
}
