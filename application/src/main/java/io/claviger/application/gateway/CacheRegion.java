package io.claviger.application.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The facts of calls of one kind, by the whole hash of the token and what was asked for. Holds no
 * key in the clear.
 *
 * <p>It is bounded by the bytes that the facts take in memory, in all and for each user: a user who
 * calls many things with many tokens loses their own oldest facts, and nobody else's.
 *
 * <p>Any thread may read. Only one at a time may write: {@link AuthorizationCache} sees to that.
 *
 * @param <R> how what is asked for is called
 * @param <T> what it is
 */
final class CacheRegion<R, T> {
  private record Question<R>(TokenHash token, R asked) {}

  /**
   * Facts that are remembered.
   *
   * @param subjects whose changes make them obsolete
   * @param weight bytes that they take, with all that is remembered of them
   * @param lastGrant what was granted on them
   */
  record Entry<T>(CallContext<T> facts, Set<UUID> subjects, int weight, RememberedGrant lastGrant) {
    UserId user() {
      return facts.user().id();
    }
  }

  private final Function<CallContext<T>, Set<UUID>> subjects;
  private final Function<CallContext<T>, Long> weights;
  private final long mostOfAUser;
  private final Cache<Question<R>, Entry<T>> kept;
  private final CacheIndex<Question<R>> index = new CacheIndex<>();

  /**
   * @param subjects whose changes make facts obsolete
   * @param weights bytes that facts take
   * @param most bytes in all
   * @param mostOfAUser bytes for each user
   */
  CacheRegion(
      Function<CallContext<T>, Set<UUID>> subjects,
      Function<CallContext<T>, Long> weights,
      long most,
      long mostOfAUser) {
    this.subjects = subjects;
    this.weights = weights;
    this.mostOfAUser = mostOfAUser;
    // Evictions happen in the thread that caused them, so that the bound holds at any time.
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((Question<R> question, Entry<T> value) -> value.weight())
            .executor(Runnable::run)
            .evictionListener((question, value, cause) -> unlist(question, value))
            .build();
  }

  Optional<Entry<T>> get(TokenHash token, R asked) {
    return Optional.ofNullable(kept.getIfPresent(new Question<>(token, asked)));
  }

  /** What weighs more than one user's share is not remembered. */
  void put(TokenHash token, R asked, CallContext<T> facts) {
    Question<R> question = new Question<>(token, asked);
    remove(question);
    long weight = weights.apply(facts);
    if (weight > mostOfAUser) {
      return;
    }
    Entry<T> value = new Entry<>(facts, subjects.apply(facts), (int) weight, new RememberedGrant());
    index.oldestBeyond(mostOfAUser - weight, value.user()).forEach(this::remove);
    // Listed before it is there: an eviction takes it off the list again.
    index.add(question, value.user(), value.subjects(), value.weight());
    kept.put(question, value);
  }

  void forget(Set<UUID> changed) {
    index.dependingOn(changed).forEach(this::remove);
  }

  void forgetAll() {
    index.all().forEach(this::remove);
  }

  /** Bytes that a user's facts take. */
  long weight(UserId user) {
    return index.weight(user);
  }

  /** Bytes that all facts take. */
  long weight() {
    return index.weight();
  }

  private void remove(Question<R> question) {
    unlist(question, kept.asMap().remove(question));
  }

  private void unlist(@Nullable Question<R> question, @Nullable Entry<T> value) {
    if (question != null && value != null) {
      index.remove(question, value.user(), value.subjects(), value.weight());
    }
  }
}
