package io.claviger.wiring;

import io.claviger.application.shared.port.CountedKind;
import java.util.Map;

/** How many things of each kind one user may have. A missing kind has no quota. */
record QuotaLimits(Map<CountedKind, Integer> most) {
  QuotaLimits {
    most = Map.copyOf(most);
  }
}
