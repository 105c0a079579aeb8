package io.claviger.application.fakes;

import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.fairness.CapacityAccount;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@link CapacityExchange} in memory, which can be away. */
public final class InMemoryCapacityExchange implements CapacityExchange {
  private final LongSupplier millis;
  private final Map<Account, byte[]> states = new HashMap<>();
  private final Map<Account, PaceLimits> learned = new HashMap<>();
  private final Map<CapacityKey, ProviderLimits> stated = new HashMap<>();
  private final List<AccountStatement> heard = new ArrayList<>();
  private final Set<CapacityKey> refused = new HashSet<>();
  private boolean isAway;

  public InMemoryCapacityExchange(LongSupplier millis) {
    this.millis = millis;
  }

  public synchronized void state(CapacityKey of, ProviderLimits limits) {
    stated.put(of, limits);
  }

  public synchronized void goAway(boolean away) {
    isAway = away;
  }

  /** Refuses all that is exchanged together with this capacity. */
  public synchronized void refuse(CapacityKey capacity) {
    boolean unused = refused.add(capacity);
  }

  /** All that nodes have stated. */
  public synchronized List<AccountStatement> heard() {
    return List.copyOf(heard);
  }

  @Override
  public synchronized List<CapacityGrant> exchange(List<AccountStatement> each) {
    requireThere();
    // A database has one row for each account, too.
    if (each.stream().map(AccountStatement::account).distinct().count() < each.size()
        || each.stream().anyMatch(one -> refused.contains(one.account().capacity()))) {
      throw new IllegalStateException("not exchanged");
    }
    heard.addAll(each);
    return each.stream().map(this::exchange).toList();
  }

  private void requireThere() {
    if (isAway) {
      throw new StoreUnavailable(new IllegalStateException("away"));
    }
  }

  private CapacityGrant exchange(AccountStatement statement) {
    Account account = statement.account();
    EnumMap<PaceLimit, Long> told = new EnumMap<>(PaceLimit.class);
    told.putAll(learned.getOrDefault(account, PaceLimits.NONE).each());
    for (LimitStatement one : statement.wanted().learned()) {
      one.perMinute().ifPresent(most -> told.put(one.limit(), most));
    }
    learned.put(account, new PaceLimits(told));
    ProviderLimits ofOwner =
        account.model().isKnown()
            ? ProviderLimits.NONE
            : stated.getOrDefault(account.capacity(), ProviderLimits.NONE);
    ProviderLimits limits =
        ofOwner.and(new ProviderLimits(new PaceLimits(told), OptionalInt.empty()));
    byte[] before = states.get(account);
    long now = millis.getAsLong();
    CapacityAccount read =
        before == null
            ? new CapacityAccount(limits, now)
            : CapacityAccount.read(before, limits, now);
    CapacityGrant grant = read.exchange(statement.wanted(), now);
    states.put(account, read.write());
    return grant;
  }

  @Override
  public synchronized Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(
      Collection<CapacityKey> of) {
    requireThere();
    Map<CapacityKey, Map<UsageModel, PaceLimits>> found = new HashMap<>();
    learned.forEach(
        (account, limits) -> {
          if (of.contains(account.capacity()) && !limits.equals(PaceLimits.NONE)) {
            found
                .computeIfAbsent(account.capacity(), unused -> new HashMap<>())
                .put(account.model(), limits);
          }
        });
    return found;
  }

  @Override
  public synchronized void removeOld() {
    learned.clear(); // as if it were long ago
  }
}
