package io.claviger.application.projects;

import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A project as one caller sees it.
 *
 * @param role the caller's; empty for an administrator who is no member
 * @param service what it is bound to; empty when it is bound to none, or the caller can't see that
 *     one
 * @param access empty when it is bound to none
 */
public record ProjectView(
    Project project,
    Optional<Role> role,
    Optional<InstanceRef> service,
    Optional<InstanceAccess> access) {}
