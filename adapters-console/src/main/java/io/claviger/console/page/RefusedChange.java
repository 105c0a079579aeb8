package io.claviger.console.page;

import io.claviger.web.problems.Problem;
import io.claviger.web.server.Form;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * A form that is shown again because its change was refused.
 *
 * @param form the values that the user typed, and their faults
 * @param differing the fields that somebody else changed while the form was open
 */
public record RefusedChange(int status, FormState form, List<Difference> differing) {
  public RefusedChange {
    differing = List.copyOf(differing);
  }

  /**
   * Returns the form to show. If somebody else saved the thing first, the returned form contains
   * the present version. Sending the form again then succeeds.
   *
   * @param shown the fields of the form with the values that are stored now, including the present
   *     version
   * @param what the kind of thing that the form changes, such as {@code project}
   */
  public static RefusedChange of(
      Form sent, Problem problem, Map<String, String> shown, String what) {
    return of(sent, problem, shown, what, (name, typed) -> false);
  }

  /**
   * Returns the form to show. Some fields are left out of the comparison with the stored values.
   *
   * @param skipped whether a field is left out of the comparison with the values that others saved
   */
  public static RefusedChange of(
      Form sent,
      Problem problem,
      Map<String, String> shown,
      String what,
      BiPredicate<String, FormState> skipped) {
    FormState typed = FormState.sent(sent, shown.keySet());
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      return new RefusedChange(problem.status(), typed.with(problem), List.of());
    }
    List<Difference> differing =
        Difference.between(
            typed,
            shown,
            shown.keySet().stream()
                .filter(name -> !name.equals(Versions.FIELD) && !name.endsWith(Fields.SHOWN))
                .filter(name -> !skipped.test(name, typed))
                .toList());
    FormState again = typed.having(Versions.FIELD, shown.getOrDefault(Versions.FIELD, ""));
    return new RefusedChange(
        problem.status(), again.with(Difference.problem(problem, what)), differing);
  }
}
