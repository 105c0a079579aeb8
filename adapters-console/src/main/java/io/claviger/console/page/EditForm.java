package io.claviger.console.page;

import io.claviger.web.problems.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
   * @param stored the stored values, including the version, keyed by the names of their fields
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
   * @param stored the values that are stored now, keyed by the names of their fields, including the
   *     version; the differences have the order of this map
   */
  public static EditForm refused(
      Problem problem, FormState sent, String what, Map<String, String> stored) {
    return refused(problem, sent, what, stored, compared(stored));
  }

  /**
   * Does the same as the other method {@code refused}, but compares only some of the fields.
   *
   * @param compared the names of the compared fields, in the order of the differences
   */
  public static EditForm refused(
      Problem problem,
      FormState sent,
      String what,
      Map<String, String> stored,
      Collection<String> compared) {
    return refused(problem, sent, what, stored, compared, Set.of());
  }

  /**
   * Does the same as the other methods {@code refused} for a form in which the user names the thing
   * to save. If the form names a thing other than the one for which it was opened, the page says
   * that the named thing exists already.
   *
   * @param stored the values of the thing that the form names; empty if there is no such thing
   * @param naming the names of the fields that identify the thing
   */
  public static EditForm refused(
      Problem problem,
      FormState sent,
      String what,
      Map<String, String> stored,
      Collection<String> compared,
      Set<String> naming) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      return new EditForm(problem.status(), sent.with(problem), List.of());
    }
    Problem explained =
        naming.isEmpty() || Versions.isOpened(sent::value, naming)
            ? Difference.problem(problem, what)
            : Difference.exists(problem, what);
    FormState again = Versions.opened(sent, naming, stored.getOrDefault(Versions.FIELD, ""));
    return new EditForm(
        explained.status(), again.with(explained), Difference.between(sent, stored, compared));
  }

  /** Returns the names of the fields into which users type, without the hidden fields. */
  public static List<String> compared(Map<String, String> stored) {
    return stored.keySet().stream()
        .filter(name -> !name.equals(Versions.FIELD) && !name.endsWith(Fields.SHOWN))
        .toList();
  }

  /**
   * Whether somebody else has already saved the thing with the same values as the form. If the
   * result is true, there is nothing left to save.
   */
  public boolean isSavedAlready() {
    return status == Difference.PRECONDITION_FAILED && differing.isEmpty();
  }
}
