package io.claviger.console.models;

import io.claviger.console.gateway.TestCallRunner.TestCallView;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import org.jspecify.annotations.Nullable;

/**
 * The button with which the viewer makes one test call to a model of a service, and the result of
 * that call.
 *
 * @param service {@code owner/handle}
 * @param model the name by which the provider of the service calls the model
 * @param result the result of the test call; null if no test call was made yet
 */
public record ModelTestCall(String service, String model, TestCallView.@Nullable Result result) {
  static final String PATH = "/console/models/try";

  static ModelTestCall of(Instance.Ref service, ModelName model, @Nullable ModelTestCall made) {
    ModelTestCall offered = new ModelTestCall(service.toString(), model.value(), null);
    return made != null
            && made.service().equals(offered.service())
            && made.model().equals(offered.model())
        ? made
        : offered;
  }

  public String path() {
    return PATH;
  }
}
