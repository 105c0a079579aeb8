package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;

/**
 * The address from which tokens for a credential are requested. The address has the normal form of
 * an endpoint, except that a trailing slash is kept, because some servers accept their token URL
 * only with this slash.
 */
public record TokenUrl(String scheme, String host, int port, String path) {
  /**
   * @throws InvalidValue unless the text is an absolute http or https URL that could be an endpoint
   */
  public static TokenUrl of(String url) {
    try {
      Endpoint normal = Endpoint.of(url);
      return new TokenUrl(
          normal.scheme(),
          normal.host(),
          normal.port(),
          url.endsWith("/") ? normal.path() + "/" : normal.path());
    } catch (InvalidValue e) {
      throw new InvalidValue("token_url", e.allowed().replace("base URL", "URL"));
    }
  }

  public String url() {
    return base().url() + path;
  }

  /** Returns only the scheme, host and port, to which the rules for permitted addresses apply. */
  public Endpoint base() {
    return new Endpoint(scheme, host, port, "");
  }

  public boolean isTls() {
    return scheme.equals("https");
  }

  @Override
  public String toString() {
    return url();
  }
}
