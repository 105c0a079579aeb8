package io.claviger.gateway.head;

import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The path and the query of a request, in the form in which they arrived. Percent-encoded
 * characters are not decoded, except equals signs in the path. The scheme and host of an absolute
 * URL are ignored, and so is the {@code Host} header, because only the path decides which service
 * is called.
 *
 * @param query the query without its question mark; empty if there is none
 */
public record RequestTarget(String path, String query) {
  /** Ids may end with equals signs, which only some SDKs encode. */
  private static final Pattern EQUALS = Pattern.compile("%3[dD]");

  private static final String SERVICES = "/gateway/services/";
  private static final String PROJECTS = "/gateway/projects/";

  public static RequestTarget of(String uri) {
    String origin = uri.startsWith("/") ? uri : withoutAuthority(uri);
    int mark = origin.indexOf('?');
    return mark < 0
        ? new RequestTarget(withPlainEquals(origin), "")
        : new RequestTarget(withPlainEquals(origin.substring(0, mark)), origin.substring(mark + 1));
  }

  private static String withPlainEquals(String path) {
    return path.indexOf("%3") < 0 ? path : EQUALS.matcher(path).replaceAll("=");
  }

  private static String withoutAuthority(String uri) {
    int scheme = uri.indexOf("://");
    int path = scheme < 0 ? -1 : uri.indexOf('/', scheme + 3);
    // A query or fragment can have slashes of its own.
    if (path < 0 || isBefore(path, uri.indexOf('?')) || isBefore(path, uri.indexOf('#'))) {
      throw new CallRefused(CallError.badRequest("The request target has no path."));
    }
    return uri.substring(path);
  }

  private static boolean isBefore(int path, int mark) {
    return mark >= 0 && mark < path;
  }

  /**
   * Returns the query. If the URL names no service, the result omits the idle parameters.
   *
   * @param idle the names of the parameters that are meaningless on a URL without a service
   */
  public String query(List<String> idle) {
    return query.isEmpty() || idle.isEmpty() || namesCallee()
        ? query
        : QueryFilter.without(query, idle);
  }

  /**
   * Whether the path begins with {@code /gateway/services/{owner}/{handle}} or {@code
   * /gateway/projects/…}.
   */
  public boolean namesCallee() {
    return !collection().isEmpty() && path.indexOf('/', collection().length()) > 0;
  }

  /**
   * Whether the path ends with the name of the service or project, or with a version directly after
   * that name.
   */
  public boolean isBase() {
    if (!namesCallee()) {
      return false;
    }
    String below = below();
    return WireFormat.USUAL
            .api()
            .withoutVersions(below.isEmpty() || below.endsWith("/") ? below : below + "/")
            .isEmpty()
        && endOfCallee() > path.indexOf('/', collection().length()) + 1;
  }

  /**
   * Returns the service or project that the path names.
   *
   * @throws InvalidValue if the owner or the name in the path is not a handle
   */
  public CallTarget callee() {
    String ref = path.substring(collection().length(), endOfCallee());
    return collection().equals(PROJECTS)
        ? new CallTarget.OfProject(Project.Ref.of(ref))
        : new CallTarget.Service(Instance.Ref.of(ref));
  }

  /** Returns the path of a service or project on the gateway. */
  public static String pathOf(CallTarget callee) {
    return switch (callee) {
      case CallTarget.Service service -> SERVICES + service.ref();
      case CallTarget.OfProject project -> PROJECTS + project.ref();
    };
  }

  /**
   * Returns the part of the path after the name of the service, the name of the project or the base
   * URL, without a leading slash. For any other path, returns the whole path without its leading
   * slash.
   */
  public String below() {
    if (!namesCallee()) {
      return ModelUrl.of(path).map(ModelUrl::below).orElse(path.substring(1));
    }
    int end = endOfCallee();
    return end == path.length() ? "" : path.substring(end + 1);
  }

  /**
   * The index at which the path after the name of the service or project begins; 1 for any other
   * path.
   */
  int beginOfBelow() {
    return namesCallee() ? Math.min(endOfCallee() + 1, path.length()) : 1;
  }

  private String collection() {
    if (path.startsWith(SERVICES)) {
      return SERVICES;
    }
    return path.startsWith(PROJECTS) ? PROJECTS : "";
  }

  private int endOfCallee() {
    int handle = path.indexOf('/', collection().length()) + 1;
    int end = path.indexOf('/', handle);
    return end < 0 ? path.length() : end;
  }
}
