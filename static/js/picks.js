// Ticked rows of a list: all at once, a range with Shift, and how many there are. Without this each is ticked by itself.
const picks = form => [...form.querySelectorAll('[data-pick]')];
let last = null;

function tell(form) {
  const all = picks(form);
  const count = all.filter(pick => pick.checked).length;
  const head = form.querySelector('[data-pick-all]');
  if (head) {
    head.checked = count > 0 && count === all.length;
    head.indeterminate = count > 0 && count < all.length;
  }
  const told = form.querySelector('[data-pick-count]');
  if (told) told.textContent = count > 0 ? `${count} ticked:` : 'With the ticked:';
}

addEventListener('click', ({ target, shiftKey }) => {
  const form = target.closest?.('form');
  if (!form) return;
  if (target.matches('[data-pick-all]')) {
    for (const pick of picks(form)) pick.checked = target.checked;
  } else if (target.matches('[data-pick]')) {
    const all = picks(form);
    const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((one, other) => one - other);
    if (shiftKey && from >= 0) for (const pick of all.slice(from, to + 1)) pick.checked = target.checked;
    last = target;
  } else if (!target.matches('[data-pick-everyone]')) {
    return;
  }
  tell(form);
});

// While some are ticked the list is not fetched anew by itself: the ticks would be lost.
document.body.addEventListener('htmx:beforeRequest', event => {
  const isList = ['customer_list', 'conversation_list'].includes(event.detail.elt.id);
  if (isList && document.querySelector('[data-pick]:checked')) event.preventDefault();
});

// What was done with ticked conversations is done: the list may change again.
document.body.addEventListener('htmx:beforeOnLoad', ({ detail }) => {
  if (detail.elt.id !== 'conversation_bulk' || detail.xhr.status >= 400) return;
  for (const pick of picks(detail.elt)) pick.checked = false;
  tell(detail.elt);
});
