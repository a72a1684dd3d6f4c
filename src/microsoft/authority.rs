//! The authority: where it is, what it is asked, and what its answers are worth.

use super::attempt::Attempt;
use super::id_token::{self, Expected, Person};
use super::keys::Keys;
use super::trouble::Trouble;
use super::wire::Wire;
use crate::kit::error::{Error, Result};
use crate::kit::http::Breaker;
use crate::kit::secret::Secret;
use chrono::{DateTime, Duration, Utc};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;
use url::Url;

const WHO: [&str; 3] = ["openid", "profile", "email"];
/// Beyond that, for who links an account: tokens to Microsoft Graph that can be refreshed.
const GRAPH: [&str; 2] = ["offline_access", "User.Read"];
const DISCOVERY_KEPT: std::time::Duration = std::time::Duration::from_secs(3600);
/// What the OAuth standard recommends to assume where nothing is said.
const USUAL_LIFE: std::time::Duration = std::time::Duration::from_secs(300);

/// How we are registered at Microsoft.
#[derive(Debug, Clone)]
pub struct Registration {
    pub client_id: String,
    pub client_secret: Secret<String>,
    /// As `https://login.microsoftonline.com/common`.
    pub authority: Url,
    /// Of this installation, as browsers reach it, without a slash at the end.
    pub public_url: String,
    /// How long one answer may take.
    pub patience: std::time::Duration,
}

/// The authority, where one is configured. Cheap to clone.
#[derive(Clone, Default)]
pub struct Microsoft(Option<Arc<Authority>>);

pub struct Authority {
    registration: Registration,
    wire: Wire,
    metadata: Mutex<Option<(Instant, Arc<Metadata>)>>,
    keys: Keys,
}

/// What discovery says, as far as it is needed.
#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
}

/// Access to Microsoft Graph in somebody's name.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: Secret<String>,
    pub refresh: Option<Secret<String>>,
    pub expires_at: DateTime<Utc>,
    pub scopes: String,
}

impl Microsoft {
    pub fn new(registration: Registration) -> Self {
        let breaker = Breaker::of(registration.authority.as_str());
        let wire = Wire { patience: registration.patience, breaker };
        let (metadata, keys) = (Mutex::default(), Keys::default());
        Self(Some(Arc::new(Authority { registration, wire, metadata, keys })))
    }

    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// # Errors
    /// `Refused` with the names to set, where there is none.
    pub fn authority(&self) -> Result<&Authority> {
        const ABSENT: &str = "Microsoft sign-in is not configured: the operator of this installation sets \
                              MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET.";
        self.0.as_deref().ok_or_else(|| Error::Refused(ABSENT.into()))
    }
}

type OAuth = Client<
    BasicErrorResponse,
    StandardTokenResponse<IdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What comes beside the tokens. Never printed.
