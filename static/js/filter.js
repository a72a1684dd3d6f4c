// Narrows a long list of boxes to those whose words contain what is typed: <input data-filter="the list's id" hidden>.
const FEW = 8; // no help is needed to look through these

const reveal = () => {
  for (const field of document.querySelectorAll('[data-filter][hidden]')) {
    field.hidden = document.getElementById(field.dataset.filter).children.length <= FEW;
  }
};
reveal();
document.body.addEventListener('htmx:afterSettle', reveal);

addEventListener('input', event => {
  const { filter } = event.target.dataset;
  if (!filter) return;
  const words = event.target.value.trim().toLowerCase();
  for (const item of document.getElementById(filter).children) {
    item.hidden = !item.textContent.toLowerCase().includes(words);
  }
});

// Enter would send the form that the list belongs to.
addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.target.dataset?.filter) event.preventDefault();
});
