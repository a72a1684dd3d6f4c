// Forms with a file: one that is too large is told before it is sent, and that it is being sent is shown.
addEventListener('change', event => {
  const form = event.target.closest?.('form[data-upload]');
  if (form) tell(form);
});

addEventListener('submit', event => {
  const form = event.target.closest?.('form[data-upload]');
  if (!form) return;
  if (!tell(form)) return event.preventDefault();
  form.querySelector('.upload-progress').hidden = false;
  form.querySelector('button:not([type])').setAttribute('aria-disabled', 'true');
});

// Coming back, the browser may show the page as it was left.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-upload]')) {
    form.querySelector('.upload-progress').hidden = true;
    form.querySelector('button:not([type])').removeAttribute('aria-disabled');
  }
});

// Whether the file may be sent.
function tell(form) {
  const file = form.querySelector('input[type=file]').files[0];
  const isTooLarge = file && file.size > Number(form.dataset.most);
  form.querySelector('.upload-too-large').hidden = !isTooLarge;
  return !isTooLarge;
}
