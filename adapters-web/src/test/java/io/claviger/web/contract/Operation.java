package io.claviger.web.contract;

/**
 * One operation of the contract.
 *
 * @param method in capitals
 * @param path the template, as it stands in the document: {@code /v1/users/{user}}
 * @param id its operationId
 */
public record Operation(String method, String path, String id) {

  /**
   * Method and path without the names of the parameters, {@code GET /v1/users/{}}: what the routes
   * of a server are compared with, since they may name their parameters otherwise.
   */
  public String route() {
    return route(method, path);
  }

  /** Returns the route for any method and path template. */
  public static String route(String method, String path) {
    return method + " " + path.replaceAll("\\{[^/}]*\\}", "{}");
  }
}
