// Runs in the browser: gathers what is typed in the form, puts each sentence beside its field, keeps what was folded out.
(() => {
  const WAIT = 450;  // milliseconds after the last key
  let waiting = {}, timer = 0, tell = null;

  function flush(more) {
    clearTimeout(timer);
    const edits = Object.entries(waiting).map(([path, value]) => ({op: 'set', path, value}));
    if (more) edits.push(more);
    waiting = {};
    const draft = document.querySelector('#studio-form .form')?.dataset.draft;
    if (edits.length && tell && draft) tell('click', {do: 'studio_edit', draft, edits: JSON.stringify(edits)});
  }

  window.studioListen = (element, trigger) => {
    const form = element.id === 'studio-form' || element.closest('#studio-form');
    if (form) tell = trigger;
    element.addEventListener('click', event => {
      const button = event.target.closest('button');
      if (!button || !element.contains(button)) return;
      if (button.dataset.op) {
        event.preventDefault();
        const key = button.dataset.op === 'put' ? '/' + button.parentElement.querySelector('select').value : '';
        flush({op: button.dataset.op, path: button.dataset.path + key});
      } else if (button.dataset.do) {
        if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
        flush();
        const fields = button.closest('form');
        trigger('click', {...(fields ? Object.fromEntries(new FormData(fields)) : {}), ...button.dataset});
      } else if (button.classList.contains('mark-line')) {
        show(button.closest('li'));
      }
    });
    if (!form) return;
    element.addEventListener('input', event => {
      const path = event.target.dataset.set;
      if (!path) return;
      waiting[path] = event.target.value;
      clearTimeout(timer);
      timer = setTimeout(flush, event.target.tagName === 'SELECT' ? 0 : WAIT);
    });
    element.addEventListener('focusout', () => { if (Object.keys(waiting).length) flush(); });
  };
  window.addEventListener('pagehide', () => flush());

  // The field of a path, or the nearest one around it.
  function place(path) {
    const steps = path.split('/');
    while (steps.length) {
      const found = document.querySelector(`#studio-form [data-at="${CSS.escape(steps.join('/')).replaceAll('\\/', '/')}"]`);
      if (found) return found;
      steps.pop();
    }
    return null;
  }

  function spread() {
    const marks = [...document.querySelectorAll('#studio-marks li[data-path]')];
    const form = document.querySelector('#studio-form .form');
    const state = marks.map(mark => mark.dataset.path + mark.dataset.short).join('\n');
    if (!form || (form.spread === state && form.querySelectorAll('.beside').length === form.placed)) return;
    form.spread = state;
    form.querySelectorAll('.beside').forEach(old => old.remove());
    form.querySelectorAll('.has-error, .has-warning').forEach(old => old.classList.remove('has-error', 'has-warning'));
    for (const mark of marks) {
      const field = place(mark.dataset.path);
      if (!field) continue;
      const level = mark.classList.contains('mark-error') ? 'error' : 'warning';
      const told = document.createElement('p');
      told.className = 'beside beside-' + level;
      told.textContent = mark.dataset.short;
      (field.tagName === 'DETAILS' ? field.querySelector('.inside') : field).append(told);
      field.classList.add('has-' + level);
      for (let around = field.parentElement.closest('details'); around; around = around.parentElement.closest('details')) around.classList.add('has-' + level);
    }
    form.placed = form.querySelectorAll('.beside').length;
    for (const section of form.querySelectorAll('.section')) {
      const count = section.querySelectorAll('.beside-error').length, shown = section.querySelector('.count');
      shown.hidden = !count;
      shown.textContent = count || '';
    }
  }

  function show(mark) {
    const field = place(mark.dataset.path);
    if (field) {
      for (let around = field.closest('details'); around; around = around.parentElement.closest('details')) folded[name(around)] = around.open = true;
      field.scrollIntoView({block: 'center', behavior: 'smooth'});
      field.querySelector('input, textarea, select')?.focus({preventScroll: true});
    }
    const content = document.querySelector('#studio-code .cm-content');
    const view = (content?.cmView ?? content?.cmTile)?.view;  // CodeMirror keeps its editor there
    if (!view) return;
    const line = view.state.doc.line(Math.min(Number(mark.dataset.line), view.state.doc.lines));
    view.dispatch({selection: {anchor: line.from, head: line.to}, scrollIntoView: true});
  }

  // The server sends the form anew when its fields change, and gradio fits it into the page: what was folded out stays so, and
  // boxes show what the server says, except where something is being typed.
  const folded = {};
  const name = part => (part.closest('.form')?.dataset.draft ?? '') + ':' + (part.dataset.fold || part.dataset.at);
  function unfold() {
    for (const part of document.querySelectorAll('#studio-form details[data-fold]')) {
      const open = folded[name(part)] ?? part.dataset.first === 'open';
      if (part.open !== open) part.open = open;
    }
  }
  function remember(event) {
    const part = event.target.closest?.('#studio-form summary')?.parentElement;
    if (part && !event.target.closest('.tools')) folded[name(part)] = !part.open;
  }
  function settle() {
    const form = document.querySelector('#studio-form .form');
    if (!form || form.settled === form.dataset.stamp) return;
    form.settled = form.dataset.stamp;
    for (const box of form.querySelectorAll('[data-set]')) {
      if (box.dataset.set in waiting) continue;
      const told = box.tagName === 'SELECT' ? [...box.options].find(option => option.defaultSelected)?.value ?? box.value : box.defaultValue;
      if (box.value !== told) box.value = told;
    }
  }

  function find() {
    const box = document.querySelector('.shelf-search');
    if (!box || box.looked === box.value) return;
    box.looked = box.value;
    const words = box.value.trim().toLowerCase();
    let any = false;
    for (const row of document.querySelectorAll('#shelf-entries li')) {
      row.hidden = Boolean(words) && !row.dataset.words.toLowerCase().includes(words);
      any = any || !row.hidden;
    }
    document.querySelector('.shelf-none').hidden = any;
  }

  function start() {
    const look = () => { settle(); unfold(); spread(); find(); };
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['open', 'data-stamp']});
    document.addEventListener('click', remember, true);
    document.addEventListener('input', event => { if (event.target.matches?.('.shelf-search')) find(); });
    look();
  }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
