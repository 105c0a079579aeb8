package io.claviger.console.page;

import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;

/** The addresses of a service's pages, which contain its owner and handle. */
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
