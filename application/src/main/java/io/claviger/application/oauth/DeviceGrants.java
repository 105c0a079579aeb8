package io.claviger.application.oauth;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
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

/** The steps that give a device its access tokens. The device itself is not authenticated. */
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
   * The maximum number of device sign-ins that wait for approval at the same time. When this many
   * sign-ins wait, a new sign-in removes the oldest waiting sign-ins from the address block with
   * the most waiting sign-ins.
   */
  int MOST_OPEN = 10_000;

  /** The maximum number of waiting device sign-ins from one address or one /64 IPv6 network. */
  int MOST_OPEN_OF_ADDRESS = 50;

  /** The maximum number of waiting device sign-ins from a /56 IPv6 network. */
  int MOST_OPEN_OF_WIDE = 200;

  /** The maximum number of waiting device sign-ins from a /48 IPv6 network. */
  int MOST_OPEN_OF_SITE = 800;

  /** The device that sends a request. Only the device's address and certificate are known. */
  record Requester(CallerOrigin origin, String requestId) {
    /** Creates a device that presents no certificate. */
    public Requester(String address, String requestId) {
      this(new CallerOrigin(address), requestId);
    }

    String address() {
      return origin.address();
    }

    /**
     * Returns the actor for this device's requests: the user for whom the device requests tokens.
     * The requests need no rights of an administrator, so they don't fail if the user loses such
     * rights.
     */
    Actor as(User.Id user, Handle handle) {
      return new Actor(user, handle, false, Optional.empty(), address(), requestId);
    }
  }

  /** Begins a device sign-in, which a user must approve within ten minutes. */
  DeviceGrantStart begin(TokenScope scope, Requester from);

  /**
   * Gives the device its access token after the user has approved the sign-in. If several polls
   * come at the same time, only one of them gets the token. All other polls get the answer that the
   * code is unknown. Each poll that comes too soon increases the required polling interval by five
   * seconds.
   */
  Granting redeem(DeviceCode code, Requester from);

  /**
   * Renews a device sign-in. The sign-in's access token gets a new text and a new expiry, and its
   * refresh token is replaced. From now on, the former text of the access token is refused. If a
   * replaced refresh token is used, the sign-in ends, because two parties have the token, and one
   * of them must have stolen it (RFC 9700, 4.14.2). Two simultaneous uses of a refresh token also
   * end the sign-in. One of the requests gets tokens, but Claviger refuses these tokens as soon as
   * it has answered the other request.
   *
   * <p>If the access token is bound to addresses or a certificate, a refresh from another address
   * or without the certificate is refused and recorded. This refusal does not end the sign-in.
   *
   * @param scope the requested scope, which must equal the scope of the sign-in; if empty, the
   *     scope of the sign-in is requested
   */
  Granting refresh(RefreshToken token, Optional<TokenScope> scope, Requester from);

  /**
   * Refuses a text that is not a refresh token, with the same answer with which {@link #refresh}
   * refuses an unknown refresh token.
   */
  Granting refuse(Requester from);

  /**
   * Immediately ends the device sign-in to which a leaked refresh token belongs. The sign-in's
   * access token ends too, together with the narrower tokens made from it. The leaked refresh token
   * might already have been replaced. Anybody who has the token's text may call this method. If the
   * token belongs to no present sign-in, nothing happens. The audit trail informs the user that the
   * sign-in was ended.
   *
   * @throws io.claviger.application.shared.RefusedException if the token was not ended, because
   *     others kept changing it at the same time; report it again
   */
  void endLeaked(RefreshToken token, Requester from);

  /**
   * Deletes device sign-ins that were not approved in time, and expired tokens that programs
   * obtained. A periodic task calls this. Returns how many sign-ins and tokens were deleted.
   */
  int removeExpired();

  /**
   * The result of an attempt to begin a device sign-in. The result is the new sign-in, or a refusal
   * because too many sign-ins are already waiting.
   */
  sealed interface DeviceGrantStart {
    /**
     * @param interval the time that the device must wait between two polls
     */
    record Begun(DeviceCode deviceCode, UserCode userCode, Duration lifetime, Duration interval)
        implements DeviceGrantStart {}

    record TooMany(Duration retryAfter) implements DeviceGrantStart {}
  }

  /** The tokens of a device, or the reason why the device gets no tokens. */
  sealed interface Granting {
    /**
     * @param at the time at which the token's lifetime begins
     */
    record Granted(AccessToken token, TokenText text, RefreshToken refreshToken, Instant at)
        implements Granting {}

    record Refused(Why why) implements Granting {
      /**
       * Returns the answer to a device's request, after the change that the request needs was
       * refused. If the same request might succeed later, the answer says so, so that the device
       * does not forget a sign-in that has not ended.
       */
      static Refused of(Refusal refusal) {
        boolean mayPass =
            refusal instanceof Refusal.TooMany
                || (refusal instanceof Refusal.Conflict conflict
                    && conflict.code().equals(Refusal.Conflict.CONCURRENT_CHANGE.code()));
        return new Refused(mayPass ? Why.TEMPORARILY_UNAVAILABLE : Why.INVALID_GRANT);
      }
    }
  }

  /**
   * The reasons why a device gets no token. The reasons have the names of the error codes of RFC
   * 6749 (5.2) and RFC 8628 (3.5), except for two additional reasons.
   */
  enum Why {
    AUTHORIZATION_PENDING,
    SLOW_DOWN,
    ACCESS_DENIED,
    EXPIRED_TOKEN,
    INVALID_GRANT,
    INVALID_SCOPE,

    /** The request conflicts with other changes at the moment. The sign-in has not ended. */
    TEMPORARILY_UNAVAILABLE,

    /**
     * The sign-in is bound to networks or a certificate, and the request comes from elsewhere or
     * lacks the certificate. The sign-in has not ended.
     */
    TOKEN_BOUND
  }
}
