package io.claviger.application.gateway;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;

public sealed interface CallTarget {
  /** One instance, called by the caller's own role. */
  record Service(Instance.Ref ref) implements CallTarget {}

  /** The instance that a project uses, called under the rules for projects. */
  record OfProject(Project.Ref ref) implements CallTarget {}
}
