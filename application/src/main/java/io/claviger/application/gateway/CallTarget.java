package io.claviger.application.gateway;

import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;

/** What a call is addressed to. */
public sealed interface CallTarget {
  /** One instance, by the caller's own role on it. */
  record Service(InstanceRef ref) implements CallTarget {}

  /** The instance that a project is bound to, by the project's rule. */
  record OfProject(ProjectRef ref) implements CallTarget {}
}
