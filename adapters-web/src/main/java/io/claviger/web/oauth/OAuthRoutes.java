package io.claviger.web.oauth;

import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code /oauth/device_authorization}, {@code /oauth/token}, and {@code /device}. {@code /device}
 * is the short address of the page on which users type a device's code.
 */
public final class OAuthRoutes implements RouteGroup {
  private static final String DEVICE = "/device";
  private static final String PAGE = "/console/device";
  private static final String DEVICE_AUTHORIZATION = "/oauth/device_authorization";
  private static final String TOKEN = "/oauth/token";

  private final DeviceGrants devices;
  private final Map<String, OAuthGrant> grants = new LinkedHashMap<>();
  private final NodeUrls urls;

  /**
   * @param others the grants that the token endpoint accepts besides those of the device sign-in
   */
  public OAuthRoutes(DeviceGrants devices, List<OAuthGrant> others, NodeUrls urls) {
    this.devices = devices;
    this.urls = urls;
    put(new DeviceCodeGrant(devices));
    put(new RefreshTokenGrant(devices));
    others.forEach(this::put);
  }

  private void put(OAuthGrant grant) {
    grants.put(grant.type(), grant);
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/.well-known/oauth-authorization-server").openGet(this::metadata);
    routes.at(DEVICE_AUTHORIZATION).openPost(OAuthErrors.answering(this::beginDevice));
    routes.at(TOKEN).openPost(OAuthErrors.answering(this::token));
    routes.at(DEVICE).openGet(call -> call.seeOther(PAGE));
  }

  private void metadata(OpenCall call) {
    String base = urls.api().toString();
    call.json(
        200,
        new Metadata(
            base,
            base + DEVICE_AUTHORIZATION,
            base + TOKEN,
            List.copyOf(grants.keySet()),
            List.of(),
            Scopes.NAMES,
            List.of("none")));
  }

  private void beginDevice(OpenCall call) {
    Form form = call.form();
    PublicClient.demand(form);
    DeviceGrantStart beginning =
        devices.begin(
            Scopes.wanted(form).orElse(Scopes.DEFAULT),
            new Requester(call.from(), call.requestId()));
    switch (beginning) {
      case DeviceGrantStart.Begun begun ->
          call.json(
              200,
              new DeviceJson(
                  begun.deviceCode().reveal(),
                  begun.userCode().shown(),
                  urls.api() + DEVICE,
                  begun.lifetime().toSeconds(),
                  begun.interval().toSeconds()));
      case DeviceGrantStart.TooMany many ->
          throw new ProblemException(Problems.rateLimited(many.retryAfter()));
    }
  }

  private void token(OpenCall call) {
    Form form = call.form();
    String type =
        form.value("grant_type")
            .orElseThrow(() -> new OAuthException("invalid_request", "grant_type is missing."));
    OAuthGrant grant = grants.get(type);
    if (grant == null) {
      throw new OAuthException(
          "unsupported_grant_type", "The metadata of this server lists the grant types.");
    }
    call.json(200, grant.grant(form, call.from(), call.requestId()));
  }

  /**
   * The metadata of the authorization server, as RFC 8414 defines them. The server has no
   * authorization endpoint, so the list of response types is empty.
   */
  private record Metadata(
      String issuer,
      String deviceAuthorizationEndpoint,
      String tokenEndpoint,
      List<String> grantTypesSupported,
      List<String> responseTypesSupported,
      List<String> scopesSupported,
      List<String> tokenEndpointAuthMethodsSupported) {}

  /**
   * The answer to a device's request for a code (RFC 8628, 3.2). The answer has no {@code
   * verification_uri_complete}, because the user has to type the code.
   */
  private record DeviceJson(
      String deviceCode, String userCode, String verificationUri, long expiresIn, long interval) {}

  /** Answers the requests with which a device polls for its token (RFC 8628, 3.4). */
  static final class DeviceCodeGrant implements OAuthGrant {
    private final DeviceGrants devices;

    DeviceCodeGrant(DeviceGrants devices) {
      this.devices = devices;
    }

    @Override
    public String type() {
      return "urn:ietf:params:oauth:grant-type:device_code";
    }

    @Override
    public TokenAnswer grant(Form form, CallerOrigin from, String requestId) {
      PublicClient.demand(form);
      DeviceCode code =
          form.value("device_code")
              .map(DeviceCode::presented)
              .orElseThrow(() -> new OAuthException("invalid_request", "device_code is missing."));
      return DeviceAnswers.of(devices.redeem(code, new Requester(from, requestId)));
    }
  }

  /**
   * If the form of a request is refused, the answer is an OAuth error. If a caller makes too many
   * requests, or the server is busy or has failed, the answer is a problem document (RFC 9457), as
   * on other paths.
   */
  private static final class OAuthErrors {
    private static final Set<Integer> OF_THE_FORM = Set.of(400, 413, 415);

    private OAuthErrors() {}

    private record ErrorJson(String error, String errorDescription) {}

    static Routes.OpenHandler answering(Routes.OpenHandler handler) {
      return call -> {
        try {
          handler.to(call);
        } catch (OAuthException e) {
          answer(call, e);
        } catch (ProblemException e) {
          if (!OF_THE_FORM.contains(e.problem().status())) {
            throw e;
          }
          answer(call, ofRequest(e.problem()));
        }
      };
    }

    private static void answer(OpenCall call, OAuthException e) {
      call.discardBody();
      e.retryAfter()
          .ifPresent(wait -> call.ctx().header("Retry-After", String.valueOf(wait.toSeconds())));
      call.json(e.status(), new ErrorJson(e.error(), e.description()));
    }

    /** Returns the error for a form that the server could not read. */
    private static OAuthException ofRequest(Problem problem) {
      return new OAuthException(problem.status(), "invalid_request", problem.detail());
    }
  }
}
