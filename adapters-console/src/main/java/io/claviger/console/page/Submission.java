package io.claviger.console.page;

import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the action that a form requests. If the action is refused, the form is shown again. */
public final class Submission {
  private Submission() {}

  /** Shows a form that was refused. */
  @FunctionalInterface
  public interface Refused {
    void show(Problem problem, FormState sent);
  }

  /** Shows a page with a form: either an empty form, or the sent form together with its faults. */
  @FunctionalInterface
  public interface FormPage {
    void show(Visit visit, int status, FormState form);
  }

  /**
   * Adds a page with a form for signed-in visitors: {@code GET} shows the empty form.
   *
   * @param send the handler of the POST requests to the page
   */
  public static void addPage(
      Routes routes, String path, Visitors visitors, FormPage page, Consumer<Visit> send) {
    visitors.addPage(routes, path, visit -> page.show(visit, 200, FormState.EMPTY), send);
  }

  /**
   * Runs the action of the sent form, and redirects the browser to another page. If the action is
   * refused, the page with the form says why.
   *
   * @param fields the names of the fields whose values are shown again after a refusal; fields with
   *     secrets must not be among them
   * @param act a function that runs the action, and returns the address of the page to show next;
   *     it throws an exception if the action is refused
   */
  public static void of(
      Visit visit, Set<String> fields, Function<Form, String> act, FormPage page) {
    of(
        visit,
        fields,
        act,
        (problem, sent) -> page.show(visit, problem.status(), sent.with(problem)));
  }

  /**
   * Does the same as the other method {@code of} with a {@link FormPage}, but after a refusal, the
   * form does not show what the user typed.
   */
  public static void of(Visit visit, Function<Form, String> act, FormPage page) {
    of(visit, Set.of(), act, page);
  }

  /**
   * Runs the action of the sent form, and redirects the browser to another page.
   *
   * @param fields the names of the fields whose values are shown again after a refusal; fields with
   *     secrets must not be among them
   * @param act a function that runs the action, and returns the address of the page to show next;
   *     it throws an exception if the action is refused
   */
  public static void of(
      Visit visit, Set<String> fields, Function<Form, String> act, Refused refused) {
    answer(visit, fields, form -> visit.redirect(act.apply(form)), refused);
  }

  /**
   * Runs the action of the sent form. The action answers with a page, because its result is shown
   * only once.
   *
   * @param fields the names of the fields whose values are shown again after a refusal; fields with
   *     secrets must not be among them
   * @param act a function that runs the action and answers; it throws an exception if the action is
   *     refused
   */
  public static void answer(Visit visit, Set<String> fields, Consumer<Form> act, Refused refused) {
    Form form = visit.form();
    try {
      act.accept(form);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      refused.show(problem, FormState.sent(form, fields));
    }
  }

  /**
   * Deletes a thing unless somebody else has changed it since the form was opened. After the
   * deletion, redirects the browser to another page.
   *
   * @param next the address of the page to show after the deletion
   */
  public static void ofDeletion(
      Visit visit, Function<Precondition, Outcome<?>> delete, String next, FormPage page) {
    of(
        visit,
        form -> {
          Fields fields = new Fields(form);
          Optional<Precondition> version = Versions.required(fields);
          Problems.throwIfRefused(delete.apply(fields.check(version::orElseThrow)));
          return next;
        },
        page);
  }

  /**
   * Does the same as the other method {@code of} with a {@link Refused}, but after a refusal, the
   * values of the form are not passed on.
   */
  public static void of(Visit visit, Function<Form, String> act, Refused refused) {
    of(visit, Set.of(), act, refused);
  }
}
