package io.claviger.bootstrap.settings;

import io.claviger.application.identity.OidcSettings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSubject;
import java.net.URI;
import java.util.Optional;

/**
 * The settings for signing in with a browser.
 *
 * @param publicUrl the URL at which browsers reach the API (scheme, host and port); if empty, the
 *     listener's URL is used
 * @param local whether users other than {@code root} may sign in without the OpenID provider
 * @param oidc the OpenID provider; empty if there is none
 * @param issuer the URL at which providers read the public keys that verify statements about
 *     services; empty if providers could not safely read keys from the public URL
 * @param scim the settings for an identity provider that manages Claviger's users by SCIM
 */
public record SignInSettings(
    Optional<URI> publicUrl,
    boolean local,
    Optional<OidcSettings> oidc,
    Optional<Issuer> issuer,
    ScimSettings scim) {
  private static final String PUBLIC_URL = "CLAVIGER_PUBLIC_URL";
  private static final String ISSUER_URL = "CLAVIGER_ISSUER_URL";
  private static final String SCIM_SUBJECT = "CLAVIGER_SCIM_SUBJECT";
  static final String SCIM_ADMIN_GROUP = "CLAVIGER_SCIM_ADMIN_GROUP";

  static SignInSettings read(Environment environment) {
    Optional<URI> publicUrl = publicUrl(environment);
    Optional<OidcSettings> oidc = new OidcVariables(environment).read(publicUrl);
    Optional<Issuer> issuer = issuer(environment, publicUrl);
    if (issuer.isPresent() && oidc.map(OidcSettings::issuer).equals(issuer)) {
      environment.fault(
          "CLAVIGER_OIDC_ISSUER", "is Claviger's own issuer, with which nobody can sign in");
    }
    return new SignInSettings(
        publicUrl,
        environment.isOn("CLAVIGER_LOCAL_SIGN_IN"),
        oidc,
        issuer,
        scim(environment, oidc.flatMap(OidcSettings::administratorGroup)));
  }

  private static ScimSettings scim(Environment environment, Optional<String> administrators) {
    Optional<String> given = environment.text(SCIM_SUBJECT);
    Optional<ScimSubject> subject = given.flatMap(ScimSubject::of);
    if (given.isPresent() && subject.isEmpty()) {
      environment.fault(
          SCIM_SUBJECT,
          "must be externalId or userName, an equals sign, and sub or oid, such as externalId=oid");
    }
    boolean byGroup = environment.isOn(SCIM_ADMIN_GROUP, false);
    if (byGroup && environment.text("CLAVIGER_OIDC_ADMIN_GROUP").isEmpty()) {
      environment.fault(SCIM_ADMIN_GROUP, "needs CLAVIGER_OIDC_ADMIN_GROUP, which names the group");
    }
    return new ScimSettings(
        subject.orElse(ScimSubject.DEFAULT),
        environment.isOn("CLAVIGER_SCIM_DELETE", false),
        administrators.filter(group -> byGroup));
  }

  private static Optional<Issuer> issuer(Environment environment, Optional<URI> publicUrl) {
    Optional<String> given = environment.text(ISSUER_URL).map(text -> text.replaceAll("/+$", ""));
    try {
      if (given.isPresent()) {
        return given.map(Issuer::new);
      }
    } catch (InvalidValue e) {
      environment.fault(ISSUER_URL, "must be https:// with a host, without query or fragment");
      return Optional.empty();
    }
    return publicUrl.filter(Issuer::isSafe).map(url -> new Issuer(url.toString()));
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
