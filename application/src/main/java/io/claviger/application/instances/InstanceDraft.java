package io.claviger.application.instances;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.standards.ApiStandard;

/**
 * A new instance as a write would store it, before it is stored. It has no secrets.
 *
 * @param owner who would own it; {@code _system} for a system-level one
 */
public record InstanceDraft(
    InstanceRef ref, UserId owner, InstanceSettings settings, ApiStandard standard) {}
