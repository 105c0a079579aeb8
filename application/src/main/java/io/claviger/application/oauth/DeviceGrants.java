package io.claviger.application.oauth;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.DeviceCode;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The steps by which a device gets access tokens. The device is not authenticated. */
public interface DeviceGrants {
  static DeviceGrants of(
      UserStore users,
      AccessTokenStore tokens,
      DeviceCodeStore codes,
      RefreshTokenStore refreshTokens,
      RandomBytes random,
      RejectedTokens rejected,
      AuditedChanges changes) {
    DeviceSecrets secrets = new DeviceSecrets(random);
    return new DeviceGrantUseCases(
        new DeviceCodeRedemption(users, tokens, codes, refreshTokens, secrets, changes),
        new TokenRefresh(users, tokens, refreshTokens, secrets, rejected, changes),
        codes,
        secrets,
        rejected,
        changes);
  }

  /**
   * How many device sign-ins may wait at the same time. If there are more, the oldest waiting
   * sign-ins in the most crowded block of addresses are removed.
   */
  int MOST_OPEN = 10_000;

  /**
   * How many waiting device sign-ins one address, or an IPv6 network of 64 bits, may have begun.
   */
  int MOST_OPEN_OF_ADDRESS = 50;

  /** How many waiting device sign-ins an IPv6 network of 56 bits may have begun. */
  int MOST_OPEN_OF_WIDE = 200;

  /** How many waiting device sign-ins an IPv6 network of 48 bits may have begun. */
  int MOST_OPEN_OF_SITE = 800;

  /** The sender of a request: a device, of which only the address and the certificate are known. */
  record Requester(CallerOrigin origin, String requestId) {
    /** Creates a device that has shown no certificate. */
    public Requester(String address, String requestId) {
      this(new CallerOrigin(address), requestId);
    }

    String address() {
      return origin.address();
    }

    /**
     * Returns the actor for requests of this device, which is the user for whom the device requests
     * tokens.
     */
    Actor as(User.Id user, Handle handle, boolean administrator) {
      return new Actor(user, handle, administrator, Optional.empty(), address(), requestId);
    }
  }

  /** Begins a device sign-in, which a user must approve within ten minutes. */
  DeviceGrantStart begin(TokenScope scope, Requester from);

  /**
   * Gives the device its access token, once its user has approved the sign-in. Only one of several
   * simultaneous polls gets the token; for the other polls, the answer is that the code is unknown.
   * Each poll that comes too soon makes the required interval between polls five seconds longer.
   */
  Granting redeem(DeviceCode code, Requester from);

  /**
   * Gives the access token of a device sign-in a new text and expiry, and replaces the refresh
   * token. The former text of the access token is refused from now on. If a refresh token is used
   * after it was replaced, the sign-in ends, because one of the two parties that used the token
   * must be a thief (RFC 9700, 4.14.2). Two simultaneous uses of the same refresh token also end
   * the sign-in: one request gets tokens, which are refused once the other request is answered.
   *
   * <p>If the access token is bound to addresses or a certificate, a refresh from another address
   * or without the certificate is refused and recorded, and changes nothing.
   *
   * @param scope the wanted scope, which must be the scope of the sign-in; empty means the scope of
   *     the sign-in
   */
  Granting refresh(RefreshToken token, Optional<TokenScope> scope, Requester from);

  /**
   * Refuses a text that is not a refresh token, in the same way as {@link #refresh} refuses an
   * unknown refresh token.
   */
  Granting refuse(Requester from);

  /**
   * Immediately ends the device sign-in of a refresh token that leaked. The sign-in's access token
   * ends too, with the narrower tokens that were made from it. The sign-in also ends if the leaked
   * refresh token has already been replaced. Anybody who has the token's text may do this. Nothing
   * happens if the text belongs to no sign-in, or if the sign-in has ended. The user learns from
   * the audit trail that the sign-in was ended.
   */
  void endLeaked(RefreshToken token, Requester from);

  /**
   * Deletes device sign-ins that nobody approved in time, and expired tokens that programs
   * obtained. A periodic task calls this. Returns how many sign-ins and tokens were deleted.
   */
  int removeExpired();

  /**
   * The beginning of a device sign-in, or the refusal because too many sign-ins are already
   * waiting.
   */
  sealed interface DeviceGrantStart {
    /**
     * @param interval how long to wait between two polls
     */
    record Begun(DeviceCode deviceCode, UserCode userCode, Duration lifetime, Duration interval)
        implements DeviceGrantStart {}

    record TooMany(Duration retryAfter) implements DeviceGrantStart {}
  }

  /** The tokens of a device, or the reason why the device gets no tokens. */
  sealed interface Granting {
    /**
     * @param at the beginning of the token's lifetime
     */
    record Granted(AccessToken token, TokenText text, RefreshToken refreshToken, Instant at)
        implements Granting {}

    record Refused(Why why) implements Granting {}
  }

  /**
   * The reasons why a device gets no token: the codes of RFC 6749 (5.2) and RFC 8628 (3.5), and one
   * more code.
   */
  enum Why {
    AUTHORIZATION_PENDING,
    SLOW_DOWN,
    ACCESS_DENIED,
    EXPIRED_TOKEN,
    INVALID_GRANT,
    INVALID_SCOPE,

    /**
     * The sign-in is bound to networks or a certificate, and this request does not come from these
     * networks or does not have this certificate. The sign-in has not ended.
     */
    TOKEN_BOUND
  }
}
