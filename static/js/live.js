// Follows /events: each change becomes an event on <body> that live regions list in hx-trigger; tells when it cannot.
const PATIENCE = 2000; // ms without a line before the bar appears
const GATHER = 120; // ms in which changes of one thing become one event
const REMEMBERED = 500; // names of events
// Forms that end this session and may begin another: the page goes on by their answer, not by the stream's end.
const RENEWS = '[action="/logout"], [action="/support/leaving"], [data-renews]';
const bar = document.getElementById('connection');
const waiting = new Set();
const heard = new Map(); // what happened, and when it was last heard of
let source, downSince = null, barTimer, flushTimer;

// The first stream begins where the page was made; later ones after everything was fetched anew.
if ('live' in document.body.dataset) connect(`?page=${document.body.dataset.live}`);

function connect(from = '') {
  source = new EventSource(`/events${from}`);
  source.onopen = up;
  source.onerror = () => {
    down();
    // The browser retries by itself, except after an answer that is no stream (503, signed out).
    if (source.readyState === EventSource.CLOSED) reconnect(3000);
  };
  source.addEventListener('live', event => {
    const { kind, id } = JSON.parse(event.data);
    for (const name of id ? [`live:${kind}`, `live:${kind}:${id}`] : [`live:${kind}`]) {
      heard.delete(name);
      heard.set(name, performance.now());
      announce(name);
    }
    if (heard.size > REMEMBERED) heard.delete(heard.keys().next().value);
  });
  source.addEventListener('resync', () => announce('live:resync'));
  source.addEventListener('bye', event => {
    const { reason, retry } = JSON.parse(event.data);
    if (reason === 'signed_out') leave();
    else reconnect(retry);
  });
}

// Signed out elsewhere, or the account was closed.
function leave() {
  source.close();
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

// A closed source forgets the last id, so everything is fetched anew after this.
function reconnect(after) {
  source.close();
  setTimeout(() => { connect(); announceWhenOpen(); }, after);
}

function announceWhenOpen() {
  source.addEventListener('open', () => announce('live:resync'), { once: true });
}

function announce(name) {
  waiting.add(name);
  flushTimer ??= setTimeout(() => {
    flushTimer = undefined;
    for (const name of waiting) document.body.dispatchEvent(new CustomEvent(name));
    waiting.clear();
  }, GATHER);
}

// A part that is on its way when something happens cannot hear it, and is told once it is there. A live region that
// fetches itself anew does not need that: htmx lets it do so once more.
document.body.addEventListener('htmx:beforeRequest', ({ detail }) => { detail.xhr.begun = performance.now(); });
document.body.addEventListener('htmx:afterSettle', ({ detail }) => {
  if (!detail.xhr || detail.requestConfig.elt.matches('[hx-trigger*="live:"]')) return;
  for (const [name, at] of heard) if (at > detail.xhr.begun) announce(name);
});

function down() {
  downSince ??= Date.now();
  barTimer ??= setInterval(() => {
    const seconds = Math.floor((Date.now() - downSince) / 1000);
    if (seconds * 1000 < PATIENCE) return;
    bar.hidden = false;
    const since = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
    bar.querySelector('.connection-since').textContent = since;
  }, 1000);
}

function up() {
  clearInterval(barTimer);
  barTimer = undefined;
  downSince = null;
  bar.hidden = true;
}

// Tell the server at once instead of by time-out that this page is gone; come back when it is restored.
addEventListener('pagehide', () => source?.close());
addEventListener('submit', event => { if (event.target.matches(RENEWS)) source?.close(); });
addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
