// Small conveniences on every page of the studio, from markup that the server sends. What edits has
// scripts of its own.
(() => {
  "use strict";

  function copyButton(button) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.textContent = button.dataset.done;
    });
  }

  // A part of the page that takes a moment: the page stands without it.
  async function load(place) {
    const answer = await fetch(place.dataset.pzLoad).catch(() => null);
    if (answer?.ok) place.innerHTML = await answer.text();
    else place.textContent = place.dataset.away;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-copies]")) copyButton(button);
    for (const place of document.querySelectorAll("[data-pz-load]")) load(place);
    for (const form of document.querySelectorAll("form[data-confirm]")) {
      form.addEventListener("submit", (event) => { if (!window.confirm(form.dataset.confirm)) event.preventDefault(); });
    }
  });
})();
