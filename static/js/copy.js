// Buttons with data-copy="id" copy that element's text, and say so for a moment.
const SAID_FOR = 2000;

addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  const done = await copy(text, source);
  const label = button.querySelector('span');
  label.textContent = done ? 'Copied' : 'Press Ctrl+C';
  setTimeout(() => { label.textContent = 'Copy'; }, SAID_FOR);
});

// Without https browsers have no clipboard for scripts; then the text is selected for the user's own keys.
async function copy(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    return false;
  }
}
