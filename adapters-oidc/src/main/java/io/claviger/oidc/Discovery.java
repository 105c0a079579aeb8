package io.claviger.oidc;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderConfigurationRequest;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.shared.Elapsed;
import io.claviger.domain.identity.Issuer;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider's metadata and keys (OpenID Connect Discovery), fetched when they are first
 * needed. The metadata are kept for an hour, or longer if they can't be fetched again. The keys are
 * kept for five minutes. If a token was signed with an unknown key, the keys are fetched again, but
 * at most twice a minute.
 */
final class Discovery {
  private static final Duration FRESH = Duration.ofHours(1);

  /**
   * The time after a failure during which requests fail without being sent, so that they do not
   * queue up.
   */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration KEYS_FRESH = Duration.ofMinutes(5);
  private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration KEYS_INTERVAL = Duration.ofMinutes(1);
  private static final Duration KEYS_OUTAGE = Duration.ofHours(4);

  private final Issuer issuer;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable DiscoveredProvider known;
  private volatile @Nullable Failure failure;

  Discovery(Issuer issuer, ProviderHttp http, InstantSource clock) {
    this.issuer = issuer;
    this.http = http;
    this.clock = clock;
  }

  /** The provider's endpoints and features, from its metadata. */
  record DiscoveredProvider(
      OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys, Instant fetchedAt) {}

  private record Failure(ProviderUnavailable why, Instant at) {}

  /**
   * @throws ProviderUnavailable if the metadata can't be fetched
   */
  DiscoveredProvider provider() {
    Optional<DiscoveredProvider> fresh = fresh();
    if (fresh.isPresent()) {
      return fresh.get();
    }
    fetching.lock();
    try {
      return fresh().orElseGet(this::fetchUnlessFailed);
    } finally {
      fetching.unlock();
    }
  }

  private Optional<DiscoveredProvider> fresh() {
    return Optional.ofNullable(known)
        .filter(one -> Elapsed.isWithin(FRESH, one.fetchedAt(), clock.instant()));
  }

  private DiscoveredProvider fetchUnlessFailed() {
    Failure last = failure;
    if (last != null && Elapsed.isWithin(PAUSE, last.at(), clock.instant())) {
      return orFormer(last.why());
    }
    try {
      DiscoveredProvider fetched = fetch();
      known = fetched;
      failure = null;
      return fetched;
    } catch (ProviderUnavailable e) {
      failure = new Failure(e, clock.instant());
      return orFormer(e);
    }
  }

  private DiscoveredProvider orFormer(ProviderUnavailable why) {
    DiscoveredProvider former = known;
    if (former == null) {
      throw new ProviderUnavailable(String.valueOf(why.getMessage()), true, why);
    }
    return former;
  }

  private DiscoveredProvider fetch() {
    try {
      HTTPRequest request =
          new OIDCProviderConfigurationRequest(
                  new com.nimbusds.oauth2.sdk.id.Issuer(issuer.value()))
              .toHTTPRequest();
      HTTPResponse response = request.send(http);
      response.ensureStatusCode(HTTPResponse.SC_OK);
      OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(response.getBodyAsJSONObject());
      demandUsable(metadata);
      Optional<DiscoveredProvider> former = Optional.ofNullable(known);
      JWKSource<SecurityContext> keys =
          former
              // If the clock was set back, the former source of keys would fetch no new keys until
              // the clock has caught up.
              .filter(one -> !clock.instant().isBefore(one.fetchedAt()))
              .filter(one -> one.metadata().getJWKSetURI().equals(metadata.getJWKSetURI()))
              .map(DiscoveredProvider::keys)
              .orElseGet(() -> keys(metadata.getJWKSetURI()));
      return new DiscoveredProvider(metadata, keys, clock.instant());
    } catch (IOException e) {
      throw Failures.of(e);
    } catch (ParseException e) {
      throw unusable(e);
    }
  }

  private void demandUsable(OIDCProviderMetadata metadata) {
    if (!metadata.getIssuer().getValue().equals(issuer.value())) {
      throw new ProviderUnavailable(
          "The identity provider's issuer differs from CLAVIGER_OIDC_ISSUER.", true);
    }
    boolean complete =
        Stream.of(
                metadata.getAuthorizationEndpointURI(),
                metadata.getTokenEndpointURI(),
                metadata.getJWKSetURI())
            .allMatch(uri -> uri != null && Issuer.isSafe(uri));
    URI userInfo = metadata.getUserInfoEndpointURI();
    if (!complete || (userInfo != null && !Issuer.isSafe(userInfo))) {
      throw unusable(new GeneralException("an endpoint is missing or not https"));
    }
  }

  private static ProviderUnavailable unusable(Exception e) {
    return new ProviderUnavailable(
        "The identity provider's metadata do not follow OpenID Connect Discovery.", true, e);
  }

  private JWKSource<SecurityContext> keys(URI uri) {
    try {
      return JWKSourceBuilder.create(uri.toURL(), http)
          .cache(KEYS_FRESH.toMillis(), KEYS_TIMEOUT.toMillis())
          .refreshAheadCache(false)
          .rateLimited(KEYS_INTERVAL.toMillis())
          .outageTolerant(KEYS_OUTAGE.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw unusable(e);
    }
  }
}
