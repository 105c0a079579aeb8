package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;

/** An access token just made, with its text, which is shown this once. */
record NewTokenJson(@JsonUnwrapped TokenJson about, @JsonProperty("token") String text) {
  static NewTokenJson of(AccessToken token, TokenText text) {
    return new NewTokenJson(TokenJson.of(token), text.reveal());
  }
}
