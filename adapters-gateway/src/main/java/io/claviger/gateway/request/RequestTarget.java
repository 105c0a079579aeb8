package io.claviger.gateway.request;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;

/**
 * The path and query of a request, as they came. The scheme and host of an absolute form count for
 * nothing, like the {@code Host} header: what is called is in the path.
 *
 * @param query without the question mark; empty where there is none
 */
public record RequestTarget(String path, String query) {
  private static final String SERVICES = "/gateway/services/";

  public static RequestTarget of(String uri) {
    String origin = uri.startsWith("/") ? uri : withoutAuthority(uri);
    int mark = origin.indexOf('?');
    return mark < 0
        ? new RequestTarget(origin, "")
        : new RequestTarget(origin.substring(0, mark), origin.substring(mark + 1));
  }

  private static String withoutAuthority(String uri) {
    int scheme = uri.indexOf("://");
    int path = scheme < 0 ? -1 : uri.indexOf('/', scheme + 3);
    if (path < 0) {
      throw new CallRefused(CallError.badRequest("The request target has no path."));
    }
    return uri.substring(path);
  }

  /** Whether it is {@code /gateway/services/{owner}/{handle}} and perhaps more. */
  public boolean namesService() {
    return path.startsWith(SERVICES) && path.indexOf('/', SERVICES.length()) > 0;
  }

  /** The service as it was written: {@code owner/handle}, of whatever shape. */
  public String service() {
    return path.substring(SERVICES.length(), endOfService());
  }

  /** What is below the service, without a leading slash; of another path the whole. */
  public String below() {
    if (!namesService()) {
      return path.substring(1);
    }
    int end = endOfService();
    return end == path.length() ? "" : path.substring(end + 1);
  }

  private int endOfService() {
    int handle = path.indexOf('/', SERVICES.length()) + 1;
    int end = path.indexOf('/', handle);
    return end < 0 ? path.length() : end;
  }
}
