package io.claviger.domain.models;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A live entry of the model catalogue.
 *
 * @param isDefault whether the entry is the default; exactly one entry is the default, unless the
 *     catalogue is empty
 * @param instance the system-level instance of a bound entry; an unbound entry runs on the oldest
 *     instance of its provider that the caller can use
 * @param route how callers reach the entry
 * @param createdBy the user who created the entry; empty if that user was deleted
 * @param updatedBy the user who last changed the entry; empty if that user was deleted
 * @param version a number that begins with 1 and increases with each stored change
 */
public record ModelConfig(
    Id id,
    ModelSettings settings,
    boolean isDefault,
    Optional<Instance.Id> instance,
    ModelRouteSettings route,
    Optional<Handle> createdBy,
    Optional<Handle> updatedBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /** The greatest number of services that one entry can have. */
  public static final int MOST_TARGETS = 8;

  /** Returns the values of all writable scalar fields. */
  public FieldValues values() {
    return settings
        .values()
        .with(ModelFields.IS_DEFAULT, isDefault)
        .with(ModelFields.NAME, route.name())
        .with(ModelFields.ON_FAILURE, route.onFailure());
  }

  /**
   * Returns the services that serve this entry, in the order in which they are tried; empty if the
   * entry is unbound.
   */
  public List<ModelTarget> targets() {
    return instance.isEmpty()
        ? List.of()
        : Stream.concat(
                Stream.of(new ModelTarget(instance.get(), settings.model())),
                route.further().stream())
            .toList();
  }

  /**
   * Returns a copy with the given services and the next version.
   *
   * @param targets the targets of the entry, one or more
   * @param provider the provider of the first target
   */
  public ModelConfig servedBy(
      List<ModelTarget> targets, Provider provider, Handle author, Instant at) {
    ModelTarget first = targets.get(0);
    return new ModelConfig(
        id,
        new ModelSettings(
            settings
                .values()
                .with(DefinitionFields.PROVIDER, provider)
                .with(DefinitionFields.MODEL, first.model())),
        isDefault,
        Optional.of(first.service()),
        new ModelRouteSettings(
            route.format(), route.name(), route.onFailure(), targets.subList(1, targets.size())),
        createdBy,
        Optional.of(author),
        version + 1,
        createdAt,
        at);
  }

  /** Identifies an entry of the model catalogue permanently. */
  public record Id(UUID value) {}
}
