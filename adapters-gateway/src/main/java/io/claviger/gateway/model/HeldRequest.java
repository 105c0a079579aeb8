package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodyLength;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request whose URL names no service. The gateway buffers the body of the request until it knows
 * the model.
 */
public final class HeldRequest {
  private final HttpRequest head;
  private final WireFormat format;
  private final String path;
  private final Optional<String> modelInPath;
  private final BodyType type;

  /**
   * @param path the path of the operation, after the base URL
   * @param modelInPath the model in the path, as in Gemini's API; the body may repeat this model
   */
  public HeldRequest(
      HttpRequest head, WireFormat format, String path, Optional<String> modelInPath) {
    this.head = head;
    this.format = format;
    this.path = path;
    this.modelInPath = modelInPath;
    this.type = BodyType.of(head.headers());
  }

  /** Whether a request has a JSON body, which might refer to objects at the provider. */
  public static boolean isJson(HttpRequest head) {
    BodyLength length = BodyLength.of(head);
    return !head.method().equals(HttpMethod.GET)
        && (length.isChunked() || length.bytes() > 0)
        && BodyType.of(head.headers()).mayBeJson();
  }

  /**
   * @throws io.claviger.gateway.errors.CallRefused if the gateway can't read the body of the
   *     request
   */
  public NameScan names() {
    return NameScan.of(type, modelInPath, format.api().modelIfNoneIsNamed(path));
  }

  /**
   * Returns all scans that any service might need, because the service is not yet known.
   *
   * @param names the scan for the requested model; null if the body requests no model
   */
  BufferedBody.Scans scans(@Nullable NameScan names) {
    Optional<FoundReferences> references = SeparatedBody.found(format.api(), head, path);
    return new BufferedBody.Scans(
        names,
        names == null ? null : models(),
        StreamScan.ofHeld(head, format.api(), path, type),
        names == null
            ? null
            : UseScan.of(
                OperationKind.of("POST", path), format, path, modelInPath, type, head.headers()),
        references,
        references.map(found -> SeparatedBody.scan(found, type)).orElse(null),
        makesBatch() ? new EndpointScan() : null,
        CallerScan.ofHeld(format.api(), path, type),
        null);
  }

  /**
   * Returns the scan that finds all requested models, because the service might permit only some
   * models.
   */
  private BodyScan models() {
    AskedModels asked =
        new AskedModels(modelInPath, true, stated -> stated, format.api().namesOfSubstitutes());
    asked.addAll(format.api(), path, head.headers());
    boolean isJsonAlone = modelInPath.isPresent() && format.api().takesJsonAlone(path);
    asked.demand(type.isReadable(isJsonAlone));
    return BodyScan.of(asked, type);
  }

  private boolean makesBatch() {
    return type.mayBeJson()
        && format
            .api()
            .storage()
            .find(head.method().name(), path)
            .filter(ObjectOperation::makesBatch)
            .isPresent();
  }
}
