package io.claviger.application.transfers.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.TransferItem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the references that services and projects had before they were transferred to another
 * owner.
 */
public interface MovedReferences {
  /** Finds the present reference of the service that has the given former reference. */
  Optional<Instance.Ref> serviceThatWas(Instance.Ref former);

  /** Finds the present reference of the project that has the given former reference. */
  Optional<Project.Ref> projectThatWas(Project.Ref former);

  /** Lists the former references of a service or project, ordered by owner and handle. */
  List<FormerReference> of(TransferItem.Kind kind, UUID thing);

  /**
   * Ends the former references of a service or project, which can't be transferred until the
   * transaction ends. Returns the number of ended references.
   *
   * @param owner the owner for whom the actor's right was judged
   * @throws io.claviger.application.shared.ConcurrencyConflict if the service or project has been
   *     deleted or has another owner by now
   */
  int end(TransferItem.Kind kind, UUID thing, User.Id owner);

  /** Deletes former references that have expired according to the database's clock. */
  void deleteOutdated();
}
