//! A cheap HTTP/1.1 client: one kept-alive connection that knows just enough to read the desk's answers.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    /// As it came: perhaps in chunks, perhaps compressed.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The values of all headers of that name, in lower case.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(move |(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

enum Length {
    Bytes(usize),
    Chunked,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(256 * 1024) })
    }

    /// Sends a whole request and waits for the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let head = loop {
            if let Some(end) = find(&self.received, b"\r\n\r\n", 0) {
                break end + 4;
            }
            self.receive().await?;
        };
        let (status, length) = read_head(&self.received[..head])?;
        match length {
            Length::Bytes(count) => {
                while self.received.len() < head + count {
                    self.receive().await?;
                }
            }
            Length::Chunked => {
                while !is_complete(&self.received[head..])? {
                    self.receive().await?;
                }
            }
        }
        let (head, body) = self.received.split_at(head);
        Ok(Answer { status, head: std::str::from_utf8(head)?, body })
    }

    async fn receive(&mut self) -> anyhow::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => bail!("the desk closed the connection"),
            _ => Ok(()),
        }
    }
}

fn read_head(head: &[u8]) -> anyhow::Result<(u16, Length)> {
    let head = std::str::from_utf8(head)?;
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).context("no status line")?;
    let mut length = Length::Bytes(0);
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = Length::Bytes(value.trim().parse()?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            length = Length::Chunked;
        }
    }
    Ok((status, length))
}

/// Whether the last, empty chunk has come.
fn is_complete(chunks: &[u8]) -> anyhow::Result<bool> {
    let mut at = 0;
    loop {
        let Some(end) = find(chunks, b"\r\n", at) else { return Ok(false) };
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[at..end])?.trim(), 16)?;
        at = end + 2 + size + 2;
        if at > chunks.len() {
            return Ok(false);
        }
        if size == 0 {
            return Ok(true);
        }
    }
}

fn find(text: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
}
