package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.domain.accounts.TokenHash;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The facts of calls of one kind, by the whole hash of the token and what was asked for. Holds no
 * key in the clear.
 *
 * @param <R> how what is asked for is called
 * @param <T> what it is
 */
final class Shelf<R, T> {
  /** About a kilobyte each. When there are more, it begins anew. */
  private static final int MOST = 50_000;

  private record Question<R>(TokenHash token, R asked) {}

  /**
   * Facts that are remembered.
   *
   * @param subjects whose changes make them obsolete
   * @param lastGrant what was granted on them
   */
  record Kept<T>(Facts<T> facts, Set<UUID> subjects, LastGrant lastGrant) {}

  private final Function<Facts<T>, Set<UUID>> subjects;
  private final ConcurrentHashMap<Question<R>, Kept<T>> kept = new ConcurrentHashMap<>();

  /**
   * @param subjects whose changes make facts obsolete
   */
  Shelf(Function<Facts<T>, Set<UUID>> subjects) {
    this.subjects = subjects;
  }

  Optional<Kept<T>> get(TokenHash token, R asked) {
    return Optional.ofNullable(kept.get(new Question<>(token, asked)));
  }

  void put(TokenHash token, R asked, Facts<T> facts) {
    if (kept.size() >= MOST) {
      kept.clear();
    }
    kept.put(
        new Question<>(token, asked), new Kept<>(facts, subjects.apply(facts), new LastGrant()));
  }

  void forget(Set<UUID> changed) {
    kept.values().removeIf(k -> k.subjects().stream().anyMatch(changed::contains));
  }

  void forgetAll() {
    kept.clear();
  }
}
