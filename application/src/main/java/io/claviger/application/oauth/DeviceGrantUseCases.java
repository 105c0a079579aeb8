package io.claviger.application.oauth;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.domain.oauth.RefreshToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class DeviceGrantUseCases implements DeviceGrants {
  /**
   * The time for which an expired code is reported as expired. After this time, the answer to a
   * poll is that the code is unknown.
   */
  private static final Duration REMEMBERED = DeviceAuthorization.LIFETIME;

  private static final int LONGEST_ADDRESS = 100;

  /**
   * The number of device sign-ins that are removed at once to make room. Because several are
   * removed at once, not every new sign-in has to search for the oldest sign-in.
   */
  private static final int MAKING_ROOM = 10;

  private final DeviceCodeRedemption redemption;
  private final TokenRefresh refresh;
  private final DeviceCodeStore codes;
  private final DeviceSecrets secrets;
  private final RejectedTokens rejected;
  private final AuditedChanges changes;

  DeviceGrantUseCases(
      DeviceCodeRedemption redemption,
      TokenRefresh refresh,
      DeviceCodeStore codes,
      DeviceSecrets secrets,
      RejectedTokens rejected,
      AuditedChanges changes) {
    this.redemption = redemption;
    this.refresh = refresh;
    this.codes = codes;
    this.secrets = secrets;
    this.rejected = rejected;
    this.changes = changes;
  }

  @Override
  public DeviceGrantStart begin(TokenScope scope, Requester from) {
    DeviceCode code = secrets.deviceCode();
    Instant now = codes.now();
    DeviceAuthorization device =
        new DeviceAuthorization(
            changes.ids().next(),
            secrets.userCode(),
            scope,
            shortened(from.address()),
            now,
            now.plus(DeviceAuthorization.LIFETIME),
            DeviceAuthorization.INTERVAL,
            Optional.empty(),
            Optional.empty());
    return changes
        .transactions()
        .inTransaction(
            () -> {
              DeviceCodeStore.Open open = codes.lockAndCount(device.address());
              if (open.ofAddress() >= MOST_OPEN_OF_ADDRESS
                  || open.ofWide() >= MOST_OPEN_OF_WIDE
                  || open.ofSite() >= MOST_OPEN_OF_SITE
                  || (open.inAll() >= MOST_OPEN
                      && codes.deleteOldestOfMostCrowded(MAKING_ROOM) == 0)) {
                return new DeviceGrantStart.TooMany(Duration.ofMinutes(1));
              }
              codes.insert(device, code.hash());
              return new DeviceGrantStart.Begun(
                  code,
                  device.userCode(),
                  DeviceAuthorization.LIFETIME,
                  DeviceAuthorization.INTERVAL);
            });
  }

  /** Shortens an address that is too long. Only a trusted proxy can send such a long address. */
  private static String shortened(String address) {
    return address.substring(0, Math.min(address.length(), LONGEST_ADDRESS));
  }

  @Override
  public Granting redeem(DeviceCode code, Requester from) {
    return redemption.redeem(code, from).orElseGet(() -> refuse(from));
  }

  @Override
  public Granting refresh(RefreshToken token, Optional<TokenScope> scope, Requester from) {
    return refresh.refresh(token, scope, from).orElseGet(() -> refuse(from));
  }

  /** Records an unknown refresh token in the same way as an unknown access token. */
  @Override
  public Granting refuse(Requester from) {
    Optional<Duration> unused =
        rejected.countAndRecord(from.address(), from.requestId(), changes.now());
    return new Granting.Refused(Why.INVALID_GRANT);
  }

  @Override
  public void endLeaked(RefreshToken token, Requester from) {
    refresh.endLeaked(token, from);
  }

  @Override
  public int removeExpired() {
    return codes.deleteExpired(REMEMBERED) + redemption.removeEnded();
  }
}
