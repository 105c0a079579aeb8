package io.claviger.dhampsimport.rules;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import java.util.Locale;
import java.util.Optional;

/** Makes a handle of what was none by our rule. */
public final class HandleNormalizer {
  /** So that a name stays fit to be stored and shown. */
  static final int LONGEST = 200;

  private HandleNormalizer() {}

  /**
   * Capitals become small letters, each run of characters that a handle can't hold one hyphen; what
   * it can't begin with goes.
   *
   * @return empty where nothing is left, it is too long, or it is reserved
   */
  public static Optional<Handle> fold(String old) {
    if (old.length() > LONGEST) {
      return Optional.empty();
    }
    String folded =
        old.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceFirst("^[^a-z0-9]+", "");
    try {
      return Optional.of(new Handle(folded));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
