package io.claviger.application.gateway;

import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;

/** The target that a call names. */
public sealed interface CallTarget {
  /** One instance, called by the caller's own role. */
  record Service(InstanceRef ref) implements CallTarget {}

  /** The instance that a project uses, called under the rules for projects. */
  record OfProject(ProjectRef ref) implements CallTarget {}
}
