// Shows times in the reader's zone, with UTC on hover; copies texts; leads to the search; sends a form once.
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

  // A page that was not loaded over HTTPS has no clipboard API. If the old command fails too, the text stays selected,
  // so that the reader can copy it.
  function copySelected(source, button) {
    getSelection().selectAllChildren(source);
    button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) {
      const source = document.getElementById(button.dataset.copy);
      if (navigator.clipboard) {
        navigator.clipboard.writeText(source.textContent).then(
          () => {
            button.textContent = "Copied";
          },
          () => copySelected(source, button),
        );
      } else {
        copySelected(source, button);
      }
    }
  });

  // The menu of further actions covers a part of the page until somebody clicks elsewhere or presses Escape.
  function fold(actions) {
    if (actions.contains(document.activeElement)) {
      actions.querySelector("summary").focus();
    }
    actions.open = false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.more[open]").forEach(fold);
    }
  });

  document.addEventListener("click", (event) => {
    for (const actions of document.querySelectorAll("details.more[open]")) {
      if (!actions.contains(event.target)) {
        actions.open = false;
      }
    }
  });

  // The space key presses links that look like buttons, as it presses buttons.
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches('a[role="button"]')) {
      event.preventDefault();
      event.target.click();
    }
  });

  // A slash leads to the search, unless somebody is typing. Who dictates can say a slash by accident, so the page of
  // the search has a box that turns the key off in this browser.
  const isSlashOn = () => localStorage.getItem("slash") !== "off";

  function offerSlash() {
    const box = document.getElementById("slash");
    if (box) {
      box.checked = isSlashOn();
      box.addEventListener("change", () => localStorage.setItem("slash", box.checked ? "on" : "off"));
    }
  }

  document.addEventListener("keydown", (event) => {
    const field = document.getElementById("find");
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && field && !typing && isSlashOn() && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (!field.checkVisibility()) {
        document.getElementById("menu").showPopover();
      }
      field.focus();
    }
  });

  // Asks first whether a node answers. If no node received the form, the browser would leave the page and lose what was
  // typed.
  function sendIfAnswered(form, button) {
    const small = document.querySelector("link[rel=icon]").href;
    form.dataset.sent = "asking";
    fetch(small, { method: "HEAD", cache: "no-store" }).then(
      () => {
        form.dataset.sent = "now";
        form.requestSubmit(button);
        form.dataset.sent = "yes";
        form.dataset.at = Date.now();
      },
      () => {
        delete form.dataset.sent;
        tellUnanswered();
      },
    );
  }

  // The time, in milliseconds, in which a form is sent only once, however often somebody clicks.
  const SENT_AGAIN_AFTER = 10_000;

  // The time, in milliseconds, after which somebody can have read that the next press sends the form again.
  const READ_AFTER = 1_000;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) {
      return; // htmx sends it
    }
    if (form.method === "post" && form.dataset.sent !== "now") {
      event.preventDefault();
      if (!form.dataset.sent) {
        sendIfAnswered(form, event.submitter);
      } else if (form.dataset.sent === "yes") {
        // Somebody might have stopped the browser before the answer arrived, so a later press sends the form again.
        if (Date.now() - form.dataset.at < SENT_AGAIN_AFTER) {
          tell("This was sent already, but no answer has arrived yet. Wait for it.");
        } else {
          form.dataset.sent = "told";
          form.dataset.at = Date.now();
          tell("This was sent already, but no answer has arrived yet. Press again to send it once more.");
        }
      } else if (form.dataset.sent === "told" && Date.now() - form.dataset.at >= READ_AFTER) {
        sendIfAnswered(form, event.submitter);
      }
    }
  });

  // If somebody goes back to a page that the browser has kept, its forms may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
    }
  });

  // After a refused form, the focus is on the first field with a fault, or on the words that say why.
  function leadToFault() {
    const why = document.querySelector('main [role="alert"]');
    const fault = document.querySelector('[aria-invalid="true"]');
    if (fault) {
      fault.focus();
    } else if (why) {
      why.tabIndex = -1;
      why.focus();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    localize(document);
    leadToFault();
    offerSlash();
  });

  // If a request of a script fails, the page stays and says so until an answer arrives.
  const FAILED = "failed";

  function tell(...said) {
    let notice = document.getElementById(FAILED);
    if (!notice) {
      notice = document.createElement("p");
      notice.id = FAILED;
      notice.className = "problem";
      notice.setAttribute("role", "alert");
      document.getElementById("content").prepend(notice);
    }
    const fresh = notice.cloneNode();
    fresh.append(...said);
    localize(fresh);
    if (!fresh.isEqualNode(notice)) {
      notice.replaceChildren(...fresh.childNodes); // only a change is read out
    }
  }

  function tellUnanswered() {
    tell("Claviger did not answer. What you typed is still here; try again in a moment.");
  }

  // A refusal is a whole page. Its message, with the links in it, is shown on the open page.
  function tellRefusal(xhr) {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const why = page.querySelector('main [role="alert"]');
    if (why) {
      tell(...why.childNodes);
    } else if (xhr.status < 500) {
      tell(`Claviger refused this request (${xhr.status}). What you typed is still here.`);
    } else {
      tellUnanswered();
    }
  }

  // While a form is being sent, its scripts send no other request. Until a call is answered, its status says
  // "Calling…".
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (elt.closest("form")?.dataset.sent) {
      event.preventDefault();
    } else if (target.matches('[role="status"]')) {
      target.textContent = "Calling…";
    }
  });

  // Removes an earlier answer, so that it is not taken for the answer to this request.
  function forgetAnswer(target) {
    if (target.matches('[role="status"], [aria-live]')) {
      target.replaceChildren();
    }
  }

  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, (event) => {
      tellUnanswered();
      forgetAnswer(event.detail.target);
    });
  }
  document.addEventListener("htmx:responseError", (event) => {
    tellRefusal(event.detail.xhr);
    forgetAnswer(event.detail.target);
  });
  document.addEventListener("htmx:afterSwap", () => document.getElementById(FAILED)?.remove());

  document.addEventListener("htmx:afterSwap", (event) => localize(event.target));
})();
