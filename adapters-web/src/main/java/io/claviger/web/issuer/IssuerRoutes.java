package io.claviger.web.issuer;

import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.issuer.StatementIssuer.IssuerStatus;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Field;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Serves the issuer's metadata and key set, which anybody may read, and {@code /v1/issuer}, which
 * shows the issuer's keys and rotates them.
 */
public final class IssuerRoutes implements RouteGroup {
  private static final String CACHED = "public, max-age=300";

  private final StatementIssuer issuer;

  public IssuerRoutes(StatementIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/.well-known/openid-configuration").openGet(this::metadata);
    routes.at("/oauth/keys").openGet(this::keySet);
    routes.at("/v1/issuer").get(this::show, "service");
    routes.at("/v1/issuer/_rotate").post(this::rotate);
    routes.at("/v1/issuer/_revoke").post(this::revoke);
  }

  private Issuer known() {
    return issuer.address().orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
  }

  private void metadata(OpenCall call) {
    MetadataJson metadata = MetadataJson.of(known());
    call.ctx().header("Cache-Control", CACHED);
    call.json(200, metadata);
  }

  private void keySet(OpenCall call) {
    Issuer unused = known();
    List<VerificationKey> published = issuer.keySet();
    if (published.isEmpty()) {
      // Providers cache the key set. A provider with an empty key set in its cache would refuse
      // every statement.
      throw new ProblemException(
          Problems.unavailable("The issuer has no usable key yet. Try again."));
    }
    KeySetJson keys = KeySetJson.of(published);
    call.ctx().header("Cache-Control", CACHED);
    call.json(200, keys);
  }

  private void show(ApiCall call) {
    Optional<Instance.Ref> service = call.query().value("service", Instance.Ref::of);
    call.query().rejectUnread();
    answer(call, issuer.show(call.actor(), service));
  }

  private void rotate(ApiCall call) {
    boolean uploaded =
        call.optionalBody(IssuerRoutes::uploaded).flatMap(Field::given).orElse(false);
    answer(call, uploaded ? issuer.confirmUpload(call.actor()) : issuer.rotate(call.actor()));
  }

  private static Field<Boolean> uploaded(JsonObject fields) {
    Field<Boolean> uploaded = fields.value("uploaded", JsonConverter.FLAG);
    fields.rejectUnread();
    return uploaded;
  }

  private void revoke(ApiCall call) {
    call.emptyBody();
    answer(call, issuer.revoke(call.actor()));
  }

  private static void answer(ApiCall call, Outcome<IssuerStatus> outcome) {
    call.ok(IssuerJson.of(Problems.valueOf(outcome)));
  }

  /**
   * The metadata of the issuer (OpenID Connect Discovery 1.0, 3). The metadata contain only members
   * that have a meaning for this issuer.
   */
  record MetadataJson(
      String issuer,
      String jwksUri,
      List<String> responseTypesSupported,
      List<String> subjectTypesSupported,
      List<String> idTokenSigningAlgValuesSupported,
      List<String> claimsSupported) {
    static MetadataJson of(Issuer issuer) {
      return new MetadataJson(
          issuer.value(),
          FederationGuide.keySetUrl(issuer),
          List.of("id_token"),
          List.of("public"),
          List.of("RS256"),
          List.of("iss", "sub", "aud", "iat", "exp", "jti", "claviger/owner", "claviger/handle"));
    }
  }

  record KeySetJson(List<KeyJson> keys) {
    static KeySetJson of(List<VerificationKey> keys) {
      return new KeySetJson(keys.stream().map(KeyJson::of).toList());
    }

    /** A JWK (RFC 7517). The JWK has no further members, because Google accepts none. */
    record KeyJson(String kty, String alg, String use, String kid, String n, String e) {
      static KeyJson of(VerificationKey key) {
        return new KeyJson("RSA", "RS256", "sig", key.kid(), key.n(), key.e());
      }
    }
  }

  record IssuerJson(
      String issuer,
      String metadataUrl,
      String keySetUrl,
      MetadataJson metadata,
      KeySetJson keySet,
      List<StateJson> keys,
      List<GuideJson> providers) {
    static IssuerJson of(IssuerStatus status) {
      return new IssuerJson(
          status.issuer().value(),
          FederationGuide.metadataUrl(status.issuer()),
          FederationGuide.keySetUrl(status.issuer()),
          MetadataJson.of(status.issuer()),
          KeySetJson.of(status.keySet()),
          status.keys().stream().map(StateJson::of).toList(),
          status.guides().stream().map(GuideJson::of).toList());
    }
  }

  record StateJson(
      String kid,
      String state,
      Instant createdAt,
      Optional<Instant> shownAt,
      Optional<Instant> signsFrom,
      Optional<Instant> endsAt) {
    static StateJson of(IssuerKey key) {
      return new StateJson(
          key.kid(),
          key.state().wireName(),
          key.createdAt(),
          key.shownAt(),
          key.signsFrom(),
          key.endsAt());
    }
  }

  record GuideJson(String provider, String title, List<EntryJson> entries) {
    static GuideJson of(FederationGuide guide) {
      return new GuideJson(
          guide.provider().wireName(),
          guide.title(),
          guide.entries().stream().map(one -> new EntryJson(one.label(), one.value())).toList());
    }
  }

  record EntryJson(String label, String value) {}
}
