package io.claviger.application.fakes;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * {@link SignInStore} in memory. It holds no lock of its own while it asks for a session, because
 * that waits for the transaction under way, which may be waiting for this store.
 */
public final class InMemorySignIns implements SignInStore {
  private final InMemorySessions sessions;
  private final InstantSource clock;
  private final ConcurrentMap<TokenHash, Row> rows = new ConcurrentHashMap<>();

  public InMemorySignIns(InMemorySessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  private record Row(PendingSignIn attempt, List<AddressBlock> around, Instant begunAt) {}

  @Override
  public synchronized boolean insert(PendingSignIn attempt, String address) {
    List<AddressBlock> around = AddressBlock.around(address);
    if (count(around, 0) >= MOST_OF_ORIGIN
        || count(around, 1) >= MOST_OF_WIDE
        || count(around, 2) >= MOST_OF_SITE
        || rows.size() >= MOST) {
      return false;
    }
    if (rows.putIfAbsent(attempt.state(), new Row(attempt, around, clock.instant())) != null) {
      throw Tables.taken("the state");
    }
    return true;
  }

  private long count(List<AddressBlock> around, int level) {
    return rows.values().stream()
        .filter(row -> row.around().get(level).equals(around.get(level)))
        .count();
  }

  @Override
  public Optional<PendingSignIn> take(TokenHash state, TokenHash binding, Duration longest) {
    return Optional.ofNullable(rows.get(state))
        .filter(row -> isOf(row.attempt(), binding))
        .filter(row -> !isOlderThan(longest, row))
        .filter(row -> rows.remove(state, row))
        .map(Row::attempt);
  }

  private boolean isOf(PendingSignIn attempt, TokenHash binding) {
    return attempt.binding().equals(binding)
        && (attempt.session().isEmpty() || sessions.has(attempt.session().get()));
  }

  /** Deletes the sign-ins that were to link an identity to a user, and returns how many. */
  int deleteOf(User.Id user, InMemorySessions of) {
    return Tables.delete(
        rows, row -> row.attempt().session().filter(id -> of.isOf(id, user)).isPresent());
  }

  @Override
  public int deleteOlderThan(Duration longest) {
    return Tables.delete(rows, row -> isOlderThan(longest, row));
  }

  private boolean isOlderThan(Duration longest, Row row) {
    return row.begunAt().isBefore(clock.instant().minus(longest));
  }
}
