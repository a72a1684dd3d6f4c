// Lists of conversations and users: the open one stays marked, and fetching a list anew brings as many rows as it shows.
const rows = () => [...document.querySelectorAll('[data-row]')];

function mark() {
  for (const row of rows()) {
    if (row.pathname === location.pathname) read(row);
    else row.removeAttribute('aria-current');
  }
  const thread = document.querySelector('[data-title]');
  if (thread) document.title = thread.dataset.title;
}

for (const event of ['htmx:afterSwap', 'htmx:pushedIntoHistory', 'htmx:replacedInHistory']) {
  document.body.addEventListener(event, mark);
}

// Opening a conversation reads it; the server knows, the row says so without being fetched.
function read(row) {
  row.setAttribute('aria-current', 'page');
  row.classList.remove('is-unread');
  row.querySelector('.unread')?.remove();
}

document.body.addEventListener('htmx:configRequest', event => {
  const { detail, target } = event;
  if (target.id === 'user_list' || target.id === 'customer_list') detail.parameters.set('rows', rows().length);
  if (detail.target.id !== 'conversation_list') return;
  // What narrows nothing need not stand in the address.
  for (const [name, value] of [...detail.parameters.entries()]) if (value === '') detail.parameters.delete(name);
  if (target.id === 'conversation_list') detail.parameters.set('rows', rows().length);
  // Asked from the open conversation, which then is marked and stays in the address.
  if (/^\/inbox\/[^/]+$/.test(location.pathname)) detail.path = location.pathname;
});
