package io.claviger.application.routing;

import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.routing.RouteExplanation;
import io.claviger.domain.standards.WireFormat;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Explains which service a model name selects for a caller, without making a call. */
public interface ModelResolutions {
  static ModelResolutions of(
      RoutingContexts contexts,
      ModelListStore modelLists,
      KeyDecisions decisions,
      InstantSource clock) {
    return new ModelResolutionReader(
        contexts, modelLists, new UsableModelsAssembly(decisions), clock);
  }

  /**
   * Explains which service a model name selects for the actor's calls with the presented token. The
   * gateway uses the same function. The explanation calls no provider, and never mentions services
   * that the actor can't see. This method is never refused.
   */
  Resolution explain(Actor actor, WireFormat format, CalledName name);

  /**
   * The service that a name selects, or the reason why the name selects no service.
   *
   * @param target the {@code owner/handle} of the service that is tried first; for a token that is
   *     restricted to a project, the reference of the project; empty if the name selects no service
   * @param service the service of the target; empty if the caller must not know its reference
   * @param model the provider's name for the model
   * @param source the source of the key that a call to this service would use
   * @param reason the reason why the name selects no service
   * @param steps the steps of the selection in their order; each step tried one rule, and the last
   *     step determined the result
   */
  record Resolution(
      WireFormat format,
      CalledName name,
      Optional<String> target,
      Optional<Instance.Ref> service,
      Optional<String> model,
      Optional<KeySource> source,
      Optional<String> reason,
      List<RouteExplanation.Step> steps) {
    public Resolution {
      steps = List.copyOf(steps);
    }
  }
}
