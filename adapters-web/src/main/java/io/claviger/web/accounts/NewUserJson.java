package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;

/** A new user with their first access token. The token is shown only here, once. */
record NewUserJson(@JsonUnwrapped UserJson user, String accessToken) {
  static NewUserJson of(User user, TokenText token) {
    return new NewUserJson(UserJson.of(user), token.reveal());
  }
}
