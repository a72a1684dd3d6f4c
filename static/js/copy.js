// Buttons that copy a field: <button data-copy="the field's id" hidden>. Without a clipboard they stay hidden.
if (navigator.clipboard) {
  const reveal = () => {
    for (const button of document.querySelectorAll('[data-copy][hidden]')) button.hidden = false;
  };
  reveal();
  document.body.addEventListener('htmx:afterSettle', reveal);

  addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    navigator.clipboard.writeText(field.value).then(() => { button.querySelector('span').textContent = 'Copied'; });
  });
}
