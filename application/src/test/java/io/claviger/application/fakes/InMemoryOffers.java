package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.UserKeyAt;
import io.claviger.application.routing.port.OfferStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** {@link OfferStore} in memory. */
public final class InMemoryOffers implements OfferStore {
  private final InMemoryTransactions transactions;

  public InMemoryOffers(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  /** When a provider was last asked, and what it listed, if it did. */
  record StoredList(Instant askedAt, Optional<FetchedModelList> listed) {}

  @Override
  public List<FetchedModelList> lists(User.Id user, Collection<Instance.Id> services) {
    return transactions.read(
        t ->
            t.modelLists.entrySet().stream()
                .filter(entry -> services.contains(entry.getKey().service()))
                .filter(entry -> entry.getKey().user().filter(u -> !u.equals(user)).isEmpty())
                .flatMap(entry -> entry.getValue().listed().stream())
                .toList());
  }

  @Override
  public List<ListOf> due(List<ListOf> wanted, Instant before, int most) {
    return transactions.read(
        t -> wanted.stream().filter(of -> isDue(t, of, before)).limit(most).toList());
  }

  @Override
  public boolean claim(ListOf of, Instant now, Instant before) {
    return transactions.change(
        t -> {
          if (!isDue(t, of, before)) {
            return false;
          }
          StoredList old = t.modelLists.get(of);
          t.modelLists.put(of, new StoredList(now, old == null ? Optional.empty() : old.listed()));
          return true;
        });
  }

  @Override
  public void save(
      ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at) {
    transactions.run(
        t -> {
          if (isThere(t, of) && keySetAt(t, of).equals(keySetAt)) {
            StoredList old = t.modelLists.get(of);
            t.modelLists.put(
                of,
                new StoredList(
                    old == null ? at : old.askedAt(),
                    Optional.of(new FetchedModelList(of, endpoint, models, at))));
          }
        });
  }

  private static Optional<Instant> keySetAt(Tables tables, ListOf of) {
    return of.user()
        .map(user -> tables.userKeys.get(new UserKeyAt(of.service(), user)))
        .map(stored -> stored.key().setAt());
  }

  private static boolean isDue(Tables tables, ListOf of, Instant before) {
    StoredList stored = tables.modelLists.get(of);
    return isThere(tables, of) && (stored == null || !stored.askedAt().isAfter(before));
  }

  private static boolean isThere(Tables tables, ListOf of) {
    return tables.instances.containsKey(of.service())
        && of.user()
            .filter(user -> !tables.userKeys.containsKey(new UserKeyAt(of.service(), user)))
            .isEmpty();
  }
}
