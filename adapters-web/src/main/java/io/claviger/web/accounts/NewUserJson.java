package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;

/** A user just created, with the first access token, which is shown this once. */
record NewUserJson(@JsonUnwrapped UserJson user, String accessToken) {
  static NewUserJson of(User user, TokenText token) {
    return new NewUserJson(UserJson.of(user), token.reveal());
  }
}
