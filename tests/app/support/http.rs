//! Requests as browsers send them, and what comes back.

use actix_web::cookie::Cookie;
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use std::net::SocketAddr;
use url::form_urlencoded::Serializer;

/// A request before it is known who makes it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    pub uri: String,
    headers: Vec<(String, String)>,
    fields: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    cookies: Vec<Cookie<'static>>,
    token: Token,
    peer: SocketAddr,
}

#[derive(Debug, Clone)]
enum Token {
    /// The asker's own.
    Own,
    None,
    Other(String),
}

pub fn get(uri: &str) -> Ask {
    Ask::new(Method::GET, uri)
}

/// What programs change things with.
pub fn delete(uri: &str) -> Ask {
    Ask::new(Method::DELETE, uri).body("")
}

/// A form that is only a button.
pub fn post(uri: &str) -> Ask {
    Ask::new(Method::POST, uri)
}

pub fn form(uri: &str, fields: &[(&str, &str)]) -> Ask {
    post(uri).fields(fields)
}

impl Ask {
    pub fn new(method: Method, uri: &str) -> Self {
        Self {
            method,
            uri: uri.to_owned(),
            headers: Vec::new(),
            fields: Vec::new(),
            body: None,
            cookies: Vec::new(),
            token: Token::Own,
            peer: SocketAddr::from(([192, 0, 2, 1], 50_000)),
        }
    }

    pub fn fields(mut self, fields: &[(&str, &str)]) -> Self {
        self.fields.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As htmx asks for the element `target`.
    pub fn htmx(self, target: &str) -> Self {
        self.header("hx-request", "true").header("hx-target", target)
    }

    /// Sent as it is, with no token added.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    /// As programs ask.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn json(self, body: &serde_json::Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    pub fn without_token(self) -> Self {
        Self { token: Token::None, ..self }
    }

    pub fn token(self, token: &str) -> Self {
        Self { token: Token::Other(token.to_owned()), ..self }
    }

    pub fn from(self, peer: [u8; 4]) -> Self {
        Self { peer: SocketAddr::from((peer, 50_000)), ..self }
    }

    /// `csrf` is the asker's own token, where there is one.
    pub fn build(self, csrf: Option<&str>) -> TestRequest {
        let is_htmx = self.headers.iter().any(|(name, _)| name == "hx-request");
        let token = match self.token {
            Token::Own => csrf.map(str::to_owned),
            Token::None => None,
            Token::Other(token) => Some(token),
        };
        let mut fields = self.fields;
        let mut req = TestRequest::with_uri(&self.uri).method(self.method.clone()).peer_addr(self.peer);
        if let Some(token) = token.filter(|_| !self.method.is_safe() && self.body.is_none()) {
            match is_htmx {
                true => req = req.insert_header(("x-csrf-token", token)),
                false => fields.push(("csrf_token".into(), token)),
            }
        }
        req = self.headers.into_iter().fold(req, |req, (name, value)| req.append_header((name, value)));
        req = self.cookies.into_iter().fold(req, TestRequest::cookie);
        match (self.body, self.method.is_safe()) {
            (Some(body), _) => req.set_payload(body),
            (None, true) => req,
            (None, false) => {
                let body = Serializer::new(String::new()).extend_pairs(fields).finish();
                req.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body)
            }
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub html: String,
    pub headers: HeaderMap,
}

impl Answer {
    pub fn new(status: StatusCode, headers: HeaderMap, body: &[u8]) -> Self {
        Self { status: status.as_u16(), headers, html: String::from_utf8_lossy(body).into_owned() }
    }

    /// Empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.html).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn has(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.has(text), "{text:?} is not in this {}: {}", self.status, self.html);
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.has(text), "{text:?} is in this {}: {}", self.status, self.html);
        self
    }

    /// The value of the form field `name`.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let field = format!(r#"name="{name}""#);
        let (_, rest) = self.html.split_once(&field).unwrap_or_else(|| panic!("no field {name} in {self:?}"));
        let (_, rest) = rest.split_once(r#"value=""#).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The cookie of that name that was set.
    pub fn cookie(&self, name: &str) -> Option<Cookie<'static>> {
        let set = self.headers.get_all("set-cookie").filter_map(|value| value.to_str().ok());
        set.filter_map(|text| Cookie::parse_encoded(text.to_owned()).ok()).find(|cookie| cookie.name() == name)
    }
}
