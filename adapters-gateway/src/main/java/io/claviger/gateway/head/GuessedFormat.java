package io.claviger.gateway.head;

import io.claviger.domain.standards.WireFormat;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Guesses from a request which API it is for. Errors have this format until the caller may know the
 * service, because the service's own format would reveal something about it.
 */
public final class GuessedFormat {
  private record Mark(AsciiString header, WireFormat format) {}

  private static final List<Mark> MARKS =
      Arrays.stream(WireFormat.values())
          .filter(format -> format != WireFormat.USUAL)
          .flatMap(
              format ->
                  format.api().typicalHeaders().stream()
                      .map(header -> new Mark(AsciiString.cached(header), format)))
          .toList();

  private GuessedFormat() {}

  /**
   * @param path below the service, without a leading slash and query
   */
  static WireFormat of(HttpRequest request, String path, String query) {
    List<WireFormat> lending = new ArrayList<>();
    for (WireFormat format : WireFormat.values()) {
      if (format.api().lends(request.method().name(), format.api().pathWithoutPlace(path))) {
        lending.add(format);
      }
    }
    WireFormat usual = usual(request.headers(), QueryFilter.hasCredential(query));
    return lending.isEmpty() || lending.contains(usual) ? usual : lending.get(0);
  }

  private static WireFormat usual(HttpHeaders headers, boolean hasCredentialInQuery) {
    for (WireFormat format : WireFormat.values()) {
      if (hasCredentialInQuery && format.api().takesCredentialInQuery()) {
        return format;
      }
    }
    return MARKS.stream()
        .filter(mark -> headers.contains(mark.header()))
        .map(Mark::format)
        .findFirst()
        .orElse(WireFormat.USUAL);
  }
}
