package io.claviger.application.rejectedkeys;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.KeyRejection;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.application.shared.Elapsed;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TransientFailure;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ServiceState.LastContact;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;

/**
 * Learns from calls and connection checks which stored keys are rejected by providers. Rejections
 * are stored in batches. The rejection of a key is written to the database at most once per minute,
 * even if many calls fail. The key's row is removed when a call or check with the key succeeds.
 * This node knows of a rejection or success immediately, and other nodes learn of it within a
 * minute.
 *
 * <p>This class also remembers which services this node could not reach. Unreachable services are
 * kept only in memory, because other nodes learn from their own calls and checks which services
 * they can't reach.
 */
public final class KeyVerdicts implements LastContacts {
  /** The maximum number of rejected keys that a node records per minute or reads from the store. */
  static final int MOST = 10_000;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /**
   * Orders keys by service, then by holder, then by time, so that {@code ceiling} finds the first
   * key of a holder.
   */
  private static final Comparator<StoredKey> BY_HOLDER =
      Comparator.comparing((StoredKey key) -> key.service().value())
          .thenComparing(key -> key.holder().map(holder -> holder.value().toString()).orElse(""))
          .thenComparing(StoredKey::setAt);

  private final RejectedKeyStore store;
  private final InstantSource clock;

  /**
   * The keys that are known to be rejected. Each call reads this set, so the set can be read
   * without a lock.
   */
  private final NavigableSet<StoredKey> known = new ConcurrentSkipListSet<>(BY_HOLDER);

  /**
   * The services that could not be reached, at most {@link #MOST}. The value for each service is
   * the destination of the failed call.
   */
  private final Map<Instance.Id, Destination> unreachable = new ConcurrentHashMap<>();

  private final Map<StoredKey, KeyRejection> waiting = new HashMap<>();
  private final Set<StoredKey> accepted = new HashSet<>();
  private final Map<StoredKey, Instant> noted = new HashMap<>();
  private Instant read = Instant.MIN;

  public KeyVerdicts(RejectedKeyStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Remembers that a provider rejected the key of a call. Never blocks.
   *
   * @param status the status code of the provider's answer
   */
  public void recordRejected(AuthorizationBasis call, int status) {
    StoredKey.of(call).ifPresent(key -> reject(new KeyRejection(key, clock.instant(), status)));
  }

  /** Remembers that a call could not connect to the provider. Never blocks. */
  public void recordUnreachable(AuthorizationBasis call) {
    if (unreachable.size() >= MOST) {
      // To make room, an arbitrary service is removed from the map. This service might have been
      // deleted, and no call would ever remove a deleted service.
      unreachable.keySet().stream().findAny().ifPresent(unreachable::remove);
    }
    Destination unused = unreachable.put(call.account().instance(), call.destination());
  }

  /** Remembers that the provider answered a call, even if the answer was an error. Never blocks. */
  public void recordReached(AuthorizationBasis call) {
    if (!unreachable.isEmpty()) {
      boolean unused = unreachable.remove(call.account().instance(), call.destination());
    }
  }

  @Override
  public LastContact of(
      Instance.Id service,
      Destination destination,
      Optional<User.Id> holder,
      Supplier<Optional<Instant>> keySetAt) {
    if (destination.equals(unreachable.get(service))) {
      return LastContact.UNREACHABLE;
    }
    StoredKey next = known.ceiling(new StoredKey(service, holder, Instant.MIN));
    boolean rejected =
        next != null
            && next.service().equals(service)
            && next.holder().equals(holder)
            && keySetAt
                .get()
                .filter(setAt -> known.contains(new StoredKey(service, holder, setAt)))
                .isPresent();
    return rejected ? LastContact.KEY_REJECTED : LastContact.NO_FAILURE;
  }

  /** Remembers that the provider accepted the key of a call. Never blocks. */
  public void recordAccepted(AuthorizationBasis call) {
    if (!known.isEmpty()) {
      StoredKey.of(call).filter(known::remove).ifPresent(this::accept);
    }
  }

  private synchronized void reject(KeyRejection rejection) {
    StoredKey key = rejection.key();
    if (noted.containsKey(key) || noted.size() >= MOST) {
      return;
    }
    noted.put(key, rejection.at());
    waiting.put(key, rejection);
    accepted.remove(key);
    known.add(key);
  }

  private synchronized void accept(StoredKey key) {
    waiting.remove(key);
    accepted.add(key);
  }

  /**
   * Stores the rejections and successes that this node has recorded. Once per minute, also reads
   * the rejections that other nodes have stored. A task calls this method periodically.
   *
   * @throws StoreUnavailable if the database can't be reached; the next call tries again
   */
  public void flush() {
    Instant now = clock.instant();
    Collection<KeyRejection> rejections = drainWaiting();
    Collection<StoredKey> good = drainAccepted();
    try {
      if (!rejections.isEmpty()) {
        store.reject(rejections);
      }
      if (!good.isEmpty()) {
        store.accept(good);
      }
    } catch (TransientFailure e) {
      giveBack(rejections, good);
      throw e;
    }
    if (!Elapsed.isWithin(MINUTE, read, now)) {
      readAll(now);
    }
  }

  private void readAll(Instant now) {
    List<StoredKey> stored = store.all(MOST);
    synchronized (this) {
      read = now;
      noted.values().removeIf(at -> !Elapsed.isWithin(MINUTE, at, now));
      Set<StoredKey> rejected = new HashSet<>(stored);
      rejected.removeAll(accepted);
      rejected.addAll(waiting.keySet());
      known.retainAll(rejected);
      known.addAll(rejected);
    }
  }

  private synchronized Collection<KeyRejection> drainWaiting() {
    List<KeyRejection> drained = List.copyOf(waiting.values());
    waiting.clear();
    return drained;
  }

  private synchronized Collection<StoredKey> drainAccepted() {
    List<StoredKey> drained = List.copyOf(accepted);
    accepted.clear();
    return drained;
  }

  private synchronized void giveBack(
      Collection<KeyRejection> rejections, Collection<StoredKey> good) {
    for (KeyRejection rejection : rejections) {
      if (!accepted.contains(rejection.key())) {
        waiting.putIfAbsent(rejection.key(), rejection);
      }
    }
    good.stream().filter(key -> !waiting.containsKey(key)).forEach(accepted::add);
  }
}
