package io.claviger.application.fakes;

import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.scim.ScimToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link ScimTokenStore} in memory. */
public final class InMemoryScimTokens implements ScimTokenStore {
  private final InMemoryTransactions transactions;

  public InMemoryScimTokens(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<ScimToken> find(TokenHash hash) {
    return transactions.read(t -> Optional.ofNullable(t.scimTokens.get(hash)));
  }

  @Override
  public Optional<ScimToken> find(ScimToken.Id id) {
    return list().stream().filter(token -> token.id().equals(id)).findFirst();
  }

  @Override
  public List<ScimToken> list() {
    return transactions.read(
        t ->
            t.scimTokens.values().stream()
                .sorted(
                    Comparator.comparing(ScimToken::createdAt)
                        .thenComparing(token -> token.id().value().toString()))
                .toList());
  }

  @Override
  public List<ScimToken> lock() {
    return list();
  }

  @Override
  public void insert(ScimToken token, TokenHash hash) {
    transactions.run(
        t -> {
          if (t.scimTokens.putIfAbsent(hash, token) != null) {
            throw Tables.taken("the token");
          }
        });
  }

  @Override
  public boolean delete(ScimToken.Id id) {
    return transactions.change(t -> t.scimTokens.values().removeIf(token -> token.id().equals(id)));
  }

  @Override
  public void recordUse(ScimToken.Id id, Instant now) {
    transactions.run(
        t ->
            t.scimTokens.replaceAll(
                (hash, token) ->
                    token.id().equals(id)
                            && token
                                .lastUsedAt()
                                .filter(at -> !at.isBefore(now.minus(Duration.ofMinutes(1))))
                                .isEmpty()
                        ? new ScimToken(
                            id, token.name(), token.issuer(), token.createdAt(), Optional.of(now))
                        : token));
  }
}
