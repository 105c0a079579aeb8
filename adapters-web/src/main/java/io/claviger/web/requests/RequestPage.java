package io.claviger.web.requests;

import io.claviger.application.requests.RequestLinks;
import io.claviger.application.requests.RequestReferences;
import io.claviger.domain.requests.MissingTerms;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The page of the console on which a user whose call was refused can request the terms that they
 * would need.
 */
public final class RequestPage {
  public static final String PATH = "/console/requests/new";

  /** The query parameter that contains the reference. */
  public static final String PARAMETER = "for";

  private RequestPage() {}

  /**
   * Returns the path of the page for the terms that a user would need. The query of this path
   * contains the terms.
   */
  public static String pathTo(RequestReferences references, MissingTerms missing) {
    return PATH + "?" + PARAMETER + "=" + references.write(missing);
  }

  /**
   * Returns an object that makes links to the page on which callers can request access.
   *
   * @param api returns the address at which browsers reach the console, without a slash at its end
   */
  public static RequestLinks links(RequestReferences references, Supplier<URI> api) {
    return missing -> Optional.of(api.get() + pathTo(references, missing));
  }
}
