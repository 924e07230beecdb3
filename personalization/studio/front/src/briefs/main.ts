// Briefs: the form says what it would cost and for whom it is; a page follows what is being written.
import { every } from "../composer/page";
import { BriefForm } from "./form";
import { followList, followWritten } from "./following";

document.addEventListener("DOMContentLoaded", () => {
  for (const form of every<HTMLFormElement>("form[data-pzd-brief]")) new BriefForm(form);
  for (const place of every("[data-pzd-written]")) followWritten(place);
  for (const holder of every("[data-pzd-briefs]")) followList(holder.dataset.progress ?? "");
});
