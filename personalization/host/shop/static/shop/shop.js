// The demo shop's own words to the embed script: what visitors chose, and what they did.
(() => {
  "use strict";
  const engine = window.Personalization;
  if (!engine?.consent) return;
  const PURPOSES = ["analytics", "personalization", "training", "profiling_ai"];
  const POLICY = "demo-2026";
  const find = (selector, within = document) => within.querySelector(selector);
  const boxes = (form) => Object.fromEntries(
    PURPOSES.map((purpose) => [purpose, form.elements[purpose].checked]));
  const same = (answer) => Object.fromEntries(PURPOSES.map((purpose) => [purpose, answer]));
  const choose = (purposes, source) => engine.consent(purposes, { policy: POLICY, source });

  // the banner: shown until there is an answer
  const banner = find("#consent");
  if (banner && !engine.consent()) {
    const form = find("form", banner);
    const fields = find("#consent-purposes");
    const answer = (purposes) => {
      banner.hidden = true;
      choose(purposes, "banner").then(engine.refresh, () => { banner.hidden = false; });
    };
    banner.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(boxes(form));
    });
    form.addEventListener("click", (event) => {
      const what = event.target.dataset.consent;
      if (what === "all" || what === "none") answer(same(what === "all"));
      if (what === "choose") {
        fields.hidden = false;
        event.target.setAttribute("aria-expanded", "true");
        event.target.hidden = true;
        find("[data-consent=save]", form).hidden = false;
        find("input", fields).focus();
      }
    });
  }

  // the privacy page: change it, or be forgotten
  const panel = find("#choice");
  if (panel) {
    const said = find(".said", panel);
    const tell = (what) => { said.textContent = said.dataset[what]; };
    const show = () => {
      const now = engine.consent() || {};
      for (const purpose of PURPOSES) panel.elements[purpose].checked = now[purpose] === true;
    };
    const attempt = (deed, what) => deed().then(() => tell(what), () => tell("failed")).then(show);
    show();
    panel.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(() => choose(boxes(panel), "privacy page"), "saved");
      if (banner) banner.hidden = true;
    });
    find("[data-forget]", panel).addEventListener("click", () => {
      attempt(() => engine.erase(), "forgotten");
    });
  }

  // what visitors do; the engine keeps silent about those who allowed nothing
  const { viewed, category } = document.body.dataset;
  if (viewed) engine.track("view", { item: viewed });
  if (category) engine.track("view", { item: `department-${category}` });
  for (const line of document.querySelectorAll("[data-bought]")) {
    engine.track("purchase", {
      item: line.dataset.bought, value: Number(line.dataset.cents) / 100, currency: "EUR",
    });
  }
  document.addEventListener("click", (event) => {
    const card = event.target.closest("[data-item]");
    if (card) engine.track("click", { item: card.dataset.item });
  });
  document.addEventListener("submit", (event) => {
    const { adds } = event.target.dataset;
    if (adds) engine.track("add_to_cart", { item: adds });
  });
})();
