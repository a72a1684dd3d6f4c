// A region that is fetched anew keeps what is its reader's: fields that they have filled or ticked and not yet sent, and
// parts that they have had fetched (data-own), as long as the region still has a place for them.
const isFilled = field => field.matches?.('input:not([type="hidden"]), textarea')
  && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
const isKept = (part, next) => 'own' in (part.dataset ?? {}) && part.id === next.id;

addEventListener('DOMContentLoaded', () => {
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (part, next) => !isFilled(part) && !isKept(part, next);
});
