// Runs in the browser: the call's clock, what starts folded out, where the cursor goes, the filter of the cards.
(() => {
  const wide = () => window.matchMedia('(min-width: 900px)').matches;
  const two = n => String(n).padStart(2, '0');

  function clock() {
    for (const timer of document.querySelectorAll('.timer')) {
      // counted from when the number arrived: the two machines' clocks need not agree
      if (timer.read !== timer.dataset.elapsed) {
        timer.read = timer.dataset.elapsed;
        timer.seen = Date.now() - 1000 * Number(timer.read);
      }
      const elapsed = timer.dataset.running === 'yes' ? Math.floor((Date.now() - timer.seen) / 1000) : Number(timer.dataset.elapsed);
      const hours = Math.floor(elapsed / 3600);
      const text = (hours ? hours + ':' : '') + two(Math.floor(elapsed / 60) % 60) + ':' + two(elapsed % 60);
      if (timer.textContent !== text) timer.textContent = text;
    }
  }

  // The server draws a panel anew after every turn; what the trainee folded in or out stays so.
  const folded = {};
  const name = panel => panel.closest('[id]').id;
  function unfold() {
    for (const panel of document.querySelectorAll('details[data-open]')) {
      const open = name(panel) in folded ? folded[name(panel)] : wide();
      if (panel.open !== open) panel.open = open;
    }
  }
  function remember(event) {
    const panel = event.target.closest('summary')?.closest('details[data-open]');
    if (panel) folded[name(panel)] = !panel.open;
  }

  // Which view is open stands in the top bar; the style sheet shows that one.
  function turn() {
    const {view, language} = document.querySelector('.top')?.dataset ?? {};
    if (language) document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
    if (!view || view === document.body.dataset.view) return;
    const first = !document.body.dataset.view;
    document.body.dataset.view = view;
    window.scrollTo(0, 0);
    if (first) history.replaceState({view}, '');
    else if (view !== wanted) history.pushState({view}, '');
    wanted = '';
  }

  // Back leads to the view before, where that has a tab, else to the exercises (an open call is offered there), and not out of the page.
  let wanted = '';
  function goBack(event) {
    const tab = view => view && document.querySelector(`.top nav [data-do=${view}]`);
    const button = tab(event.state?.view) ?? tab('choose');
    if (!event.state || !button || button.dataset.do === document.body.dataset.view) return;
    wanted = button.dataset.do;
    button.click();
  }

  // Every customer once; all their other matters when asked for, or when one kind of customer is chosen.
  let all = false;
  function arrange() {
    const kind = document.querySelector('#choose input[name=filter]:checked')?.value;
    for (const card of document.querySelectorAll('#choose .card')) {
      const hidden = kind ? card.dataset.category !== kind : !all && card.dataset.round !== '0';
      if (card.hidden !== hidden) card.hidden = hidden;
    }
    const more = document.querySelector('#choose .more');
    if (more && more.hidden !== Boolean(all || kind)) more.hidden = Boolean(all || kind);
  }

  // Each of one's own bubbles leads back to its sentence; the buttons that tell the server stand in #head.
  function back() {
    const ways = document.querySelector('#head .backs');
    const rows = document.querySelectorAll('#chat .user-row');
    rows.forEach((row, place) => {
      const way = ways?.children[place], old = row.querySelector('.back');
      if (!way) { old?.remove(); return; }
      if (old) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'back';
      button.textContent = ways.dataset.label;
      button.addEventListener('click', () => document.querySelectorAll('#head .backs button')[place]?.click());
      row.append(button);
    });
  }

  // Over a failure gradio always puts "Error", whatever heading it is given.
  function heading() {
    const said = document.querySelector('.top')?.dataset.fault;
    for (const title of document.querySelectorAll('.toast-title.error')) if (said && title.textContent.trim() !== said) title.textContent = said;
  }

  // Where the bar of tabs is wider than the window, its edge fades on the side that has more; the open tab is in sight.
  function edges() {
    const bar = document.querySelector('.top nav');
    if (!bar) return;
    const left = Math.round(bar.scrollLeft), hidden = bar.scrollWidth - bar.clientWidth;
    const more = hidden < 2 ? '' : left < 2 ? 'right' : left > hidden - 2 ? 'left' : 'both';
    if ((bar.dataset.more ?? '') !== more) bar.dataset.more = more;
  }
  function here() {
    const bar = document.querySelector('.top nav');
    if (!bar || bar.seen === document.body.dataset.view) return;
    bar.seen = document.body.dataset.view;
    const tab = bar.querySelector('[aria-current]');
    if (tab) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }

  window.coachFocus = () => setTimeout(() => {
    const box = document.querySelector('#say textarea');
    if (box && !box.disabled && box.offsetParent) box.focus({preventScroll: true});
  }, 60);

  function start() {
    document.documentElement.lang = 'zh-CN';
    document.addEventListener('change', arrange);
    document.addEventListener('click', event => { if (event.target.closest('#choose .more')) { all = true; arrange(); } });
    document.addEventListener('click', remember, true);
    setInterval(clock, 250);
    document.addEventListener('scroll', event => { if (event.target.matches?.('.top nav')) edges(); }, true);
    window.addEventListener('resize', edges);
    window.addEventListener('popstate', goBack);
    const look = () => { turn(); unfold(); arrange(); back(); clock(); here(); edges(); heading(); };
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['open', 'data-view', 'data-language']});
    look();
  }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
