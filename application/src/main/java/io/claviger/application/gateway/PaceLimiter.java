package io.claviger.application.gateway;

import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PaceLeases.PlaceWish;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.spending.PaceDemand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Applies limits on tokens per minute and on concurrent calls. This class uses the tokens, and the
 * places for concurrent calls, that this node has leased. A call reserves its expected use in all
 * limits that it counts against, or in none. The unused part of the reservation is returned at the
 * end of the call.
 */
public final class PaceLimiter {
  /**
   * The maximum number of subjects of limits, such as users and access tokens, in memory for each
   * kind of limit. Each subject takes about 500 bytes. A subject is removed a second after its last
   * call. If there are more subjects, calls that count against limits of the additional subjects
   * are refused for a second.
   */
  static final int MOST_SUBJECTS = 50_000;

  private static final PaceDemand SMALLEST = PaceDemand.of(PaceUse.ofCall(1, 1));

  private static final Duration CROWDED = Duration.ofSeconds(1);

  private final PaceLeases leases;
  private final LongSupplier nanos;
  private final int most;
  private final UUID node = UUID.randomUUID();
  private final Map<String, LeasedTokens> tokens = new ConcurrentHashMap<>();
  private final Map<String, LeasedPlaces> places = new ConcurrentHashMap<>();

  public PaceLimiter(PaceLeases leases, LongSupplier nanos) {
    this(leases, nanos, MOST_SUBJECTS);
  }

  PaceLimiter(PaceLeases leases, LongSupplier nanos, int most) {
    this.leases = leases;
    this.nanos = nanos;
    this.most = most;
  }

  /** The decision whether a call may be made now. */
  sealed interface PaceDecision {
    PaceDecision UNKNOWN = new Unknown();

    /** The call may be made. The call counts against the limits until its permit ends. */
    record Taken(PacePermit permit) implements PaceDecision {}

    /**
     * @param meter the limit that is used up at the moment
     */
    record Exhausted(PaceMeter meter, Duration retryAfter) implements PaceDecision {}

    /**
     * @param meter a limit that is too small for the call
     */
    record TooLarge(PaceMeter meter) implements PaceDecision {}

    record Unknown() implements PaceDecision {}
  }

  /** The decision whether a limit leaves enough for a call. */
  sealed interface LeaseDecision {
    LeaseDecision UNDECIDED = new Undecided();

    record Taken(TakenPart part) implements LeaseDecision {}

    record Refused(Duration retryAfter) implements LeaseDecision {}

    /** This node can't decide without the database. */
    record Undecided() implements LeaseDecision {}
  }

  /** What this node has leased for a subject of limits: tokens, or places for concurrent calls. */
  interface SubjectLease {
    /** Prevents the removal of this object until a call has used the object. */
    void pin();

    void unpin();

    /** Decides about a call without querying the database. Never blocks. */
    LeaseDecision takeAtOnce(long limit, long amount);

    /**
     * Decides about a call, and queries the database if necessary. Only one call at a time queries
     * the database. Other calls wait for the answer.
     *
     * @param amount the number of tokens or places to reserve, from 1 to the limit
     */
    LeaseDecision take(long limit, long amount);
  }

  /** The tokens, or the place for a concurrent call, that a call has reserved in a single limit. */
  @FunctionalInterface
  interface TakenPart {
    /**
     * Ends the reservation.
     *
     * @param used the amount that the call used; this can exceed the reserved amount
     */
    void end(long used);
  }

  /**
   * The reservations of a call in all limits that it counts against. The first call of {@link
   * #settle} or {@link #close} ends the reservations. {@link #settle} and {@link #close} can be
   * called on any thread and never block.
   */
  static final class PacePermit implements AutoCloseable {
    private final List<PaceKind> kinds;
    private final List<TakenPart> parts;
    private final AtomicBoolean ended = new AtomicBoolean();

    private PacePermit(int limits) {
      this.kinds = new ArrayList<>(limits);
      this.parts = new ArrayList<>(limits);
    }

    private void add(PaceKind kind, TakenPart part) {
      kinds.add(kind);
      parts.add(part);
    }

    /**
     * Ends the reservations of a call that was sent to the provider, and counts what the call used.
     */
    void settle(PaceUse used) {
      if (ended.compareAndSet(false, true)) {
        settle(used, 0);
      }
    }

    /** Ends the other reservations even if ending one of them throws an exception. */
    private void settle(PaceUse used, int from) {
      if (from < parts.size()) {
        try {
          parts.get(from).end(PaceDemand.partOf(kinds.get(from), used));
        } finally {
          settle(used, from + 1);
        }
      }
    }

