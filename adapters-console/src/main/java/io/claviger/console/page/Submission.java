package io.claviger.console.page;

import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import java.util.Set;
import java.util.function.Function;

/** Does what a form asks for. If that is refused, the form is shown again. */
public final class Submission {
  private Submission() {}

  /** Shows a form that was refused. */
  @FunctionalInterface
  public interface Refused {
    void show(Problem problem, FormState sent);
  }

  /**
   * Does what the form of a visit asks for, and sends the browser to another page.
   *
   * @param fields the fields that are shown again after a refusal; those with secrets are left out
   * @param act returns the address of the page to go to; throws the refusal, if there is one
   */
  public static void of(
      Visit visit, Set<String> fields, Function<Form, String> act, Refused refused) {
    Form form = visit.form();
    try {
      visit.redirect(act.apply(form));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      refused.show(problem, FormState.sent(form, fields));
    }
  }
}
