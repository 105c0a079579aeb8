package io.claviger.domain.routing;

import io.claviger.domain.instances.Instance;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service whose name {@code owner/handle} is a prefix of a model's name. A service is
 * also found by its former name, unless this name is another service's present name.
 */
final class ServiceReferences {
  private final Map<String, ModelCandidate> services = new HashMap<>();

  ServiceReferences(Collection<ModelCandidate> candidates) {
    for (ModelCandidate candidate : candidates) {
      candidate.ref().ifPresent(ref -> services.put(ref.toString(), candidate));
    }
    for (ModelCandidate candidate : candidates) {
      for (Instance.Ref former : candidate.former()) {
        ModelCandidate unused = services.putIfAbsent(former.toString(), candidate);
      }
    }
  }

  /** Returns the service; null if the name does not begin with the name of a service. */
  @Nullable ModelCandidate find(String name) {
    return name.indexOf('/') < 0 ? null : services.get(name.substring(0, end(name)));
  }

  /** Returns the index at which {@code owner/handle} ends. */
  private static int end(String name) {
    int handle = name.indexOf('/', name.indexOf('/') + 1);
    return handle < 0 ? name.length() : handle;
  }

  /**
   * Whether a service offers a model. A listed model is ignored if its id begins with the name of a
   * service that the caller can see. A call with this id as the model's name goes to that service
   * instead.
   */
  boolean offers(ModelCandidate service, String model) {
    return service.names(model) || (service.lists(model) && find(model) == null);
  }

  /**
   * Returns the model's name that follows the service's name. If no name follows, returns the
   * service's own model.
   */
  static String modelBehind(ModelCandidate service, String name) {
    int end = end(name);
    return end == name.length() ? service.model().value() : name.substring(end + 1);
  }
}
