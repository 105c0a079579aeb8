package io.claviger.console.page;

import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the action of a form. If the action is refused, the form is shown again. */
public final class Submission {
  private Submission() {}

  /** Shows a form that was refused. */
  @FunctionalInterface
  public interface Refused {
    void show(Problem problem, FormState sent);
  }

  /** Shows a page with a form: either empty, or as it was sent with its faults. */
  @FunctionalInterface
  public interface FormPage {
    void show(Visit visit, int status, FormState form);
  }

  /**
   * Adds a page with a form to the pages of signed-in visitors: GET shows the form empty.
   *
   * @param send answers POST
   */
  public static void addPage(
      Routes routes, String path, Visitors visitors, FormPage page, Consumer<Visit> send) {
    visitors.addPage(routes, path, visit -> page.show(visit, 200, FormState.EMPTY), send);
  }

  /**
   * Runs the action of the form that a visit sent, and redirects the browser to another page. If
   * the action is refused, the page of the form says so.
   *
   * @param fields the fields that are shown again after a refusal; those with secrets are left out
   * @param act returns the address of the page to go to; throws the refusal, if there is one
   */
  public static void of(
      Visit visit, Set<String> fields, Function<Form, String> act, FormPage page) {
    of(
        visit,
        fields,
        act,
        (problem, sent) -> page.show(visit, problem.status(), sent.with(problem)));
  }

  /** Does the same for a form that has no fields to show again after a refusal. */
  public static void of(Visit visit, Function<Form, String> act, FormPage page) {
    of(visit, Set.of(), act, page);
  }

  /**
   * Runs the action of the form that a visit sent, and sends the browser to another page.
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

  /** Does the same for a form that has no fields to show again after a refusal. */
  public static void of(Visit visit, Function<Form, String> act, Refused refused) {
    of(visit, Set.of(), act, refused);
  }
}
