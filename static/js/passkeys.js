// Passkeys: a device answers a challenge of the desk, and the form that asked sends the answer:
// <form data-passkey="create" data-options="…"> or <form data-passkey="get" data-challenge="where to ask" hidden>.
const able = Boolean(globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON);
const RENEW = 4 * 60_000; // a challenge lasts five minutes
let offered; // the passkeys in the list below the address field, until something else is asked of the device

const words = error => ({
  InvalidStateError: 'This device has a passkey for you already.',
  NotAllowedError: 'Your device gave no passkey: cancelled, or too late. Nothing was changed; you can try again.',
  NotSupportedError: 'This device cannot keep a passkey.',
  SecurityError: 'Your browser gives no passkeys at this address.',
})[error.name] ?? 'This did not work just now. Nothing was changed; please try again in a moment.';

const tell = (form, text) => {
  const place = form.querySelector('[data-passkey-problem]');
  place.querySelector('p').textContent = text;
  place.hidden = !text;
};

const options = async form => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await desk.ask('POST', form.dataset.challenge);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const credential = async (form, how) => {
  const asked = await options(form);
  if (form.dataset.passkey === 'create') {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked), ...how });
};

const send = async (form, how) => {
  const answer = await credential(form, how);
  form.elements.credential.value = JSON.stringify(answer.toJSON());
  const stay = document.querySelector('[type="checkbox"][name="stay"]');
  if (form.elements.stay) form.elements.stay.value = stay?.checked ? 'on' : '';
  form.submit(); // without another event
};

// Browsers list passkeys beside the addresses that they know, and answer when one is chosen there.
const offer = async form => {
  if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  offered?.abort();
  offered = new AbortController();
  send(form, { mediation: 'conditional', signal: offered.signal }).catch(() => {});
};

const begin = async form => {
  if (!able) return tell(form, 'This browser knows no passkeys.');
  tell(form, '');
  offered?.abort();
  const button = form.querySelector('button:not([type])');
  button.disabled = true;
  try {
    await send(form);
  } catch (error) {
    tell(form, words(error));
    if ('passkeyAutofill' in form.dataset) offer(form);
  }
  button.disabled = false;
};

addEventListener('submit', event => {
  if (!event.target.dataset.passkey) return;
  event.preventDefault();
  begin(event.target);
}, true);

if (able) {
  for (const form of document.querySelectorAll('form[data-passkey][hidden]')) form.hidden = false;
  const form = document.querySelector('form[data-passkey-autofill]');
  if (form) {
    offer(form);
    setInterval(() => { if (!form.querySelector('button').disabled) offer(form); }, RENEW);
  }
}
