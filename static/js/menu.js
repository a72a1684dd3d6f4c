// Menus are <details>: one open at a time, closed by a click elsewhere, by Escape and by choosing.
const open = () => document.querySelectorAll('details.menu[open]');

addEventListener('click', event => {
  for (const menu of open()) {
    const chosen = event.target.closest('.menu-item') && menu.contains(event.target);
    if (chosen || !menu.contains(event.target)) menu.open = false;
  }
});

addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A dialog whose form was sent by htmx has done its work.
document.body.addEventListener('htmx:beforeRequest', event => {
  const dialog = event.target.closest?.('dialog:not(.drawer)');
  dialog?.close();
});

if (!('commandForElement' in HTMLButtonElement.prototype)) {
  addEventListener('click', event => {
    const button = event.target.closest('[commandfor]');
    const dialog = button && document.getElementById(button.getAttribute('commandfor'));
    if (dialog) button.getAttribute('command') === 'close' ? dialog.close() : dialog.showModal();
  });
}

// Whether a menu or dialog stands open is the user's doing: a refreshed region leaves it so.
addEventListener('DOMContentLoaded', () => {
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = name => name !== 'open';
});
