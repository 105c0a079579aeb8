package io.claviger.web.routing;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.ModelResolutions.Resolution;
import io.claviger.application.shared.Actor;
import io.claviger.domain.ModelName;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.routing.RouteExplanation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v1/model-resolution}: the service that a call gets if the caller requests a model by a
 * given name.
 */
public final class ModelResolutionRoutes implements RouteGroup {
  private final ModelResolutions resolutions;
  private final ServicePrices prices;

  public ModelResolutionRoutes(ModelResolutions resolutions, ServicePrices prices) {
    this.resolutions = resolutions;
    this.prices = prices;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/model-resolution").get(this::show, "format", "name");
  }

  private void show(ApiCall call) {
    WireFormat format =
        call.query()
            .required("format", WireFormat::of, "Name the format of the base URL, such as openai.");
    CalledName name = call.query().required("name", CalledName::new, "Give the name of the model.");
    Resolution resolution = resolutions.explain(call.actor(), format, name);
    call.ok(ModelResolutionJson.of(resolution, bounds(call.actor(), resolution)));
  }

  /** Returns the bounds of the model to which the name leads, as far as the actor may know them. */
  private ModelBounds bounds(Actor actor, Resolution resolution) {
    Optional<String> called = resolution.model().filter(ModelName::isValid);
    if (resolution.service().isEmpty() || called.isEmpty()) {
      return ModelBounds.UNKNOWN;
    }
    ModelName model = new ModelName(called.get());
    return prices
        .ofCalls(actor, resolution.service().get(), Set.of(model))
        .asOptional()
        .map(found -> found.getOrDefault(model, CallPrices.NONE).bounds())
        .orElse(ModelBounds.UNKNOWN);
  }

  /**
   * The service to which a model name leads, or the reason why it leads to no service, together
   * with the rules that were applied.
   */
  record ModelResolutionJson(
      String format,
      String name,
      Optional<String> target,
      Optional<String> model,
      Optional<String> keySource,
      Optional<Long> contextLimit,
      Optional<Long> maxOutputTokens,
      Optional<String> reason,
      List<StepJson> steps) {
    static ModelResolutionJson of(Resolution resolution, ModelBounds bounds) {
      return new ModelResolutionJson(
          resolution.format().wireName(),
          resolution.name().value(),
          resolution.target(),
          resolution.model(),
          resolution.source().map(KeySource::wireName),
          bounds.context().stream().boxed().findFirst(),
          bounds.maxOutput().stream().boxed().findFirst(),
          resolution.reason(),
          resolution.steps().stream().map(StepJson::of).toList());
    }

    record StepJson(String rule, String outcome, String why) {
      static StepJson of(RouteExplanation.Step step) {
        return new StepJson(step.rule().wireName(), step.outcome(), step.why());
      }
    }
  }
}
