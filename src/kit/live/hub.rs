//! One per process: listens to PostgreSQL, remembers the last few thousand events, and passes them on.

use super::event::{CHANNEL, Event};
use super::stream::{Listener, Stream};
use crate::kit::line;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// What a stream may fall behind before it is told to ask for everything again.
const BACKLOG: usize = 512;
/// What a returning browser can catch up on.
const MEMORY: usize = 4096;
/// How often the line is tried, and how long an answer may take: a dead peer sends nothing by itself.
const PROBE: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(3);
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub enum Signal {
    Event(Arc<Event>),
    /// Events may have been missed: whatever was built from earlier ones is to be asked for again.
    Resync,
    /// The process is stopping.
    Bye,
}

#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    sender: broadcast::Sender<Signal>,
    memory: Mutex<Memory>,
    is_up: AtomicBool,
    is_stopping: AtomicBool,
}

/// The events since the line was last made, oldest first. `start` stands for the moment before the first of them.
struct Memory {
    start: Uuid,
    events: VecDeque<Arc<Event>>,
}

/// Where a new stream begins.
pub(super) struct Place {
    pub(super) receiver: broadcast::Receiver<Signal>,
    /// What the browser names when it comes back.
    pub(super) id: Uuid,
    pub(super) since: Since,
}

pub(super) enum Since {
    New,
    /// What a returning browser missed.
    Missed(Vec<Arc<Event>>),
    /// What it missed cannot be said any more.
    Unknown,
}

impl Hub {
    /// Begins to listen, for as long as a `Hub` is held. `url` may be any role's that can connect.
    pub fn start(url: &str) -> Self {
        let hub = Self(Arc::new(Inner {
            sender: broadcast::channel(BACKLOG).0,
            memory: Mutex::new(Memory { start: Uuid::now_v7(), events: VecDeque::new() }),
            is_up: AtomicBool::new(false),
            is_stopping: AtomicBool::new(false),
        }));
        tokio::spawn(keep_listening(Arc::downgrade(&hub.0), url.to_owned()));
        hub
    }

    /// Whether the line to PostgreSQL is up, so that nothing is being missed. A cache that events empty is not to be
    /// read while it is down; a line that broke without a word is found out within 13 seconds.
    pub fn is_up(&self) -> bool {
        self.0.is_up.load(Ordering::Acquire)
    }

    /// Everything that is heard, of all tenants: for caches in this process, which empty themselves on a resync. A
    /// receiver that lags has missed events, too.
    pub fn watch(&self) -> broadcast::Receiver<Signal> {
        self.0.sender.subscribe()
    }

    /// A browser's stream; `last_event_id` is the header of that name.
    pub fn subscribe(&self, listener: Listener, last_event_id: Option<&str>) -> Stream {
        self.stream(listener, |memory| match last_event_id {
            None | Some("") => Since::New,
            Some(id) => missed(id, |id| memory.since(id)),
        })
    }

    /// The place in the stream of events at which a page is made: whatever its reader sees is at least that new.
    pub fn now(&self) -> Uuid {
        self.0.memory().end()
    }

    /// The stream of a page that was made at `place`, so that nothing is lost between the page and its stream.
    pub fn follow(&self, listener: Listener, place: &str) -> Stream {
        self.stream(listener, |memory| missed(place, |id| memory.after(id)))
    }

    /// Tells every browser to come back in a moment, and ends their streams. To be called before the server stops.
    pub fn stop(&self) {
        self.0.is_stopping.store(true, Ordering::Release);
        // Nobody listening is fine.
        let _ = self.0.sender.send(Signal::Bye);
    }

    fn stream(&self, listener: Listener, since: impl FnOnce(&Memory) -> Since) -> Stream {
        let memory = self.0.memory();
        // Subscribed under the lock, so that no event falls between what was missed and what comes.
        let receiver = self.0.sender.subscribe();
        let place = Place { receiver, id: memory.end(), since: since(&memory) };
        drop(memory);
        Stream::new(listener, place, self.0.is_stopping.load(Ordering::Acquire))
    }
}

/// What came after an id that a browser names, where that can still be said.
fn missed(id: &str, find: impl FnOnce(Uuid) -> Option<Vec<Arc<Event>>>) -> Since {
    id.parse().ok().and_then(find).map_or(Since::Unknown, Since::Missed)
}

