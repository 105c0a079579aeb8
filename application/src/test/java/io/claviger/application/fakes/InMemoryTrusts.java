package io.claviger.application.fakes;

import io.claviger.application.trusts.port.TrustStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.Trust;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link TrustStore} in memory. */
public final class InMemoryTrusts implements TrustStore {
  private final InMemoryTransactions transactions;

  public InMemoryTrusts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Trust> find(User.Id account, Handle name) {
    return of(account).stream().filter(trust -> trust.name().equals(name)).findFirst();
  }

  @Override
  public List<Trust> list(User.Id account, Optional<Handle> after, int limit) {
    return of(account).stream()
        .filter(trust -> after.isEmpty() || trust.name().compareTo(after.get()) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public List<Trust> naming(Issuer issuer, Handle account) {
    return transactions.read(t -> t.user(account)).map(User::id).stream()
        .flatMap(id -> of(id).stream())
        .filter(trust -> trust.issuer().issuer().equals(issuer))
        .toList();
  }

  @Override
  public Optional<Trust> hold(Trust.Id trust) {
    return transactions.read(t -> Optional.ofNullable(t.trusts.get(trust)).map(t::joined));
  }

  @Override
  public int count(User.Id account) {
    return of(account).size();
  }

  @Override
  public int countLiveTokens(User.Id account, Instant now) {
    return transactions.read(
        t ->
            (int)
                t.tokens.values().stream()
                    .map(Tables.StoredToken::token)
                    .filter(token -> token.user().equals(account))
                    .filter(token -> token.origin() == AccessToken.Origin.EXCHANGED)
                    .filter(token -> !token.expiredAt(now))
                    .count());
  }

  @Override
  public void insert(Trust trust) {
    transactions.run(
        t -> {
          t.requireUser(trust.account());
          if (find(trust.account(), trust.name()).isPresent()) {
            throw Tables.taken("the name");
          }
          put(t, trust);
        });
  }

  @Override
  public void update(Trust trust) {
    transactions.run(
        t -> {
          put(t, trust);
          t.tokens.values().removeIf(stored -> t.isExchangedBy(stored.token(), trust.id()));
        });
  }

  @Override
  public void delete(Trust.Id trust) {
    transactions.run(
        t -> {
          t.trusts.remove(trust);
          t.tokens.values().removeIf(stored -> t.isExchangedBy(stored.token(), trust));
        });
  }

  private static void put(Tables t, Trust trust) {
    if (!t.trustedIssuers.containsKey(trust.issuer().id())) {
      throw Tables.gone("the trusted issuer");
    }
    t.trusts.put(trust.id(), trust);
  }

  private List<Trust> of(User.Id account) {
    return transactions.read(
        t ->
            t.trusts.values().stream()
                .filter(trust -> trust.account().equals(account))
                .map(t::joined)
                .sorted(Comparator.comparing(Trust::name))
                .toList());
  }
}
