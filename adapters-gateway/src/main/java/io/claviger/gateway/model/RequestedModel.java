package io.claviger.gateway.model;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the model that a request names, in calls of callers who may use only some models. A request
 * that two parsers could understand in different ways is refused, because the provider might use a
 * model that the gateway has not seen.
 */
final class RequestedModel {
  private final Set<ModelPattern> allowed;
  private final ProviderApi api;
  private final Optional<String> inPath;

  /**
   * @param path the path after the part of the URL that names the service
   */
  RequestedModel(Set<ModelPattern> allowed, WireFormat format, String path) {
    this.allowed = Set.copyOf(allowed);
    this.api = format.api();
    this.inPath = api.modelInPath(path);
  }

  /**
   * @throws CallRefused if the path names a model that is not allowed
   */
  void checkPath() {
    inPath.ifPresent(model -> AskedModels.demandAllowed(allowed, model));
  }

  /**
   * Compares the models of a body with the models that are allowed at the service. The model in the
   * body decided that this service is called.
   *
   * @param model the provider's name of the model that led to the service
   * @param edits how many values of the body are replaced by {@code model}
   * @throws CallRefused under the same conditions as {@link AskedModels#demandWithin}
   */
  void check(AskedModels asked, String model, int edits) {
    checkPath();
    asked.demandWithin(allowed, inPath.orElse(model), edits);
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @throws CallRefused under the same conditions as {@link BodyType#checkReadable}
   */
  BodyScan scan(BodyType type) {
    type.checkReadable();
    return BodyScan.of(new AskedModels(inPath, false, api::modelNamed), type);
  }
}
