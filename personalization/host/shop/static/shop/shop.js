document.getElementById("consent")?.removeAttribute("hidden");
