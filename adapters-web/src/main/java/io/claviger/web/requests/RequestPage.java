package io.claviger.web.requests;

import io.claviger.application.requests.RequestLinks;
import io.claviger.application.requests.RequestReferences;
import io.claviger.domain.requests.MissingTerms;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/** The console page on which a user whose call was refused can request the missing terms. */
public final class RequestPage {
  public static final String PATH = "/console/requests/new";

  /** The query parameter that contains the encoded terms. */
  public static final String PARAMETER = "for";

  private RequestPage() {}

  /**
   * Returns the address of this page for requesting the given terms, which are encoded in the
   * query.
   */
  public static String pathTo(RequestReferences references, MissingTerms missing) {
    return PATH + "?" + PARAMETER + "=" + references.write(missing);
  }

  /**
   * Returns an object that creates links to the page on which callers can request access.
   *
   * @param api a function that returns the address at which browsers reach the console, without a
   *     slash at the end
   */
  public static RequestLinks links(RequestReferences references, Supplier<URI> api) {
    return missing -> Optional.of(api.get() + pathTo(references, missing));
  }
}
