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
 * A request whose URL names no service. The body of such a request is buffered until the model is
 * known.
 */
public final class HeldRequest {
  private final HttpRequest head;
  private final WireFormat format;
  private final String path;
  private final Optional<String> modelInPath;
  private final BodyType type;

  /**
   * @param path the path of the operation, without the base URL
   * @param modelInPath the model that the path names, as in paths of Gemini's API; the body may
   *     repeat it
   */
  public HeldRequest(
      HttpRequest head, WireFormat format, String path, Optional<String> modelInPath) {
    this.head = head;
    this.format = format;
    this.path = path;
    this.modelInPath = modelInPath;
    this.type = BodyType.of(head.headers());
  }

  /** Whether a request has a JSON body, which may refer to objects at the provider. */
  public static boolean isJson(HttpRequest head) {
    BodyLength length = BodyLength.of(head.headers());
    return !head.method().equals(HttpMethod.GET)
        && (length.isChunked() || length.bytes() > 0)
        && BodyType.of(head.headers()).mayBeJson();
  }

  /**
   * @throws io.claviger.gateway.errors.CallRefused when the request has such a body, but the
   *     gateway can't read it
   */
  public NameScan names() {
    return NameScan.of(type, modelInPath, format.api().modelIfNoneIsNamed(path));
  }

  /**
   * Returns the scans of the body: all scans that any service may need, because it is not known yet
   * which service is called.
   *
   * @param names finds the model that the body requests; null if the body requests none
   */
  BufferedBody.Scans scans(@Nullable NameScan names) {
    Optional<FoundReferences> references = SeparatedBody.found(format.api(), head, path);
    return new BufferedBody.Scans(
        names,
        names == null ? null : models(),
        StreamScan.ofHeld(head, format.api(), path, type),
        names == null
            ? null
            : UseScan.of(OperationKind.of("POST", path), format, path, modelInPath, type),
        references,
        references.map(found -> SeparatedBody.scan(found, type)).orElse(null),
        makesBatch() ? new EndpointScan() : null,
        CallerScan.ofHeld(format.api(), path, type),
        null);
  }

  /**
   * Returns the scan that finds all models that the body requests, in case the service allows only
   * some models.
   */
  private BodyScan models() {
    AskedModels asked = new AskedModels(modelInPath, true);
    asked.demand(type.isReadable());
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
