package io.claviger.application.fakes;

import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * {@link SignInLinkStore} in memory. It holds no lock of its own while it looks a user up, because
 * that waits for the transaction under way, which may be waiting for this store.
 */
public final class InMemorySignInLinks implements SignInLinkStore {
  private final Function<User.Id, Optional<User>> users;
  private final InstantSource clock;
  private final ConcurrentMap<TokenHash, Row> rows = new ConcurrentHashMap<>();

  private record Row(User.Id user, Instant expiresAt) {}

  public InMemorySignInLinks(Function<User.Id, Optional<User>> users, InstantSource clock) {
    this.users = users;
    this.clock = clock;
  }

  @Override
  public void insert(TokenHash hash, User.Id user, Duration valid) {
    rows.put(hash, new Row(user, clock.instant().plus(valid)));
  }

  @Override
  public Optional<LinkRecipient> find(TokenHash hash) {
    return valid(hash).flatMap(this::recipient);
  }

  private Optional<Row> valid(TokenHash hash) {
    return Optional.ofNullable(rows.get(hash))
        .filter(row -> clock.instant().isBefore(row.expiresAt()));
  }

  private Optional<LinkRecipient> recipient(Row row) {
    return users.apply(row.user()).map(user -> new LinkRecipient(user.id(), user.handle()));
  }

  @Override
  public Optional<LinkRecipient> take(TokenHash hash) {
    return valid(hash).filter(row -> rows.remove(hash, row)).flatMap(this::recipient);
  }

  /** Deletes the links of a user and returns how many there were. */
  int deleteOf(User.Id user) {
    return Tables.delete(rows, row -> row.user().equals(user));
  }

  @Override
  public int deleteExpired() {
    Instant now = clock.instant();
    return Tables.delete(rows, row -> !now.isBefore(row.expiresAt()));
  }
}
