package io.claviger.application.builders;

import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import java.util.EnumMap;
import java.util.Map;

/** Limits on the pace of calls. */
public final class APace {
  private APace() {}

  /** Each limit that there is, as large as it can be. */
  public static PaceTerms most() {
    Map<PaceKind, Integer> each = new EnumMap<>(PaceKind.class);
    for (PaceKind kind : PaceKind.values()) {
      each.put(kind, kind.most());
    }
    return new PaceTerms(each);
  }
}
