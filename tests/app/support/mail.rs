//! A mail server that takes everything (RFC 5321, as much as a client needs) and shows what came.

use super::app::TestApp;
use std::sync::{Arc, Mutex};
use switchboard::kit::mail::Mailer;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One letter, as it went over the wire.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    pub from: String,
    pub to: String,
    /// Head and body, with soft line breaks taken out.
    pub text: String,
}

pub struct Mailbox {
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl Mailbox {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, mails) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<Mail>>>::default());
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, kept.clone()));
            }
        });
        Self { port, mails }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// The only letter to that address.
    #[track_caller]
    pub fn to(&self, address: &str) -> Mail {
        let mails: Vec<Mail> = self.mails().into_iter().filter(|mail| mail.to == address).collect();
        assert_eq!(mails.len(), 1, "letters to {address} among {:?}", self.mails());
        mails[0].clone()
    }
}

impl Mail {
    /// The path of the first address in it that begins with `path`.
    #[track_caller]
    pub fn link(&self, path: &str) -> String {
        let at = self.text.find(path).unwrap_or_else(|| panic!("no {path} in {}", self.text));
        self.text[at..].split(|char: char| char.is_whitespace() || "\"<&".contains(char)).next().unwrap().to_owned()
    }
}

impl TestApp {
    /// With a mail server that takes everything.
    pub async fn with_mail() -> (Self, Mailbox) {
        let mut app = Self::new().await;
        let mailbox = Mailbox::open().await;
        app.parts.mailer =
            Mailer::new(&mailbox.url(), "Desk <desk@switchboard.test>", app.parts.vault.clone()).unwrap();
        (app, mailbox)
    }
}

async fn converse(stream: TcpStream, mails: Arc<Mutex<Vec<Mail>>>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut mail = Mail::default();
    writer.write_all(b"220 mailbox\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let word = line.to_ascii_uppercase();
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        if word.starts_with("MAIL FROM") {
            mail.from = address();
        } else if word.starts_with("RCPT TO") {
            mail.to = address();
        } else if word.starts_with("DATA") {
            writer.write_all(b"354 go on\r\n").await?;
            let mut text = String::new();
            while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                text += &line;
                text.push('\n');
            }
            mail.text = text.replace("=\n", "").replace("=3D", "=");
            mails.lock().unwrap().push(std::mem::take(&mut mail));
        } else if word.starts_with("QUIT") {
            return writer.write_all(b"221 bye\r\n").await;
        }
        writer.write_all(b"250 ok\r\n").await?;
    }
    Ok(())
}
