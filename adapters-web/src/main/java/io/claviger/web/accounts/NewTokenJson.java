package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;

/** A new access token with its text. The text is shown only here, once. */
record NewTokenJson(@JsonUnwrapped TokenJson about, @JsonProperty("token") String text) {
  static NewTokenJson of(AccessToken token, TokenText text) {
    return new NewTokenJson(TokenJson.of(token), text.reveal());
  }
}
