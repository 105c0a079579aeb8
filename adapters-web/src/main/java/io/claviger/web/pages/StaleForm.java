package io.claviger.web.pages;

import io.claviger.web.server.Form;

/** Thrown when a form of this site was made for a session that is not the present session. */
final class StaleForm extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Form form;

  StaleForm(Form form) {
    super("the form of another session", null, false, false);
    this.form = form;
  }

  Form form() {
    return form;
  }

  /** Returns the page that is shown if it is not worth keeping the form. */
  static PageProblem problem() {
    return PageProblem.tryAgain(
        403,
        "This page is too old",
        "The form was made for another session. Nothing was done; open the page again.");
  }
}
