package io.claviger.dhampsimport.rules;

import io.claviger.dhampsimport.rules.SourceContent.OldStandard;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;

/** How keys travelled by an API standard of the old database. */
public final class SourceKeyPlacement {
  private SourceKeyPlacement() {}

  /**
   * @throws InvalidValue when it names a way that there is not
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
