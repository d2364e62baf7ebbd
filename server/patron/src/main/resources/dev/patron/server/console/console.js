// Copies what stands on the page, and keeps ages ticking. Every page works without it.

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) {
    continue;
  }
  const label = button.textContent;
  const said = document.createElement("span");
  said.className = "for-readers";
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = "value" in source ? source.value : source.innerText.trim();
    let outcome = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      outcome = "Copying failed: select the text instead";
    }
    button.textContent = outcome;
    said.textContent = outcome;
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, 2000);
  });
}

// <span data-tick="up" data-seconds="12">12</span> counts from when the page was made, by elapsed time: the reader's clock may be wrong.
const ticking = [...document.querySelectorAll("[data-tick]")].map((element) => ({
  element,
  seconds: Number(element.dataset.seconds),
  direction: element.dataset.tick === "down" ? -1 : 1,
}));
if (ticking.length > 0) {
  const began = performance.now();
  setInterval(() => {
    const passed = Math.floor((performance.now() - began) / 1000);
    for (const { element, seconds, direction } of ticking) {
      element.textContent = String(Math.max(0, seconds + direction * passed));
    }
  }, 1000);
}
