package io.claviger.application.gateway;

import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.policy.CallLimits.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Applies rate limits. This class uses permits that this node has leased. A lease lasts only for a
 * short time. Permits are leased in batches, which are small enough to leave permits for other
 * nodes, and large enough that few requests have to query the database.
 */
public final class RateLimiter {
  /**
   * The maximum number of subjects of rate limits, such as users and access tokens, in memory. Each
   * subject takes about 500 bytes. A subject is removed a few seconds after its last use. If there
   * are more subjects, each request of an additional subject leases its own permit.
   */
  static final int MOST_SUBJECTS = 50_000;

  private final PermitLeases leases;
  private final LongSupplier nanos;
  private final int most;
  private final Map<String, LeasedQuota> quotas = new ConcurrentHashMap<>();

  public RateLimiter(PermitLeases leases, LongSupplier nanos) {
    this(leases, nanos, MOST_SUBJECTS);
  }

  RateLimiter(PermitLeases leases, LongSupplier nanos, int most) {
    this.leases = leases;
    this.nanos = nanos;
    this.most = most;
  }

  /** The decision whether a request may be made now. */
  sealed interface PermitDecision {
    PermitDecision TAKEN = new Taken(() -> {});
    PermitDecision UNKNOWN = new Unknown();

    /**
     * The request may be made, and is counted.
     *
     * @param putBack the task that returns the permit if the request is not made after all
     */
    record Taken(Runnable putBack) implements PermitDecision {}

    /**
     * @param perMinute the rate limit that is used up; empty if the caller must not know it
     */
    record Exhausted(Duration retryAfter, OptionalInt perMinute) implements PermitDecision {
      Exhausted(Duration retryAfter, int perMinute) {
        this(retryAfter, OptionalInt.of(perMinute));
      }

      /** Returns this decision, but without the rate limit if the caller must not know it. */
      Exhausted shown(Meter meter) {
        return meter.shownToCaller() ? this : new Exhausted(retryAfter, OptionalInt.empty());
      }
    }

    record Unknown() implements PermitDecision {}
  }

  /**
   * Takes a permit for an action that Claviger performs on behalf of a user.
   *
   * @param perMinute the maximum number of such actions of the user within 60 seconds, on all nodes
   *     together
   * @return the time to wait; empty if the permit was taken
   */
  public Optional<Duration> waitFor(String subject, int perMinute) {
    return take(List.of(new Meter(subject, perMinute))) instanceof PermitDecision.Exhausted refused
        ? Optional.of(refused.retryAfter())
        : Optional.empty();
  }

  /**
   * Takes a permit from the meter of each rate limit. If any meter has no permits left on this
   * node, takes none. Never blocks.
   */
  PermitDecision takeAtOnce(List<Meter> meters) {
    return take(meters, false);
  }

  /**
   * Takes a permit from the meter of each rate limit, and leases more permits if this node has none
   * left. If any rate limit is used up, takes no permit at all.
   */
  PermitDecision take(List<Meter> meters) {
    return take(meters, true);
  }

  /**
   * Takes several permits from the meter of each rate limit. If any meter has too few permits,
   * takes none. If a meter has too few permits for a request, its permits stay available for
   * smaller requests, unless other requests take them at the same moment. Queries the database.
   */
  PermitDecision take(List<Meter> meters, int count) {
    for (Meter meter : meters) {
      if (left(meter) < count) {
        return new PermitDecision.Exhausted(LeasedQuota.WINDOW, meter.perMinute()).shown(meter);
      }
    }
    return take(Collections.nCopies(count, meters).stream().flatMap(List::stream).toList());
  }

  /**
   * Takes nothing and never blocks. Returns {@link PermitDecision.Exhausted} if this node knows
   * that no permit would be granted now. Otherwise, returns {@link PermitDecision.Taken}.
   */
  PermitDecision peek(List<Meter> meters) {
    for (Meter meter : meters) {
      LeasedQuota quota = quotas.get(meter.subject());
      PermitDecision answer =
          quota == null ? PermitDecision.UNKNOWN : quota.peek(meter.perMinute());
      if (answer instanceof PermitDecision.Exhausted exhausted) {
        return exhausted.shown(meter);
      }
    }
    return PermitDecision.TAKEN;
  }

