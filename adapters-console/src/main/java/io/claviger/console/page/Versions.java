package io.claviger.console.page;

import io.claviger.application.shared.Precondition;
import io.claviger.web.server.Form;
import java.util.Optional;
import java.util.Set;

/** The version that a form was opened for, which it carries in a hidden field. */
public final class Versions {
  public static final String FIELD = "version";

  /** A thing that must not be there yet. */
  public static final Precondition NEW = new Precondition(Optional.empty(), false, true);

  private Versions() {}

  /** A form changes the version that it was opened for alone; empty if it has none. */
  public static Optional<Precondition> of(Form form) {
    return form.value(FIELD)
        .filter(version -> version.matches("\\d{1,18}"))
        .map(version -> new Precondition(Optional.of(Set.of(Long.valueOf(version))), false, false));
  }
}
