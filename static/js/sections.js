// On a narrow screen the sections are a line that scrolls: the current one is brought into sight.
const show = () => {
  const current = document.querySelector('.sections [aria-current]');
  const line = current?.closest('.sections');
  if (line && line.scrollWidth > line.clientWidth) line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
};
show();
document.body.addEventListener('htmx:afterSettle', event => { if (event.target.id === 'screen') show(); });
