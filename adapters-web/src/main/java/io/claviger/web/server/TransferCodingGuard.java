package io.claviger.web.server;

import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Refuses bodies with a transfer coding other than just {@code chunked}, and any transfer coding in
 * HTTP/1.0 (RFC 9112, 6.1 and 6.3). Jetty only checks whether the list ends with {@code chunked},
 * and ignores the other codings.
 */
final class TransferCodingGuard implements HttpConfiguration.Customizer {

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
    if (!codings.isEmpty() && !isReadable(request, codings)) {
      throw new HttpException.RuntimeException(400, "transfer coding");
    }
    return request;
  }

  private static boolean isReadable(Request request, List<String> codings) {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    return codings.size() == 1
        && codings.get(0).equalsIgnoreCase("chunked")
        && version != HttpVersion.HTTP_1_0;
  }
}
