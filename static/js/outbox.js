// Answers on their way: shown at once, sent one after the other, and again until the desk has said what became of
// them. Each has its id from the start, so sending it twice is sending it once.
const RETRY = 2000; // ms
const letters = []; // { id, conversation, action, values, text, files, isNote, isDone }
let isWorking = false;

const thread = () => document.querySelector('[data-conversation]');
const composer = () => document.querySelector('[data-send]');
const waiting = () => letters.filter(letter => !letter.isDone);

// Before htmx sees it.
document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches('[data-send]') || event.submitter?.hasAttribute('formaction')) return;
  event.preventDefault();
  event.stopPropagation();
  const values = new URLSearchParams(new FormData(form));
  const files = [...form.querySelectorAll('[data-file] .attached-name')].map(name => name.textContent);
  if (form.querySelector('[data-attaching]:not(.is-refused)')) return;
  if (!values.get('body').trim() && !files.length) return;
  const { conversation } = thread().dataset;
  const isNote = values.get('compose') === 'note';
  letters.push({ id: values.get('message_id'), conversation, action: form.action, values, text: values.get('body'), files, isNote });
  clear(form);
  show();
  document.dispatchEvent(new CustomEvent('desk:written'));
  work();
}, { capture: true });

// The field is free for the next words.
function clear(form) {
  form.elements.message_id.value = newId();
  form.elements.body.value = '';
  if (form.elements.named) form.elements.named.value = '';
  form.querySelector('.composer-reply')?.remove();
  form.querySelector('.field-error')?.remove();
  form.querySelector('.composer-files')?.replaceChildren();
  form.elements.body.dispatchEvent(new Event('input', { bubbles: true }));
  form.elements.body.focus();
}

async function work() {
  if (isWorking) return;
  isWorking = true;
  for (let [letter] = waiting(); letter; [letter] = waiting()) {
    const answer = await post(letter);
    if (answer && answer.status !== 503) await take(letter, answer);
    else await new Promise(resume => setTimeout(resume, RETRY));
  }
  isWorking = false;
}

// Null when there was no answer: it may have come through all the same.
async function post({ action, values }) {
  try {
    return await desk.ask('POST', action, { body: values, target: 'composer' });
  } catch {
    return null;
  }
}

async function take(letter, answer) {
  letter.isDone = true;
  if (answer.headers.has('HX-Redirect')) {
    location.assign(answer.headers.get('HX-Redirect'));
  } else if (answer.ok) {
    document.body.dispatchEvent(new CustomEvent(`live:conversation:${letter.conversation}`));
  } else {
    refuse(letter, await answer.text(), answer.headers.get('HX-Retarget'));
  }
  show();
}

// What was refused goes back into the field, with the reason.
function refuse(letter, html, elsewhere) {
  letters.splice(letters.indexOf(letter), 1);
  const form = composer();
  const isHere = form?.action === letter.action;
  if (elsewhere) htmx.swap(elsewhere, html, { swapStyle: 'beforeend' });
  else if (isHere) htmx.swap('#composer', html, { swapStyle: 'innerHTML' });
  const text = composer()?.elements.body;
  if (!isHere || text.value) return;
  text.value = letter.text;
  text.dispatchEvent(new Event('input', { bubbles: true }));
}

// One bubble for each letter of the open thread that has no message there yet.
function show() {
  const place = document.getElementById('thread_pending');
  if (!place) return;
  for (const letter of [...letters]) {
    if (letter.isDone && isShown(letter)) letters.splice(letters.indexOf(letter), 1);
  }
  const here = letters.filter(letter => letter.conversation === thread().dataset.conversation);
  place.replaceChildren(...here.filter(letter => !isShown(letter)).map(bubble));
}

// A file has its own message, whose caption the words may have become.
function isShown({ id, values }) {
  const ids = [...values.keys()].filter(name => name.startsWith('file_')).map(name => name.slice(5));
  return [id, ...ids].some(id => document.getElementById(`message_${id}`));
}

function bubble({ text, files, isNote }) {
  const piece = document.getElementById('pending_message').content.cloneNode(true);
  piece.querySelector('.message').classList.toggle('is-note', isNote);
  piece.querySelector('.bubble-text').textContent = [...files, text].filter(Boolean).join('\n');
  return piece;
}

document.body.addEventListener('htmx:afterSwap', show);

addEventListener('beforeunload', event => {
  if (waiting().length) event.preventDefault();
});

// A UUID of version 7, as the server makes them.
function newId() {
  const hex = (number, length) => number.toString(16).padStart(length, '0');
  const time = hex(Date.now(), 12);
  const random = [...crypto.getRandomValues(new Uint8Array(10))].map(byte => hex(byte, 2)).join('');
  const variant = hex(8 + parseInt(random[4], 16) % 4, 1);
  return [time.slice(0, 8), time.slice(8), `7${random.slice(1, 4)}`, variant + random.slice(5, 8), random.slice(8)].join('-');
}