  /**
   * Returns how many requests are left under the rate limit that has the fewest permits left. The
   * result is empty if there is no rate limit. This method takes no permits, but queries the
   * database.
   */
  OptionalInt left(List<Meter> meters) {
    return meters.stream().mapToInt(this::left).min();
  }

  private int left(Meter meter) {
    LeasedQuota quota = quotas.get(meter.subject());
    int unused = quota == null ? 0 : quota.unused();
    int counted = leases.counted(meter.subject());
    return Math.clamp((long) meter.perMinute() - counted + unused, 0, meter.perMinute());
  }

  private PermitDecision take(List<Meter> meters, boolean leasing) {
    List<PermitDecision.Taken> taken = new ArrayList<>(meters.size());
    boolean complete = false;
    try {
      PermitDecision decision = take(meters, leasing, taken);
      complete = decision instanceof PermitDecision.Taken;
      return decision;
    } finally {
      if (!complete) {
        taken.forEach(each -> each.putBack().run());
      }
    }
  }

  private PermitDecision take(
      List<Meter> meters, boolean leasing, List<PermitDecision.Taken> taken) {
    for (Meter meter : meters) {
      LeasedQuota quota;
      Optional<PermitDecision> answer;
      do {
        quota = quota(meter.subject());
        answer = leasing ? quota.take(meter.perMinute()) : quota.takeUnlessSwept(meter.perMinute());
      } while (answer.isEmpty());
      if (answer.get() instanceof PermitDecision.Exhausted exhausted) {
        return exhausted.shown(meter);
      }
      if (!(answer.get() instanceof PermitDecision.Taken one)) {
        return answer.get();
      }
      taken.add(one);
    }
    return PermitDecision.TAKEN;
  }

  /**
   * Returns the quota of a subject, which holds the permits that this node has leased for the
   * subject. If there are too many subjects, returns a quota that only this request uses.
   */
  private LeasedQuota quota(String subject) {
    LeasedQuota known = quotas.get(subject);
    if (known != null) {
      return known;
    }
    return quotas.size() < most
        ? quotas.computeIfAbsent(subject, this::newQuota)
        : newQuota(subject);
  }

  private LeasedQuota newQuota(String subject) {
    return new LeasedQuota(subject, leases, nanos);
  }

  /** Returns the number of subjects of rate limits that have a quota in memory. */
  int subjects() {
    return quotas.size();
  }

  /**
   * Leases the next batch of permits for each subject of rate limits whose current batch will soon
   * end or be used up. A task calls this method several times within the time {@link
   * LeasedQuota#AHEAD}.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   * @throws RuntimeException if leasing failed for a subject although the database is available;
   *     permits for all other subjects were leased
   */
  public void renew() {
    SubjectFailures failures = new SubjectFailures();
    quotas.values().forEach(quota -> failures.collect(quota::renewWhereDue));
    failures.throwFirst();
  }

  /**
   * Forgets all leases of permits. The leases are neither used nor returned. Call this method after
   * a failover to another database server, because the new server might not know the leases.
   */
  public void forget() {
    quotas.values().forEach(LeasedQuota::forget);
  }

  /**
   * Gives back leased permits that were not used in time. A task calls this periodically.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer; a
   *     later call gives the permits back
   * @throws RuntimeException if giving back failed for a subject although the database is
   *     available; the permits of all other subjects were given back
   */
  public void sweep() {
    SubjectFailures failures = new SubjectFailures();
    Iterator<LeasedQuota> each = quotas.values().iterator();
    while (each.hasNext()) {
      LeasedQuota quota = each.next();
      failures.collect(quota::giveBackEnded);
      if (quota.sweep()) {
        each.remove();
      }
    }
    failures.throwFirst();
  }
}
