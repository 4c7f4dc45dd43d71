// What pages do while they are open: live regions, charts, how long ago things were, and where the
// answer to a form is seen. Everything else is the server's.
"use strict";

(function () {
  const english = document.documentElement.lang === "en";

  // --- how long ago ---------------------------------------------------------------------------

  const STEPS = [[86400, "天", " d"], [3600, "小时", " h"], [60, "分钟", " min"], [1, "秒", " s"]];

  function span(seconds) {
    for (const [length, zh, en] of STEPS) {
      if (seconds >= length) return Math.floor(seconds / length) + (english ? en : zh);
    }
    return english ? "0 s" : "0秒";
  }

  function age(seconds) {
    const told = span(Math.abs(seconds));
    if (english) return seconds >= 0 ? told + " ago" : "in " + told;
    return seconds >= 0 ? told + "前" : "还有" + told;
  }

  function tellAges() {
    for (const one of document.querySelectorAll("time > .age")) {
      const at = Date.parse(one.parentElement.dateTime);
      const told = age((Date.now() - at) / 1000);
      if (one.textContent !== told) one.textContent = told;
    }
  }

  // --- live regions ---------------------------------------------------------------------------

  const STALE = 12; // seconds without a sign after which what is seen is old
  const regions = Array.from(document.querySelectorAll("[data-live-region]"));
  const state = document.querySelector("[data-live-state]");
  const pause = document.querySelector("[data-live-pause]");
  let events = null, heard = null, paused = false;

  function open() {
    if (!regions.length || events || paused || document.hidden) return;
    const shown = regions.map((one) => "show=" + encodeURIComponent(one.dataset.liveRegion));
    events = new EventSource("/live?" + shown.join("&"));
    for (const region of regions) {
      events.addEventListener(region.dataset.liveRegion, (event) => replace(region, event.data));
    }
    events.addEventListener("beat", () => { heard = Date.now(); tellState(); });
    events.addEventListener("over", () => { close(); location.reload(); });
  }

  function close() {
    if (events) events.close();
    events = null;
  }

  function replace(region, html) {
    if (region.contains(document.activeElement)) return; // nobody's place is taken away
    region.innerHTML = html;
    if (window.htmx) window.htmx.process(region);
    tellMoved(region);
    nameCells(region);
    tellAges();
    drawCharts(region);
  }

  function tellState() {
    if (!state) return;
    const words = state.querySelector("[data-live-words]");
    const seconds = heard ? Math.round((Date.now() - heard) / 1000) : null;
    const lost = !paused && seconds !== null && seconds > STALE;
    state.classList.toggle("paused", paused);
    state.classList.toggle("stale", lost);
    document.body.classList.toggle("stale", lost);
    const data = state.dataset;
    if (paused) words.textContent = data.paused + (heard ? " · " + age(seconds) : "");
    else if (lost) words.textContent = data.stale + " " + age(seconds);
    else if (seconds === null) words.textContent = data.wait;
    else words.textContent = data.live + " · " + seconds + " " + data.ago;
  }

  if (pause) {
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.textContent = paused ? pause.dataset.go : pause.dataset.stop;
      if (paused) close(); else open();
      tellState();
    });
  }

  // A browser holds six connections to us, whatever is open in it: a page that nobody sees gives its
  // own up, or the seventh would never come.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); heard = null; } else open();
    tellState();
  });

  // --- a ticket that somebody has moved meanwhile ------------------------------------------------

  const first = document.querySelector("[data-ticket-state]");
  const seen = first ? first.dataset.ticketState : null;

  function tellMoved(region) {
    const now = region.querySelector("[data-ticket-state]");
    const told = document.querySelector("[data-ticket-moved]");
    if (now && told) told.hidden = now.dataset.ticketState === seen;
  }

  // --- tables on a telephone: each cell tells its own heading -----------------------------------

  function nameCells(within) {
    for (const table of within.querySelectorAll("table.list")) {
      const heads = Array.from(table.querySelectorAll("thead th"), (head) => head.textContent);
      for (const row of table.querySelectorAll("tbody tr:not(.words)")) {
        Array.from(row.cells).forEach((cell, at) => { cell.dataset.head = heads[at] || ""; });
      }
    }
  }

  // --- charts -------------------------------------------------------------------------------------

  const INKS = ["#0b4f8a", "#8a5a00", "#1a6b42", "#7a2e7a", "#b3261e"];

  function drawCharts(within) {
    if (!window.uPlot) return;
    for (const place of within.querySelectorAll("[data-chart]")) {
      if (place.firstChild) continue;
      const told = JSON.parse(place.dataset.chart);
      const names = told.names || null;
      const size = () => ({ width: Math.max(280, place.clientWidth), height: 220 });
      const label = (value) => names ? names[value] || "" : value + (told.unit || "");
      const chart = new window.uPlot({
        ...size(),
        scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(0, low), high || 1] } },
        axes: [
          { values: (_, found) => found.map((v) => Number.isInteger(v) ? label(v) : ""),
            stroke: "#4a5564", grid: { stroke: "#e6e9ee" } },
          { stroke: "#4a5564", grid: { stroke: "#e6e9ee" }, size: 56 },
        ],
        series: [
          { label: told.axis || " ", value: (_, v) => v === null ? "—" : label(v) },
          ...told.series.map((one, at) => ({
            label: one.name, stroke: one.faint ? "#8994a3" : INKS[at % INKS.length], width: 2,
            dash: one.faint ? [6, 4] : undefined, points: { show: false },
            value: (_, v) => v === null || v === undefined ? "—" : v.toLocaleString(),
          })),
        ],
      }, [told.x, ...told.series.map((one) => one.values)], place);
      new ResizeObserver(() => chart.setSize(size())).observe(place);
    }
  }

  // --- files: as the body of a request of the API, however long ---------------------------------

  function tell(words, bad) {
    const told = document.getElementById("told"), note = document.createElement("p");
    note.className = bad ? "note bad" : "note look";
    if (bad) note.setAttribute("role", "alert");
    note.textContent = words;
    told.replaceChildren(note);
    told.scrollIntoView({ block: "nearest" });
  }

  async function upload(form) {
    const file = form.elements.file.files[0], asked = new URLSearchParams();
    asked.set("replace", form.elements.replace.checked ? "true" : "false");
    asked.set("reason", form.elements.reason.value);
    tell(form.dataset.wait, false);
    const answer = await fetch(form.action + "?" + asked, {
      method: "POST", body: file, credentials: "same-origin",
      headers: { "Content-Type": "text/csv", "X-CSRF-Token": document.body.dataset.csrf },
    });
    const told = await answer.json();
    if (answer.ok) window.location.assign(form.dataset.then + told.id);
    else tell(form.dataset.failed + (english ? told.detail : told.detail_zh), true);
  }

  document.body.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-upload")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    upload(form)
      .catch(() => tell(form.dataset.failed + (english ? "the console does not answer"
        : "控制台没有应答"), true))
      .finally(() => { button.disabled = false; });
  });

  // --- forms --------------------------------------------------------------------------------------

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target) nameCells(event.detail.target);
    if (event.detail.target && event.detail.target.id === "told") {
      event.detail.target.scrollIntoView({ block: "nearest" });
    }
  });
  document.body.addEventListener("htmx:sendError", () => {
    const told = document.getElementById("told");
    const words = document.createElement("p");
    words.className = "note bad";
    words.textContent = english ? "The console does not answer. Nothing was sent; try again."
      : "控制台没有应答,没有提交成功,请再试。";
    told.replaceChildren(words);
  });

  const here = document.querySelector(".side a[aria-current]");
  if (here) here.parentElement.parentElement.parentElement.scrollLeft = here.offsetLeft - 60;
  nameCells(document);
  tellAges();
  drawCharts(document);
  open();
  window.setInterval(() => { tellAges(); tellState(); }, 1000);
  window.addEventListener("pagehide", close);
})();
