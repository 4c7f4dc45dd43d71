// What a caller hears at the page of the phone: sentence after sentence, as the hall says them.
"use strict";

(function () {
  const place = document.querySelector("[data-hearing]");
  if (!place) return;
  const ear = new Audio(), waiting = [], toggle = document.querySelector("[data-hear]");
  let newest = Math.max(0, ...sentences().map((one) => Number(one.dataset.place)));
  let playing = false;

  function sentences() {
    return Array.from(place.querySelectorAll("[data-sound]"));
  }

  function next() {
    const address = waiting.shift();
    playing = Boolean(address);
    place.classList.toggle("speaking", playing);
    if (!address) return;
    ear.src = address;
    ear.play().catch(next); // what has no sound is read
  }

  ear.addEventListener("ended", next);
  ear.addEventListener("error", () => { if (playing) next(); });

  // A key that is pressed ends what is being said, as on a telephone.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("[data-interrupts]")) return;
    waiting.length = 0;
    ear.pause();
    playing = false;
  });

  new MutationObserver(() => {
    const fresh = sentences().filter((one) => Number(one.dataset.place) > newest)
      .sort((one, other) => one.dataset.place - other.dataset.place);
    if (!fresh.length) return;
    newest = Number(fresh[fresh.length - 1].dataset.place);
    if (!toggle.checked) return;
    waiting.push(...fresh.map((one) => one.dataset.sound));
    if (!playing) next();
  }).observe(place, { childList: true, subtree: true });

  place.addEventListener("click", (event) => {
    const one = event.target.closest("[data-sound]");
    if (!one) return;
    if (event.detail) one.blur(); // a region that holds the focus is not drawn anew
    waiting.length = 0;
    waiting.push(one.dataset.sound);
    next();
  });
})();
