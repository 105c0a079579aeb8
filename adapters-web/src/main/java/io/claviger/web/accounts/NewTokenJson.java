package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import java.util.Optional;

/**
 * A new access token, including the token's text. Only this answer contains the text.
 *
 * @param ended the credentials that a recovery ended; absent from the answer if the token is not a
 *     recovery token
 */
record NewTokenJson(
    @JsonUnwrapped TokenJson about,
    @JsonProperty("token") String text,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<EndedJson> ended) {
  static NewTokenJson of(IssuedToken issued) {
    return new NewTokenJson(
        TokenJson.of(issued.token()), issued.text().reveal(), issued.ended().map(EndedJson::of));
  }
}
