package io.claviger.application.fakes;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceNames;
import io.claviger.domain.prices.PriceScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link PriceStore} in memory. */
public final class InMemoryPrices implements PriceStore {
  private static final Comparator<ListedPrice> ORDER =
      Comparator.comparing(PricePosition::of, InMemoryPrices::compare);

  private final InMemoryTransactions transactions;
  private final InstantSource clock;

  InMemoryPrices(InMemoryTransactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** A row, which stays when the price has ended. */
  record StoredPrice(ListedPrice listed, Optional<Instant> endedAt) {
    boolean isFor(PriceScope scope, ModelName model) {
      return endedAt.isEmpty() && listed.scope().equals(scope) && listed.model().equals(model);
    }
  }

  /** The primary key of the bounds of a model. */
  record BoundedModel(Provider provider, ModelName model) {}

  private static int compare(PricePosition one, PricePosition other) {
    return Comparator.comparing(PricePosition::provider)
        .thenComparing(PricePosition::model)
        .thenComparing(PricePosition::validFrom)
        .compare(one, other);
  }

  @Override
  public CallPrices find(Instance.Id service, Provider provider, List<String> names, LocalDate on) {
    return transactions.read(
        t ->
            new CallPrices(
                first(t, new PriceScope.OfService(service), names, on),
                first(t, new PriceScope.OfProvider(provider), names, on),
                names.stream()
                    .map(name -> t.modelBounds.get(new BoundedModel(provider, new ModelName(name))))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(ModelBounds.UNKNOWN)));
  }

  @Override
  public List<Price> versionsOf(
      Instance.Id service, Provider provider, String model, LocalDate on) {
    return transactions.read(
        t ->
            Stream.of(new PriceScope.OfService(service), new PriceScope.OfProvider(provider))
                .flatMap(
                    scope ->
                        t.prices.stream()
                            .map(row -> row.listed().model())
                            .filter(name -> PriceNames.isVersion(name.value(), model))
                            .distinct()
                            .sorted(Comparator.comparing(ModelName::value).reversed())
                            .flatMap(name -> at(t, scope, name, on).stream())
                            .limit(MOST_VERSIONS))
                .toList());
  }

  @Override
  public List<Price> ofVersions(Collection<Long> versions) {
    return transactions.read(
        t ->
            t.prices.stream()
                .map(stored -> stored.listed().price())
                .filter(price -> versions.contains(price.version()))
                .toList());
  }

  @Override
  public Optional<PricedService> serviceOf(Instance.Id service) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.instances.get(service))
                .map(row -> row.instance().settings().fields())
                .map(fields -> new PricedService(fields.model(), fields.endpoint())));
  }

  private static Optional<Price> first(
      Tables t, PriceScope scope, List<String> names, LocalDate on) {
    return names.stream()
        .flatMap(name -> at(t, scope, new ModelName(name), on).stream())
        .findFirst();
  }

  private static Optional<Price> at(Tables t, PriceScope scope, ModelName model, LocalDate on) {
    return t.prices.stream()
        .filter(row -> row.isFor(scope, model))
        .map(row -> row.listed().price())
        .filter(price -> !price.validFrom().isAfter(on))
        .max(Comparator.comparing(Price::validFrom));
  }

  @Override
  public List<ListedPrice> list(
      Optional<PriceScope> scope, PriceFilter filter, Optional<PricePosition> after, int limit) {
    return transactions.read(
        t ->
            current(t)
                .filter(
                    p ->
                        scope
                            .map(p.scope()::equals)
                            .orElse(p.scope() instanceof PriceScope.OfProvider))
                .filter(p -> filter.model().filter(m -> !m.equals(p.model())).isEmpty())
                .filter(
                    p ->
                        filter
                            .on()
                            .filter(
                                on ->
                                    !at(t, p.scope(), p.model(), on).equals(Optional.of(p.price())))
                            .isEmpty())
                .filter(p -> after.isEmpty() || compare(PricePosition.of(p), after.get()) > 0)
                .sorted(ORDER)
                .limit(limit)
                .toList());
  }

  private static Stream<ListedPrice> current(Tables t) {
    return t.prices.stream().filter(row -> row.endedAt().isEmpty()).map(StoredPrice::listed);
  }

  @Override
  public Optional<Price> lock(PriceScope scope, ModelName model, LocalDate validFrom) {
    return transactions.read(
        t ->
            t.prices.stream()
                .filter(row -> row.isFor(scope, model))
                .map(row -> row.listed().price())
                .filter(price -> price.validFrom().equals(validFrom))
                .findFirst());
  }

  @Override
  public Optional<Price> save(
      PriceScope scope, ModelName model, PriceContent content, Instant now) {
    return transactions.change(
        t -> {
          int unused = end(t, scope, model, Optional.of(content.validFrom()), now);
          if (scope instanceof PriceScope.OfService own) {
            if (!t.instances.containsKey(own.service())) {
              throw Tables.gone("the service");
            }
            if (t.prices.stream().filter(row -> row.listed().scope().equals(scope)).count()
                == MOST_OF_A_SERVICE) {
              return Optional.empty();
            }
          }
          Price price = content.as(++t.priceVersions);
          t.prices.add(
              new StoredPrice(new ListedPrice(scope, model, price, now), Optional.empty()));
          return Optional.of(price);
        });
  }

  @Override
  public int end(PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now) {
    return transactions.change(t -> end(t, scope, model, validFrom, now));
  }

  private static int end(
      Tables t, PriceScope scope, ModelName model, Optional<LocalDate> validFrom, Instant now) {
    int ended = 0;
    for (int i = 0; i < t.prices.size(); i++) {
      StoredPrice row = t.prices.get(i);
      if (row.isFor(scope, model)
          && validFrom.filter(day -> !day.equals(row.listed().price().validFrom())).isEmpty()) {
        t.prices.set(i, new StoredPrice(row.listed(), Optional.of(now)));
        ended++;
      }
    }
    return ended;
  }

  @Override
  public Imported add(Collection<ImportedModel> models, LocalDate validFrom, Instant now) {
    return transactions.change(
        t -> {
          int added = 0;
          int changed = 0;
          int bounds = 0;
          for (ImportedModel each : models) {
            PriceScope scope = new PriceScope.OfProvider(each.provider());
            Optional<Price> before = at(t, scope, each.model(), validFrom);
            if (!each.terms().isEmpty() && before.filter(p -> isSame(each, p)).isEmpty()) {
              PriceContent content = new PriceContent(validFrom, each.terms());
              Optional<Price> unused = save(scope, each.model(), content, now);
              added += before.isEmpty() ? 1 : 0;
              changed += before.isEmpty() ? 0 : 1;
            }
            BoundedModel key = new BoundedModel(each.provider(), each.model());
            if (!each.bounds().equals(ModelBounds.UNKNOWN)
                && !each.bounds().equals(t.modelBounds.put(key, each.bounds()))) {
              bounds++;
            }
          }
          return new Imported(added, changed, bounds);
        });
  }

  private static boolean isSame(ImportedModel model, Price before) {
    return model.terms().equals(before.terms());
  }

  @Override
  public int removeEnded(Duration ago) {
    Instant before = clock.instant().minus(ago);
    return transactions.change(
        t -> {
          int all = t.prices.size();
          t.prices.removeIf(
              row ->
                  row.listed().scope() instanceof PriceScope.OfService
                      && row.endedAt().filter(at -> at.isBefore(before)).isPresent());
          return all - t.prices.size();
        });
  }
}
