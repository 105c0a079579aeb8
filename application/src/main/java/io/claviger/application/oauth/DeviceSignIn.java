package io.claviger.application.oauth;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.oauth.DeviceAuthorization;
import java.time.Instant;

/**
 * Lets a user who is signed in to a browser approve or deny a device that shows a code. The code is
 * typed by the user. A page must never fill it in, since a link with somebody else's code would
 * then let that person's device in.
 *
 * <p>After five codes that no device shows, a session and its user are refused for ten minutes
 * ({@code 409 too_many_tries}), even with right codes. An address is refused after 50. Each node
 * counts separately.
 */
public interface DeviceSignIn {
  static DeviceSignIn of(
      DeviceCodeStore codes, CredentialStore credentials, AuditedChanges changes) {
    return new DeviceSignInUseCases(codes, credentials, new WrongCodes(), changes);
  }

  /**
   * Finds the device that shows a code.
   *
   * @param typed the code as the user typed it, in any case, with or without a dash
   * @return refused as not found when no device shows the code, or it has expired or was answered
   */
  Outcome<WaitingDevice> lookUp(SessionActor session, String typed);

  /**
   * Lets the device have an access token of the user. For a token of scope manage the user must
   * have signed in less than five minutes ago; otherwise the approval is refused with {@code
   * sign_in_again}. If the user signed in with an access token, the new one gets its limits and
   * lasts no longer.
   */
  Outcome<WaitingDevice> approve(SessionActor session, String typed);

  /** Tells the device that it gets no access token. */
  Outcome<WaitingDevice> deny(SessionActor session, String typed);

  /**
   * A device that waits for its user.
   *
   * @param userCode the user code as the device shows it, {@code BCDF-GHJK}
   * @param address the address from which the device asked
   * @param needsRecentSignIn whether this session's user must sign in again to approve it
   */
  record WaitingDevice(
      String userCode,
      TokenScope scope,
      String address,
      Instant createdAt,
      Instant expiresAt,
      boolean needsRecentSignIn) {
    static WaitingDevice of(DeviceAuthorization device, Instant signedInAt, Instant now) {
      return new WaitingDevice(
          device.userCode().shown(),
          device.scope(),
          device.address(),
          device.createdAt(),
          device.expiresAt(),
          !device.isApprovable(signedInAt, now));
    }
  }
}
