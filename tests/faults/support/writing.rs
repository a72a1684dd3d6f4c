//! People at the desk who write many messages and do not give up.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::browser::Browser;
use super::phones::Thread;

/// What was written, by chat, in order.
pub type Written = BTreeMap<String, Vec<String>>;

/// One writer per conversation, each writing `count` messages one after the other. A post that fails is posted again
/// with the same form, as a person would who sees an error page.
pub struct Writers {
    tasks: JoinSet<(String, Vec<String>)>,
}

impl Writers {
    pub fn begin(browser: &Browser, threads: &[Thread], count: usize) -> Self {
        let mut tasks = JoinSet::new();
        for thread in threads.iter().cloned() {
            let browser = browser.clone();
            tasks.spawn(async move {
                let bodies: Vec<_> = (0..count).map(|place| format!("message {place} to {}", thread.chat_id)).collect();
                for body in &bodies {
                    insist(&browser, thread.id, body).await;
                }
                (thread.chat_id, bodies)
            });
        }
        Self { tasks }
    }

    pub async fn done(self) -> Written {
        self.tasks.join_all().await.into_iter().collect()
    }
}

/// Posts until it was taken. What is answered instead may only be that the desk is away.
pub async fn insist(browser: &Browser, conversation: Uuid, body: &str) {
    let id = Uuid::now_v7();
    for _ in 0..600 {
        match browser.write(conversation, id, body).await {
            Ok(answer) if answer.status == 303 => return,
            Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.body),
            Err(_) => {} // no process there, or it died over this
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{body:?} was never taken");
}
