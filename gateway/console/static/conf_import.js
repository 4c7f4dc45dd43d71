// A ZIP of conf/ becomes a draft.
"use strict";

(function () {
  const place = document.querySelector("[data-import]");
  if (!place) return;
  const english = document.documentElement.lang === "en";
  place.querySelector("[data-import-go]").addEventListener("click", async () => {
    const file = document.getElementById("archive").files[0];
    const name = document.getElementById("import-name").value.trim();
    if (!file || !name) { document.getElementById(file ? "import-name" : "archive").focus(); return; }
    try {
      const answer = await fetch("/api/v1/drafts/import?" + new URLSearchParams({ name }), {
        method: "POST", body: file, credentials: "same-origin",
        headers: { "Content-Type": "application/octet-stream", "X-CSRF-Token": document.body.dataset.csrf || "" },
      });
      const told = await answer.json();
      if (answer.ok) { location.href = "/conf/drafts/" + told.number; return; }
      tell(english ? told.detail : told.detail_zh);
    } catch { tell(place.dataset.away); }
  });

  function tell(detail) {
    const words = document.createElement("p");
    words.className = "note bad";
    words.textContent = place.dataset.failed + detail;
    document.getElementById("told").replaceChildren(words);
  }
})();
