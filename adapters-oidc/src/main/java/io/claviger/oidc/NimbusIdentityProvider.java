package io.claviger.oidc;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCError;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.keys.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Implements {@link IdentityProvider} with the Nimbus SDK for OAuth 2.0 and OpenID Connect. */
public final class NimbusIdentityProvider implements IdentityProvider, AutoCloseable {
  /**
   * The OpenID Connect errors with which the provider asks the person who signs in for an action,
   * such as a new sign-in.
   */
  private static final Set<ErrorObject> ABOUT_ONE_PERSON =
      Set.of(
          OIDCError.INTERACTION_REQUIRED,
          OIDCError.LOGIN_REQUIRED,
          OIDCError.ACCOUNT_SELECTION_REQUIRED,
          OIDCError.CONSENT_REQUIRED);

  private static final Logger LOG = LoggerFactory.getLogger(NimbusIdentityProvider.class);
  private static final Duration LOG_EACH = Duration.ofMinutes(1);

  /**
   * The {@code max_age}, in seconds, that asks for a proof in any case. It means the same as {@code
   * prompt=login}, but also obliges the provider to state {@code auth_time} (OpenID Connect Core,
   * 3.1.2.1). A provider that does not know the parameter ignores it (RFC 6749, 3.1).
   */
  private static final int PROOF_IN_ANY_CASE = 0;

  /**
   * The {@code max_age}, in seconds, of other sign-ins: a year. Providers that state {@code
   * auth_time} only if there is a {@code max_age} then state it for these sign-ins, too.
   */
  private static final int OLDEST_PROOF = 365 * 24 * 60 * 60;

  private static final String OFFLINE = "offline_access";

  private final OidcSettings settings;

  private final ClientID client;
  private final ProviderHttp http;
  private final Discovery discovery;
  private final InstantSource clock;

  /** When the log last said that the provider refuses the client. */
  private final AtomicReference<Instant> refusedClientLogged = new AtomicReference<>(Instant.EPOCH);

  private static final int LONGEST_OBJECT_ID = 255;

  private NimbusIdentityProvider(OidcSettings settings, ProviderHttp http, InstantSource clock) {
    this.settings = settings;
    this.client = new ClientID(settings.client().id());
    this.http = http;
    this.discovery = new Discovery(settings.issuer(), http, clock);
    this.clock = clock;
  }

  /**
   * Creates an object that trusts the same certificates as the JVM. This method does not yet fetch
   * anything from the identity provider.
   */
  public static NimbusIdentityProvider of(OidcSettings settings, InstantSource clock) {
    return of(
        settings,
        new ProviderHttp(DefaultClientTlsStrategy.createSystemDefault(), ProviderHttp.TIMEOUT),
        clock);
  }

  static NimbusIdentityProvider of(OidcSettings settings, ProviderHttp http, InstantSource clock) {
    return new NimbusIdentityProvider(settings, http, clock);
  }

  @Override
  public URI authorizationUri(String state, String nonce, String verifier, boolean again) {
    OIDCProviderMetadata metadata = discovery.provider().metadata();
    return new AuthenticationRequest.Builder(
            ResponseType.CODE, scope(metadata), client, settings.client().redirectUri())
        .endpointURI(metadata.getAuthorizationEndpointURI())
        .state(new State(state))
        .nonce(new Nonce(nonce))
        .codeChallenge(new CodeVerifier(verifier), CodeChallengeMethod.S256)
        .maxAge(again ? PROOF_IN_ANY_CASE : OLDEST_PROOF)
        .build()
        .toURI();
  }

  /**
   * Returns the scopes to request in a sign-in. Leaves out the scope for offline access if the
   * provider's list of supported scopes lacks it, because the provider would otherwise refuse the
   * request.
   */
  private Scope scope(OIDCProviderMetadata metadata) {
    boolean offline = metadata.getScopes() == null || metadata.getScopes().contains(OFFLINE);
    List<String> wanted =
        settings.scopes().stream().filter(one -> offline || !one.equals(OFFLINE)).toList();
    return new Scope(wanted.toArray(String[]::new));
  }

