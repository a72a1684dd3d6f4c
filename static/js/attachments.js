// Files of an answer: chosen, pasted or dropped, each sent up at once with its progress shown, and looked at before the
// answer goes. Without this, the field and its button do the same one by one.
const field = () => document.querySelector('[data-attach]');
const place = () => document.getElementById('composer_files');

document.body.addEventListener('change', event => {
  if (!event.target.matches?.('[data-attach]')) return;
  attach([...event.target.files]);
  event.target.value = '';
});

document.body.addEventListener('paste', event => {
  const files = [...event.clipboardData?.files ?? []];
  if (!files.length || !event.target.matches?.('[data-composer]') || !field()) return;
  event.preventDefault();
  attach(files);
});

const isOver = event => field() && event.dataTransfer?.types.includes('Files') && event.target.closest?.('.thread');
const show = event => document.querySelector('.thread')?.classList.toggle('is-dropping', Boolean(isOver(event)));
document.addEventListener('dragover', event => { show(event); if (isOver(event)) event.preventDefault(); });
document.addEventListener('dragleave', event => { if (!event.relatedTarget) document.querySelector('.thread')?.classList.remove('is-dropping'); });
document.addEventListener('drop', event => {
  if (!isOver(event)) return;
  event.preventDefault();
  document.querySelector('.thread').classList.remove('is-dropping');
  attach([...event.dataTransfer.files]);
});

// One after the other, so that they stay in their order.
async function attach(files) {
  const { action } = document.getElementById('attach_form');
  const [most, limit] = [Number(field().dataset.most), field().dataset.limit];
  for (const [file, line] of files.map(file => [file, waiting(file)])) {
    if (file.size > most) fail(line, `${file.name} is larger than ${limit}, so it was not attached.`);
    else await send(action, file, line);
  }
  document.querySelector('[data-composer]')?.focus();
}

// What is on its way stands behind what is there; nothing is sent before it has arrived.
function waiting(file) {
  const line = document.getElementById('attaching').content.firstElementChild.cloneNode(true);
  line.querySelector('.attached-name').textContent = file.name;
  place().append(line);
  return line;
}

function send(action, file, line) {
  const body = new FormData();
  body.append('csrf_token', document.querySelector('#attach_form [name="csrf_token"]').value);
  body.append('file', file);
  const request = new XMLHttpRequest();
  return new Promise(done => {
    request.upload.onprogress = ({ loaded, total }) => { line.querySelector('progress').value = loaded / total; };
    request.onload = () => { arrived(request, action, file, line); done(); };
    request.onerror = () => { fail(line, `${file.name} was not attached: the desk cannot be reached.`); done(); };
    line.querySelector('button').onclick = () => { request.abort(); line.remove(); done(); };
    request.open('POST', action);
    request.setRequestHeader('HX-Request', 'true');
    request.setRequestHeader('HX-Target', 'composer_files');
    request.send(body);
  });
}

function arrived(request, action, file, line) {
  if (request.getResponseHeader('HX-Redirect')) return location.assign(request.getResponseHeader('HX-Redirect'));
  if (document.getElementById('attach_form')?.action !== action) return; // another thread is open: it waits there
  if (request.status !== 200) return fail(line, reason(request) || `${file.name} was not attached.`);
  line.remove();
  const lines = [...place().querySelectorAll(':scope > .attached-file')];
  const captions = new Map([...place().querySelectorAll('.attached-caption')].map(input => [input.name, input.value]));
  place().innerHTML = request.responseText;
  for (const [name, value] of captions) if (place().querySelector(`[name="${name}"]`)) place().querySelector(`[name="${name}"]`).value = value;
  place().append(...lines);
  htmx.process(place());
}

// The toast that the answer is, as its words.
function reason(request) {
  const told = new DOMParser().parseFromString(request.responseText, 'text/html');
  return told.querySelector('.toast-card p')?.textContent ?? '';
}

function fail(line, why) {
  if (!line.isConnected) return;
  line.classList.add('is-refused');
  line.querySelector('progress').remove();
  line.querySelector('.attached-name').textContent = why;
  line.setAttribute('role', 'alert');
  line.querySelector('button').onclick = () => line.remove();
}
