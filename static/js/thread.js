// Where the thread stands: at its end when opened and while read there; in place when older messages load above.
const NEAR = 80; // px from the end that still count as "at the end"
let wasAtEnd = true, before = null;

const scroller = () => document.getElementById('thread_scroll');
const isAtEnd = box => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
const goToEnd = () => { const box = scroller(); if (box) box.scrollTop = box.scrollHeight; };
// Where a thread is opened: at the message that was looked for, or at its end.
const goIn = () => {
  const sought = document.querySelector('#thread_scroll .is-sought');
  if (!sought) return goToEnd();
  sought.scrollIntoView({ block: 'center' });
  wasAtEnd = isAtEnd(scroller());
};

// One separator per day, although two loaded pieces may both begin with the same day.
function joinDays() {
  let last = null;
  for (const day of document.querySelectorAll('#thread_scroll [data-day]')) {
    day.hidden = day.dataset.day === last;
    last = day.dataset.day;
  }
}

document.body.addEventListener('htmx:beforeSwap', event => {
  const box = scroller();
  if (!box) return;
  wasAtEnd = isAtEnd(box);
  before = { fromEnd: box.scrollHeight - box.scrollTop, last: lastMessage() };
});

document.body.addEventListener('htmx:afterSwap', event => {
  const box = scroller();
  if (!box) return;
  joinDays();
  watch();
  const id = event.detail.target?.id;
  if (id === 'thread_older' || event.target.id === 'thread_older') {
    if (before) box.scrollTop = box.scrollHeight - before.fromEnd;
  } else if (id === 'thread' || id === 'screen') {
    goIn();
  } else if (wasAtEnd) {
    goToEnd();
  } else if (before && before.last !== lastMessage()) {
    button().hidden = false;
  }
});

function lastMessage() {
  return [...document.querySelectorAll('#thread_messages .message')].at(-1)?.id;
}

function button() {
  return document.getElementById('thread_new');
}

document.body.addEventListener('click', event => {
  if (event.target.closest('#thread_new')) goToEnd();
});

document.addEventListener('scroll', event => {
  if (event.target.id !== 'thread_scroll') return;
  wasAtEnd = isAtEnd(event.target);
  if (wasAtEnd) button().hidden = true;
}, { capture: true, passive: true });

// A composer that grows takes the room from above, not from the newest message.
const resized = new ResizeObserver(() => { if (wasAtEnd) goToEnd(); });
function watch() {
  resized.disconnect();
  if (scroller()) resized.observe(scroller());
}

// Whoever writes wants to see it.
document.addEventListener('desk:written', goToEnd);

// Pictures grow when they arrive.
document.addEventListener('load', event => {
  if (wasAtEnd && event.target.closest?.('#thread_scroll')) goToEnd();
}, { capture: true });

joinDays();
goIn();
watch();
