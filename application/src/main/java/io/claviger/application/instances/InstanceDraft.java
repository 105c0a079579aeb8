package io.claviger.application.instances;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.standards.ApiStandard;

/**
 * The new instance that a write would store. A draft is used for checks before the write. The draft
 * contains no secrets.
 *
 * @param owner the user who would own the instance; {@code _system} for a system-level instance
 */
public record InstanceDraft(
    Instance.Ref ref, User.Id owner, InstanceSettings settings, ApiStandard standard) {}
