// The preview page: a picture is as high as what it shows; a choice of persona leads to its form.
(() => {
  "use strict";
  const fit = (frame) => {
    const { body } = frame.contentDocument ?? {};
    if (body) frame.style.height = `${Math.min(body.scrollHeight + 4, 640)}px`;
  };
  for (const frame of document.querySelectorAll("iframe[data-pz-fits]")) {
    frame.addEventListener("load", () => fit(frame));
    fit(frame);
  }
  // With the keyboard one goes through a list before choosing: then Enter leads there.
  for (const choice of document.querySelectorAll("select[data-pz-goes]")) {
    let byKeyboard = false;
    const go = () => choice.value && location.assign(choice.value);
    choice.addEventListener("pointerdown", () => (byKeyboard = false));
    choice.addEventListener("keydown", (event) => {
      byKeyboard = true;
      if (event.key === "Enter") go();
    });
    choice.addEventListener("change", () => !byKeyboard && go());
  }
})();
