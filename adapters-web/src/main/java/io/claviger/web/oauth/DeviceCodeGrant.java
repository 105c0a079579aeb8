package io.claviger.web.oauth;

import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.web.server.Form;

/** The poll of a device for its token (RFC 8628, 3.4). */
final class DeviceCodeGrant implements OAuthGrant {
  private final DeviceGrants devices;

  DeviceCodeGrant(DeviceGrants devices) {
    this.devices = devices;
  }

  @Override
  public String type() {
    return "urn:ietf:params:oauth:grant-type:device_code";
  }

  @Override
  public TokenAnswer grant(Form form, String address, String requestId) {
    PublicClient.demand(form);
    DeviceCode code =
        form.value("device_code")
            .map(DeviceCode::presented)
            .orElseThrow(() -> new OAuthException("invalid_request", "device_code is missing."));
    return DeviceAnswers.of(devices.redeem(code, new Requester(address, requestId)));
  }
}
