package io.claviger.application.usage;

import io.claviger.application.usage.port.AccountCharge;
import io.claviger.domain.usage.UsageCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sums up what is charged to accounts in each quarter of an hour, until it is stored. */
final class ChargeCounter {
  private static final long QUARTER = Duration.ofMinutes(15).toSeconds();

  /** The most sums that wait. What would need more is not charged. */
  private static final int MOST_WAITING = 200_000;

  private final Map<Key, AccountCharge> charged = new ConcurrentHashMap<>();

  private record Key(String account, Instant quarter) {}

  /** Charges one call. */
  void charge(ChargePolicy charging, UsageCounts counts, Instant at) {
    Instant quarter = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), QUARTER) * QUARTER);
    long tokens = Math.max(0, counts.inputTokens() + counts.outputTokens());
    for (String account : charging.accounts()) {
      Key key = new Key(account, quarter);
      if (charged.size() < MOST_WAITING || charged.containsKey(key)) {
        long cost =
            account.startsWith("service:") ? counts.cost().cost() : counts.cost().callersCost();
        AccountCharge unused =
            charged.merge(
                key,
                new AccountCharge(account, quarter, counts.requests(), tokens, cost),
                AccountCharge::plus);
      }
    }
  }

  /** Removes sums and returns them. */
  List<AccountCharge> drain(int most) {
    List<AccountCharge> drained = new ArrayList<>();
    for (Key key : List.copyOf(charged.keySet())) {
      AccountCharge charge = drained.size() < most ? charged.remove(key) : null;
      if (charge != null) {
        drained.add(charge);
      }
    }
    return drained;
  }

  boolean isEmpty() {
    return charged.isEmpty();
  }
}
