package io.claviger.application.capacity;

import io.claviger.application.capacity.port.CapacityExchange.Account;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The accounts of a capacity on this node: an account for all models together, and an account for
 * each model that the provider limits.
 */
final class SharedCapacity {
  /**
   * The maximum number of models with their own account. Each model takes about 2,000 bytes. All
   * further models share an account.
   */
  static final int MOST_MODELS = 64;

  /**
   * If this node makes no exchanges itself, the interval at which it reads what other nodes have
   * learned or stated.
   */
  static final long LOOK_EVERY_MILLIS = 10_000;

  /** If a capacity has no calls for this time, it is removed from memory. */
  static final long IDLE_MILLIS = 60_000;

  /**
   * If a model has no calls for this time, its account is removed to make room for other models.
   */
  static final long IDLE_MODEL_MILLIS = 3_600_000;

  /**
   * If all calls of a model were refused, the model is removed after this time, because somebody
   * might have invented the model's name.
   */
  static final long IDLE_REFUSED_MILLIS = 120_000;

  private static final long TOUCH_EVERY_MILLIS = 1_000;

  private static final int FORGOTTEN = -1;

  private final CapacityKey key;
  private final UUID owner;
  private final ModelRoom room;
  private final SharedAccount.Exchanges exchanges;
  private final SharedAccount overall;
  private final List<SharedAccount> onlyOverall;
  private final Map<UsageModel, SharedAccount> models = new ConcurrentHashMap<>();
  private final AtomicInteger turns = new AtomicInteger();

  /** The number of models with their own account. */
  private int ownAccounts;

  private volatile boolean knowsModels;
  private volatile long usedAt;
  private volatile long lookAt;

  /**
   * Limits the number of models with their own account, for all capacities of this node together.
   * Thread-safe.
   */
  static final class ModelRoom {
    /** The maximum number of models with their own account. */
    static final int MOST = 20_000;

    /**
     * The maximum number of models with their own account, for all capacities of an owner together.
     */
    static final int MOST_OF_OWNER = MOST / 4;

    private final Map<UUID, Integer> ofOwners = new ConcurrentHashMap<>();
    private final AtomicInteger all = new AtomicInteger();

    boolean isFull(UUID owner) {
      return all.get() >= MOST || ofOwners.getOrDefault(owner, 0) >= MOST_OF_OWNER;
    }

    synchronized boolean enter(UUID owner) {
      if (isFull(owner)) {
        return false;
      }
      ofOwners.merge(owner, 1, Integer::sum);
      all.incrementAndGet();
      return true;
    }

    synchronized void leave(UUID owner, int count) {
      ofOwners.computeIfPresent(
          owner, (id, before) -> before == count ? null : Integer.valueOf(before - count));
      all.addAndGet(-count);
    }

    /** Returns the number of models with their own account. */
    int models() {
      return all.get();
    }
  }

  /**
   * @param owner the owning user of the service that was called first
   */
  SharedCapacity(
      CapacityKey key, UUID owner, ModelRoom room, SharedAccount.Exchanges exchanges, long now) {
    this.key = key;
    this.owner = owner;
    this.room = room;
    this.exchanges = exchanges;
    this.overall = new SharedAccount(new Account(key, UsageModel.UNKNOWN), owner, exchanges, now);
    this.onlyOverall = List.of(overall);
    this.usedAt = now;
    this.lookAt = now;
  }

  CapacityKey key() {
    return key;
  }

  UUID owner() {
    return owner;
  }

  /** Returns when a call last used the capacity, to the second. */
  long usedAt() {
    return usedAt;
  }

  /**
   * Begins a turn. The capacity stays in memory until {@link #endTurn} is called. If it were
   * removed earlier, the limits from the call's answer would be recorded in this object, while new
   * calls already use another object for the same capacity.
   *
   * @return whether the turn has begun; false if the capacity was already removed from memory
   */
  boolean beginTurn(long now) {
    if (now - usedAt >= TOUCH_EVERY_MILLIS) {
      usedAt = now;
    }
    return turns.getAndUpdate(count -> count == FORGOTTEN ? FORGOTTEN : count + 1) != FORGOTTEN;
  }

  void endTurn() {
    int unused = turns.decrementAndGet();
  }

  /**
   * Removes the capacity from memory if no call has used it for a long time, and no call is waiting
   * or running. Returns whether the capacity was removed.
   */
  boolean forget(long now) {
    return now - usedAt > IDLE_MILLIS && forgetIfIdle();
  }

  /**
   * Removes the capacity from memory if no call is waiting or running, and nothing has to be
   * exchanged. Returns whether the capacity was removed.
   */
  boolean forgetIfIdle() {
    return overall.isIdle()
        && models.values().stream().allMatch(SharedAccount::isIdle)
        && turns.compareAndSet(0, FORGOTTEN);
  }

