package io.claviger.application.instances.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ServiceState.LastContact;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the results of the last calls and checks of services. */
@FunctionalInterface
public interface LastContacts {
  /** An implementation that reports no failures. */
  LastContacts NONE = (service, destination, holder, keySetAt) -> LastContact.NO_FAILURE;

  /**
   * Returns the result of the last call or check in which a service used a certain key.
   *
   * @param holder the user whose own key was used; empty if the key of the service was used
   * @param keySetAt the supplier of the time at which the key was stored; its value is empty if no
   *     stored key is used. The supplier is called only if a key of the same holder was rejected
   */
  LastContact of(
      Instance.Id service,
      Destination destination,
      Optional<User.Id> holder,
      Supplier<Optional<Instant>> keySetAt);
}
