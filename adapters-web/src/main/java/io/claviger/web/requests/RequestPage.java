package io.claviger.web.requests;

import io.claviger.application.requests.RequestLinks;
import io.claviger.application.requests.RequestReferences;
import io.claviger.domain.requests.MissingTerms;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/** The page of the console on which a refused user can request the missing terms. */
public final class RequestPage {
  public static final String PATH = "/console/requests/new";

  /** The parameter with the reference. */
  public static final String PARAMETER = "for";

  private RequestPage() {}

  /** Returns the path of the page for lacking terms, with its query. */
  public static String pathTo(RequestReferences references, MissingTerms missing) {
    return PATH + "?" + PARAMETER + "=" + references.write(missing);
  }

  /**
   * Makes links to the page.
   *
   * @param api returns where browsers reach the console, without a trailing slash
   */
  public static RequestLinks links(RequestReferences references, Supplier<URI> api) {
    return missing -> Optional.of(api.get() + pathTo(references, missing));
  }
}
