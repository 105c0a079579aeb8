package io.claviger.application.sessions;

import io.claviger.domain.accounts.Handle;

/**
 * Decides who may sign in with a one-time link or an access token, and so without the identity
 * provider.
 *
 * @param everybody whether users other than {@code root} may also sign in in this way
 */
public record LocalSignIn(boolean everybody) {
  public boolean allows(Handle user) {
    return everybody || user.equals(Handle.ROOT);
  }
}
