package io.claviger.application.capacity;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.application.capacity.port.CapacityExchange.AccountStatement;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Implements {@link CapacityTurns} on one of several nodes. Each node leases parts of the
 * providers' limits. Once a second, the node states how much of its parts it has used and how much
 * more it wants. A call waits for the database only if the node's lease has too little left for the
 * call.
 */
public final class LeasedCapacityTurns implements CapacityTurns {
  /**
   * The maximum number of capacities in memory. Each capacity takes about 1,000 bytes. A capacity
   * is removed a minute after its last use.
   */
  static final int MOST_CAPACITIES = 10_000;

  /** The maximum number of capacities of an owner's services. */
  static final int MOST_OF_OWNER = MOST_CAPACITIES / 4;

  /**
   * At this number of capacities, the node begins to remove capacities from memory, so that there
   * is always room for the capacity of a further call.
   */
  private static final int CROWDED = MOST_CAPACITIES / 10 * 9;

  /**
   * The time after a failed exchange during which no exchange is made for the account. The task
   * that exchanges accounts pauses after a failed run. The pause doubles after each further failed
   * run. The pause of an account is longer than the task's first pause, so that accounts that keep
   * failing do not delay all other accounts.
   */
  private static final long REST_MILLIS = 300;

  /** The number of accounts that a transaction settles. */
  private static final int MOST_AT_ONCE = 64;

  /**
   * The number of accounts that are exchanged before this node looks for further due accounts. An
   * exchange of so many accounts takes less than a second.
   */
  private static final int MOST_IN_ROUND = 16 * MOST_AT_ONCE;

  /**
   * The maximum number of capacities in a query that reads limits learned by other nodes. The
   * number is limited because each account can have a thousand rows, and because no account is
   * exchanged during the query.
   */
  private static final int MOST_LOOKED_AT = 64;

  private static final long LOOK_EVERY_MILLIS = 1_000;
  private static final long SWEEP_EVERY_MILLIS = 10_000;

  /**
   * If waits are looked at this late, the node was paused or lacked a processor, so its exchanges
   * might be late, too.
   */
  private static final long PAUSED_MILLIS = 500;

  private static final long NANOS_IN_MILLI = 1_000_000;

  private final CapacityExchange exchange;
  private final LongSupplier millis;
  private final WaitingRoom room;
  private final Map<CapacityKey, SharedCapacity> capacities = new ConcurrentHashMap<>();

  /** The number of capacities of each owner's services, keyed by the owner's id. */
  private final Map<UUID, Integer> ofOwners = new ConcurrentHashMap<>();

  private final SharedCapacity.ModelRoom models = new SharedCapacity.ModelRoom();
  private final Set<SharedAccount> inUse = ConcurrentHashMap.newKeySet();
  private final Set<SharedCapacity> unread = ConcurrentHashMap.newKeySet();
  private final Semaphore wanted = new Semaphore(0);
  private volatile boolean isCrowded;
  private long lookAt;
  private long sweepAt;
  private long roomAt;
  private long waitsLookedAt;
  private long resumedAt;

  /**
   * @param nanos a monotonic clock in nanoseconds
   * @param mostHeldBytes the maximum memory that waiting calls may occupy together, in bytes
   */
  public LeasedCapacityTurns(CapacityExchange exchange, LongSupplier nanos, long mostHeldBytes) {
    this.exchange = exchange;
    this.millis = () -> nanos.getAsLong() / NANOS_IN_MILLI;
    this.room = new WaitingRoom(mostHeldBytes);
    this.waitsLookedAt = millis.getAsLong();
    this.resumedAt = waitsLookedAt;
  }

  @Override
  public boolean readsBody(CapacityTerms terms) {
    SharedCapacity known = capacities.get(terms.capacity());
    return known == null
        ? !terms.stated().perMinute().equals(PaceLimits.NONE)
        : known.readsBody(terms);
  }

  @Override
  public TurnDecision take(WaitingCall call) {
    CapacityTerms terms = call.terms();
    long now = millis.getAsLong();
    SharedCapacity capacity = capacities.get(terms.capacity());
    while (capacity == null || !capacity.beginTurn(now)) {
      if (capacity != null) {
        remove(capacity); // The capacity was removed a moment ago.
      }
      if (!hasRoom(terms.owner())) {
        return terms.stated().isNone()
            ? new TurnDecision.Passed(Turn.FREE)
            : new TurnDecision.Refused(
                new TurnRefusal(Reason.CROWDED, Optional.empty(), Duration.ofSeconds(1)));
      }
      capacity =
          capacities.computeIfAbsent(terms.capacity(), key -> begin(key, terms.owner(), now));
    }
    boolean holds = capacity.holds(terms);
    return new CapacityTurn(
            capacity,
            room,
            millis,
            call,
            capacity.accounts(call.model()),
            holds,
            0,
            now + mostWait(call))
        .take();
  }

  /**
   * Returns how long a call may still wait. The time that the call has already waited, here and at
   * other targets, is subtracted, so that the limit applies to all its waits together.
   */
  private static long mostWait(WaitingCall call) {
    return Math.max(call.terms().maxWait().minus(call.waited()).toMillis(), FIRST_GRANT.toMillis());
  }

