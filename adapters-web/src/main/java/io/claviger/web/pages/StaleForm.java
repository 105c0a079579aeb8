package io.claviger.web.pages;

import io.claviger.web.server.Form;

/** Thrown if a form from this site belongs to a session other than the present one. */
final class StaleForm extends RuntimeException {
  private final Form form;

  StaleForm(Form form) {
    super("the form of another session", null, false, false);
    this.form = form;
  }

  Form form() {
    return form;
  }

  /** Returns the page for an outdated form whose values need not be kept. */
  static PageProblem problem() {
    return PageProblem.tryAgain(
        403,
        "This page is too old",
        "The form was made for another session. Nothing was done; open the page again.");
  }
}
