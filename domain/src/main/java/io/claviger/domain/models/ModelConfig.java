package io.claviger.domain.models;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * A live entry of the model catalogue.
 *
 * @param isDefault whether it is the default; exactly one entry is, as long as there is any
 * @param instance the system-level instance that the entry is bound to; an unbound entry runs on
 *     the oldest enabled instance of its provider
 * @param createdBy who created it; empty when that user was deleted
 * @param updatedBy who changed it last; empty when that user was deleted
 * @param version counts the stored changes, from 1
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
