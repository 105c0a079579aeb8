package io.claviger.gateway.model;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the model that a request asks for, if only some models are allowed. A request that two
 * readers could understand differently is refused, because the provider might see another model.
 */
final class RequestedModel {
  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;

  /**
   * @param path below the service
   */
  RequestedModel(Set<ModelPattern> allowed, WireFormat format, String path) {
    this.allowed = Set.copyOf(allowed);
    this.inPath = format.api().modelInPath(path);
  }

  /**
   * @throws CallRefused when the path names a model that is not allowed
   */
  void checkPath() {
    inPath.ifPresent(this::demandAllowed);
  }

  /**
   * Returns the scan for a body of this type.
   *
   * @throws CallRefused as {@link BodyType#checkReadable}
   */
  BodyScan scan(BodyType type) {
    type.checkReadable();
    return type.boundary()
        .<BodyScan>map(boundary -> new MultipartScan(allowed, inPath, boundary))
        .orElseGet(this::scan);
  }

  /** Returns the scan for a body in JSON. */
  ModelScan scan() {
    return new ModelScan(allowed, inPath);
  }

  private void demandAllowed(String model) {
    if (!ModelPattern.anyMatches(allowed, model)) {
      throw new CallRefused(CallError.modelNotAllowed(model));
    }
  }
}
