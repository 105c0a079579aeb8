package io.claviger.bootstrap.settings;

import io.claviger.application.identity.OidcSettings;
import java.net.URI;
import java.util.Optional;

/**
 * The settings for signing in with a browser.
 *
 * @param publicUrl the URL at which browsers reach the API (scheme, host and port); if empty, the
 *     URL of the listener
 * @param local whether users other than {@code root} may sign in without the OpenID provider
 * @param oidc the OpenID provider, if there is one
 */
public record SignInSettings(Optional<URI> publicUrl, boolean local, Optional<OidcSettings> oidc) {
  private static final String PUBLIC_URL = "CLAVIGER_PUBLIC_URL";

  static SignInSettings read(Environment environment) {
    Optional<URI> publicUrl = publicUrl(environment);
    return new SignInSettings(
        publicUrl,
        environment.isOn("CLAVIGER_LOCAL_SIGN_IN"),
        new OidcVariables(environment).read(publicUrl));
  }

  private static Optional<URI> publicUrl(Environment environment) {
    return environment
        .text(PUBLIC_URL)
        .flatMap(
            text -> {
              Optional<URI> url =
                  ListenerSettings.baseUrl(text.replaceAll("/+$", ""))
                      .filter(base -> base.getRawPath().isEmpty());
              if (url.isEmpty()) {
                environment.fault(
                    PUBLIC_URL,
                    "must be http:// or https:// with a host, without user, path, query or"
                        + " fragment");
              }
              return url;
            });
  }
}
