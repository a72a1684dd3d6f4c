// A menu over the composer for what begins with a sign: colleagues behind @. It follows what is typed; arrows move in it,
// Enter or Tab takes, Escape closes.
const MOST = 8; // shown at once
let open = null; // { text, list, start, options, at }

const isOpen = () => open !== null && open.list.isConnected && !open.list.hidden;

document.body.addEventListener('input', event => {
  if (event.target.matches?.('[data-suggests]')) suggest(event.target);
});
document.body.addEventListener('focusout', event => { if (event.target === open?.text) close(); });

function suggest(text) {
  const list = document.getElementById(text.dataset.suggests);
  const found = list && typed(text, list.dataset.sign);
  if (!found) return close();
  const options = fitting(list, found.words.toLowerCase());
  if (!options.length) return close();
  open = { text, list, start: found.start, options, at: 0 };
  list.hidden = false;
  text.setAttribute('aria-expanded', 'true');
  mark();
}

// What stands between the sign, at the beginning of a word, and the caret.
function typed(text, sign) {
  const before = text.value.slice(0, text.selectionStart);
  const start = before.lastIndexOf(sign);
  const words = before.slice(start + 1);
  if (start < 0 || words.length > 40 || /[\n@]/.test(words) || /^\s/.test(words)) return null;
  return /[\p{L}\p{N}]$/u.test(before.slice(0, start)) ? null : { start, words };
}

// Those whose name, or a later word of it, begins so; the others are hidden.
function fitting(list, words) {
  const fits = option => {
    const name = option.dataset.words.toLowerCase();
    return name.startsWith(words) || name.split(/[\s-]+/).some(word => word.startsWith(words));
  };
  const options = [...list.children].filter(fits).slice(0, MOST);
  for (const option of list.children) option.hidden = !options.includes(option);
  return options;
}

function mark() {
  for (const [at, option] of open.options.entries()) option.ariaSelected = String(at === open.at);
  open.text.setAttribute('aria-activedescendant', open.options[open.at].id);
  open.options[open.at].scrollIntoView({ block: 'nearest' });
}

function close() {
  if (!open) return;
  open.list.hidden = true;
  open.text.setAttribute('aria-expanded', 'false');
  open.text.removeAttribute('aria-activedescendant');
  open = null;
}

function take(option) {
  const { text, start } = open;
  text.setRangeText(option.dataset.insert, start, text.selectionStart, 'end');
  const named = text.form.elements.named;
  if (named && option.dataset.id) named.value = `${named.value} ${option.dataset.id}`.trim();
  close();
  text.dispatchEvent(new Event('input', { bubbles: true }));
}

// Before the composer, to which Enter means sending.
document.addEventListener('keydown', event => {
  if (!isOpen() || event.target !== open.text || event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    open.at = (open.at + steps[event.key] + open.options.length) % open.options.length;
    mark();
  } else if (event.key === 'Enter' || event.key === 'Tab') take(open.options[open.at]);
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

// The field keeps the focus.
document.addEventListener('pointerdown', event => { if (event.target.closest?.('.suggestions')) event.preventDefault(); });
document.addEventListener('click', event => {
  const option = event.target.closest?.('.suggestions [role="option"]');
  if (option && isOpen()) take(option);
});
