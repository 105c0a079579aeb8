package io.claviger.application.fakes;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@link SignInLinkStore} in memory. */
public final class InMemorySignInLinks implements SignInLinkStore {
  private final Function<User.Id, Optional<User>> users;
  private final Map<TokenHash, Row> rows = new HashMap<>();

  private record Row(User.Id user, Instant expiresAt) {}

  public InMemorySignInLinks(Function<User.Id, Optional<User>> users) {
    this.users = users;
  }

  /** Links of users who are found by listing them. */
  public static InMemorySignInLinks of(UserStore users) {
    return new InMemorySignInLinks(
        id ->
            users.list(Optional.empty(), 1_000).stream()
                .filter(user -> user.id().equals(id))
                .findFirst());
  }

  @Override
  public synchronized void insert(TokenHash hash, User.Id user, Instant madeAt, Instant expiresAt) {
    rows.put(hash, new Row(user, expiresAt));
  }

  @Override
  public synchronized Optional<LinkRecipient> find(TokenHash hash, Instant now) {
    return Optional.ofNullable(rows.get(hash))
        .filter(row -> now.isBefore(row.expiresAt()))
        .flatMap(row -> users.apply(row.user()))
        .map(user -> new LinkRecipient(user.id(), user.handle()));
  }

  @Override
  public synchronized Optional<LinkRecipient> take(TokenHash hash, Instant now) {
    Optional<LinkRecipient> found = find(hash, now);
    found.ifPresent(owner -> rows.remove(hash));
    return found;
  }

  /** Deletes the links of a user and returns how many there were. */
  synchronized int deleteOf(User.Id user) {
    int before = rows.size();
    rows.values().removeIf(row -> row.user().equals(user));
    return before - rows.size();
  }

  @Override
  public synchronized int deleteExpired(Instant now) {
    int before = rows.size();
    rows.values().removeIf(row -> !now.isBefore(row.expiresAt()));
    return before - rows.size();
  }
}
