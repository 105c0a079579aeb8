package io.claviger.domain.models;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A live entry of the model catalogue.
 *
 * @param isDefault exactly one entry is, as long as there is one
 * @param instance the system-level instance that it is bound to; an unbound one runs on the oldest
 *     enabled one of its provider
 * @param createdBy empty where that user is gone
 * @param updatedBy likewise
 * @param version counts the changes of what is stored, from 1
 */
public record ModelConfig(
    ModelConfigId id,
    ModelSettings settings,
    boolean isDefault,
    Optional<InstanceId> instance,
    Optional<Handle> createdBy,
    Optional<Handle> updatedBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {}
