// Toasts leave by themselves after a while; errors (data-keep) stay until dismissed.
const SHOWN_FOR = 6000;
const toasts = document.getElementById('toasts');

new MutationObserver(changes => {
  for (const { addedNodes } of changes) {
    for (const toast of addedNodes) {
      if (!toast.dataset) continue;
      replaceTwin(toast);
      if (!('keep' in toast.dataset)) setTimeout(() => toast.remove(), SHOWN_FOR);
    }
  }
}).observe(toasts, { childList: true });

toasts.addEventListener('click', event => {
  if (event.target.closest('[data-dismiss]')) event.target.closest('.toast-card').remove();
});

// What a toast offered is done.
toasts.addEventListener('htmx:afterRequest', event => {
  if (event.detail.successful) event.target.closest('.toast-card')?.remove();
});

// The same trouble in several places is told once.
function replaceTwin(toast) {
  const told = toast => toast.querySelector('p')?.textContent;
  for (const other of toasts.children) if (other !== toast && told(other) === told(toast)) other.remove();
}

// No answer at all: htmx has nothing to show, so it is said here.
document.body.addEventListener('htmx:sendError', () => {
  if (toasts.querySelector('[data-offline]')) return;
  const toast = document.createElement('div');
  toast.className = 'toast-card tone-warn';
  toast.dataset.offline = '';
  toast.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = 'The desk cannot be reached. What you typed is still here: please try again in a moment.';
  toast.append(text);
  toasts.append(toast);
});
