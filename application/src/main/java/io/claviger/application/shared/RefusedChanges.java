package io.claviger.application.shared;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
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
 * Puts attempts that were refused, or failed, on record so that nobody fills the audit trail with
 * them. Of equal ones within a minute the first is recorded at once, the others as one event that
 * counts them, when the minute is over. Equal are those of the same actor, token and address, with
 * the same action, target and reason.
 *
 * <p>Of one actor, {@link #AT_ONCE} different ones are told apart at a time; more are counted
 * together for each action, without their targets. What is not recorded yet is lost when the
 * process is killed, and only that.
 */
public final class RefusedChanges {
  /** So many different refusals of one actor a minute are recorded each by itself. */
  public static final int AT_ONCE = 60;

  /** So many are told apart at a time, in all; each takes about a kilobyte. */
  static final int MOST = 10_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  // In the order in which they are due.
  private final Map<Kind, Sum> sums = new LinkedHashMap<>();
  private final Map<UserId, Integer> perActor = new HashMap<>();

  public RefusedChanges(Transactions transactions, AuditTrail trail, Ids ids) {
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
  }

  /** What makes attempts equal. */
  private record Kind(
      Optional<UserId> actor,
      Optional<TokenId> token,
      String address,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> reason) {
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

    /** One of few that an actor can have, however many attempts they make. */
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

  /** Attempts that are not on record yet; none, right after the first was recorded. */
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

    /** A clock that was set back ends it too. */
    boolean isDue(Instant now) {
      return now.isBefore(began) || !now.isBefore(began.plus(MINUTE));
    }
  }

  /**
   * Records an attempt, at once or in a sum, and what sums are due.
   *
   * @throws StoreUnavailable when the database is away; what it was to record is kept
   */
  public void record(AuditEvent event) {
    write(count(event));
  }

  /**
   * Records what is due; to be called every now and then.
   *
   * @throws StoreUnavailable when the database is away; then it is tried again the next time
   */
  public void flush(Instant now) {
    write(drain(now, false));
  }

  /**
   * Records everything, due or not: nothing is to come any more.
   *
   * @throws StoreUnavailable when the database is away
   */
  public void settle(Instant now) {
    write(drain(now, true));
  }

  private synchronized List<AuditEvent> count(AuditEvent event) {
    List<AuditEvent> due = drain(event.at(), false);
    Kind kind = Kind.of(event);
    Sum known = sums.get(kind);
    boolean folded = known == null && isCrowded(event);
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

  private boolean isCrowded(AuditEvent event) {
    return sums.size() >= MOST
        || event.actor().map(a -> perActor.getOrDefault(a, 0)).orElse(0) >= AT_ONCE;
  }

  private void begin(Kind kind, Sum sum) {
    sums.put(kind, sum);
    kind.actor().ifPresent(actor -> perActor.merge(actor, 1, Integer::sum));
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
          .actor()
          .ifPresent(actor -> perActor.computeIfPresent(actor, (a, n) -> n == 1 ? null : n - 1));
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
      } catch (StoreUnavailable away) {
        keep(events.subList(i, events.size()));
        throw away;
      } catch (RuntimeException failed) {
        // This one would fail again; it must not hold up the others for ever.
        keep(events.subList(i + 1, events.size()));
        throw failed;
      }
    }
  }

  /** Counts what could not be recorded; while there are too many, without their targets. */
  private synchronized void keep(List<AuditEvent> unrecorded) {
    for (AuditEvent event : unrecorded) {
      boolean folded = !sums.containsKey(Kind.of(event)) && isCrowded(event);
      Kind kind = folded ? Kind.foldedOf(event) : Kind.of(event);
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
        last.actor(),
        last.actorHandle(),
        sum.folded ? Optional.empty() : last.token(),
        last.address(),
        last.requestId(),
        last.action(),
        sum.folded ? nothingOf(last.target().type()) : last.target(),
        last.outcome(),
        sum.folded ? List.of() : last.fields(),
        sum.count);
  }

  private static AuditTarget nothingOf(String type) {
    return new AuditTarget(type, Optional.empty(), "", Optional.empty());
  }
}