  @Override
  public ProvidedIdentity exchange(
      String code, Optional<String> issuer, String nonce, String verifier) {
    Discovery.DiscoveredProvider provider = discovery.provider();
    demandIssuer(provider.metadata(), issuer);
    OIDCTokenResponse response =
        switch (ask(
            provider.metadata(),
            new AuthorizationCodeGrant(
                new AuthorizationCode(code),
                settings.client().redirectUri(),
                new CodeVerifier(verifier)))) {
          case OIDCTokenResponse given -> given;
          case TokenErrorResponse refused -> throw refusal(refused.getErrorObject());
          default -> throw new InvalidResponse("The identity provider sent no id token.");
        };
    if (response.getOIDCTokens().getIDToken() == null) {
      throw new InvalidResponse("The identity provider sent no id token.");
    }
    // If the answer states no scope, everything that was requested is granted (RFC 6749, 5.1).
    return person(provider, response, idToken(provider, response, Optional.of(nonce)), true);
  }

  /**
   * Requires that an answer names this provider as its issuer, so that answers from other providers
   * are not accepted (RFC 9207).
   */
  private void demandIssuer(OIDCProviderMetadata metadata, Optional<String> issuer) {
    boolean missing = issuer.isEmpty() && metadata.supportsAuthorizationResponseIssuerParam();
    if (missing || issuer.filter(named -> !named.equals(settings.issuer().value())).isPresent()) {
      throw new InvalidResponse("The answer comes from another identity provider.");
    }
  }

  private RuntimeException refusal(@Nullable ErrorObject error) {
    if (OAuth2Error.INVALID_GRANT.equals(error)) {
      return new InvalidResponse("The identity provider does not accept the code. Sign in again.");
    }
    if (isAboutClient(error)) {
      warnOfRefusedClient();
      return new ProviderUnavailable(
          "The identity provider refuses Claviger's client id or secret. Tell an administrator.",
          false);
    }
    return new ProviderUnavailable("The identity provider refuses to answer.", false);
  }

  private static boolean isAboutClient(@Nullable ErrorObject error) {
    return OAuth2Error.INVALID_CLIENT.equals(error)
        || OAuth2Error.UNAUTHORIZED_CLIENT.equals(error);
  }

  /** Warns the operator at most once per minute, because anybody can begin sign-ins. */
  private void warnOfRefusedClient() {
    Instant now = clock.instant();
    Instant last = refusedClientLogged.get();
    boolean due = Duration.between(last, now).abs().compareTo(LOG_EACH) >= 0;
    if (due && refusedClientLogged.compareAndSet(last, now)) {
      LOG.warn(
          "the identity provider refuses CLAVIGER_OIDC_CLIENT_ID or CLAVIGER_OIDC_CLIENT_SECRET;"
              + " perhaps the secret has expired. Until the settings are right, nobody can sign in"
              + " with the identity provider, and people who have left are not suspended");
    }
  }

  private TokenResponse ask(OIDCProviderMetadata metadata, AuthorizationGrant grant) {
    try {
      HTTPResponse response = tokenRequest(metadata, grant).toHTTPRequest().send(http);
      if (response.getStatusCode() >= HTTPResponse.SC_SERVER_ERROR) {
        throw new ProviderUnavailable(
            "The identity provider answered with an internal error. Try again later.", false);
      }
      return OIDCTokenResponseParser.parse(response);
    } catch (IOException e) {
      throw Failures.of(e);
    } catch (ParseException e) {
      throw new ProviderUnavailable("The identity provider's answer can't be read.", false, e);
    }
  }

