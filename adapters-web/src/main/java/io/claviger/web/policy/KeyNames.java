package io.claviger.web.policy;

import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import java.util.Locale;

/** Whose key a call uses, or why it finds none, as it stands in JSON. */
public final class KeyNames {
  private KeyNames() {}

  public static String wireName(KeySource source) {
    return source.name().toLowerCase(Locale.ROOT);
  }

  public static String wireName(NoKeyReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** Of its source or its reason, whichever it has. */
  public static String wireName(KeyDecision decision) {
    return decision
        .source()
        .map(KeyNames::wireName)
        .or(() -> decision.reason().map(KeyNames::wireName))
        .orElseThrow();
  }
}
