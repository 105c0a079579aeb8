package io.claviger.application.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.shared.CacheIndex;
import io.claviger.application.shared.SharedReads;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cached rows for a kind of calls. The rows are found by the hash of the token and the called
 * name. No API key is cached unencrypted.
 *
 * <p>The size in bytes is limited, both in total and per user. If a user calls with many names and
 * tokens, only the user's own oldest entries are displaced.
 *
 * <p>All threads can read at the same time. {@link AuthorizationCache} ensures that only one thread
 * writes at a time.
 *
 * @param <R> the type that names the called service or project
 * @param <T> the type of the called service or project
 */
final class CacheRegion<R, T> {
  record CacheKey<R>(TokenHash token, R asked) {
    /**
     * This method is written by hand for speed: deep in the stack of a call, the JVM would not
     * inline the generated method.
     */
    @Override
    public boolean equals(Object other) {
      return other instanceof CacheKey<?> key && token.equals(key.token) && asked.equals(key.asked);
    }

    @Override
    public int hashCode() {
      return 31 * token.hashCode() + asked.hashCode();
    }
  }

  /**
   * A cached entry.
   *
   * @param subjects the ids of the things that the entry depends on
   * @param weight the entry's size in bytes, including everything that is stored with it
   * @param lastGrant the last grant that was made from this entry
   */
  record Entry<T>(
      CallContext<T> context, Set<UUID> subjects, int weight, RememberedGrant lastGrant) {
    User.Id user() {
      return context.user().id();
    }
  }

  private final Function<CallContext<T>, Set<UUID>> subjects;
  private final Function<CallContext<T>, Long> weights;
  private final long mostOfAUser;
  private final Cache<CacheKey<R>, Entry<T>> kept;
  private final CacheIndex<CacheKey<R>> index = new CacheIndex<>();
  private final SharedReads<CacheKey<R>, Optional<CallContext<T>>> reads = new SharedReads<>();

  /**
   * @param subjects the function that returns the ids of the things on which an entry depends
   * @param weights the function that returns the size of an entry in bytes
   * @param most the maximum total size in bytes
   * @param mostOfAUser the maximum size of a user's entries in bytes
   */
  CacheRegion(
      Function<CallContext<T>, Set<UUID>> subjects,
      Function<CallContext<T>, Long> weights,
      long most,
      long mostOfAUser) {
    this.subjects = subjects;
    this.weights = weights;
    this.mostOfAUser = mostOfAUser;
    // Evictions run in the thread that causes them, so the size limit of the cache is never
    // exceeded.
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((CacheKey<R> question, Entry<T> value) -> value.weight())
            .executor(Runnable::run)
            .evictionListener((question, value, cause) -> unlist(question, value))
            .build();
  }

  Optional<Entry<T>> get(TokenHash token, R asked) {
    return Optional.ofNullable(kept.getIfPresent(new CacheKey<>(token, asked)));
  }

  /**
   * Reads rows from the database. If several threads want the same rows, these threads share a
   * query.
   */
  Optional<CallContext<T>> read(
      TokenHash token, R asked, Supplier<Optional<CallContext<T>>> query) {
    return reads.read(new CacheKey<>(token, asked), query);
  }

  /** Stores an entry in the cache, unless the entry is larger than a user's part of the cache. */
  void put(TokenHash token, R asked, CallContext<T> context) {
    CacheKey<R> question = new CacheKey<>(token, asked);
    remove(question);
    long weight = weights.apply(context);
    if (weight > mostOfAUser) {
      return;
    }
    Entry<T> value =
        new Entry<>(context, subjects.apply(context), (int) weight, new RememberedGrant());
    index.oldestBeyond(mostOfAUser - weight, value.user()).forEach(this::remove);
    // The entry is added to the index first, because an eviction removes the entry from the
    // index again.
    index.add(question, value.user(), value.subjects(), value.weight());
    kept.put(question, value);
  }

  void forget(Set<UUID> changed) {
    index.dependingOn(changed).forEach(this::remove);
  }

  void forgetAll() {
    index.all().forEach(this::remove);
  }

  /** Returns the size of a user's cached entries in bytes. */
  long weight(User.Id user) {
    return index.weight(user);
  }

  /** Returns the size of all cached entries in bytes. */
  long weight() {
    return index.weight();
  }

  private void remove(CacheKey<R> question) {
    unlist(question, kept.asMap().remove(question));
  }

  private void unlist(@Nullable CacheKey<R> question, @Nullable Entry<T> value) {
    if (question != null && value != null) {
      index.remove(question, value.user(), value.subjects(), value.weight());
    }
  }

  /**
   * The last grant that was made from a cached entry. The next call is usually of the same kind. A
   * call of the same kind gets the same grant, unless a share that the grant depends on has
   * expired.
   */
  static final class RememberedGrant {
    private static final int LONGEST = 300;

    private record Remembered(String method, String path, CallGrant grant) {}

    private volatile @Nullable Remembered last;

    /**
     * @return the last grant; null if it was for another kind of call or has expired
     */
    @Nullable CallGrant find(String method, String path, Instant now) {
      Remembered kept = last;
      return kept != null
              && kept.method().equals(method)
              && kept.path().equals(path)
              && kept.grant().access().holdsAt(now)
          ? kept.grant()
          : null;
    }

    /**
     * Remembers a grant for the next call of the same kind, unless the grant's path is too long to
     * be worth the memory.
     */
    void keep(String method, String path, CallGrant grant) {
      if (method.length() + path.length() <= LONGEST) {
        last = new Remembered(method, path, grant);
      }
    }
  }
}
