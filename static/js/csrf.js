// Sends the page's CSRF token with every request: htmx's, and those that other files here make by `desk.ask`.
const KEPT_ALIVE = 60_000; // browsers refuse to do so with much more
const token = () => document.querySelector('meta[name="csrf-token"]').content;

document.body.addEventListener('htmx:configRequest', event => {
  if (event.detail.verb !== 'get') event.detail.headers['X-CSRF-Token'] = token();
});

globalThis.desk = {
  // Asks as htmx does, so that the answer is a part of a page, a toast, or where to go.
  ask: (method, url, { body, target } = {}) => fetch(url, {
    method,
    body,
    keepalive: String(body ?? '').length < KEPT_ALIVE, // reaches the desk even when this page is left
    headers: {
      'X-CSRF-Token': token(),
      'HX-Request': 'true',
      'HX-Current-URL': location.href,
      ...(target && { 'HX-Target': target }),
    },
  }),
};
