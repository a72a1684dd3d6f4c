// Colours before the first paint: "system" follows the operating system, also when it changes its mind.
(() => {
  const page = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    if (page.dataset.theme === 'system') page.dataset.bsTheme = dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', follow);
  follow();

  // Choosing another one needs no new page.
  addEventListener('submit', event => {
    if (!event.target.matches('.theme-choice')) return;
    event.preventDefault();
    const chosen = event.submitter;
    page.dataset.theme = page.dataset.bsTheme = chosen.value;
    follow();
    const body = new URLSearchParams(new FormData(event.target, chosen));
    fetch(event.target.action, { method: 'POST', body, keepalive: true, redirect: 'manual' }).then(() => {
      for (const button of event.target.querySelectorAll('button')) button.ariaPressed = String(button === chosen);
    }, () => event.target.submit());
  });
})();