    /** Gives back everything that was reserved for a call that was not sent. */
    @Override
    public void close() {
      settle(PaceUse.NONE);
    }
  }

  /**
   * Makes the call's reservations in all limits or in none. Does not query the database. Never
   * blocks.
   */
  PaceDecision takeAtOnce(List<PaceMeter> meters, PaceDemand demand) {
    return take(meters, demand, false);
  }

  /**
   * Makes the call's reservations in all limits or in none. Can query the database. Never answers
   * {@link PaceDecision.Unknown}.
   *
   * @throws StoreUnavailable when the database does not answer
   */
  PaceDecision take(List<PaceMeter> meters, PaceDemand demand) {
    return take(meters, demand, true);
  }

  /**
   * Looks for a used-up limit on concurrent calls. This method takes nothing and never blocks.
   *
   * @return a limit on concurrent calls that, according to what this node knows, is used up; empty
   *     if there is none
   */
  Optional<PaceDecision.Exhausted> peek(List<PaceMeter> meters) {
    for (PaceMeter meter : meters) {
      if (meter.kind() == PaceKind.CONCURRENT) {
        LeasedPlaces known = places.get(meter.subject());
        if (known != null && known.isFull(meter.most())) {
          return Optional.of(new PaceDecision.Exhausted(meter, LeasedPlaces.RETRY));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Finds a limit that is used up, so that no call can be made. To find out, this method takes the
   * smallest amounts, for which it may have to ask the database, and puts them back into this
   * node's leases. The leased places for concurrent calls are returned to the database immediately,
   * because calls on other nodes might need them.
   */
  Optional<PaceMeter> usedUp(List<PaceMeter> meters) {
    try {
      return switch (take(meters, SMALLEST)) {
        case PaceDecision.Taken taken -> {
          taken.permit().close();
          yield Optional.empty();
        }
        case PaceDecision.Exhausted exhausted -> Optional.of(exhausted.meter());
        case PaceDecision.TooLarge larger -> Optional.of(larger.meter());
        case PaceDecision.Unknown unknown -> Optional.empty();
      };
    } finally {
      List<LeasedPlaces> looked =
          meters.stream()
              .filter(meter -> meter.kind() == PaceKind.CONCURRENT)
              .flatMap(meter -> Stream.ofNullable(places.get(meter.subject())))
              .toList();
      looked.forEach(LeasedPlaces::keepOnlyRunning);
      renewNext(looked.iterator());
    }
  }

  private PaceDecision take(List<PaceMeter> meters, PaceDemand demand, boolean mayBlock) {
    for (PaceMeter meter : meters) {
      if (demand.amountFor(meter).isEmpty()) {
        return new PaceDecision.TooLarge(meter);
      }
    }
    PacePermit permit = new PacePermit(meters.size());
    boolean isComplete = false;
    try {
      for (PaceMeter meter : meters) {
        OptionalLong amount = demand.amountFor(meter);
        if (amount.orElse(0) > 0) {
          switch (take(meter, amount.getAsLong(), mayBlock)) {
            case LeaseDecision.Taken taken -> permit.add(meter.kind(), taken.part());
            case LeaseDecision.Refused refused -> {
              return new PaceDecision.Exhausted(meter, refused.retryAfter());
            }
            case LeaseDecision.Undecided undecided -> {
              return PaceDecision.UNKNOWN;
            }
          }
        }
      }
      isComplete = true;
      return new PaceDecision.Taken(permit);
    } finally {
      if (!isComplete) {
        permit.close();
      }
    }
  }

  private LeaseDecision take(PaceMeter meter, long amount, boolean mayBlock) {
    SubjectLease pinned = pinned(meter);
    if (pinned == null) {
      return new LeaseDecision.Refused(CROWDED);
    }
    LeaseDecision decision = LeaseDecision.UNDECIDED;
    try {
      decision =
          mayBlock ? pinned.take(meter.most(), amount) : pinned.takeAtOnce(meter.most(), amount);
    } finally {
      if (!(decision instanceof LeaseDecision.Taken)) {
        pinned.unpin();
      }
    }
    return decision;
  }

  /**
   * Returns what is leased for the subject of a limit, such as a user. The subject is not removed
   * from memory until the call has used it. The result is null if there are too many subjects.
   */
  private @Nullable SubjectLease pinned(PaceMeter meter) {
    return meter.kind() == PaceKind.CONCURRENT
        ? places.compute(
            meter.subject(),
            (subject, known) ->
                pinned(known == null && places.size() < most ? newPlaces(subject) : known))
        : tokens.compute(
            meter.subject() + '|' + meter.kind().wireName(),
            (subject, known) ->
                pinned(known == null && tokens.size() < most ? newTokens(subject) : known));
  }

  private static <L extends SubjectLease> @Nullable L pinned(@Nullable L lease) {
    if (lease != null) {
      lease.pin();
    }
    return lease;
  }

  private LeasedPlaces newPlaces(String subject) {
    return new LeasedPlaces(subject, node, leases, nanos);
  }

  private LeasedTokens newTokens(String subject) {
    return new LeasedTokens(subject, leases, nanos);
  }

  /** Returns the number of subjects of limits in memory. */
  int subjects() {
    return tokens.size() + places.size();
  }

  /**
   * Reports unused tokens and debts to the database. A task calls this method several times a
   * second.
   *
   * @throws StoreUnavailable when the database does not answer; a later call makes the report
   * @throws RuntimeException if the report of a subject failed although the database is available;
   *     the reports of all other subjects were made
   */
  public void sweep() {
    SubjectFailures failures = new SubjectFailures();
    for (Map.Entry<String, LeasedTokens> each : tokens.entrySet()) {
      failures.collect(() -> sweep(each.getKey(), each.getValue()));
    }
    failures.throwFirst();
  }

  private void sweep(String subject, LeasedTokens leased) {
    if (leased.sweep()) {
      LeasedTokens unused =
          tokens.computeIfPresent(subject, (same, known) -> known.isIdle() ? null : known);
    }
  }

  /**
   * Renews the leases of places for concurrent calls, and gives back unused places. A task calls
   * this method every second.
   *
   * @throws StoreUnavailable when the database does not answer
   * @throws RuntimeException if the renewal for a subject failed although the database is
   *     available; the leases of all other subjects were renewed
   */
  public void renew() {
    SubjectFailures failures = new SubjectFailures();
    Iterator<LeasedPlaces> each = places.values().iterator();
    while (each.hasNext()) {
      failures.collect(() -> renewNext(each));
    }
    for (String subject : places.keySet()) {
      LeasedPlaces unused =
          places.computeIfPresent(subject, (key, known) -> known.isIdle() ? null : known);
    }
    failures.throwFirst();
  }

  /** Renews at most as many leases of places as a single SQL statement may contain. */
  private void renewNext(Iterator<LeasedPlaces> each) {
    List<LeasedPlaces> due = new ArrayList<>();
    List<PlaceWish> wishes = new ArrayList<>();
    Map<String, Boolean> renewed = new HashMap<>();
    SubjectFailures failures = new SubjectFailures();
    long began = nanos.getAsLong();
    try {
      while (each.hasNext() && due.size() < PaceLeases.MOST_RENEWED) {
        LeasedPlaces next = each.next();
        next.beginRenewal()
            .ifPresent(
                wish -> {
                  due.add(next);
                  wishes.add(wish);
                });
      }
      renew(wishes, renewed, failures);
    } finally {
      for (int i = 0; i < due.size(); i++) {
        due.get(i).renewed(Optional.ofNullable(renewed.get(wishes.get(i).subject())), began);
      }
    }
    due.forEach(places -> failures.collect(places::leaseAgain));
    failures.throwFirst();
  }

  /**
   * Renews all given leases of places in a single SQL statement. If the statement fails although
   * the database answers, each lease is renewed in its own statement.
   *
   * @param renewed a map to which subjects are added, each with whether the database renewed its
   *     lease; a subject is not added if the SQL statement for its renewal failed
   */
  private void renew(
      List<PlaceWish> wishes, Map<String, Boolean> renewed, SubjectFailures failures) {
    if (wishes.isEmpty()) {
      return;
    }
    try {
      Set<String> known = leases.renewPlaces(node, wishes, LeasedPlaces.LIFETIME);
      wishes.forEach(wish -> renewed.put(wish.subject(), known.contains(wish.subject())));
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException together) {
      if (wishes.size() > 1) {
        wishes.forEach(wish -> renew(List.of(wish), renewed, failures));
        return;
      }
      failures.add(together);
      Optional.ofNullable(places.get(wishes.getFirst().subject())).ifPresent(LeasedPlaces::rest);
    }
  }

  /**
   * Forgets all leases of tokens and places. The leases are neither used nor returned. Call this
   * method after a failover to another database server, because the new server might not know the
   * leases.
   */
  public void forget() {
    tokens.values().forEach(LeasedTokens::forget);
    places.values().forEach(LeasedPlaces::forget);
  }
}