impl Inner {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, event: Event) {
        let event = Arc::new(event);
        let mut memory = self.memory();
        memory.remember(event.clone());
        let _ = self.sender.send(Signal::Event(event));
    }

    /// The line is new: what was said before it stood is unknown.
    fn begin(&self) {
        let mut memory = self.memory();
        *memory = Memory { start: Uuid::now_v7(), events: VecDeque::new() };
        self.is_up.store(true, Ordering::Release);
        let _ = self.sender.send(Signal::Resync);
    }
}

impl Memory {
    fn remember(&mut self, event: Arc<Event>) {
        if self.events.len() == MEMORY
            && let Some(forgotten) = self.events.pop_front()
        {
            self.start = forgotten.id;
        }
        self.events.push_back(event);
    }

    fn end(&self) -> Uuid {
        self.events.back().map_or(self.start, |event| event.id)
    }

    /// What came after the whole transaction of `id`, as a page sees it.
    fn after(&self, id: Uuid) -> Option<Vec<Arc<Event>>> {
        self.from(id, self.events.iter().rposition(|event| event.id == id).map(|last| last + 1))
    }

    /// What came after `id`, with the other events of its transaction: the browser may have got only some of them.
    fn since(&self, id: Uuid) -> Option<Vec<Arc<Event>>> {
        self.from(id, self.events.iter().position(|event| event.id == id))
    }

    fn from(&self, id: Uuid, first: Option<usize>) -> Option<Vec<Arc<Event>>> {
        let first = first.or((id == self.start).then_some(0))?;
        Some(self.events.range(first..).cloned().collect())
    }
}

async fn keep_listening(hub: std::sync::Weak<Inner>, url: String) {
    let mut wait = SHORTEST_WAIT;
    while hub.strong_count() > 0 {
        let ended = listen(&hub, &url).await;
        if let Some(hub) = hub.upgrade()
            && hub.is_up.swap(false, Ordering::AcqRel)
        {
            wait = SHORTEST_WAIT;
        }
        if let Err(error) = ended {
            tracing::warn!(%error, database = line::shown(&url), "the live line is down");
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn listen(hub: &std::sync::Weak<Inner>, url: &str) -> anyhow::Result<()> {
    let (client, mut messages) = line::connect(url).await?;
    client.batch_execute(&format!("SET application_name = 'switchboard live'; LISTEN {CHANNEL}")).await?;
    match hub.upgrade() {
        Some(hub) => hub.begin(),
        None => return Ok(()),
    }
    loop {
        match timeout(PROBE, messages.recv()).await {
            Ok(None) => anyhow::bail!("the connection was closed"),
            Ok(Some(message)) => {
                let Some(hub) = hub.upgrade() else { return Ok(()) };
                match Event::read(message.payload()) {
                    Some(event) => hub.hear(event),
                    None => tracing::warn!("an announcement could not be read"),
                }
            }
            Err(_) if hub.strong_count() == 0 => return Ok(()),
            Err(_) => timeout(ANSWER, client.batch_execute("")).await??,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: Uuid, kind: &str) -> Arc<Event> {
        Arc::new(Event { id, tenant: Uuid::nil(), kind: kind.into(), subject: Uuid::nil() })
    }

    #[test]
    fn memory_replays_the_rest_and_the_whole_transaction() {
        let mut memory = Memory { start: Uuid::now_v7(), events: VecDeque::new() };
        let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
        for (id, kind) in [(first, "a"), (second, "b"), (second, "c")] {
            memory.remember(event(id, kind));
        }
        assert_eq!(memory.since(memory.start).unwrap().len(), 3);
        assert_eq!(memory.since(second).unwrap().len(), 2);
        assert_eq!(memory.since(Uuid::now_v7()), None);
        let after = |id| memory.after(id).map(|events| events.len());
        assert_eq!((after(memory.start), after(first), after(second)), (Some(3), Some(2), Some(0)));
        assert_eq!(after(Uuid::now_v7()), None);
    }

    #[test]
    fn memory_forgets_the_oldest() {
        let mut memory = Memory { start: Uuid::now_v7(), events: VecDeque::new() };
        let ids: Vec<Uuid> = (0..MEMORY + 2).map(|_| Uuid::now_v7()).collect();
        for id in &ids {
            memory.remember(event(*id, "a"));
        }
        assert_eq!(memory.since(ids[0]), None);
        assert_eq!(memory.since(ids[1]).unwrap().len(), MEMORY);
    }
}
