package io.claviger.gateway.model;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the model in a request of a caller who may use only some models. A request is refused if
 * parsers could understand it differently, because the model that the provider uses might differ
 * from the model that the gateway has found.
 */
final class RequestedModel {
  private final Set<ModelPattern> allowed;
  private final ProviderApi api;
  private final String path;
  private final Optional<String> inPath;
  private final boolean isJsonAlone;

  /**
   * @param path the path after the name of the service or project
   */
  RequestedModel(Set<ModelPattern> allowed, WireFormat format, String path) {
    this.allowed = Set.copyOf(allowed);
    this.api = format.api();
    this.path = path;
    this.inPath = api.modelInPath(path);
    this.isJsonAlone = inPath.isPresent() && api.takesJsonAlone(path);
  }

  /**
   * @throws CallRefused if the model in the path is not allowed
   */
  void checkPath() {
    inPath.ifPresent(model -> AskedModels.demandAllowed(allowed, model));
  }

  /**
   * Checks that the service allows the models of a body. Used if the model in the body selected the
   * service.
   *
   * @param model the provider's name for the model that selected the service
   * @param edits the number of values in the body that the gateway replaces with {@code model}
   * @throws CallRefused under the same conditions as {@link AskedModels#demandWithin}
   */
  void check(AskedModels asked, String model, int edits) {
    checkPath();
    asked.demandWithin(allowed, inPath.orElse(model), edits);
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @param headers the headers of the request, which can name further models
   * @throws CallRefused under the same conditions as {@link BodyType#checkReadable}
   */
  BodyScan scan(BodyType type, HttpHeaders headers) {
    type.checkReadable(isJsonAlone);
    AskedModels asked = new AskedModels(inPath, false, api::modelNamed, api.namesOfSubstitutes());
    asked.addAll(api, path, headers);
    return BodyScan.of(asked, type);
  }
}