  private TokenRequest tokenRequest(OIDCProviderMetadata metadata, AuthorizationGrant grant) {
    URI endpoint = metadata.getTokenEndpointURI();
    return settings
        .client()
        .secret()
        .map(secret -> new TokenRequest.Builder(endpoint, authentication(metadata, secret), grant))
        .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant))
        .build();
  }

  private ClientAuthentication authentication(OIDCProviderMetadata metadata, Secret secret) {
    List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
    com.nimbusds.oauth2.sdk.auth.Secret text =
        new com.nimbusds.oauth2.sdk.auth.Secret(NimbusSecrets.of(secret));
    boolean basic =
        methods == null
            || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            || !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    return basic ? new ClientSecretBasic(client, text) : new ClientSecretPost(client, text);
  }

  @Override
  public Refreshed refresh(Secret refreshToken, Identity expected, boolean offline) {
    Discovery.DiscoveredProvider provider = discovery.provider();
    String text = NimbusSecrets.of(refreshToken);
    TokenResponse answer = ask(provider.metadata(), new RefreshTokenGrant(new RefreshToken(text)));
    if (answer instanceof TokenErrorResponse refused) {
      if (OAuth2Error.INVALID_GRANT.equals(refused.getErrorObject())) {
        return new Refreshed.Ended();
      }
      if (ABOUT_ONE_PERSON.contains(refused.getErrorObject())) {
        return new Refreshed.SignInRequired();
      }
      if (OAuth2Error.INVALID_CLIENT.equals(refused.getErrorObject())) {
        warnOfRefusedClient();
      }
      throw new ProviderUnavailable("The identity provider refuses to answer.", false);
    }
    // If the answer states no scope, the scope of the sign-in still applies (RFC 6749, 6), but
    // offline access counts as granted only if the operator still requests it: an operator who no
    // longer requests it wants people to sign in regularly.
    boolean lasting = offline && settings.scopes().contains(OFFLINE);
    OIDCTokenResponse response = (OIDCTokenResponse) answer;
    Optional<ProvidedIdentity> person;
    try {
      Optional<IDTokenClaimsSet> idToken = idToken(provider, response, Optional.empty());
      person =
          isAboutAnother(idToken, expected)
              ? Optional.empty()
              : Optional.of(person(provider, response, idToken, lasting));
    } catch (ProviderUnavailable | InvalidResponse e) {
      return grant(response, lasting)
          .map(replacement -> new Refreshed.Replaced(replacement, e))
          .orElseThrow(() -> e);
    }
    if (person.filter(found -> found.identity().equals(expected)).isEmpty()) {
      // The refresh token in such an answer is not used, because it belongs to somebody else.
      person
          .flatMap(ProvidedIdentity::grant)
          .map(ProvidedIdentity.Grant::refreshToken)
          .ifPresent(Secret::close);
      throw new InvalidResponse("The identity provider answers about somebody else.");
    }
    return new Refreshed.Current(kept(person.get(), text, lasting));
  }

  private static boolean isAboutAnother(Optional<IDTokenClaimsSet> idToken, Identity expected) {
    return idToken
        .filter(token -> !token.getSubject().getValue().equals(expected.subject().value()))
        .isPresent();
  }

  /**
   * Adds the former refresh token if the provider sent no new one, because the former token then
   * stays valid.
   *
   * @param offline whether the former token outlives the person's session at the provider
   */
  private static ProvidedIdentity kept(ProvidedIdentity person, String text, boolean offline) {
    if (person.grant().isPresent()) {
      return person;
    }
    return new ProvidedIdentity(
        person.identity(),
        person.handle(),
        person.name(),
        person.email(),
        person.groups(),
        person.session(),
        Optional.of(new ProvidedIdentity.Grant(NimbusSecrets.secret(text), offline)),
        person.objectId(),
        person.sinceProof());
  }

  private Optional<IDTokenClaimsSet> idToken(
      Discovery.DiscoveredProvider provider, OIDCTokenResponse response, Optional<String> nonce) {
    return Optional.ofNullable(response.getOIDCTokens().getIDToken())
        .map(token -> validation(provider).validateIdToken(token, nonce));
  }

  /**
   * @param offline whether offline access counts as granted if the answer does not state the scopes
   */
  private ProvidedIdentity person(
      Discovery.DiscoveredProvider provider,
      OIDCTokenResponse response,
      Optional<IDTokenClaimsSet> idToken,
      boolean offline) {
    PersonClaims claims =
        new PersonClaims(
            settings.claims(),
            idToken.<Map<String, Object>>map(IDTokenClaimsSet::toJSONObject).orElse(Map.of()));
    Optional<String> subject = idToken.map(token -> token.getSubject().getValue());
    if (subject.isEmpty() || claims.lacksSomething()) {
      Optional<Map<String, Object>> info =
          userInfo(provider.metadata(), response.getOIDCTokens().getAccessToken());
      info.ifPresent(one -> demandSame(subject, one));
      info.ifPresent(claims::add);
    }
    return new ProvidedIdentity(
        identity(claims),
        claims.handle(),
        claims.text("name"),
        claims.text("email"),
        claims.groups(),
        claims.text("sid"),
        grant(response, offline),
        idToken
            .map(token -> token.getClaim("oid"))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(NimbusIdentityProvider::isObjectId),
        idToken.flatMap(this::sinceProof));
  }

  /**
   * Returns how long ago the person has proven who they are, by the node's own clock, like all
   * times of ID tokens. A time in the future says nothing.
   */
  private Optional<Duration> sinceProof(IDTokenClaimsSet token) {
    Instant now = clock.instant();
    Instant latest = now.plus(TokenValidation.IdTokenClaimsCheck.TOLERANCE);
    return Optional.ofNullable(token.getAuthenticationTime())
        .map(Date::toInstant)
        .filter(proven -> !proven.isAfter(latest))
        .map(proven -> proven.isBefore(now) ? Duration.between(proven, now) : Duration.ZERO);
  }

  private static boolean isObjectId(String oid) {
    return !oid.isEmpty() && oid.length() <= LONGEST_OBJECT_ID && Characters.isLine(oid);
  }

  private TokenValidation validation(Discovery.DiscoveredProvider provider) {
    return new TokenValidation(provider.metadata().getIssuer(), client, provider.keys(), clock);
  }

  private Optional<Map<String, Object>> userInfo(OIDCProviderMetadata metadata, AccessToken token) {
    URI endpoint = metadata.getUserInfoEndpointURI();
    if (endpoint == null) {
      return Optional.empty();
    }
    try {
      UserInfoResponse response =
          UserInfoResponse.parse(new UserInfoRequest(endpoint, token).toHTTPRequest().send(http));
      if (!response.indicatesSuccess() || response.toSuccessResponse().getUserInfo() == null) {
        throw new ProviderUnavailable("The identity provider gives no user info.", false);
      }
      return Optional.of(response.toSuccessResponse().getUserInfo().toJSONObject());
    } catch (IOException e) {
      throw new ProviderUnavailable(String.valueOf(Failures.of(e).getMessage()), false, e);
    } catch (ParseException e) {
      throw new ProviderUnavailable("The identity provider's user info can't be read.", false, e);
    }
  }

  private static void demandSame(Optional<String> subject, Map<String, Object> info) {
    if (subject.filter(one -> !one.equals(info.get("sub"))).isPresent()) {
      throw new InvalidResponse("The identity provider's user info is about somebody else.");
    }
  }

  private Identity identity(PersonClaims claims) {
    try {
      return new Identity(
          settings.issuer(),
          new Subject(
              claims
                  .text("sub")
                  .orElseThrow(
                      () ->
                          new InvalidResponse(
                              "The identity provider did not say who signed in."))));
    } catch (InvalidValue e) {
      throw new InvalidResponse("The identity provider's subject can't be used.", e);
    }
  }

  /**
   * @param unlessStated whether offline access counts as granted if the answer does not state the
   *     scopes
   */
  private Optional<ProvidedIdentity.Grant> grant(OIDCTokenResponse response, boolean unlessStated) {
    boolean granted =
        Optional.ofNullable(response.getOIDCTokens().getAccessToken().getScope())
            .map(scope -> scope.contains(OFFLINE))
            .orElse(unlessStated);
    boolean offline = granted && settings.scopes().contains(OFFLINE);
    return Optional.ofNullable(response.getOIDCTokens().getRefreshToken())
        .map(token -> new ProvidedIdentity.Grant(NimbusSecrets.secret(token.getValue()), offline));
  }

  @Override
  public LoggedOut validateLogout(String logoutToken) {
    LogoutTokenClaimsSet claims = validation(discovery.provider()).validateLogoutToken(logoutToken);
    try {
      return new LoggedOut(
          Optional.ofNullable(claims.getSubject())
              .map(subject -> new Identity(settings.issuer(), new Subject(subject.getValue()))),
          Optional.ofNullable(claims.getSessionID()).map(session -> session.getValue()));
    } catch (InvalidValue | IllegalArgumentException e) { // Nimbus refuses blank names
      throw new InvalidResponse("The logout token's subject or session can't be used.", e);
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
