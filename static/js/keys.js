// Single keys outside inputs: j k Enter in the list, r reply, n note, e resolve, / search, g then a letter to go, ? shows all; and
// whatever link or button names its own: <a data-key="e">, of the focused row first.
const GOING = 1200; // ms in which a letter after g counts
let going = 0;

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector('dialog[open], #pill_menu:popover-open')) return;
  const act = Date.now() < going ? () => follow(`[data-goto="${CSS.escape(event.key)}"]`) : KEYS[event.key] ?? (() => press(event.key));
  going = 0;
  if (act && act() !== false) event.preventDefault();
});

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => tick(),
  r: () => write('answer', 'r'),
  n: () => write('note', 'n'),
  e: () => document.querySelector('[data-resolve]') ? resolve() : press('e'),
  '/': () => focusOn('[data-search]'),
  g: () => { going = Date.now() + GOING; },
  '?': () => {
    for (const menu of document.querySelectorAll('details.menu[open]')) menu.open = false;
    document.getElementById('keys')?.showModal();
  },
  Escape: () => document.activeElement?.blur(),
};

function isTyping(element) {
  return element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName) && element.type !== 'checkbox';
}

function follow(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.click();
}

function press(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const target = document.activeElement?.closest('tr')?.querySelector(named) ?? document.querySelector(`${named}:not(tr *)`);
  if (!target) return false;
  target.click();
}

// The focused row, or the open one.
function tick() {
  const row = document.activeElement?.closest('li') ?? document.querySelector('[data-row][aria-current]')?.closest('li');
  const pick = row?.querySelector('[data-pick]');
  if (!pick) return false;
  pick.click();
}

function focusOn(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  target.focus();
}

// The composer, turned to what shall be written.
function write(kind, key) {
  const mode = document.querySelector(`[data-mode="${kind}"]`);
  if (!mode) return press(key);
  if (mode.ariaCurrent) return focusOn('[data-composer]');
  mode.click();
}

// Resolves the open conversation and goes on with the next one in the list, or with an empty one.
function resolve() {
  const button = document.querySelector('[data-resolve]');
  const rows = [...document.querySelectorAll('[data-row]')];
  const here = rows.findIndex(row => row.ariaCurrent === 'page');
  const next = rows[here + 1] ?? rows[here - 1] ?? document.querySelector('.queue[aria-current]');
  // htmx says what came of it, and how to take it back.
  button.form.addEventListener('htmx:afterRequest', event => {
    if (event.detail.successful) next?.click();
  }, { once: true });
  button.click();
}

// From the focused row, or from the one that is open.
function step(by) {
  const rows = [...document.querySelectorAll('[data-row]')];
  const here = rows.findIndex(row => row === document.activeElement);
  const from = here >= 0 ? here : rows.findIndex(row => row.ariaCurrent === 'page');
  const next = rows[Math.min(Math.max(from + by, 0), rows.length - 1)];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}
