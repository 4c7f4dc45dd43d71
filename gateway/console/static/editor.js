// The editor of one file of a draft: it says what is wrong while one types, as `hallgate check` does,
// shows how the screen or text at the cursor goes out, and never saves over what was not seen.
"use strict";

(function () {
  const place = document.querySelector("[data-editing]");
  if (!place || !window.CodeMirror) return;
  const cm = window.CodeMirror, told = place.dataset, file = told.file, fixed = "fixed" in told;
  const of = (name) => place.querySelector("[data-" + name + "]");
  const source = of("text"), state = of("state"), checked = of("checked"), preview = of("preview");
  const english = document.documentElement.lang === "en";
  const box = "hallgate " + told.at + " " + file; // what is typed and not saved survives a reload
  const AFTER = 450; // milliseconds without a key after which it is looked at

  let mark = told.mark, saved = source.value, asked = 0, timer = null, shown = null;

  // --- asking ------------------------------------------------------------------------------------

  async function ask(path, body) {
    const answer = await fetch(told.at + path, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf || "" },
    });
    if (answer.status === 401) location.reload();
    return { status: answer.status, told: await answer.json().catch(() => ({})) };
  }

  // why not, in the language of the page
  function why(answer) {
    return (english ? answer.told.detail : answer.told.detail_zh) || told.away;
  }

  // --- the text ----------------------------------------------------------------------------------

  // In a root of its own its styles are sheets, which the policy of the page allows.
  const root = of("editor").attachShadow({ mode: "open" });
  const view = new cm.EditorView({
    parent: root, root,
    state: cm.EditorState.create({
      doc: saved,
      extensions: [
        cm.keymap.of([{ key: "Mod-s", run: () => { save(); return true; }, preventDefault: true }]),
        cm.basicSetup, cm.yaml(), cm.lintGutter(), cm.indentUnit.of("  "),
        cm.yamlLanguage.data.of({ autocomplete: window.schemaWords.completionOf(JSON.parse(told.schema)) }),
        cm.EditorState.tabSize.of(2), cm.EditorView.lineWrapping,
        cm.EditorState.readOnly.of(fixed),
        cm.EditorView.contentAttributes.of({ "aria-label": file, spellcheck: "false", tabindex: "0" }),
        cm.EditorView.theme({
          "&": { fontSize: "13px", backgroundColor: "#fff", height: "62vh" },
          ".cm-scroller": { fontFamily: "ui-monospace, 'Noto Sans Mono CJK SC', monospace", lineHeight: "1.55" },
          ".cm-gutters": { color: "#525d6b" },
        }),
        cm.EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
          else if (update.selectionSet && nameAt() !== shown) soon();
        }),
      ],
    }),
  });
  source.hidden = true;
  place.editorView = view; // for who tests it

  const text = () => view.state.doc.toString();

  function changed() {
    const dirty = text() !== saved;
    if (dirty) sessionStorage.setItem(box, JSON.stringify({ mark, text: text() }));
    else sessionStorage.removeItem(box);
    tell(dirty ? "unsaved" : "saved");
    soon();
  }

  function tell(what, more = "") {
    state.className = what === "saved" ? "badge level-well" : "badge level-warning";
    state.textContent = told[what] + more;
  }

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, AFTER);
  }

  // --- what is wrong, and how it looks -------------------------------------------------------------

  function nameAt() {
    const before = view.state.sliceDoc(0, view.state.doc.lineAt(view.state.selection.main.head).to);
    const { path } = window.schemaWords.placeOf(before);
    if (file.startsWith("menus/")) return path[0] === "screens" ? path[1] || "" : "";
    return file.startsWith("replies/") ? path[0] || "" : "";
  }

  async function look() {
    const mine = ++asked, name = nameAt();
    checked.className = "quiet";
    checked.textContent = told.checking;
    let answer;
    try {
      answer = await ask("/check", {
        file, text: text(), shown: name, persona: Number(of("persona").value),
        language: of("language").value, at: of("moment").value || null,
      });
    } catch { checked.textContent = told.away; return; }
    if (mine !== asked) return; // something newer was typed
    if (answer.status === 409 || answer.status === 503) timer = window.setTimeout(look, 2000);
    if (answer.status !== 200) { checked.textContent = why(answer); return; }
    shown = name;
    mistakes(answer.told.findings);
    draw(answer.told.shown, name, !answer.told.version);
  }

  function mistakes(found) {
    const here = found.filter((one) => one.file === file);
    const doc = view.state.doc;
    view.dispatch(cm.setDiagnostics(view.state, here.map((one) => {
      const line = doc.line(Math.min(Math.max(one.line, 1), doc.lines));
      const from = line.from + line.text.search(/\S|$/);
      return { from, to: Math.max(line.to, from), severity: "error", message: said(one).join("\n") };
    })));
    checked.className = found.length ? "badge level-bad" : "badge level-well";
    checked.textContent = found.length ? found.length + " " + told.wrong : told.well;
    of("findings").replaceChildren(...found.map(row));
  }

  function row(one) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.textContent = one.file + ":" + one.line;
    const query = new URLSearchParams({ name: one.file, line: one.line });
    link.href = location.pathname + "?" + query;
    if (one.file === file) {
      link.addEventListener("click", (event) => { event.preventDefault(); go(one.line); });
    }
    const [what, cure] = said(one);
    item.append(link, " " + what + (cure ? " " : ""));
    if (cure) {
      const fix = document.createElement("span");
      fix.className = "quiet";
      fix.textContent = cure;
      item.append(fix);
    }
    return item;
  }

  // what is wrong, and what to write, in the language of the page
  function said(one) {
    const words = english ? [one.what, one.fix] : [one.what_zh, one.fix_zh];
    return words.filter(Boolean);
  }

  function go(line) {
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    view.dispatch({ selection: { anchor: at.from + at.text.search(/\S|$/) }, effects: cm.EditorView.scrollIntoView(at.from, { y: "center" }) });
    view.focus();
  }

  // What cannot be read leaves the last picture, so that one sees what one had.
  function draw(found, name, wrong) {
    preview.classList.toggle("old", wrong);
    if (wrong && preview.querySelector(".device")) return;
    if (!found.length) {
      const words = document.createElement("p");
      words.className = "quiet";
      words.textContent = told.nothing;
      preview.replaceChildren(words);
      return;
    }
    const head = document.createElement("h2"), code = document.createElement("code");
    code.textContent = name;
    head.append(code);
    preview.replaceChildren(head, ...found.map(device));
  }

  function device(one) {
    const figure = document.createElement("figure"), caption = document.createElement("figcaption");
    const words = document.createElement("pre"), size = document.createElement("span");
    figure.className = "device " + one.channel;
    caption.textContent = told[one.channel] + " ";
    size.className = "quiet";
    size.textContent = sized(one.size);
    words.textContent = one.text;
    words.tabIndex = 0;
    caption.append(size);
    figure.append(caption, words);
    return figure;
  }

  function sized(size) {
    if (english) return size;
    return size.replace(/page (\d+) of (\d+), /g, "第$1屏/共$2屏 ")
      .replace(/(\d+) of (\d+) (?:UCS-2 units|septets)/g, "$1/$2字")
      .replace(/(\d+) short message\(s\)/, "$1条短信")
      .replace(/not there; (\S+) stands in for it/, "他看不到,看到的是 $1");
  }

  // --- saving ------------------------------------------------------------------------------------

  async function save() {
    if (fixed) return;
    const sent = text();
    tell("saving");
    let answer;
    try {
      answer = await ask("/files", { file, text: sent, seen: mark });
    } catch { tell("unsaved", " · " + told.away); return; }
    if (answer.status === 409) { await collide(); return; }
    if (answer.status !== 200) { tell("unsaved", " · " + why(answer)); return; }
    mark = answer.told.mark;
    for (const field of document.querySelectorAll("[data-mark-field]")) field.value = mark;
    saved = sent;
    of("theirs-told").replaceChildren();
    changed();
  }

  // Somebody has saved meanwhile: what they wrote is looked at before anything is saved over it.
  async function collide() {
    tell("unsaved");
    const page = await fetch(location.pathname + "?" + new URLSearchParams({ name: file }), { credentials: "same-origin" });
    const theirs = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-editing]");
    const note = document.createElement("div"), words = document.createElement("p");
    const look = document.createElement("details"), head = document.createElement("summary"), body = document.createElement("pre");
    const over = document.createElement("button");
    note.className = "note bad";
    note.setAttribute("role", "alert");
    words.textContent = told.theirs + (theirs && theirs.dataset.by ? " (" + theirs.dataset.by + ")" : "");
    head.textContent = told.look;
    const mine = new Set(text().split("\n"));
    for (const line of theirs ? theirs.querySelector("[data-text]").value.split("\n") : []) {
      const other = document.createElement(mine.has(line) ? "span" : "mark");
      other.textContent = line + "\n";
      body.append(other);
    }
    body.tabIndex = 0;
    look.append(head, body);
    over.type = "button";
    over.textContent = told.over;
    over.disabled = true; // until it was looked at
    look.addEventListener("toggle", () => { over.disabled = false; });
    over.addEventListener("click", () => { mark = theirs.dataset.mark; save(); });
    note.append(words, look, over);
    of("theirs-told").replaceChildren(note);
  }

  // --- the page ----------------------------------------------------------------------------------

  if (of("save")) of("save").addEventListener("click", save);
  for (const name of ["persona", "moment", "language"]) of(name).addEventListener("change", look);
  window.addEventListener("beforeunload", (event) => { if (text() !== saved && !fixed) event.preventDefault(); });

  const before = JSON.parse(sessionStorage.getItem(box) || "null");
  if (before && before.mark === mark && before.text !== saved && !fixed) {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: before.text } });
    tell("unsaved", " · " + told.kept);
  } else tell("saved");
  const name = told.shown, start = name ? text().split("\n").findIndex((line) => line.trim().startsWith(name + ":")) + 1 : 0;
  if (Number(told.line) || start) go(Number(told.line) || start);
  look();
})();
