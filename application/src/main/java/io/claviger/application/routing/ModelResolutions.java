package io.claviger.application.routing;

import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.port.OfferStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.shared.Actor;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.routing.RouteExplanation;
import io.claviger.domain.standards.WireFormat;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Explains to which service the name of a model leads for a caller, without making a call. */
public interface ModelResolutions {
  static ModelResolutions of(
      RoutingContexts contexts, OfferStore offers, KeyDecisions decisions, InstantSource clock) {
    return new ModelResolutionReader(contexts, offers, new UsableModelsAssembly(decisions), clock);
  }

  /**
   * Explains to which service a name leads for the actor's calls with the presented token. The same
   * function gives this answer and the gateway's answers. No provider is called, and services that
   * the actor can't see are not mentioned. Never refused.
   */
  Resolution explain(Actor actor, WireFormat format, CalledName name);

  /**
   * The service to which a name leads, or the reason why it leads to no service.
   *
   * @param target the service that is tried first: {@code owner/handle} of the service or, for a
   *     token that is restricted to a project, of the project; empty when the name leads nowhere
   * @param model the provider's name of the model
   * @param source the source of the key that a call would use on that service
   * @param reason why the name leads to no service
   * @param steps the questions that were decided, in the order in which they were decided; the last
   *     question determined the result
   */
  record Resolution(
      WireFormat format,
      CalledName name,
      Optional<String> target,
      Optional<String> model,
      Optional<KeySource> source,
      Optional<String> reason,
      List<RouteExplanation.Step> steps) {
    public Resolution {
      steps = List.copyOf(steps);
    }
  }
}
