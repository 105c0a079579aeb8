package io.claviger.gateway.model;

import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.WireFormat;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that names no service, so that its body is buffered until its model is known.
 *
 * @param path the path of the operation
 * @param modelInPath the model that the path names, as in Gemini's API; the body may repeat it
 */
public record HeldRequest(
    HttpRequest head, WireFormat format, String path, Optional<String> modelInPath) {

  /**
   * @throws io.claviger.gateway.errors.CallRefused when such a body can't be read
   */
  public NameScan names() {
    return NameScan.of(head.headers(), modelInPath, format.api().modelIfNoneIsNamed(path));
  }

  UseScan use() {
    return UseScan.of(OperationKind.of("POST", path), format, path, modelInPath, head.headers());
  }

  @Nullable StreamScan usage() {
    return StreamScan.ofHeld(head, format.api(), path);
  }
}
