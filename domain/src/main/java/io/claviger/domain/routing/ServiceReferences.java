package io.claviger.domain.routing;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the service whose name {@code owner/handle} is a prefix of a model's name. */
final class ServiceReferences {
  private final Map<String, ModelCandidate> services = new HashMap<>();

  ServiceReferences(Collection<ModelCandidate> candidates) {
    for (ModelCandidate candidate : candidates) {
      candidate.ref().ifPresent(ref -> services.put(ref.toString(), candidate));
    }
  }

  /** Returns the service; null if the name does not begin with the name of a service. */
  @Nullable ModelCandidate find(String name) {
    int owner = name.indexOf('/');
    if (owner < 0) {
      return null;
    }
    int handle = name.indexOf('/', owner + 1);
    return services.get(handle < 0 ? name : name.substring(0, handle));
  }

  /**
   * Whether a service offers a model. A listed model is ignored if its id begins with the name of a
   * service that the caller can see. Such a name selects that service instead.
   */
  boolean offers(ModelCandidate service, String model) {
    return service.names(model) || (service.lists(model) && find(model) == null);
  }

  /**
   * Returns the model's name that follows the service's name. If no name follows, returns the
   * service's own model.
   */
  static String modelBehind(ModelCandidate service, String name) {
    Optional<String> ref = service.ref().map(Object::toString);
    int length = ref.orElseThrow().length();
    return name.length() == length ? service.model().value() : name.substring(length + 1);
  }
}
