package io.claviger.application.accounts;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts bad tokens on record and slows down who presents many, so that guessing neither floods the
 * audit trail nor goes fast. Of an address, the first bad token of a minute is recorded at once or,
 * at the gateway, with the next {@link #flush}, the others of it as one event that counts them. An
 * IPv6 network of 64 bits counts as one address.
 *
 * <p>Good tokens are never asked about here, so that they pass whatever else comes from their
 * address. What is not recorded yet is lost when the process is killed, and only that.
 */
public final class RejectedTokens {
  /** So many bad tokens a minute are told at once that they are bad. */
  public static final int AT_ONCE = 20;

  /** So many addresses are told apart at a time; of more, the one that began first is let go. */
  static final int ADDRESSES = 10_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final AddressBlock OTHERS = new AddressBlock("other addresses");
  private static final AuditTarget A_TOKEN =
      new AuditTarget("token", Optional.empty(), "", Optional.empty());

  private final AuditTrail trail;
  private final Ids ids;
  private final Map<AddressBlock, Minute> minutes = new LinkedHashMap<>();
  private final Map<AddressBlock, Sum> sums = new LinkedHashMap<>();

  public RejectedTokens(AuditTrail trail, Ids ids) {
    this.trail = trail;
    this.ids = ids;
  }

  private record Minute(Instant began, int attempts) {
    /** A clock that was set back ends it too. */
    boolean isOver(Instant now) {
      return now.isBefore(began) || !now.isBefore(end());
    }

    Instant end() {
      return began.plus(MINUTE);
    }

    Minute andOneMore() {
      return new Minute(began, attempts == Integer.MAX_VALUE ? attempts : attempts + 1);
    }
  }

  /**
   * Attempts that are not on record yet.
   *
   * @param from the one address, or the block where there were several
   * @param due when they are to be recorded
   */
  private record Sum(AddressBlock block, String from, String requestId, int count, Instant due) {
    Sum and(Sum more) {
      return new Sum(
          block,
          from.equals(more.from) ? from : block.text(),
          requestId,
          (int) Math.min(Integer.MAX_VALUE, (long) count + more.count),
          due);
    }

    Sum in(AddressBlock other) {
      return new Sum(other, other.text(), requestId, count, due);
    }
  }

  /**
   * Counts a bad token. A database out of reach is no error.
   *
   * @return how long to wait before the next one, where there were too many
   */
  public Optional<Duration> rejected(String address, String requestId, Instant now) {
    List<Sum> due = new ArrayList<>(2);
    Optional<Duration> wait = count(address, requestId, now, due);
    try {
      record(due, now);
    } catch (StoreUnavailable e) {
      // It waits for the next flush.
    }
    return wait;
  }

  /**
   * Counts a bad token without asking the database for anything: the next {@link #flush} records
   * it. For tokens that are no such, which need no look-up either, and for the gateway: no call
   * waits until it is recorded, nor for a connection that the API has in use.
   *
   * @return how long to wait before the next one, where there were too many
   */
  public Optional<Duration> noted(String address, String requestId, Instant now) {
    List<Sum> due = new ArrayList<>(2);
    Optional<Duration> wait = count(address, requestId, now, due);
    giveBack(due);
    return wait;
  }

  private Optional<Duration> count(String address, String requestId, Instant now, List<Sum> due) {
    Minute minute = count(new Sum(AddressBlock.of(address), address, requestId, 1, now), now, due);
    return minute.attempts() > AT_ONCE
        ? Optional.of(Duration.between(now, minute.end()))
        : Optional.empty();
  }

  /**
   * Records what is due; to be called every now and then.
   *
   * @throws StoreUnavailable when the database is away; then it is tried again the next time
   */
  public void flush(Instant now) {
    record(drain(now), now);
  }

  /**
   * Records everything, due or not: nothing is to come any more.
   *
   * @throws StoreUnavailable when the database is away
   */
  public void settle(Instant now) {
    record(drain(Instant.MAX), now);
  }

  private synchronized Minute count(Sum one, Instant now, List<Sum> due) {
    Minute current = minutes.get(one.block());
    if (current != null && !current.isOver(now)) {
      Minute next = current.andOneMore();
      minutes.put(one.block(), next);
      keep(new Sum(one.block(), one.from(), one.requestId(), 1, next.end()));
      return next;
    }
    minutes.remove(one.block());
    take(one.block(), due);
    due.add(one);
    Minute begun = new Minute(now, 1);
    minutes.put(one.block(), begun);
    if (minutes.size() > ADDRESSES) {
      AddressBlock first = minutes.keySet().iterator().next();
      minutes.remove(first);
      take(first, due);
    }
    return begun;
  }

  private void take(AddressBlock block, List<Sum> into) {
    Sum sum = sums.remove(block);
    if (sum != null) {
      into.add(sum);
    }
  }

  private synchronized List<Sum> drain(Instant until) {
    minutes.values().removeIf(minute -> minute.isOver(until));
    List<Sum> due = sums.values().stream().filter(sum -> !sum.due().isAfter(until)).toList();
    due.forEach(sum -> sums.remove(sum.block()));
    return due;
  }

  /** While the database is away there may be too many; then nobody knows any more from where. */
  private void keep(Sum sum) {
    boolean fits = sums.size() < ADDRESSES || sums.containsKey(sum.block());
    Sum kept = fits ? sum : sum.in(OTHERS);
    Sum unused = sums.merge(kept.block(), kept, Sum::and);
  }

  private void record(List<Sum> due, Instant now) {
    int recorded = 0;
    try {
      for (Sum sum : due) {
        trail.record(event(sum, now));
        recorded++;
      }
    } finally {
      giveBack(due.subList(recorded, due.size()));
    }
  }

  private synchronized void giveBack(List<Sum> unrecorded) {
    unrecorded.forEach(this::keep);
  }

  private AuditEvent event(Sum sum, Instant now) {
    return new AuditEvent(
        ids.next(),
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        sum.from(),
        sum.requestId(),
        AuditAction.TOKEN_REJECTED,
        A_TOKEN,
        AuditOutcome.REFUSED,
        List.of(),
        sum.count());
  }
}
