// The menus of the header's pills: fetched into one popover below the pill, searched by typing, moved through by arrows.
const menu = () => document.getElementById('pill_menu');
const isOpen = () => menu()?.matches('[popover]:popover-open');
const options = () => [...menu().querySelectorAll('[data-option]')].filter(option => !option.hidden);
const EDGE = 8; // px that stay free beside it
let opener = null;

document.body.addEventListener('htmx:afterSwap', event => {
  const box = event.detail.target;
  if (box.id !== 'pill_menu' || !box.popover) return;
  if (!box.firstElementChild) return box.hidePopover();
  const from = event.detail.requestConfig.elt.closest?.('[data-pill]');
  if (from) opener = from;
  if (!isOpen()) box.showPopover();
  place(box);
  const first = box.querySelector('[aria-invalid="true"], [data-pill-search]') ?? box.querySelector('[aria-current]') ?? options()[0];
  first?.focus();
});

// Below the pill and inside the window; on a phone the style sheet has it at the foot.
function place(box) {
  const pill = opener?.getBoundingClientRect();
  if (!pill) return;
  const left = Math.min(pill.left, innerWidth - box.offsetWidth - EDGE);
  box.style.setProperty('--pill-left', `${Math.max(left, EDGE)}px`);
  box.style.setProperty('--pill-top', `${pill.bottom + 6}px`);
}

document.addEventListener('input', event => {
  if (!event.target.matches('[data-pill-search]')) return;
  const words = event.target.value.trim().toLowerCase();
  for (const option of menu().querySelectorAll('[data-option]')) {
    option.hidden = !option.textContent.toLowerCase().includes(words);
  }
  for (const group of menu().querySelectorAll('[role="group"]')) {
    group.hidden = !group.querySelector('[data-option]:not([hidden])');
  }
});

addEventListener('keydown', event => {
  if (!menu()?.contains(event.target) || event.target.closest('.pill-moment')) return;
  const all = options();
  const here = all.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    const next = here + steps[event.key];
    if (next < 0) (menu().querySelector('[data-pill-search]') ?? all[0])?.focus();
    else all[Math.min(next, all.length - 1)]?.focus();
  } else if (event.key === 'Enter' && event.target.matches('[data-pill-search]')) {
    event.preventDefault();
    all[0]?.click();
  }
});

// What was chosen is on its way; an answer that has something to say opens the menu again.
document.body.addEventListener('htmx:beforeRequest', event => {
  if (isOpen() && menu().contains(event.detail.elt)) menu().hidePopover();
});

document.addEventListener('toggle', event => {
  if (event.target.id === 'pill_menu' && event.newState === 'closed' && document.activeElement === document.body) opener?.focus();
}, { capture: true });

// A conversation that was given to others is out of sight for whoever may not see theirs.
document.body.addEventListener('htmx:beforeSwap', event => {
  const part = event.detail.requestConfig.elt;
  if (event.detail.xhr.status !== 404 || !['conversation_header', 'thread_messages', 'customer_panel'].includes(part.id)) return;
  event.detail.shouldSwap = false;
  if (part.id === 'conversation_header') htmx.ajax('GET', '/inbox', { target: '#screen', swap: 'innerHTML' }).then(() => history.replaceState(null, '', '/inbox'));
});
