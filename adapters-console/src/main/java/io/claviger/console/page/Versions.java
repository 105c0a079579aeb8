package io.claviger.console.page;

import io.claviger.application.shared.Precondition;
import io.claviger.domain.InvalidValue;
import io.claviger.web.server.Form;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the version from a form: the version that the thing had when the form was opened. The form
 * contains the version in a hidden field.
 */
public final class Versions {
  public static final String FIELD = "version";

  /** The condition that the thing does not exist yet. */
  public static final Precondition NEW = new Precondition(Optional.empty(), false, true);

  private Versions() {}

  /**
   * Returns the condition that the thing still has the version that it had when the form was
   * opened; empty if the form contains no version.
   */
  public static Optional<Precondition> of(Form form) {
    return form.value(FIELD).filter(Versions::isVersion).map(Versions::only);
  }

  /**
   * Returns the condition that nobody else has changed the thing since it had this version.
   *
   * @throws InvalidValue if the text is not a version
   */
  public static Precondition demanded(String version) {
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
    return new Precondition(Optional.of(Set.of(Long.valueOf(version))), false, false);
  }
}
