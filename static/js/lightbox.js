// Pictures over the page: arrows go through those of the thread, Escape closes. Without this a picture opens in a tab.
const box = () => document.getElementById('lightbox');
const pictures = () => [...document.querySelectorAll('#thread_scroll [data-lightbox]')];
let at = null; // the address of the picture that is shown

function show(link) {
  if (!link) return;
  at = link.href;
  const image = box().querySelector('img');
  image.src = at;
  image.alt = link.querySelector('img').alt;
  box().querySelector('[data-whole]').href = at;
  if (!box().open) box().showModal();
}

function step(by) {
  const all = pictures();
  show(all[all.findIndex(link => link.href === at) + by]);
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('[data-lightbox]');
  if (link && box() && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return show(link);
  }
  if (!event.target.closest?.('#lightbox')) return;
  const by = event.target.closest('[data-step]')?.dataset.step;
  if (by) step(Number(by));
  else if (!event.target.closest('img, a')) box().close();
});
document.addEventListener('keydown', event => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && box()?.open) step(by);
});
