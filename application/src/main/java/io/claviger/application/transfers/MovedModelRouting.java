package io.claviger.application.transfers;

import io.claviger.application.routing.ModelRouting;
import io.claviger.application.transfers.port.MovedReferences;
import java.util.Optional;

/**
 * If a model name begins with a service's former reference, routes it to this service. Former
 * references are looked up only if the name selects no service otherwise.
 */
public final class MovedModelRouting implements ModelRouting {
  private final ModelRouting routing;
  private final FormerNames former;

  public MovedModelRouting(ModelRouting routing, MovedReferences moved) {
    this.routing = routing;
    this.former = new FormerNames(moved);
  }

  @Override
  public Optional<RoutingDecision> answerAtOnce(RoutingRequest question) {
    return routing.answerAtOnce(question);
  }

  @Override
  public RoutingDecision answer(RoutingRequest question) {
    RoutingDecision answer = routing.answer(question);
    if (answer instanceof RoutingDecision.Unknown
        && question.asked() instanceof RoutingQuestion.Model model) {
      return former
          .presentName(model.name())
          .map(name -> routing.answer(question.with(new RoutingQuestion.Model(name))))
          .filter(found -> found instanceof RoutingDecision.Routed)
          .orElse(answer);
    }
    return answer;
  }
}
