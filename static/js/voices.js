// Voice messages: how fast they are played, the same for all of them; one plays at a time.
const SPEEDS = [1, 1.5, 2];
let speed = 1;

const players = () => document.querySelectorAll('.voice audio');
const say = () => { for (const button of document.querySelectorAll('[data-speed]')) { button.textContent = `${speed}×`; button.hidden = false; } };

document.addEventListener('click', event => {
  if (!event.target.closest?.('[data-speed]')) return;
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
  for (const player of players()) player.playbackRate = speed;
  say();
});
document.addEventListener('play', event => {
  if (!event.target.matches?.('.voice audio')) return;
  event.target.playbackRate = speed;
  for (const player of players()) if (player !== event.target) player.pause();
}, { capture: true });

document.body.addEventListener('htmx:afterSwap', say);
say();