  /**
   * Removes models without calls for a long time. A call that arrives during the removal can still
   * use the removed object. Until the end of this call, the removed object looks to the database
   * like a separate node.
   */
  synchronized void forgetModels(long now) {
    if (turns.get() == FORGOTTEN) {
      return;
    }
    models
        .values()
        .removeIf(
            account ->
                account.isUnusedSince(now - IDLE_MODEL_MILLIS)
                    || (account.isUnlimited() && account.isUnusedSince(now - IDLE_REFUSED_MILLIS)));
    int left = models.size() - (models.containsKey(UsageModel.OTHER) ? 1 : 0);
    room.leave(owner, ownAccounts - left);
    ownAccounts = left;
    knowsModels = left > 0;
  }

  /** Makes room for models of other capacities, because this capacity is being removed. */
  synchronized void leaveRoom() {
    room.leave(owner, ownAccounts);
    ownAccounts = 0;
  }

  /** Whether it is time to read the limits that other nodes have learned. */
  boolean isLookDue(long now) {
    return now >= lookAt;
  }

  void looked(Map<UsageModel, PaceLimits> learned, long now) {
    if (turns.get() == FORGOTTEN) {
      return;
    }
    lookAt = now + LOOK_EVERY_MILLIS;
    learned.forEach(
        (model, limits) -> {
          SharedAccount account = model.isKnown() ? accountFor(model, now) : overall;
          account.know(new ProviderLimits(limits, OptionalInt.empty()));
        });
  }

  /**
   * Records the limits that the owner states now.
   *
   * @return whether calls may wait or be refused; if false, calls are always sent and only counted
   */
  boolean holds(CapacityTerms terms) {
    if (!terms.stated().isNone()) {
      if (!overall.isLimited()) {
        overall.know(terms.stated());
      }
      return true;
    }
    return !terms.maxWait().isZero();
  }

  boolean readsBody(CapacityTerms terms) {
    return knowsModels
        || !terms.stated().perMinute().equals(PaceLimits.NONE)
        || (overall.isLimited() && overall.countsTokens());
  }

  /** Returns the accounts at which a call takes its turn, in the order of the turns. */
  List<SharedAccount> accounts(UsageModel model) {
    Optional<SharedAccount> own = ofModel(model).filter(SharedAccount::isLimited);
    if (own.isEmpty()) {
      return overall.isLimited() ? onlyOverall : List.of();
    }
    return overall.isLimited() ? List.of(own.get(), overall) : List.of(own.get());
  }

  private Optional<SharedAccount> ofModel(UsageModel model) {
    if (models.isEmpty() || !model.isKnown()) {
      return Optional.empty();
    }
    Optional<SharedAccount> found = Optional.ofNullable(models.get(model));
    return found.isPresent() || (models.size() < MOST_MODELS && !room.isFull(owner))
        ? found
        : Optional.ofNullable(models.get(UsageModel.OTHER));
  }

  private SharedAccount accountFor(UsageModel model, long now) {
    SharedAccount known = models.get(model);
    return known == null ? newAccountFor(model, now) : known;
  }

  private synchronized SharedAccount newAccountFor(UsageModel model, long now) {
    boolean isKnown = models.containsKey(model);
    boolean isOwn =
        !isKnown
            && !model.equals(UsageModel.OTHER)
            && models.size() < MOST_MODELS
            && room.enter(owner);
    if (isOwn) {
      ownAccounts++;
      knowsModels = true;
    }
    UsageModel shared = isKnown || isOwn ? model : UsageModel.OTHER;
    return models.computeIfAbsent(
        shared, unused -> new SharedAccount(new Account(key, shared), owner, exchanges, now));
  }

  /**
   * Records what an answer states about the limits of a model, or of all models together.
   *
   * @param since the earliest time at which the provider might have counted the calls to which the
   *     stated remaining amounts refer
   */
  void learn(UsageModel model, List<LimitStatement> stated, long since, long now) {
    SharedAccount account = model.isKnown() ? accountFor(model, now) : overall;
    account.learn(stated, since, now);
  }

  /**
   * Returns the account that is used up if the provider refuses a call for exceeding the pace. The
   * account that is used up is usually the account of the model, because providers limit each model
   * separately. If only the owner states such a limit, the account for all models together is used
   * up. If the model is unknown, other calls do not wait after the refusal, but are sent and might
   * be refused too.
   */
  SharedAccount usedUp(UsageModel model, PaceRefusal refusal, long now) {
    Optional<SharedAccount> own = ofModel(model).filter(SharedAccount::isLimited);
    boolean isStated =
        refusal
            .limit()
            .filter(limit -> overall.limits(limit))
            .filter(limit -> own.isEmpty() || !own.get().limits(limit))
            .isPresent();
    return isStated ? overall : accountFor(model.isKnown() ? model : UsageModel.OTHER, now);
  }
}
