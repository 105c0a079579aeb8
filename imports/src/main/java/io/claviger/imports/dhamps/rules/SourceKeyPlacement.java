package io.claviger.imports.dhamps.rules;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;

/** Finds out how calls with a dhamps-vdb API standard sent their key. */
public final class SourceKeyPlacement {
  private SourceKeyPlacement() {}

  /**
   * @throws InvalidValue if the standard names an unknown key method
   */
  public static KeyPlacement of(OldStandard standard) {
    KeyMethod method = KeyMethod.of(standard.keyMethod());
    boolean bearer = method == KeyMethod.AUTH_BEARER && standard.keyField().isEmpty();
    return bearer ? KeyPlacement.BEARER : new KeyPlacement(method, standard.keyField());
  }

  public static boolean differs(OldStandard standard, KeyPlacement here) {
    try {
      return !of(standard).equals(here);
    } catch (InvalidValue e) {
      return true;
    }
  }
}
