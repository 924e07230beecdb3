// Finds every condition of the page and puts the builder in front of its textarea.

import { render } from "preact";
import type { Offer } from "./fields/offer.ts";
import { askOffer } from "./reading/asking.ts";
import { Builder } from "./view/Builder.tsx";

function start(): void {
  build(document);
  document.addEventListener("formset:added", (event) => build(event.target as Element));
}

function build(place: ParentNode): void {
  for (const holder of place.querySelectorAll<HTMLElement>("[data-pz-condition]:not([data-pz-built])")) {
    const textarea = holder.querySelector("textarea");
    const offer = document.getElementById(textarea?.dataset["offer"] ?? "")?.textContent;
    if (!textarea || !offer || textarea.name.includes("__prefix__")) continue; // a form to copy
    holder.dataset["pzBuilt"] = "";
    const box = document.createElement("div");
    holder.append(box);
    draw(box, textarea, JSON.parse(offer) as Offer);
  }
}

function draw(box: Element, textarea: HTMLTextAreaElement, offer: Offer): void {
  const label = textarea.labels?.[0]?.textContent?.trim() || offer.words.builder;
  const show = (current: Offer) =>
    render(<Builder textarea={textarea} offer={current} label={label} />, box);
  show(offer);
  const site = textarea.form?.elements.namedItem("site");
  if (!(site instanceof HTMLSelectElement)) return;
  site.addEventListener("change", () => {
    if (site.value) void askOffer(offer.addresses.offer, site.value).then(show);
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
