package io.claviger.application.oauth;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.sessions.Session;
import java.time.Instant;

/**
 * Lets a user who is signed in to a browser approve or deny a device by its code. The user must
 * type the code. No page may fill in the code, because a link with another person's code could then
 * make the user approve that person's device.
 *
 * <p>A code is wrong if no device shows it. After five wrong codes, all further codes from the
 * session and from the user are refused for ten minutes ({@code 409 too_many_tries}). For each
 * address, 50 wrong codes are allowed. Each node counts wrong codes separately.
 */
public interface DeviceSignIn {
  static DeviceSignIn of(
      DeviceCodeStore codes, CredentialStore credentials, AuditedChanges changes) {
    return new DeviceSignInUseCases(codes, credentials, new WrongCodes(), changes);
  }

  /**
   * Finds the device that shows a code.
   *
   * @param typed the code as the user typed it, in upper or lower case, with or without a dash
   * @return the device; refused with {@code not_found} if no device shows the code, if the code has
   *     expired, or if a user has already approved or denied the device
   */
  Outcome<WaitingDevice> lookUp(SessionActor session, String typed);

  /**
   * Allows the device to get an access token of the user. For a token of scope {@code manage}, the
   * user must have signed in within the last five minutes. After an earlier sign-in, the approval
   * is refused with {@code sign_in_again}. If the user signed in with an access token, the device's
   * token has the same limits and does not expire later than the user's token.
   */
  Outcome<WaitingDevice> approve(SessionActor session, String typed);

  /** Denies the sign-in, so that the device gets no access token. */
  Outcome<WaitingDevice> deny(SessionActor session, String typed);

  /**
   * A device that waits for its user.
   *
   * @param userCode the user code in the form in which the device shows it, such as {@code
   *     BCDF-GHJK}
   * @param address the address from which the device requested the sign-in
   * @param needsRecentSignIn whether the user of the session must sign in again before they can
   *     approve the device
   */
  record WaitingDevice(
      String userCode, TokenScope scope, String address, boolean needsRecentSignIn) {
    static WaitingDevice of(DeviceAuthorization device, Session session, Instant now) {
      return new WaitingDevice(
          device.userCode().shown(),
          device.scope(),
          device.address(),
          !device.isApprovable(session, now));
    }
  }
}
