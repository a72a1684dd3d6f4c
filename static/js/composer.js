// Writing an answer or a note: Enter sends, Shift+Enter breaks the line, the field grows and keeps the focus.
const TALLEST = 220; // px
const KEPT = 'draft'; // in the tab's storage
const field = () => document.querySelector('[data-composer]');
const isDesk = () => matchMedia('(hover: hover)').matches; // on a phone, focus would bring up the keyboard

// What is being typed is never overwritten by what the server knew a moment ago.
addEventListener('DOMContentLoaded', () => { Idiomorph.defaults.ignoreActiveValue = true; });

function fit(text) {
  text.rows = 1;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(text);
  const inside = Math.min(text.scrollHeight, TALLEST) - parseFloat(paddingTop) - parseFloat(paddingBottom);
  text.rows = Math.max(1, Math.round(inside / parseFloat(lineHeight)));
}

document.body.addEventListener('input', event => {
  if (event.target.matches?.('[data-composer]')) fit(event.target);
});

document.body.addEventListener('keydown', event => {
  if (!event.target.matches?.('[data-composer]')) return;
  if (event.key === 'Escape') event.target.blur();
  // While an input method composes, Enter chooses a word.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.body.addEventListener('htmx:afterRequest', event => {
  const text = event.target;
  if (!text.matches?.('[data-composer]')) return;
  if (!event.detail.successful) return say('Draft not saved');
  text.dataset.saved = event.detail.requestConfig.parameters.body;
  sessionStorage.removeItem(KEPT);
  say(text.value ? 'Draft saved' : '');
});

const isChanged = text => text.value !== (text.dataset.saved ?? text.defaultValue);
const composes = text => text.form.elements.compose.value;

function put(text) {
  const body = new URLSearchParams({ body: text.value, compose: composes(text) });
  return desk.ask('PUT', text.getAttribute('hx-put'), { body });
}

// The last words before the page is left. The page that comes next may be asked for before they are kept on the
// server, so this tab keeps them too.
function keep() {
  const text = field();
  if (!text || !isChanged(text)) return;
  const [url, compose] = [text.getAttribute('hx-put'), composes(text)];
  sessionStorage.setItem(KEPT, JSON.stringify({ url, compose, value: text.value }));
  put(text).catch(() => {});
}

function restore() {
  const [kept, text] = [JSON.parse(sessionStorage.getItem(KEPT)), field()];
  sessionStorage.removeItem(KEPT);
  if (kept && text && kept.url === text.getAttribute('hx-put') && kept.compose === composes(text)) text.value = kept.value;
}

// From answer to note and back: what is written stays where it was written.
document.body.addEventListener('htmx:confirm', event => {
  const text = field();
  if (!event.target.matches?.('[data-mode]') || !text || !isChanged(text)) return;
  event.preventDefault();
  put(text).catch(() => {}).then(() => event.detail.issueRequest(true));
});

addEventListener('beforeunload', keep);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keep(); });

// Opening a thread and choosing what to quote lead into the field; whoever walks the list by keys stays there.
document.body.addEventListener('htmx:afterSettle', event => {
  const text = field();
  if (!text) return;
  fit(text);
  const opened = ['thread', 'screen'].includes(event.target.id) && isDesk();
  const walks = document.activeElement?.matches?.('[data-row]:focus-visible');
  const quotes = event.target.id === 'composer' && document.querySelector('.composer-reply');
  const turns = event.detail.requestConfig?.elt.matches?.('[data-mode]');
  if (quotes || turns || (opened && !walks)) text.focus({ preventScroll: true });
});

function say(text) {
  const note = document.getElementById('draft_status');
  if (note) note.textContent = text;
}

restore();
if (field()) {
  fit(field());
  // A row that was clicked before htmx knew of it brings a whole page.
  if (document.referrer.startsWith(`${location.origin}/inbox`) && isDesk()) field().focus({ preventScroll: true });
}
