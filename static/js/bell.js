// The count of unread notifications in the tab's title: "(3) Inbox · Switchboard".
function badge() {
  const bell = document.getElementById('bell');
  if (!bell) return;
  const unread = Number(bell.querySelector('[data-unread]')?.dataset.unread ?? 0);
  const plain = document.title.replace(/^\(\d+\+?\) /, '');
  document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${plain}` : plain;
}

for (const event of ['htmx:afterSettle', 'htmx:historyRestore']) document.body.addEventListener(event, badge);
