package io.claviger.application.oauth;

import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.oauth.UserCode;

/** Generates the codes and tokens of device sign-ins. */
final class DeviceSecrets {
  private final RandomBytes random;

  DeviceSecrets(RandomBytes random) {
    this.random = random;
  }

  DeviceCode deviceCode() {
    return DeviceCode.of(random.next(DeviceCode.RANDOM_BYTES));
  }

  UserCode userCode() {
    return UserCode.of(random.next(UserCode.RANDOM_BYTES));
  }

  TokenText accessToken() {
    return TokenText.of(random.next(96));
  }

  RefreshToken firstRefreshToken() {
    return RefreshToken.first(
        random.next(RefreshToken.FAMILY_BYTES), random.next(RefreshToken.RANDOM_BYTES));
  }

  RefreshToken after(RefreshToken token) {
    return token.next(random.next(RefreshToken.RANDOM_BYTES));
  }
}
