// The drawer over a page: a form that is fetched into it stands there until it is saved, and asks before what was typed is
// lost. A saved form leaves it empty.
const drawer = document.getElementById('drawer');
const unsaved = document.getElementById('drawer_unsaved');
const body = document.getElementById('drawer_body');
const toasts = document.getElementById('toasts');
let clean = ''; // what the form held when it was opened

const held = () => {
  const form = body.querySelector('form');
  return form ? new URLSearchParams(new FormData(form)).toString() : clean;
};
const isChanged = () => drawer.open && held() !== clean;

function open() {
  clean = held();
  drawer.append(toasts); // what lies outside of a modal dialog can neither be seen nor clicked
  drawer.showModal();
  // On a phone, focus would bring up the keyboard.
  if (matchMedia('(hover: hover)').matches) body.querySelector('input:not([type="hidden"])')?.focus();
}

// Refused: at the field that is wrong, or where one was, with what is wrong in sight.
function resume() {
  const wrong = body.querySelector('[aria-invalid="true"]');
  if (!wrong) body.scrollTop = 0;
  (wrong ?? body.querySelector('.btn-primary'))?.focus({ preventScroll: !wrong });
}

function leave() {
  if (isChanged()) unsaved.showModal();
  else drawer.close();
}

if (drawer) {
  body.addEventListener('htmx:afterSwap', event => {
    if (event.detail.target !== body) return;
    if (!body.firstElementChild) drawer.close();
    else if (drawer.open) resume();
    else open();
  });

  drawer.addEventListener('close', () => {
    body.replaceChildren();
    document.body.append(toasts);
  });

  drawer.addEventListener('click', event => {
    if (!event.target.closest('[data-leave]')) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  }, true);

  // Beside it; not where a selection of text merely ends there.
  drawer.addEventListener('pointerdown', event => { if (event.target === drawer) leave(); });

  // A second Escape would close it unasked, so the key itself is taken; "cancel" is the back gesture of a phone.
  drawer.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    leave();
  });
  drawer.addEventListener('cancel', event => {
    if (event.target !== drawer) return;
    event.preventDefault();
    leave();
  });

  unsaved.addEventListener('click', event => {
    if (!event.target.closest('[data-discard]')) return;
    unsaved.close();
    drawer.close();
  });

  addEventListener('beforeunload', event => { if (isChanged()) event.preventDefault(); });
}
