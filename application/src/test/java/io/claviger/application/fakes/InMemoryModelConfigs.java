package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.StoredInstance;
import io.claviger.application.fakes.Tables.StoredModel;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link ModelConfigStore} in memory. */
public final class InMemoryModelConfigs implements ModelConfigStore {
  private static final Comparator<TimeCursor> OLDEST_FIRST =
      CreationOrder.of(TimeCursor::at, TimeCursor::id);

  private final InMemoryTransactions transactions;

  public InMemoryModelConfigs(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  /**
   * What is kept of a deleted model.
   *
   * @param model unbound and no default
   * @param author empty if that user was deleted
   */
  public record Deleted(ModelConfig model, Optional<User.Id> author, Instant at) {
    Deleted withoutUser(User.Id user) {
      return new Deleted(model, author.filter(id -> !id.equals(user)), at);
    }
  }

  /** What was deleted, in that order. */
  public List<Deleted> deleted() {
    return transactions.read(t -> List.copyOf(t.deletedModels));
  }

  @Override
  public void lock() {
    // Transactions run one at a time.
  }

  @Override
  public Optional<ModelConfig> find(ModelConfig.Id id) {
    return transactions.read(t -> Optional.ofNullable(t.models.get(id)).map(t::joined));
  }

  @Override
  public List<ModelConfig> live(Optional<TimeCursor> after, int limit) {
    return transactions.read(
        t ->
            t.models.values().stream()
                .map(t::joined)
                .filter(m -> after.isEmpty() || OLDEST_FIRST.compare(position(m), after.get()) > 0)
                .sorted(Comparator.comparing(InMemoryModelConfigs::position, OLDEST_FIRST))
                .limit(limit)
                .toList());
  }

  @Override
  public List<DeletedModel> deleted(Optional<TimeCursor> after, int limit) {
    return transactions.read(
        t ->
            t.deletedModels.stream()
                .filter(d -> after.isEmpty() || OLDEST_FIRST.compare(position(d), after.get()) < 0)
                .sorted(Comparator.comparing((Deleted d) -> position(d), OLDEST_FIRST.reversed()))
                .limit(limit)
                .map(t::joined)
                .toList());
  }

  @Override
  public Optional<DeletedModel> findDeleted(ModelConfig.Id id) {
    return transactions.read(
        t ->
            t.deletedModels.stream()
                .filter(d -> d.model().id().equals(id))
                .map(t::joined)
                .findFirst());
  }

  @Override
  public void restore(ModelConfig model, User.Id author) {
    transactions.run(
        t -> {
          if (!t.deletedModels.removeIf(d -> d.model().id().equals(model.id()))) {
            throw Tables.gone("the deleted model");
          }
          requireFitting(t, model, author);
          t.models.put(
              model.id(),
              new StoredModel(model, model.createdBy().flatMap(t::idOf), Optional.of(author)));
        });
  }

  @Override
  public List<InstanceStore.VisibleInstance> services(User.Id viewer, Instant now) {
    return transactions.read(
        t ->
            t.models.values().stream()
                .flatMap(m -> services(t, m.model()))
                .distinct()
                .sorted(Comparator.comparing(StoredInstance::instance, Instance.OLDEST_FIRST))
                .map(i -> InMemoryInstances.seen(t, i, viewer, now))
                .toList());
  }

  @Override
  public WireFormat formatOf(Handle apiStandard) {
    return transactions.read(t -> Objects.requireNonNull(t.standards.get(apiStandard)).format());
  }

  @Override
  public Set<ModelAlias> names(WireFormat format) {
    return transactions.read(
        t ->
            t.models.values().stream()
                .map(m -> m.model().route())
                .filter(route -> route.format() == format)
                .map(ModelRouteSettings::name)
                .collect(Collectors.toSet()));
  }

  @Override
  public List<ModelConfig> servedBy(Instance.Id instance) {
    return live(Optional.empty(), Integer.MAX_VALUE).stream()
        .filter(m -> m.targets().stream().anyMatch(to -> to.service().equals(instance)))
        .toList();
  }

  @Override
  public void insert(ModelConfig model, User.Id actor) {
    transactions.run(
        t -> {
          if (t.models.containsKey(model.id())) {
            throw Tables.taken("the id");
          }
          requireFitting(t, model, actor);
          t.models.put(model.id(), new StoredModel(model, Optional.of(actor), Optional.of(actor)));
        });
  }

  @Override
  public void update(ModelConfig model, User.Id actor) {
    transactions.run(
        t -> {
          StoredModel before = requireLive(t, model.id());
          requireFitting(t, model, actor);
          t.models.put(
              model.id(),
              new StoredModel(
                  changed(before.model(), model), before.createdBy(), Optional.of(actor)));
        });
  }

  @Override
  public void delete(ModelConfig.Id id, User.Id actor, Instant at) {
    transactions.run(t -> delete(t, requireLive(t, id), actor, at));
  }

  @Override
  public List<ModelConfig> deleteBoundTo(Instance.Id instance, User.Id actor, Instant at) {
    return delete(m -> m.instance().equals(Optional.of(instance)), actor, at);
  }

  @Override
  public List<ModelConfig> deleteUnboundOf(Provider provider, User.Id actor, Instant at) {
    return delete(
        m -> m.instance().isEmpty() && m.settings().provider().equals(provider), actor, at);
  }

  private List<ModelConfig> delete(Predicate<ModelConfig> which, User.Id actor, Instant at) {
    return transactions.change(
        t -> {
          List<ModelConfig> found =
              live(Optional.empty(), Integer.MAX_VALUE).stream().filter(which).toList();
          found.forEach(m -> delete(t, requireLive(t, m.id()), actor, at));
          return found;
        });
  }

  private static void delete(Tables tables, StoredModel row, User.Id actor, Instant at) {
    tables.requireUser(actor);
    tables.models.remove(row.model().id());
    ModelConfig kept = unbound(tables.joined(row));
    tables.deletedModels.add(new Deleted(kept, Optional.of(actor), at));
  }

  /** A model as it is kept when it was deleted. */
  private static ModelConfig unbound(ModelConfig model) {
    return new ModelConfig(
        model.id(),
        model.settings(),
        false,
        Optional.empty(),
        new ModelRouteSettings(
            model.route().format(), model.route().name(), model.route().onFailure(), List.of()),
        model.createdBy(),
        model.updatedBy(),
        model.version() + 1,
        model.createdAt(),
        model.updatedAt());
  }

  /** The services that a model runs on. */
  static Stream<StoredInstance> services(Tables tables, ModelConfig model) {
    return model.instance().isPresent()
        ? model.targets().stream().map(target -> tables.requireInstance(target.service()))
        : InMemoryInstances.enabled(tables, model.settings().provider());
  }

  private static StoredModel requireLive(Tables tables, ModelConfig.Id id) {
    StoredModel stored = tables.models.get(id);
    if (stored == null) {
      throw Tables.gone("the model");
    }
    return stored;
  }

  private static void requireFitting(Tables tables, ModelConfig model, User.Id actor) {
    tables.requireUser(actor);
    boolean another =
        tables.models.values().stream()
            .anyMatch(m -> m.model().isDefault() && !m.model().id().equals(model.id()));
    if (model.isDefault() && another) {
      throw Tables.taken("the place of the default");
    }
    boolean named =
        tables.models.values().stream()
            .map(Tables.StoredModel::model)
            .filter(m -> !m.id().equals(model.id()))
            .anyMatch(
                m ->
                    m.route().format() == model.route().format()
                        && m.route().name().equals(model.route().name()));
    if (named) {
      throw Tables.taken("the name");
    }
    for (ModelTarget target : model.targets()) {
      Instance instance = tables.requireInstance(target.service()).instance();
      if (!instance.isSystemLevel() || tables.format(instance) != model.route().format()) {
        throw Tables.gone("the system-level instance of this format");
      }
    }
    model
        .instance()
        .map(id -> tables.requireInstance(id).instance())
        .filter(
            i ->
                !i.isSystemLevel()
                    || !i.settings().fields().provider().equals(model.settings().provider()))
        .ifPresent(
            i -> {
              throw Tables.gone("the system-level instance of this provider");
            });
  }

  private static ModelConfig changed(ModelConfig stored, ModelConfig with) {
    return new ModelConfig(
        stored.id(),
        with.settings(),
        with.isDefault(),
        with.instance(),
        with.instance().isPresent()
            ? with.route()
            : new ModelRouteSettings(
                with.route().format(), with.route().name(), with.route().onFailure(), List.of()),
        stored.createdBy(),
        with.updatedBy(),
        with.version(),
        stored.createdAt(),
        with.updatedAt());
  }

  private static TimeCursor position(Deleted deleted) {
    return new TimeCursor(deleted.at(), deleted.model().id().value());
  }

  private static TimeCursor position(ModelConfig model) {
    return new TimeCursor(model.createdAt(), model.id().value());
  }
}
