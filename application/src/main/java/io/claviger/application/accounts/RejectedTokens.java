package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.Elapsed;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.application.shared.TransientFailure;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records rejected tokens, and slows down callers who present many rejected tokens. Slowing down
 * these callers hinders guessing, and limits the number of events in the audit trail. The first
 * rejected token of an address in a minute is recorded immediately, or at the gateway with the next
 * {@link #flush}. All other attempts in this minute become a single event with the number of
 * attempts. All addresses of an IPv6 /64 network count as one address.
 *
 * <p>Only {@link #NAMED} addresses per minute have events of their own, and only {@link
 * #NAMED_OF_A_NETWORK} of them can be in the same IPv6 /48 network. Further attempts from a crowded
 * network become one event per minute that names the /48 network. If there are too many addresses
 * in all, the attempts from further addresses become one event per minute without an address. So
 * nobody can fill the audit trail by changing addresses.
 *
 * <p>Valid tokens are never checked here, so they are accepted even if many rejected tokens come
 * from the same address. If the process is killed, only the counts that were not recorded yet are
 * lost.
 */
public final class RejectedTokens {
  /**
   * The number of rejected tokens from one address in a minute after which the address has to wait.
   */
  public static final int AT_ONCE = 20;

  /**
   * The maximum number of addresses with separate counts. A further address replaces the oldest
   * address and its count.
   */
  static final int ADDRESSES = 10_000;

  /** The maximum number of addresses whose attempts are recorded separately in a minute. */
  static final int NAMED = 1_000;

  /**
   * The maximum number of /64 networks in the same /48 network whose attempts are recorded
   * separately in a minute.
   */
  static final int NAMED_OF_A_NETWORK = 100;

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final AddressBlock OTHERS = new AddressBlock("other addresses");
  private static final AuditTarget A_TOKEN =
      new AuditTarget("token", Optional.empty(), "", Optional.empty());

  private final AuditTrail trail;
  private final Ids ids;
  private final StrayTokens stray;
  private final Map<AddressBlock, Minute> minutes = new LinkedHashMap<>();
  private final Map<AddressBlock, Sum> sums = new LinkedHashMap<>();
  // The numbers of addresses that were named since a certain time, by their /48 networks.
  private final Map<AddressBlock, Integer> named = new HashMap<>();
  private int namedInAll;
  private Instant namedSince = Instant.MIN;

  public RejectedTokens(AuditTrail trail, Ids ids, AccessTokenStore tokens) {
    this.trail = trail;
    this.ids = ids;
    this.stray = new StrayTokens(tokens, trail, ids);
  }

  /**
   * The attempts of an address in a minute.
   *
   * @param name the block under which the attempts are recorded
   */
  private record Minute(Instant began, int attempts, AddressBlock name) {
    /** Whether the minute in which the attempts are counted is over. */
    boolean isOver(Instant now) {
      return !Elapsed.isWithin(MINUTE, began, now);
    }

    Instant end() {
      return began.plus(MINUTE);
    }

    Minute andOneMore() {
      return new Minute(began, attempts == Integer.MAX_VALUE ? attempts : attempts + 1, name);
    }
  }

  /**
   * Attempts that have not been recorded yet.
   *
   * @param from the address from which the attempts came, or the network that contains all their
   *     addresses
   * @param due the time at which to record the attempts
   */
  private record Sum(AddressBlock block, String from, String requestId, int count, Instant due) {
    boolean isDue(Instant until) {
      return !Elapsed.isWithin(MINUTE, due.minus(MINUTE), until);
    }

    Sum and(Sum more) {
      return new Sum(
          block,
          from.equals(more.from) ? from : block.text(),
          requestId,
          (int) Math.min(Integer.MAX_VALUE, (long) count + more.count),
          due);
    }

    Sum in(AddressBlock other) {
      return other.equals(block) ? this : new Sum(other, other.text(), requestId, count, due);
    }

    Sum dueAt(Instant time) {
      return new Sum(block, from, requestId, count, time);
    }
  }

  /**
   * Counts an attempt to use a bound token from another address or without its certificate. This
   * method does not query the database. The next {@link #flush} records the attempt and shows it to
   * the token's owner.
   */
  public void countStray(
      AccessToken token, Handle owner, String address, String requestId, Instant now) {
    stray.count(token, owner, address, requestId, now);
  }

  /**
   * Counts a rejected token. If the database can't be reached, nothing is thrown and the rejection
   * is recorded later. If there were too many rejected tokens, the result is the time to wait
   * before the next token.
   */
  public Optional<Duration> countAndRecord(String address, String requestId, Instant now) {
    List<Sum> due = new ArrayList<>(2);
    Optional<Duration> wait = count(address, requestId, now, due);
    try {
      record(due, now);
    } catch (TransientFailure e) {
      // The next flush records the rejection.
    }
    return wait;
  }

  /**
   * Counts a rejected token without the database; the next {@link #flush} records it. Call this
   * method at the gateway, and for texts that do not have the form of a token. Calls through the
   * gateway must not wait until the rejection is recorded, nor for one of the API's database
   * connections. If the address presented too many rejected tokens, the result is the time to wait
   * before its next token.
   */
  public Optional<Duration> count(String address, String requestId, Instant now) {
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

  /** Whether an address has presented so many rejected tokens that it has to wait. */
  public synchronized boolean hasToWait(String address, Instant now) {
    Minute minute = minutes.get(AddressBlock.of(address));
    return minute != null && !minute.isOver(now) && minute.attempts() > AT_ONCE;
  }

  /**
   * Records the counts that are due. Called periodically.
   *
   * @throws StoreUnavailable when the database can't be reached; the next call tries again
   * @throws RuntimeException if a count could not be recorded although the database is available;
   *     all other counts were recorded, and the next call tries again
   */
  public void flush(Instant now) {
    recordDue(now, now);
  }

  /**
   * Records all counts, whether they are due or not; called at the end of the process.
   *
   * @throws StoreUnavailable when the database can't be reached
   */
  public void settle(Instant now) {
    recordDue(Instant.MAX, now);
  }

  private void recordDue(Instant until, Instant now) {
    SubjectFailures failures = new SubjectFailures();
    failures.collect(() -> record(drain(until), now));
    failures.collect(() -> stray.flush(until, now));
    failures.throwFirst();
  }

  private synchronized Minute count(Sum one, Instant now, List<Sum> due) {
    Minute current = minutes.get(one.block());
    if (current != null && !current.isOver(now)) {
      Minute next = current.andOneMore();
      minutes.put(one.block(), next);
      keep(one.in(next.name()).dueAt(next.end()));
      return next;
    }
    minutes.remove(one.block());
    take(one.block(), due);
    Minute begun = new Minute(now, 1, name(one, now));
    if (begun.name().equals(one.block())) {
      due.add(one);
    } else {
      keep(one.in(begun.name()).dueAt(begun.end()));
    }
    minutes.put(one.block(), begun);
    if (minutes.size() > ADDRESSES) {
      AddressBlock first = minutes.keySet().iterator().next();
      minutes.remove(first);
      take(first, due);
    }
    return begun;
  }

  /** Returns the block under which to record the attempts of an address whose minute begins. */
  private AddressBlock name(Sum one, Instant now) {
    if (!Elapsed.isWithin(MINUTE, namedSince, now)) {
      named.clear();
      namedInAll = 0;
      namedSince = now;
    }
    AddressBlock network = AddressBlock.around(one.from()).getLast();
    int before = named.getOrDefault(network, 0);
    if (before >= NAMED_OF_A_NETWORK) {
      return network;
    }
    if (namedInAll >= NAMED) {
      return OTHERS;
    }
    named.put(network, before + 1);
    namedInAll++;
    return one.block();
  }

  private void take(AddressBlock block, List<Sum> into) {
    Sum sum = sums.remove(block);
    if (sum != null) {
      into.add(sum);
    }
  }

  private synchronized List<Sum> drain(Instant until) {
    minutes.values().removeIf(minute -> minute.isOver(until));
    List<Sum> due = sums.values().stream().filter(sum -> sum.isDue(until)).toList();
    due.forEach(sum -> sums.remove(sum.block()));
    return due;
  }

  /**
   * Keeps a count until the next attempt to record it. If the database can't be reached for a long
   * time, there can be too many counts. Attempts from further addresses are then added to a single
   * count without an address.
   */
  private void keep(Sum sum) {
    boolean fits = sums.size() < ADDRESSES || sums.containsKey(sum.block());
    Sum kept = fits ? sum : sum.in(OTHERS);
    Sum unused = sums.merge(kept.block(), kept, Sum::and);
  }

  private void record(List<Sum> due, Instant now) {
    List<Sum> unrecorded = new ArrayList<>(due);
    SubjectFailures failures = new SubjectFailures();
    try {
      for (Sum sum : due) {
        failures.collect(
            () -> {
              trail.record(event(sum, now));
              unrecorded.remove(sum);
            });
      }
    } finally {
      giveBack(unrecorded);
    }
    failures.throwFirst();
  }

  private synchronized void giveBack(List<Sum> unrecorded) {
    unrecorded.forEach(this::keep);
  }

  private AuditEvent event(Sum sum, Instant now) {
    return new AuditEvent(
        ids.next(),
        now,
        AuditEvent.Source.unknown(sum.from(), sum.requestId()),
        AuditAction.TOKEN_REJECTED,
        A_TOKEN,
        AuditOutcome.REFUSED,
        List.of(),
        List.of(),
        sum.count(),
        Optional.empty());
  }
}
