package io.claviger.console.page;

import io.claviger.application.shared.Precondition;
import io.claviger.domain.InvalidValue;
import io.claviger.web.server.Form;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reads the version from a form: the version that the thing had when the form was opened. The form
 * contains the version in a hidden field.
 */
public final class Versions {
  public static final String FIELD = "version";

  private Versions() {}

  /**
   * Returns the condition that the thing still has the version that it had when the form was
   * opened; empty if the form contains no version.
   */
  public static Optional<Precondition> of(Form form) {
    return form.value(FIELD).filter(Versions::isVersion).map(Versions::only);
  }

  /**
   * Returns the condition that the thing still has the version that it had when the page was shown.
   * If the page sent no version, no existing thing meets the condition.
   */
  public static Precondition unchanged(String version) {
    return isVersion(version) ? only(version) : Precondition.CREATE_ONLY;
  }

  /**
   * Returns the condition for saving a thing that a form identifies by fields which the user can
   * change. If the user has not changed these fields, the thing must have the version that it had
   * when the form was opened. If the user has changed these fields, the form may only create a new
   * thing. The form sends the original values of these fields in hidden fields, whose names end
   * with {@link Fields#SHOWN}.
   *
   * @param naming the names of the fields that identify the thing
   */
  public static Precondition ofNamed(Form form, Set<String> naming) {
    return of(form)
        .filter(same -> isOpened(name -> form.value(name).orElse(""), naming))
        .orElse(Precondition.CREATE_ONLY);
  }

  /**
   * Whether a form was opened for an existing thing, and still names the same thing.
   *
   * @param values a function that returns the value of a field
   */
  public static boolean isOpened(UnaryOperator<String> values, Set<String> naming) {
    return !values.apply(FIELD).isEmpty()
        && naming.stream()
            .allMatch(name -> values.apply(name).strip().equals(values.apply(name + Fields.SHOWN)));
  }

  /**
   * Returns the form as if it had been opened for the thing that it names now.
   *
   * @param version the version of the thing that the form names now; empty if there is no such
   *     thing
   */
  public static FormState opened(FormState form, Set<String> naming, String version) {
    FormState opened = form.having(FIELD, version);
    for (String name : naming) {
      opened = opened.having(name + Fields.SHOWN, form.value(name).strip());
    }
    return opened;
  }

  /**
   * Returns the version that a form sends next. A form that was refused keeps the version with
   * which it was opened. The form gets the present version only if it was refused because somebody
   * else changed the thing, since only then does the page tell the user about that change.
   *
   * @param status the HTTP status of the answer with the form
   */
  public static String kept(FormState form, int status, String present) {
    return kept(form, status, FIELD, present);
  }

  /**
   * Like the other method {@code kept}, but for another hidden field. The form must contain this
   * field whenever it contains the version.
   */
  public static String kept(FormState form, int status, String field, String present) {
    return form.has(field) && status != Difference.PRECONDITION_FAILED
        ? form.value(field)
        : present;
  }

  /**
   * Returns the condition that nobody else has changed the thing since the form was opened.
   *
   * @throws InvalidValue if the form contains no version
   */
  public static Precondition demandedBy(Form form) {
    return demanded(form.value(FIELD).orElse(""));
  }

  private static Precondition demanded(String version) {
    if (!isVersion(version)) {
      throw new InvalidValue(FIELD, "the version that the page came with; open the page again");
    }
    return only(version);
  }

  /**
   * Reads the same condition as {@link #of}, and records a fault if the form contains no version.
   */
  public static Optional<Precondition> required(Fields fields) {
    return fields.required(FIELD, "Open the page again.", Versions::demanded);
  }

  private static boolean isVersion(String text) {
    return text.matches("[0-9]{1,18}");
  }

  private static Precondition only(String version) {
    return Precondition.version(Long.parseLong(version));
  }
}
