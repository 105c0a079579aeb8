package io.claviger.application.fakes;

import io.claviger.application.shared.StillReferenced;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@link TrustedIssuerStore} in memory. */
public final class InMemoryTrustedIssuers implements TrustedIssuerStore {
  private final InMemoryTransactions transactions;

  public InMemoryTrustedIssuers(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<TrustedIssuer> find(Handle name) {
    return first(issuer -> issuer.name().equals(name));
  }

  @Override
  public Optional<TrustedIssuer> find(Issuer address) {
    return first(issuer -> issuer.issuer().equals(address));
  }

  @Override
  public Optional<TrustedIssuer> lock(Handle name) {
    return find(name);
  }

  @Override
  public List<TrustedIssuer> list(Optional<Handle> after, int limit) {
    return transactions.read(
        t ->
            t.trustedIssuers.values().stream()
                .filter(i -> after.isEmpty() || i.name().compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(TrustedIssuer::name))
                .limit(limit)
                .toList());
  }

  @Override
  public void insert(TrustedIssuer issuer) {
    transactions.run(
        t -> {
          demandFree(t, issuer);
          t.trustedIssuers.put(issuer.id(), issuer);
        });
  }

  @Override
  public void update(TrustedIssuer issuer) {
    transactions.run(
        t -> {
          demandFree(t, issuer);
          t.trustedIssuers.put(issuer.id(), issuer);
          t.tokens.values().removeIf(stored -> t.isExchangedBy(stored.token(), issuer.id()));
        });
  }

  @Override
  public void delete(TrustedIssuer.Id issuer) {
    transactions.run(
        t -> {
          if (t.trusts.values().stream().anyMatch(trust -> trust.issuer().id().equals(issuer))) {
            throw new StillReferenced(new IllegalStateException("a trust names the issuer"));
          }
          t.trustedIssuers.remove(issuer);
        });
  }

  private Optional<TrustedIssuer> first(Predicate<TrustedIssuer> which) {
    return transactions.read(t -> t.trustedIssuers.values().stream().filter(which).findFirst());
  }

  private static void demandFree(Tables t, TrustedIssuer issuer) {
    boolean taken =
        t.trustedIssuers.values().stream()
            .filter(other -> !other.id().equals(issuer.id()))
            .anyMatch(
                other ->
                    other.name().equals(issuer.name()) || other.issuer().equals(issuer.issuer()));
    if (taken) {
      throw Tables.taken("the name or address");
    }
  }
}
