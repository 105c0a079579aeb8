package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.UserKeyAt;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link ModelListStore} in memory. */
public final class InMemoryModelLists implements ModelListStore {
  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  public InMemoryModelLists(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** When a provider was last asked, and what it listed, if it did. */
  record StoredList(Instant askedAt, Optional<FetchedModelList> listed) {}

  @Override
  public List<FetchedModelList> lists(User.Id user, Collection<Instance.Id> services) {
    return transactions.read(
        t -> {
          Map<List<Object>, Long> ofOwners = new HashMap<>();
          List<Weighed> weighed =
              t.modelLists.entrySet().stream()
                  .filter(entry -> services.contains(entry.getKey().service()))
                  .filter(entry -> entry.getKey().user().filter(u -> !u.equals(user)).isEmpty())
                  .flatMap(entry -> entry.getValue().listed().stream())
                  .sorted(Comparator.comparing(list -> list.models().weight()))
                  .map(list -> weighed(t, list, user, ofOwners))
                  .sorted(Comparator.comparing(Weighed::place).thenComparing(Weighed::ofOwner))
                  .toList();
          List<FetchedModelList> lists = new ArrayList<>();
          long inAll = 0;
          for (Weighed each : weighed) {
            inAll += each.list().models().weight();
            if (inAll <= MOST_WEIGHT) {
              lists.add(each.list());
            }
          }
          return List.copyOf(lists);
        });
  }

  private record Weighed(FetchedModelList list, int place, long ofOwner) {}

  private static Weighed weighed(
      Tables tables, FetchedModelList list, User.Id user, Map<List<Object>, Long> ofOwners) {
    Instance instance = tables.requireInstance(list.of().service()).instance();
    int place = InMemoryRoutingContexts.place(tables, instance, user);
    long weight = list.models().weight();
    long ofOwner = ofOwners.merge(List.of(place, instance.owner()), weight, Long::sum);
    return new Weighed(list, place, ofOwner);
  }

  @Override
  public List<ListOf> due(List<ListOf> wanted, Duration apart, int most) {
    Instant now = clock.instant();
    return transactions.read(
        t -> wanted.stream().filter(of -> isDue(t, of, now, apart)).limit(most).toList());
  }

  @Override
  public boolean claim(ListOf of, Duration apart) {
    Instant now = clock.instant();
    return transactions.change(
        t -> {
          if (!isDue(t, of, now, apart)) {
            return false;
          }
          StoredList old = t.modelLists.get(of);
          t.modelLists.put(of, new StoredList(now, old == null ? Optional.empty() : old.listed()));
          return true;
        });
  }

  @Override
  public boolean save(
      ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at) {
    return transactions.change(
        t -> {
          if (!isThere(t, of) || !isStill(keySetAt, t, of) || !fits(t, of, models)) {
            return false;
          }
          StoredList old = t.modelLists.get(of);
          t.modelLists.put(
              of,
              new StoredList(
                  old == null ? clock.instant() : old.askedAt(),
                  Optional.of(new FetchedModelList(of, endpoint, models, at))));
          return true;
        });
  }

  private static boolean fits(Tables tables, ListOf of, ModelList models) {
    return others(tables, of) + models.weight() <= MOST_STORED
        || Optional.ofNullable(tables.modelLists.get(of))
            .map(old -> old.listed().map(list -> list.models().weight()).orElse(0L))
            .filter(replaced -> models.weight() <= replaced)
            .isPresent();
  }

  /** The weight of the other lists that count together with this list. */
  private static long others(Tables tables, ListOf of) {
    User.Id owner = owner(tables, of);
    return of.user().isEmpty() && owner.equals(User.Id.SYSTEM)
        ? 0
        : tables.modelLists.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(of))
            .filter(entry -> entry.getKey().user().equals(of.user()))
            .filter(entry -> of.user().isPresent() || owner(tables, entry.getKey()).equals(owner))
            .flatMap(entry -> entry.getValue().listed().stream())
            .mapToLong(list -> list.models().weight())
            .sum();
  }

  private static User.Id owner(Tables tables, ListOf of) {
    return tables.requireInstance(of.service()).instance().owner();
  }

  /** Whether the key that was used is still stored. */
  private static boolean isStill(Optional<Instant> keySetAt, Tables tables, ListOf of) {
    return of.user()
        .map(user -> tables.userKeys.get(new UserKeyAt(of.service(), user)))
        .map(stored -> Optional.of(stored.key().setAt()).equals(keySetAt))
        .orElseGet(
            () ->
                keySetAt.isEmpty()
                    || tables
                        .requireInstance(of.service())
                        .instance()
                        .apiKeySetAt()
                        .equals(keySetAt));
  }

  private static boolean isDue(Tables tables, ListOf of, Instant now, Duration apart) {
    StoredList stored = tables.modelLists.get(of);
    return isThere(tables, of)
        && (stored == null
            || !stored.askedAt().isAfter(now.minus(apart))
            || stored.askedAt().isAfter(now.plus(Duration.ofHours(1))));
  }

  private static boolean isThere(Tables tables, ListOf of) {
    return tables.instances.containsKey(of.service())
        && of.user()
            .filter(user -> !tables.userKeys.containsKey(new UserKeyAt(of.service(), user)))
            .isEmpty();
  }
}
