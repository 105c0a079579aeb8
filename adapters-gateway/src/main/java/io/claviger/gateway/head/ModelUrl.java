package io.claviger.gateway.head;

import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A URL of the gateway that clients use in place of the URL of a provider's API. The URL names no
 * service: the model in the request selects the service.
 *
 * @param below the rest of the path after {@code /gateway/{format}}, without a leading slash, not
 *     decoded
 */
public record ModelUrl(WireFormat format, String below) {
  private static final String GATEWAY = "/gateway/";
  private static final Map<String, WireFormat> FORMATS =
      Arrays.stream(WireFormat.values())
          .filter(format -> format.api().hasBaseUrl())
          .collect(Collectors.toUnmodifiableMap(WireFormat::wireName, Function.identity()));

  /**
   * @param path the path of a request, with its leading slash
   * @return the URL; empty unless the path belongs to a URL of the gateway that names no service
   */
  public static Optional<ModelUrl> of(String path) {
    if (!path.startsWith(GATEWAY)) {
      return Optional.empty();
    }
    int end = path.indexOf('/', GATEWAY.length());
    String name = path.substring(GATEWAY.length(), end < 0 ? path.length() : end);
    return Optional.ofNullable(FORMATS.get(name))
        .map(format -> new ModelUrl(format, end < 0 ? "" : path.substring(end + 1)));
  }

  /**
   * The base URL of a format, without the host, as people set it in their clients.
   *
   * @param format a format for which the gateway has a base URL
   */
  public static String base(WireFormat format) {
    return GATEWAY + format.wireName() + format.api().baseUrlEnd();
  }

  /** Whether this is only a base URL, with or without a version. */
  public boolean isBase() {
    return format
        .api()
        .withoutVersions(below.isEmpty() || below.endsWith("/") ? below : below + "/")
        .isEmpty();
  }

  /**
   * Returns the path of the operation in the form that services of this format expect. If the
   * format has versions, the path has a version, even if the client's path has no version.
   */
  public String operation(String method) {
    return format.api().operationPath(method, below);
  }

  /** The model in the path; Azure's clients name the model both in the path and in the body. */
  public Optional<String> model(String method) {
    return format.api().modelBeforeOperation(method, below);
  }

  /** The path without a version. */
  public String bare() {
    return format.api().withoutVersions(below);
  }
}
