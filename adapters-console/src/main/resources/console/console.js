// Shows times in the reader's zone, with UTC on hover; copies texts; sends a form once.
(() => {
  "use strict";

  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function localize(root) {
    for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
      const instant = new Date(time.dateTime);
      if (!Number.isNaN(instant.getTime())) {
        time.title = instant.toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
        time.textContent = format.format(instant);
      }
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button && navigator.clipboard) {
      const source = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(source.textContent).then(() => {
        button.textContent = "Copied";
      });
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "post") {
      if (form.dataset.sent) {
        event.preventDefault();
      } else {
        form.dataset.sent = "yes";
      }
    }
  });

  // A page that the browser kept may be sent again, once somebody went back to it on purpose.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
    }
  });

  document.addEventListener("DOMContentLoaded", () => localize(document));
  document.addEventListener("htmx:afterSwap", (event) => localize(event.target));
})();
