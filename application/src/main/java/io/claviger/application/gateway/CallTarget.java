package io.claviger.application.gateway;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;

public sealed interface CallTarget {
  /** An instance that the caller calls directly, with the caller's own role. */
  record Service(Instance.Ref ref) implements CallTarget {}

  /** The instance that a project uses, called through the project. */
  record OfProject(Project.Ref ref) implements CallTarget {}
}
