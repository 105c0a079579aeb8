package io.claviger.application.instances;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * An instance as one caller sees it.
 *
 * @param role the caller's role; empty for an administrator without one
 * @param hasEffectiveApiKey whether a call by the caller's own role would find a key, or needs none
 */
public record InstanceView(
    Instance instance, Optional<Role> role, boolean hasEffectiveApiKey, boolean isDefault) {}
