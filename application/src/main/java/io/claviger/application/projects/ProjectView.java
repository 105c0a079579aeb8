package io.claviger.application.projects;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import java.util.Optional;

/**
 * A project as one caller sees it.
 *
 * @param role the caller's role; empty for an administrator who is no member
 * @param service the service that it is bound to; empty if there is none or the caller can't see it
 * @param access whether the service can be used through the project; empty if it is bound to none
 */
public record ProjectView(
    Project project,
    Optional<Role> role,
    Optional<Instance.Ref> service,
    Optional<InstanceAccess> access) {}
