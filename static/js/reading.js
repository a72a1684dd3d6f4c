// Tells that new messages of the open thread were read, once somebody looks at the page.
let told = null; // the conversation and the newest message of the customer that is known as read

function newest() {
  const { conversation } = document.querySelector('[data-conversation]')?.dataset ?? {};
  const message = [...document.querySelectorAll('#thread_messages .is-in')].at(-1)?.id;
  return conversation && { conversation, message };
}

function tell() {
  const now = newest();
  // Opening a thread is reading it, and the server knows that.
  if (!now || now.conversation !== told?.conversation) {
    told = now;
    return;
  }
  if (now.message === told.message || document.visibilityState !== 'visible' || !document.hasFocus()) return;
  const before = told;
  told = now;
  desk.ask('POST', `/conversations/${now.conversation}/reading`).catch(() => { told = before; });
}

document.body.addEventListener('htmx:afterSettle', tell);
document.addEventListener('visibilitychange', tell);
addEventListener('focus', tell);
tell();
