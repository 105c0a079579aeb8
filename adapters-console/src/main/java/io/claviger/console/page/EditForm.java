package io.claviger.console.page;

import io.claviger.web.problems.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A form that changes the thing which its page shows.
 *
 * @param status the HTTP status of the answer with the page
 * @param differing the fields of the thing that somebody else changed while the form was open
 */
public record EditForm(int status, FormState form, List<Difference> differing) {
  public EditForm {
    differing = List.copyOf(differing);
  }

  /**
   * Returns a form that was just opened.
   *
   * @param stored the stored values by the names of their fields, including the version
   */
  public static EditForm of(Map<String, String> stored) {
    return new EditForm(200, FormState.of(stored), List.of());
  }

  /**
   * Returns a form that was refused. If somebody else saved the thing first, the form shows both
   * the typed values and the stored values. If the user sends this form again, the typed values are
   * saved.
   *
   * @param what the kind of thing that the form changes, such as {@code trust}
   * @param stored the values that are stored now, by the names of their fields, including the
   *     version
   */
  public static EditForm refused(
      Problem problem, FormState sent, String what, Map<String, String> stored) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      return new EditForm(problem.status(), sent.with(problem), List.of());
    }
    List<String> fields = new ArrayList<>(stored.keySet());
    fields.remove(Versions.FIELD);
    fields.sort(null);
    FormState again = sent.having(Versions.FIELD, stored.getOrDefault(Versions.FIELD, ""));
    return new EditForm(
        problem.status(),
        again.with(Difference.problem(problem, what)),
        Difference.between(sent, stored, fields));
  }
}
