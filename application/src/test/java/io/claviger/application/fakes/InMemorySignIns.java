package io.claviger.application.fakes;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@link SignInStore} in memory. */
public final class InMemorySignIns implements SignInStore {
  private final InMemorySessions sessions;
  private final Map<TokenHash, Row> rows = new HashMap<>();

  public InMemorySignIns(InMemorySessions sessions) {
    this.sessions = sessions;
  }

  private record Row(PendingSignIn attempt, String origin) {}

  @Override
  public synchronized boolean insert(PendingSignIn attempt, String origin) {
    long ofOrigin = rows.values().stream().filter(row -> row.origin().equals(origin)).count();
    if (ofOrigin >= MOST_OF_ORIGIN || rows.size() >= MOST) {
      return false;
    }
    if (rows.putIfAbsent(attempt.state(), new Row(attempt, origin)) != null) {
      throw Tables.taken("the state");
    }
    return true;
  }

  @Override
  public synchronized Optional<PendingSignIn> take(
      TokenHash state, TokenHash binding, Instant since) {
    Optional<PendingSignIn> found =
        Optional.ofNullable(rows.get(state))
            .map(Row::attempt)
            .filter(one -> one.binding().equals(binding) && !one.begunAt().isBefore(since))
            .filter(one -> one.session().isEmpty() || sessions.has(one.session().get()));
    found.ifPresent(one -> rows.remove(state));
    return found;
  }

  /** Deletes the sign-ins that were to link an identity to a user, and returns how many. */
  synchronized int deleteOf(UserId user, InMemorySessions of) {
    int before = rows.size();
    rows.values()
        .removeIf(row -> row.attempt().session().filter(id -> of.isOf(id, user)).isPresent());
    return before - rows.size();
  }

  @Override
  public synchronized int deleteBegunBefore(Instant time) {
    int before = rows.size();
    rows.values().removeIf(row -> row.attempt().begunAt().isBefore(time));
    return before - rows.size();
  }
}
