// Keeps the virtual phones alive: asks for changes, swaps the parts that differ, and sends forms without leaving the page.

const live = "[data-live]";
const isStacked = matchMedia("(max-width: 1080px)");
document.documentElement.classList.add("scripted");

const thread = () => document.getElementById("thread");
const toEnd = () => thread()?.scrollTo(0, thread().scrollHeight);
const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;

/** Somebody is typing in there, so it must not be swapped now. */
function isInUse(part) {
  const field = document.activeElement;
  return part.contains(field) && field.matches("input") && field.value !== "";
}

function swap(part, fresh) {
  if (part.outerHTML === fresh.outerHTML || isInUse(part)) return;
  const open = [...part.querySelectorAll("details[open]")].map((details) => details.id);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const follows = part.id === "thread" && isAtEnd(part);
  const place = part.scrollTop;
  part.replaceWith(fresh);
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused) document.getElementById(focused)?.focus();
  if (part.id === "thread") fresh.scrollTop = follows ? fresh.scrollHeight : place;
}

function take(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  // Another composer belongs to another chat; the same one keeps what is being typed.
  const addressee = (root) => [...root.querySelectorAll("#writing [type=hidden]")].map((field) => field.value).join();
  if (addressee(document) !== addressee(page)) {
    document.getElementById("composer").replaceWith(page.getElementById("composer"));
  }
  for (const part of document.querySelectorAll(live)) {
    const fresh = page.getElementById(part.id);
    if (fresh) swap(part, fresh);
  }
  document.body.dataset.version = page.body.dataset.version;
}

// Counts the beginnings and ends of what the user does, so that a refresh asked for before does not undo it.
let journeys = 0;

async function go(url, options) {
  journeys += 1;
  try {
    const answer = await fetch(url, options);
    if (answer.ok) {
      take(await answer.text());
      history.replaceState(null, "", answer.url);
    }
    return answer;
  } finally {
    journeys += 1;
  }
}

async function refresh() {
  const before = journeys;
  const answer = await fetch(location.href);
  const html = await answer.text();
  if (answer.ok && before === journeys) take(html);
}

async function follow() {
  for (;;) {
    try {
      const known = document.body.dataset.version;
      const answer = await fetch(`/phones/changes?since=${known}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const version = await answer.text();
      if (version !== document.body.dataset.version) await refresh();
    } catch {
      await new Promise((resume) => setTimeout(resume, 1500));
    }
  }
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await go(form.action, { method: "POST", body });
  if (!answer.ok) return;
  if (form.id === "writing") form.text.value = "";
  if (form.closest("#composer")) toEnd();
  const add = form.closest("#add");
  if (add) {
    form.reset();
    add.removeAttribute("open");
    syncHidden(new URL(answer.url).searchParams);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.id === "writing" && !form.text.value.trim()) return;
  event.submitter?.closest("details.react")?.removeAttribute("open");
  send(form, event.submitter).catch(() => {}); // The simulator is away: what was typed stays, to be sent again.
});

document.addEventListener("change", (event) => {
  if (event.target.id === "auto_read") event.target.form.requestSubmit();
});

// A chat that is opened is read, as on any phone; what comes later waits for the button.
function readOpened() {
  if (thread()?.hasAttribute("data-unread")) document.getElementById("read")?.form.requestSubmit();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await go(link.href);
  syncHidden(new URL(answer.url).searchParams);
  toEnd();
  readOpened();
  if (isStacked.matches) document.querySelector(".phone").scrollIntoView({ block: "start" });
  document.getElementById("text")?.focus({ preventScroll: true });
});

/** Forms outside the swapped parts keep up with the chosen number and customer. */
function syncHidden(chosen) {
  for (const name of ["number", "customer"]) {
    const value = chosen.get(name);
    const fields = document.querySelectorAll(`input[type=hidden][name=${name}]:not(.cards *)`);
    if (value !== null) fields.forEach((field) => { field.value = value; });
  }
}

toEnd();
follow();
