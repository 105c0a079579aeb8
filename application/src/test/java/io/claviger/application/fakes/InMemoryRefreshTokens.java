package io.claviger.application.fakes;

import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.RefreshToken;
import java.time.Instant;
import java.util.Optional;

/** {@link RefreshTokenStore} in memory. */
public final class InMemoryRefreshTokens implements RefreshTokenStore {
  private final InMemoryTransactions transactions;

  public InMemoryRefreshTokens(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Family> find(TokenHash family) {
    return transactions.read(t -> Optional.ofNullable(t.families.get(family)));
  }

  @Override
  public Optional<Family> lock(TokenHash family) {
    return find(family);
  }

  @Override
  public void insert(AccessToken.Id token, RefreshToken first, Instant at) {
    transactions.run(
        t -> {
          if (t.tokens.values().stream().noneMatch(stored -> stored.token().id().equals(token))) {
            throw Tables.gone("the access token");
          }
          t.families.put(first.familyHash(), new Family(token, first.hash()));
        });
  }

  @Override
  public void replace(AccessToken.Id token, RefreshToken next, Instant at) {
    transactions.run(
        t ->
            t.families.replaceAll(
                (hash, family) ->
                    family.token().equals(token) ? new Family(token, next.hash()) : family));
  }
}
