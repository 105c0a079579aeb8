package io.claviger.web.oauth;

import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.web.server.Form;
import java.util.Optional;

/** Answers requests to refresh an access token (RFC 6749, 6). */
final class RefreshTokenGrant implements OAuthGrant {
  private final DeviceGrants devices;

  RefreshTokenGrant(DeviceGrants devices) {
    this.devices = devices;
  }

  @Override
  public String type() {
    return "refresh_token";
  }

  @Override
  public TokenAnswer grant(Form form, CallerOrigin origin, String requestId) {
    PublicClient.demand(form);
    String text =
        form.value("refresh_token")
            .orElseThrow(() -> new OAuthException("invalid_request", "refresh_token is missing."));
    Requester from = new Requester(origin, requestId);
    Optional<TokenScope> scope = Scopes.wanted(form);
    return DeviceAnswers.of(
        RefreshToken.presented(text)
            .map(token -> devices.refresh(token, scope, from))
            .orElseGet(() -> devices.refuse(from)));
  }
}
