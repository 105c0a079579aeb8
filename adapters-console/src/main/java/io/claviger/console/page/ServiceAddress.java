package io.claviger.console.page;

import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;

/**
 * The addresses of the pages of a service; they contain the owner and the handle of the service.
 */
public final class ServiceAddress {
  public static final String PATTERN = "/console/services/{owner}/{handle}";

  private ServiceAddress() {}

  public static Instance.Ref of(Visit visit) {
    return Instance.Ref.of(visit.pathParam("owner") + "/" + visit.pathParam("handle"));
  }

  public static String path(Instance.Ref service) {
    return "/console/services/" + service;
  }
}
