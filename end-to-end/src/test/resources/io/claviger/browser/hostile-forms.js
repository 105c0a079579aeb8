/*
 * Sends every form of some pages with a hostile text in one field after another, and parses the
 * answers without showing them. Runs in a page of the console, so that requests are those of a
 * browser that is signed in.
 *
 * A NUL is in no form that a browser sends; forms with one are refused before they are read.
 *
 * asked: { paths, texts, typed (by the name of a field that must not be empty), known (forms that
 * were sent before) }. Returns { faults, known, opened (paths), actions, sent }.
 */
async (asked) => {
  const PROOF = 'page_token';
  const faults = [];
  const opened = [];
  const actions = new Set();
  const known = new Set(asked.known);
  let sent = 0;
  let numbered = 0;

  const read = async (response) => ({
    status: response.status,
    address: new URL(response.url).pathname,
    ledTo: response.redirected ? response.url.slice(location.origin.length) : null,
    doc: new DOMParser().parseFromString(await response.text(), 'text/html'),
  });
  const open = async (path) => read(await fetch(path));

  const isText = (e) =>
    e.localName === 'textarea' ||
    (e.localName === 'input' &&
      !['hidden', 'checkbox', 'radio', 'submit', 'button'].includes(e.type));
  /** What no page fills in: keys, tokens, and the codes that devices show. */
  const isSecret = (e) =>
    e.type === 'password' ||
    (e.localName === 'textarea' && e.getAttribute('autocomplete') === 'off') ||
    (e.name === 'code' && e.form.method === 'post');
  const isHidden = (e) => e.type === 'hidden' && e.name !== PROOF;
  const signature = (form) =>
    form.method + ' ' + form.getAttribute('action').replace(/\?.*/, '') +
    ' ' + [...form.elements].filter((e) => e.name).map((e) => e.name).join(' ');
  const shown = (e) =>
    e.localName === 'textarea' ? e.defaultValue : (e.getAttribute('value') ?? '');
  const asShown = (text) => text.replaceAll('\0', '\ufffd').replaceAll(/\r\n?/g, '\n');

  /** Elements and attributes that only a text can have brought. */
  const harm = (doc) =>
    [...doc.querySelectorAll('*')].filter(
      (e) =>
        [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'style') ||
        (e.localName === 'script' && !(e.getAttribute('src') ?? '').startsWith('/')) ||
        (['img', 'iframe', 'object'].includes(e.localName) && !e.matches('.mark > img')) ||
        /^\s*javascript:/i.test(e.getAttribute('href') ?? ''));

  const fields = (form) => {
    const filled = new URLSearchParams();
    for (const e of form.elements) {
      if (!e.name || e.disabled || (['checkbox', 'radio'].includes(e.type) && !e.checked)) {
        continue;
      }
      let value = e.localName === 'select' ? e.value : shown(e);
      if (!value && e.required) {
        numbered++;
        value = (asked.typed[e.name] ?? 'n#').replace('#', String(numbered));
      }
      filled.set(e.name, value);
    }
    return filled;
  };

  const send = async (form, filled) => {
    sent++;
    const action = form.getAttribute('action');
    return read(
      form.method === 'post'
        ? await fetch(action, { method: 'POST', body: filled })
        : await fetch(action.replace(/\?.*/, '') + '?' + filled));
  };

  const judge = (what, form, field, text, answer) => {
    if (answer.status >= 500) {
      faults.push(what + ': ' + answer.status);
    }
    harm(answer.doc).forEach((e) => faults.push(what + ' harmed: ' + e.outerHTML.slice(0, 200)));
    if (answer.status < 400 || answer.status === 414 || answer.status === 431 || !isText(field)) {
      return;
    }
    const told = [...answer.doc.querySelectorAll('[role=alert], [role=status] .bad, .field-error')];
    if (!told.some((e) => e.textContent.trim())) {
      faults.push(what + ': ' + answer.status + ' without a word');
    }
    if (told.some((e) => /marked field/.test(e.textContent)) && !answer.doc.querySelector('.field-error')) {
      faults.push(what + ': ' + answer.status + ' marks no field');
    }
    if (text.includes('\0')) {
      return;
    }
    const action = form.getAttribute('action');
    const kept = [...answer.doc.forms]
      .filter((f) => f.getAttribute('action') === action)
      .map((f) => f.elements.namedItem(field.name))
      .find((e) => e && !(e instanceof RadioNodeList) && isText(e)); // rows have such a form too, without a text
    if (!kept) {
      faults.push(what + ': ' + answer.status + ' without the form');
    } else if (isSecret(field) ? shown(kept) : asShown(shown(kept)) !== asShown(text)) {
      faults.push(what + ': ' + answer.status + (isSecret(field) ? ' shows a secret' : ' forgot it'));
    }
  };

  /** Sends the form once for each field and text, each time as it stands on a fresh page. */
  const tryForm = async (path, index, given) => {
    let form = given;
    const named = [...form.elements].filter((e) => e.name);
    for (const { name } of [...named.filter(isText), ...named.filter(isHidden)]) {
      for (const [label, text] of Object.entries(asked.texts)) {
        const field = form?.elements.namedItem(name);
        if (!field || field instanceof RadioNodeList || (text.includes('\0') && form.method === 'post')) {
          continue;
        }
        const filled = fields(form);
        filled.set(name, text);
        const answer = await send(form, filled);
        judge(form.getAttribute('action') + ' on ' + path + ', ' + name + ' ' + label, form, field, text, answer);
        if (form.method === 'post' && answer.status < 400) {
          form = (answer.ledTo === path ? answer : await open(path)).doc.forms[index];
        }
      }
    }
  };

  for (const path of asked.paths) {
    const page = await open(path);
    if (page.status === 200 && page.address === path.replace(/\?.*/, '')) {
      opened.push(path);
    }
    harm(page.doc).forEach((e) => faults.push(path + ' harmed: ' + e.outerHTML.slice(0, 200)));
    const forms = [...page.doc.forms];
    page.doc.querySelectorAll('[hx-post]').forEach((e) => actions.add(e.getAttribute('hx-post')));
    for (const [index, form] of forms.entries()) {
      if (form.method === 'post') {
        actions.add(form.getAttribute('action'));
      }
      if (known.has(signature(form))) {
        continue;
      }
      known.add(signature(form));
      await tryForm(path, index, form);
    }
  }
  return { faults, known: [...known], opened, actions: [...actions], sent };
}
