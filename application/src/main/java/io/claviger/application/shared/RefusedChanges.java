package io.claviger.application.shared;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records refused and failed attempts in such a way that nobody can fill the audit trail with them.
 * Of equal attempts within a minute, the first is recorded immediately. At the end of the minute,
 * all further attempts are recorded as one event that states their number. Attempts are equal if
 * they have the same actor, token, address, action, target and reason.
 *
 * <p>At most {@link #AT_ONCE} different attempts of an actor are distinguished at a time. Of
 * further attempts, only the number per action is recorded, without targets. Attempts of an unknown
 * actor are counted for the actor's address or IPv6 /64 network. If the process is killed, the
 * counts that were not recorded yet are lost, but nothing else.
 */
public final class RefusedChanges {
  /**
   * The maximum number of different refusals that are recorded separately per minute for an actor
   * or address.
   */
  public static final int AT_ONCE = 60;

  /**
   * The maximum number of attempts that are distinguished at a time. Each attempt takes about a
   * kilobyte.
   */
  static final int MOST = 10_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  // The counts of attempts, ordered by the time at which they are due to be recorded.
  private final Map<Kind, Sum> sums = new LinkedHashMap<>();
  private final Map<Object, Integer> perOrigin = new HashMap<>();

  public RefusedChanges(Transactions transactions, AuditTrail trail, Ids ids) {
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
  }

  /** The data that equal attempts have in common. */
  private record Kind(
      Optional<User.Id> actor,
      Optional<AccessToken.Id> token,
      String address,
      AuditEvent.Action action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> reason) {
    /**
     * Returns the actor or the block of addresses for which at most {@link #AT_ONCE} kinds of
     * attempts are distinguished. For an unknown caller, these are the addresses that the caller
     * probably controls. The result is empty for an identity provider, whose attempts are not
     * limited in this way. An identity provider is trusted more, because an administrator made the
     * token that it presents.
     */
    Optional<Object> origin() {
      return actor.isPresent() || token.isPresent()
          ? actor.map(known -> known)
          : Optional.of(AddressBlock.of(address));
    }

    static Kind of(AuditEvent event) {
      return new Kind(
          event.actor(),
          event.token(),
          event.address(),
          event.action(),
          event.target(),
          event.outcome(),
          event.fields());
    }

    /**
     * Returns the kind under which attempts beyond {@link #AT_ONCE} are counted together. An actor
     * has only a few such kinds, no matter how many attempts the actor makes.
     */
    static Kind foldedOf(AuditEvent event) {
      return new Kind(
          event.actor(),
          Optional.empty(),
          "",
          event.action(),
          nothingOf(event.target().type()),
          event.outcome(),
          List.of());
    }
  }

  /**
   * The number of attempts of a kind that were not recorded yet. The number starts at zero, because
   * the first attempt is recorded immediately.
   */
  private static final class Sum {
    private final Instant began;
    private final boolean folded;
    private AuditEvent last;
    private int count;

    Sum(Instant began, boolean folded, AuditEvent last) {
      this.began = began;
      this.folded = folded;
      this.last = last;
    }

    void add(AuditEvent event) {
      last = event;
      count = (int) Math.min(Integer.MAX_VALUE, (long) count + event.count());
    }

    boolean isDue(Instant now) {
      return !Elapsed.isWithin(MINUTE, began, now);
    }
  }

  /**
   * Counts an attempt or records it immediately. Also records the counts of earlier attempts that
   * are due to be recorded.
   *
   * @throws StoreUnavailable if the database can't be reached; the attempts are recorded later
   */
  public void record(AuditEvent event) {
    write(count(event));
  }

  /**
   * Records the counts of attempts that are due to be recorded. A background task calls this method
   * periodically.
   *
   * @throws StoreUnavailable if the database can't be reached; the next call tries again
   */
  public void flush(Instant now) {
    write(drain(now, false));
  }

  /**
   * Records all counts when the process ends, even if they are not due yet.
   *
   * @throws StoreUnavailable if the database can't be reached
   */
  public void settle(Instant now) {
    write(drain(now, true));
  }

  private synchronized List<AuditEvent> count(AuditEvent event) {
    List<AuditEvent> due = drain(event.at(), false);
    Kind kind = Kind.of(event);
    Sum known = sums.get(kind);
    boolean folded = known == null && isCrowded(kind);
    if (folded) {
      kind = Kind.foldedOf(event);
      known = sums.get(kind);
    }
    if (known != null) {
      known.add(event);
    } else {
      begin(kind, new Sum(event.at(), folded, event));
      due.add(event);
    }
    return due;
  }

  private boolean isCrowded(Kind kind) {
    return sums.size() >= MOST
        || kind.origin().map(origin -> perOrigin.getOrDefault(origin, 0)).orElse(0) >= AT_ONCE;
  }

  private void begin(Kind kind, Sum sum) {
    sums.put(kind, sum);
    kind.origin().ifPresent(origin -> perOrigin.merge(origin, 1, Integer::sum));
  }

  private synchronized List<AuditEvent> drain(Instant now, boolean all) {
    List<AuditEvent> due = new ArrayList<>();
    Iterator<Map.Entry<Kind, Sum>> each = sums.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Kind, Sum> entry = each.next();
      if (!all && !entry.getValue().isDue(now)) {
        break;
      }
      each.remove();
      entry
          .getKey()
          .origin()
          .ifPresent(origin -> perOrigin.computeIfPresent(origin, (o, n) -> n == 1 ? null : n - 1));
      if (entry.getValue().count > 0) {
        due.add(event(entry.getValue(), now));
      }
    }
    return due;
  }

  private void write(List<AuditEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      AuditEvent event = events.get(i);
      try {
        AuditEvent unused =
            transactions.inTransaction(
                () -> {
                  trail.record(event);
                  return event;
                });
      } catch (TransientFailure passing) {
        keep(events.subList(i, events.size()));
        throw passing;
      } catch (RuntimeException failed) {
        // This event is dropped, because it would fail again and prevent the other events from
        // being recorded.
        keep(events.subList(i + 1, events.size()));
        throw failed;
      }
    }
  }

  /**
   * Keeps attempts that could not be recorded, so that they are recorded later. If there are too
   * many such attempts, only the number of attempts is kept, without the targets.
   */
  private synchronized void keep(List<AuditEvent> unrecorded) {
    for (AuditEvent event : unrecorded) {
      Kind own = Kind.of(event);
      boolean folded = !sums.containsKey(own) && isCrowded(own);
      Kind kind = folded ? Kind.foldedOf(event) : own;
      Sum known = sums.get(kind);
      if (known == null) {
        known = new Sum(event.at(), folded, event);
        begin(kind, known);
      }
      known.add(event);
    }
  }

  private AuditEvent event(Sum sum, Instant now) {
    AuditEvent last = sum.last;
    return new AuditEvent(
        ids.next(),
        now,
        sum.folded ? last.source().withoutCredentials() : last.source(),
        last.action(),
        sum.folded ? nothingOf(last.target().type()) : last.target(),
        last.outcome(),
        sum.folded ? List.of() : last.fields(),
        List.of(),
        sum.count,
        Optional.empty());
  }

  private static AuditTarget nothingOf(String type) {
    return new AuditTarget(type, Optional.empty(), "", Optional.empty());
  }
}
