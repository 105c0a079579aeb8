package io.claviger.testkit;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.testkit.Tables.StoredInstance;
import java.util.Objects;
import java.util.Optional;

/** {@link CallFacts} in memory. */
public final class InMemoryCallFacts implements CallFacts {
  private final InMemoryTransactions transactions;

  public InMemoryCallFacts(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Facts> gather(TokenHash token, InstanceRef service) {
    return transactions.read(
        t ->
            InMemoryAccessTokens.presented(t, token)
                .map(
                    p ->
                        new Facts(
                            p.token(),
                            p.user(),
                            t.instance(service).map(i -> target(t, i, p.user().id())))));
  }

  private static Target target(Tables tables, StoredInstance stored, UserId caller) {
    Instance instance = tables.joined(stored.instance());
    ApiStandard standard =
        Objects.requireNonNull(tables.standards.get(instance.settings().fields().apiStandard()));
    return new Target(
        instance, standard, tables.share(instance.id(), caller), stored.apiKey(), stored.headers());
  }
}
