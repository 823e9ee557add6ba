// Runs in the browser: the call's clock, what starts folded out, where the cursor goes, the filter of the cards.
(() => {
  const wide = () => window.matchMedia('(min-width: 900px)').matches;
  const two = n => String(n).padStart(2, '0');

  function clock() {
    for (const timer of document.querySelectorAll('.timer')) {
      // counted from when the element arrived: the two machines' clocks need not agree
      if (timer.seen === undefined) timer.seen = Date.now() - 1000 * Number(timer.dataset.elapsed);
      const elapsed = timer.dataset.running === 'yes' ? Math.floor((Date.now() - timer.seen) / 1000) : Number(timer.dataset.elapsed);
      const hours = Math.floor(elapsed / 3600);
      const text = (hours ? hours + ':' : '') + two(Math.floor(elapsed / 60) % 60) + ':' + two(elapsed % 60);
      if (timer.textContent !== text) timer.textContent = text;
    }
  }

  const folded = {};  // what the trainee opened or closed stays so when the panel is drawn anew
  function unfold() {
    for (const panel of document.querySelectorAll('details[data-open]')) {
      if (panel.settled) continue;
      panel.settled = true;
      const name = panel.className;
      panel.open = name in folded ? folded[name] : wide();
      panel.querySelector('summary').addEventListener('click', () => { folded[name] = !panel.open; });
    }
  }

  function filter(event) {
    if (event.target.name !== 'filter') return;
    for (const card of document.querySelectorAll('#choose .card')) {
      card.hidden = Boolean(event.target.value) && card.dataset.category !== event.target.value;
    }
  }

  window.coachFocus = () => setTimeout(() => {
    const box = document.querySelector('#say textarea');
    if (box && !box.disabled && box.offsetParent) box.focus({preventScroll: true});
  }, 60);

  function start() {
    document.documentElement.lang = 'zh-CN';
    document.addEventListener('change', filter);
    setInterval(clock, 250);
    new MutationObserver(() => { unfold(); clock(); }).observe(document.body, {childList: true, subtree: true});
    unfold();
  }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
