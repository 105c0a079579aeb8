package io.claviger.application.fakes;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link SignInStore} in memory. */
public final class InMemorySignIns implements SignInStore {
  private final InMemorySessions sessions;
  private final Map<TokenHash, Row> rows = new HashMap<>();

  public InMemorySignIns(InMemorySessions sessions) {
    this.sessions = sessions;
  }

  private record Row(PendingSignIn attempt, List<AddressBlock> around) {}

  @Override
  public synchronized boolean insert(PendingSignIn attempt, String address) {
    List<AddressBlock> around = AddressBlock.around(address);
    if (count(around, 0) >= MOST_OF_ORIGIN
        || count(around, 1) >= MOST_OF_WIDE
        || count(around, 2) >= MOST_OF_SITE
        || rows.size() >= MOST) {
      return false;
    }
    if (rows.putIfAbsent(attempt.state(), new Row(attempt, around)) != null) {
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
  synchronized int deleteOf(User.Id user, InMemorySessions of) {
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
