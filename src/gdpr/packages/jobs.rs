//! Making a package: read piece by piece, written as it is read. A process that dies leaves no half package, and the next
//! one begins anew.

use super::model;
use super::reading::{self, Everything};
use super::talk::{self, PAGE, Said};
use super::view::{self, ThreadLink};
use crate::conversations::model::ConversationId;
use crate::customers::model::CustomerId;
use crate::kit::archive::Archive;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome};
use crate::kit::page::Cursor;
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::tasks::model::{self as tasks, Progress, TaskId};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Makes the file with everything held about a customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Package {
    pub task: TaskId,
    pub customer: CustomerId,
}

impl Package {
    pub fn options(task: TaskId) -> Options {
        Options { key: Some(format!("gdpr:package:{task}")), ..Options::default() }
    }
}

impl Job for Package {
    const NAME: &'static str = "gdpr:package";
    const ATTEMPTS: i16 = 5;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let (task, customer) = (self.task, self.customer);
        let storage = context.get::<Storage>()?;
        let making = Making { context, tenant, task, customer, storage: &storage, done: 0 };
        match making.make().await {
            Ok(()) => Ok(Outcome::Done),
            Err(Error::Refused(why)) => {
                context.run(tenant, move |conn, tenant| tasks::fail(conn, tenant, task, &why)).await?;
                Ok(Outcome::Done)
            }
            Err(error) if context.is_last_attempt() => {
                let why = "Something went wrong on our side. Please try again.";
                context.run(tenant, move |conn, tenant| tasks::fail(conn, tenant, task, why)).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }
}

struct Making<'a> {
    context: &'a Context,
    tenant: TenantId,
    task: TaskId,
    customer: CustomerId,
    storage: &'a Storage,
    /// Messages so far.
    done: i64,
}

impl Making<'_> {
    async fn make(mut self) -> Result<()> {
        if !self.goes_on().await? {
            return Ok(());
        }
        let (customer, vault) = (self.customer, self.context.get::<Vault>()?);
        let read = self.context.run(self.tenant, move |conn, tenant| {
            let (everything, people) = reading::everything(conn, tenant, &vault, customer)?;
            Ok((talk::threads(conn, tenant, &people)?, everything, people))
        });
        let (threads, everything, people) = read.await?;
        let mut archive = Archive::create(self.storage, &model::file(self.tenant, self.task));
        let (mut links, mut media) = (Vec::new(), 0);
        for thread in &threads {
            let place = format!("conversations/{}", thread.id);
            let Some(count) = self.talk(&mut archive, &place, From::Thread(thread), &mut media).await? else {
                return Ok(());
            };
            links.push(view::link(thread, count));
        }
        let from = From::Groups(&people);
        let Some(in_groups) = self.talk(&mut archive, "conversations/groups", from, &mut media).await? else {
            return Ok(());
        };
        self.finish(archive, &everything, &links, in_groups > 0, media).await
    }

    /// Writes the messages of one conversation as a page and as JSON, with their files. None: somebody cancelled.
    async fn talk(
        &mut self,
        archive: &mut Archive,
        place: &str,
        from: From<'_>,
        media: &mut usize,
    ) -> Result<Option<usize>> {
        let (mut files, mut count) = (Vec::new(), 0);
        for is_page in [true, false] {
            let (mut after, mut is_first) = (None, true);
            let ending = if is_page { "html" } else { "json" };
            let mut page = self.page(&from, after).await?;
            if matches!(from, From::Groups(_)) && page.is_empty() {
                return Ok(Some(0));
            }
            archive.file(format!("{place}.{ending}")).await?;
            archive.write(if is_page { from.head()? } else { "[".to_owned() }).await?;
            while !page.is_empty() {
                let text = if is_page { view::lines(&page)? } else { view::json_lines(&page, is_first)? };
                archive.write(text).await?;
                (after, is_first) = (page.last().map(Said::cursor), false);
                if is_page {
                    count += page.len();
                    self.done += page.len() as i64;
                    files.extend(page.iter().filter_map(|line| line.stored.clone().zip(line.file.clone())));
                    if !self.goes_on().await? {
                        return Ok(None);
                    }
                }
                page = if page.len() < PAGE { Vec::new() } else { self.page(&from, after).await? };
            }
            archive.write(if is_page { view::foot()? } else { "\n]\n".to_owned() }).await?;
        }
        for (stored, path) in files {
            *media += usize::from(self.copy(archive, &stored, path).await?);
        }
        Ok(Some(count))
    }

    async fn page(&self, from: &From<'_>, after: Option<Cursor>) -> Result<Vec<Said>> {
        match from {
            From::Thread(thread) => {
                let id: ConversationId = thread.id;
                self.context.run(self.tenant, move |conn, tenant| talk::messages(conn, tenant, id, after)).await
            }
            From::Groups(people) => {
                let people = people.to_vec();
                self.context.run(self.tenant, move |conn, tenant| talk::in_groups(conn, tenant, &people, after)).await
            }
        }
    }

    /// A file that is not there any more is left out.
    async fn copy(&self, archive: &mut Archive, stored: &str, path: String) -> Result<bool> {
        let mut bytes = match self.storage.stream(stored).await {
            Err(Error::NotFound) => return Ok(false),
            found => found?.1,
        };
        archive.file(path).await?;
        while let Some(piece) = bytes.next().await {
            archive.write(piece?).await?;
        }
        Ok(true)
    }

    /// Tells how far it is, and whether to go on.
    async fn goes_on(&self) -> Result<bool> {
        let (task, progress) = (self.task, Progress { total: None, done: self.done, refused: 0 });
        let told = self.context.run(self.tenant, move |conn, tenant| {
            let goes_on = tasks::progress(conn, tenant, task, progress)?;
            if !goes_on {
                tasks::cancelled(conn, tenant, task, &json!({}))?;
            }
            Ok(goes_on)
        });
        told.await
    }

    async fn finish(
        self,
        mut archive: Archive,
        everything: &Everything,
        links: &[ThreadLink],
        has_group_messages: bool,
        media: usize,
    ) -> Result<()> {
        for (path, text) in [
            ("data.json", serde_json::to_string_pretty(everything)?),
            ("index.html", view::index(everything, links, has_group_messages)?),
            ("style.css", view::STYLE.to_owned()),
        ] {
            archive.file(path).await?;
            archive.write(text).await?;
        }
        archive.finish().await?;
        let result = json!({ "messages": self.done, "conversations": links.len(), "files": media });
        let (task, customer) = (self.task, self.customer);
        let made =
            self.context.run(self.tenant, move |conn, tenant| model::made(conn, tenant, task, customer, &result));
        made.await
    }
}

/// Where messages come from.
enum From<'a> {
    Thread(&'a talk::Thread),
    Groups(&'a [CustomerId]),
}

impl From<'_> {
    fn head(&self) -> Result<String> {
        match self {
            Self::Thread(thread) => view::head(&thread.title, Some(thread)),
            Self::Groups(_) => view::head("Messages in groups", None),
        }
    }
}