#[derive(Clone, Serialize, Deserialize)]
struct IdToken {
    #[serde(default)]
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Authority {
    /// Where the browser is sent to.
    pub async fn address(&self, attempt: &Attempt) -> Result<Url, Trouble> {
        let metadata = self.metadata().await?;
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let scopes = scopes(attempt.wants_tokens());
        let (url, _) = self
            .oauth(&metadata)?
            .authorize_url(|| CsrfToken::new(attempt.state.clone()))
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("nonce", &attempt.nonce)
            .add_extra_param("response_mode", "query")
            // Desks are shared: whoever sat here before is not signed in unasked.
            .add_extra_param("prompt", "select_account")
            .url();
        Ok(url)
    }

    /// Redeems the code of a callback: who it is, and the tokens that came with it.
    pub async fn redeem(&self, code: String, attempt: &Attempt) -> Result<(Person, Tokens), Trouble> {
        let metadata = self.metadata().await?;
        let oauth = self.oauth(&metadata)?;
        let answer = oauth
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
            .request_async(&|request| self.wire.send(request))
            .await
            .map_err(sort)?;
        let id_token = answer.extra_fields().id_token.as_deref();
        let id_token = id_token.ok_or(Trouble::Untrusted("there is none"))?;
        let kid = id_token::key_id(id_token)?;
        let key = self.keys.find(&self.wire, &metadata.jwks_uri, &kid).await?;
        let key = key.ok_or(Trouble::Untrusted("its key is unknown"))?;
        let client_id = &self.registration.client_id;
        let expected = Expected { client_id, issuer: &metadata.issuer, nonce: &attempt.nonce };
        Ok((id_token::read(id_token, &key, &expected)?, Tokens::of(&answer)))
    }

    /// New tokens for old ones. Where the authority gives no new refresh token, the old one goes on.
    pub async fn refresh(&self, refresh: &Secret<String>) -> Result<Tokens, Trouble> {
        let metadata = self.metadata().await?;
        let oauth = self.oauth(&metadata)?;
        let token = RefreshToken::new(refresh.expose().clone());
        let answer = oauth.exchange_refresh_token(&token).request_async(&|request| self.wire.send(request)).await;
        let tokens = Tokens::of(&answer.map_err(sort)?);
        Ok(Tokens { refresh: tokens.refresh.or_else(|| Some(refresh.clone())), ..tokens })
    }

    /// How long one answer may take.
    pub fn patience(&self) -> std::time::Duration {
        self.registration.patience
    }

    /// Whether it can be reached and says what is needed; for the doctor.
    pub async fn check(&self) -> Result<(), Trouble> {
        self.metadata().await.map(drop)
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, Trouble> {
        let asked = tokio::time::timeout(self.wire.patience, self.discover()).await;
        asked.map_err(|_| Trouble::Lost)?
    }

    async fn discover(&self) -> Result<Arc<Metadata>, Trouble> {
        let mut kept = self.metadata.lock().await;
        if let Some((_, metadata)) = kept.as_ref().filter(|(since, _)| since.elapsed() < DISCOVERY_KEPT) {
            return Ok(metadata.clone());
        }
        let base = self.registration.authority.as_str().trim_end_matches('/');
        let url = format!("{base}/v2.0/.well-known/openid-configuration");
        let metadata: Metadata = self.wire.get(&url.parse().map_err(|_| Trouble::Unreached)?).await?;
        if !metadata.is_as_safe_as(&self.registration.authority) {
            return Err(Trouble::Strange);
        }
        let metadata = Arc::new(metadata);
        *kept = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn oauth(&self, metadata: &Metadata) -> Result<OAuth, Trouble> {
        let Registration { client_id, client_secret, public_url, .. } = &self.registration;
        let redirect = RedirectUrl::new(format!("{public_url}/login/microsoft/callback"));
        Ok(Client::new(ClientId::new(client_id.clone()))
            .set_client_secret(ClientSecret::new(client_secret.expose().clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
            .set_redirect_uri(redirect.map_err(|_| Trouble::Refused)?))
    }
}

impl Metadata {
    /// An authority that is asked by https names nothing that is not.
    fn is_as_safe_as(&self, authority: &Url) -> bool {
        let is_safe = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && authority.scheme() == "http");
        [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri].into_iter().all(is_safe)
    }
}

impl Tokens {
    fn of(answer: &StandardTokenResponse<IdToken, BasicTokenType>) -> Self {
        let life = Duration::from_std(answer.expires_in().unwrap_or(USUAL_LIFE)).unwrap_or_else(|_| Duration::days(1));
        let scopes = answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>());
        Self {
            access: Secret::new(answer.access_token().secret().clone()),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret().clone())),
            expires_at: Utc::now() + life.min(Duration::days(1)),
            scopes: scopes.unwrap_or_default().join(" "),
        }
    }
}

fn scopes(wants_tokens: bool) -> impl Iterator<Item = Scope> {
    let graph = GRAPH.into_iter().filter(move |_| wants_tokens);
    WHO.into_iter().chain(graph).map(|scope| Scope::new(scope.to_owned()))
}

fn sort(cause: RequestTokenError<Trouble, BasicErrorResponse>) -> Trouble {
    match cause {
        RequestTokenError::Request(trouble) => trouble,
        RequestTokenError::ServerResponse(answer) => match answer.error().as_ref() {
            "invalid_grant" | "interaction_required" | "consent_required" | "login_required" => Trouble::Ended,
            "server_error" | "temporarily_unavailable" => Trouble::Failing,
            _ => Trouble::Refused,
        },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Trouble::Strange,
    }
}