  private boolean hasRoom(UUID owner) {
    int known = capacities.size();
    if (known >= CROWDED && !isCrowded) {
      isCrowded = true;
      wanted.release();
    }
    return known < MOST_CAPACITIES && ofOwners.getOrDefault(owner, 0) < MOST_OF_OWNER;
  }

  private SharedCapacity begin(CapacityKey key, UUID owner, long now) {
    SharedCapacity created = new SharedCapacity(key, owner, models, this::want, now);
    ofOwners.merge(owner, 1, Integer::sum);
    unread.add(created);
    wanted.release();
    return created;
  }

  private void remove(SharedCapacity forgotten) {
    if (capacities.remove(forgotten.key(), forgotten)) {
      forgotten.leaveRoom();
      ofOwners.computeIfPresent(
          forgotten.owner(), (owner, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
  }

  private void want(SharedAccount account, boolean soon) {
    boolean unused = inUse.add(account);
    if (soon) {
      wanted.release();
    }
  }

  /** Returns the number of waiting calls. */
  public int waiting() {
    return room.calls();
  }

  /** Returns the number of capacities in memory. */
  int capacities() {
    return capacities.size();
  }

  /** Returns the number of models that have their own account. */
  int models() {
    return models.models();
  }

  /**
   * Waits until an exchange is due, and makes the exchange.
   *
   * @param most the maximum wait
   * @throws StoreUnavailable when the database does not answer; the exchange is made later
   */
  public void exchange(Duration most) {
    long pause =
        unread.isEmpty() ? Math.clamp(nextDue() - millis.getAsLong(), 0, most.toMillis()) : 0;
    try {
      if (wanted.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
        int unused = wanted.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    makeRoom();
    exchangeDue();
    look();
    sweep();
  }

  private long nextDue() {
    long next = Long.MAX_VALUE;
    for (SharedAccount account : inUse) {
      next = Math.min(next, account.dueAt());
    }
    return next;
  }

  /** Exchanges all accounts in use, so that other nodes can use what this node does not need. */
  public void end() {
    exchange(List.copyOf(inUse));
  }

  private void exchangeDue() {
    long now = millis.getAsLong();
    exchange(
        inTurn(
            inUse.stream()
                .map(account -> new DueAccount(account, account.dueAt()))
                .filter(each -> each.at() <= now)
                .sorted(Comparator.comparingLong(DueAccount::at))
                .toList()));
  }

  /**
   * An account whose exchange is due. The time is read only once, because calls change it while
   * accounts are sorted.
   */
  private record DueAccount(SharedAccount account, long at) {}

  /**
   * Returns the accounts to exchange in this round: first an account of each owner, then a second
   * account of each owner, and so on. So an owner with many accounts does not delay the calls to
   * other owners' services.
   *
   * @param due the due accounts, longest due first, so that each account is eventually exchanged
   */
  private static List<SharedAccount> inTurn(List<DueAccount> due) {
    Map<UUID, Integer> ofOwners = new HashMap<>();
    SortedMap<Integer, List<SharedAccount>> rounds = new TreeMap<>();
    for (DueAccount each : due) {
      int round = ofOwners.merge(each.account().owner(), 1, Integer::sum);
      rounds.computeIfAbsent(round, n -> new ArrayList<>()).add(each.account());
    }
    return rounds.values().stream().flatMap(List::stream).limit(MOST_IN_ROUND).toList();
  }

  /**
   * All nodes lock the accounts of one transaction in the same order. If the exchange of several
   * accounts fails, the accounts are exchanged one by one. So a failing account does not prevent
   * the exchange of the other accounts.
   */
  private void exchange(List<SharedAccount> due) {
    List<SharedAccount> failing = new ArrayList<>();
    RuntimeException fault = null;
    for (int first = 0; first < due.size(); first += MOST_AT_ONCE) {
      List<SharedAccount> some =
          due.subList(first, Math.min(due.size(), first + MOST_AT_ONCE)).stream()
              .sorted(Comparator.comparing(SharedAccount::account))
              .toList();
      try {
        exchangeAtOnce(some);
      } catch (StoreUnavailable e) {
        throw e;
      } catch (RuntimeException together) {
        fault = exchangeOneByOne(some, together, failing).orElse(fault);
      }
    }
    if (fault != null) {
      long until = millis.getAsLong() + REST_MILLIS;
      failing.forEach(account -> account.restUntil(until));
      throw fault;
    }
  }

  /**
   * @param failing the receiver of the accounts that could not be exchanged
   * @return the last fault; empty if each account could be exchanged by itself
   */
  private Optional<RuntimeException> exchangeOneByOne(
      List<SharedAccount> each, RuntimeException together, List<SharedAccount> failing) {
    if (each.size() == 1) {
      failing.add(each.getFirst());
      return Optional.of(together);
    }
    Optional<RuntimeException> fault = Optional.empty();
    for (SharedAccount account : each) {
      try {
        exchangeAtOnce(List.of(account));
      } catch (StoreUnavailable e) {
        throw e;
      } catch (RuntimeException alone) {
        failing.add(account);
        fault = Optional.of(alone);
      }
    }
    return fault;
  }

  private void exchangeAtOnce(List<SharedAccount> each) {
    long began = millis.getAsLong();
    List<AccountStatement> statements = new ArrayList<>(each.size());
    each.forEach(account -> statements.add(account.state(began)));
    List<CapacityGrant> grants;
    try {
      grants = exchange.exchange(statements);
    } catch (RuntimeException e) {
      long now = millis.getAsLong();
      for (int n = 0; n < each.size(); n++) {
        each.get(n).failed(statements.get(n), began, now);
      }
      throw e;
    }
    for (int n = 0; n < each.size(); n++) {
      SharedAccount account = each.get(n);
      account
          .apply(statements.get(n), grants.get(n), began, millis.getAsLong())
          .forEach(turn -> turn.passedAt(account));
      if (account.isIdle()) {
        inUse.remove(account);
        if (!account.isIdle()) {
          inUse.add(account); // A call has arrived meanwhile.
        }
      }
    }
  }

  /**
   * Reads what other nodes have learned about capacities: immediately for capacities that are new
   * on this node, and from time to time for all others.
   */
  private void look() {
    long now = millis.getAsLong();
    if (now >= lookAt) {
      lookAt = now + LOOK_EVERY_MILLIS;
      capacities.values().stream().filter(each -> each.isLookDue(now)).forEach(unread::add);
    }
    List<SharedCapacity> some = unread.stream().limit(MOST_LOOKED_AT).toList();
    if (!some.isEmpty()) {
      Map<CapacityKey, Map<UsageModel, PaceLimits>> learned =
          exchange.learned(some.stream().map(SharedCapacity::key).toList());
      some.forEach(each -> each.looked(learned.getOrDefault(each.key(), Map.of()), now));
      some.forEach(unread::remove);
    }
  }

  /**
   * Ends the waits of calls that have waited for the maximum time. A task calls this method every
   * few milliseconds. If it was not called for some time, the node was paused, or the task's thread
   * got no processor.
   *
   * @return whether calls waited when this method began
   */
  public boolean endWaits() {
    long now = millis.getAsLong();
    if (now - waitsLookedAt > PAUSED_MILLIS) {
      resumedAt = now;
    }
    waitsLookedAt = now;
    if (room.calls() == 0) {
      return false;
    }
    for (SharedAccount account : inUse) {
      account.endWaits(now, resumedAt).forEach(ended -> ended.turn().endedAt(account, ended.why()));
    }
    return true;
  }

  /**
   * Removes unused capacities from memory until a fifth of the maximum number is free. Owners with
   * the most capacities lose their capacities first. The database stores what was learned about
   * removed capacities.
   */
  private void makeRoom() {
    long now = millis.getAsLong();
    if (!isCrowded || now < roomAt) {
      return;
    }
    roomAt = now + LOOK_EVERY_MILLIS;
    isCrowded = false;
    Map<UUID, Owned> owners = new HashMap<>();
    capacities
        .values()
        .forEach(each -> owners.computeIfAbsent(each.owner(), owner -> new Owned()).add(each));
    PriorityQueue<Owned> mostFirst = new PriorityQueue<>(owners.values());
    int tooMany = capacities.size() - MOST_CAPACITIES / 10 * 8;
    while (tooMany > 0 && !mostFirst.isEmpty()) {
      Owned most = mostFirst.remove();
      Optional<SharedCapacity> forgotten = most.forgetOne();
      if (forgotten.isPresent()) {
        remove(forgotten.get());
        tooMany--;
        mostFirst.add(most);
      }
    }
  }

  /** The capacities of one owner. Owners with more capacities come first. */
  private static final class Owned implements Comparable<Owned> {
    private final PriorityQueue<Used> oldestFirst =
        new PriorityQueue<>(Comparator.comparingLong(Used::at));
    private int count;

    /**
     * When a capacity was last used. The time is read only once, because calls change it while
     * capacities are sorted.
     */
    private record Used(SharedCapacity capacity, long at) {}

    void add(SharedCapacity capacity) {
      oldestFirst.add(new Used(capacity, capacity.usedAt()));
      count++;
    }

    /** Removes the least recently used capacity that no call uses now. */
    Optional<SharedCapacity> forgetOne() {
      while (!oldestFirst.isEmpty()) {
        SharedCapacity oldest = oldestFirst.remove().capacity();
        if (oldest.forgetIfIdle()) {
          count--;
          return Optional.of(oldest);
        }
      }
      return Optional.empty();
    }

    @Override
    public int compareTo(Owned other) {
      return Integer.compare(other.count, count);
    }
  }

  private void sweep() {
    long now = millis.getAsLong();
    if (now < sweepAt) {
      return;
    }
    sweepAt = now + SWEEP_EVERY_MILLIS;
    for (SharedCapacity each : capacities.values()) {
      if (each.forget(now)) {
        remove(each);
      }
    }
    capacities.values().forEach(capacity -> capacity.forgetModels(now));
  }
}
