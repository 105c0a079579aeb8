package io.claviger.web.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.domain.accounts.TokenScope;
import java.time.Duration;
import java.util.Optional;

/**
 * A successful answer of the token endpoint (RFC 6749, 5.1).
 *
 * @param expiresIn the lifetime of the access token in whole seconds
 * @param issuedTokenType the type of the issued token; present only in answers to token exchanges
 *     (RFC 8693)
 */
public record TokenAnswer(
    String accessToken,
    String tokenType,
    long expiresIn,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> refreshToken,
    String scope,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> issuedTokenType) {

  public static TokenAnswer refreshable(
      String accessToken, Duration lifetime, String refreshToken, TokenScope scope) {
    return new TokenAnswer(
        accessToken,
        "Bearer",
        lifetime.toSeconds(),
        Optional.of(refreshToken),
        scope.wireName(),
        Optional.empty());
  }

  public static TokenAnswer exchanged(String accessToken, Duration lifetime, TokenScope scope) {
    return new TokenAnswer(
        accessToken,
        "Bearer",
        lifetime.toSeconds(),
        Optional.empty(),
        scope.wireName(),
        Optional.of("urn:ietf:params:oauth:token-type:access_token"));
  }

  @Override
  public String toString() {
    return "TokenAnswer[hidden]";
  }
}
