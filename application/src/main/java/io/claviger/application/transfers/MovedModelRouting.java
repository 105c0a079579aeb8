package io.claviger.application.transfers;

import io.claviger.application.routing.ModelRouting;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.InstanceRef;
import java.util.Optional;

/**
 * Routes the name of a model that begins with the former reference of a service to that service. It
 * is looked up only for a name that leads nowhere.
 */
public final class MovedModelRouting implements ModelRouting {
  private final ModelRouting routing;
  private final MovedReferences moved;

  public MovedModelRouting(ModelRouting routing, MovedReferences moved) {
    this.routing = routing;
    this.moved = moved;
  }

  @Override
  public Optional<Answer> answerAtOnce(Question question) {
    return routing.answerAtOnce(question);
  }

  @Override
  public Answer answer(Question question) {
    Answer answer = routing.answer(question);
    if (answer instanceof Answer.Unknown && question.asked() instanceof Asked.Model model) {
      return presentName(model.name())
          .map(name -> routing.answer(question.with(new Asked.Model(name))))
          .filter(found -> found instanceof Answer.Routed)
          .orElse(answer);
    }
    return answer;
  }

  /** Returns the name as it begins with the present reference of what had this one. */
  private Optional<String> presentName(String name) {
    int owner = name.indexOf('/');
    int handle = owner < 0 ? -1 : name.indexOf('/', owner + 1);
    int end = handle < 0 ? name.length() : handle;
    return former(name.substring(0, end))
        .flatMap(moved::serviceThatWas)
        .map(ref -> ref + name.substring(end));
  }

  private static Optional<InstanceRef> former(String text) {
    try {
      return Optional.of(InstanceRef.of(text));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
